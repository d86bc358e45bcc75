"""Whether members let what they wrote be published, and under their name; bot/knowledge/archive/ acts on it."""

from typing import NamedTuple

from models.store import Tx


class Consent(NamedTuple):
    #: named, anonymous or none
    choice: str
    #: since when they want it so
    chosen_at: int


async def consent(tx: Tx, community_id: int, member_id: int) -> Consent | None:
    """What they said last, if they said anything."""
    row = await tx.one(
        """
        SELECT choice, chosen_at FROM consent WHERE community_id = :community_id AND member_id = :member_id
        """,
        community_id=community_id,
        member_id=member_id,
    )
    return Consent(**row) if row else None


async def put(tx: Tx, community_id: int, member_id: int, choice: str, now: int) -> None:
    """Said again it holds since it was said first."""
    await tx.run(
        """
        INSERT INTO consent (community_id, member_id, choice, chosen_at)
        VALUES (:community_id, :member_id, :choice, :now)
        ON CONFLICT (community_id, member_id) DO UPDATE
        SET choice = excluded.choice, chosen_at = excluded.chosen_at
        WHERE consent.choice <> excluded.choice
        """,
        community_id=community_id,
        member_id=member_id,
        choice=choice,
        now=now,
    )
