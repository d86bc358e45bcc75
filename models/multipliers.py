"""Stores by how much a place or a role multiplies what members earn; bot/ decides how several combine."""

from typing import NamedTuple

from models.store import Tx


class Multiplier(NamedTuple):
    community_id: int
    #: the place, or the guild that has the role
    place_id: int
    #: empty for the place's own multiplier
    role_id: str
    #: the name of the place or the role
    name: str
    percent: int


async def multipliers(tx: Tx, community_id: int) -> list[Multiplier]:
    """All multipliers, places first, each with its current name."""
    rows = await tx.all(
        """
        SELECT multiplier.community_id, multiplier.place_id, multiplier.role_id,
               CASE WHEN multiplier.role_id = '' THEN COALESCE(place.name, multiplier.name) ELSE multiplier.name END
               AS name, multiplier.percent
        FROM multiplier
        LEFT JOIN place ON place.community_id = multiplier.community_id AND place.id = multiplier.place_id
        WHERE multiplier.community_id = :community_id
        ORDER BY CASE WHEN multiplier.role_id = '' THEN 0 ELSE 1 END, name, multiplier.place_id, multiplier.role_id
        """,
        community_id=community_id,
    )
    return [Multiplier(**row) for row in rows]


async def put(tx: Tx, multiplier: Multiplier) -> None:
    """Store it; one that exists gets the new percentage."""
    await tx.run(
        """
        INSERT INTO multiplier (community_id, place_id, role_id, name, percent)
        VALUES (:community_id, :place_id, :role_id, :name, :percent)
        ON CONFLICT (community_id, place_id, role_id) DO UPDATE SET name = excluded.name, percent = excluded.percent
        """,
        **multiplier._asdict(),
    )


async def drop(tx: Tx, multiplier: Multiplier) -> None:
    await tx.run(
        """
        DELETE FROM multiplier
        WHERE community_id = :community_id AND place_id = :place_id AND role_id = :role_id
        """,
        community_id=multiplier.community_id,
        place_id=multiplier.place_id,
        role_id=multiplier.role_id,
    )
