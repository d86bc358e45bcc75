"""Stores whether members allow us to publish what they wrote, and under their name."""

from typing import NamedTuple

from models.store import Tx


class Consent(NamedTuple):
    #: named, anonymous or none
    choice: str
    #: since when the member wants this
    chosen_at: int


async def consent(tx: Tx, community_id: int, member_id: int) -> Consent | None:
    """The member's last answer, if there is one."""
    row = await tx.one(
        """
        SELECT choice, chosen_at FROM consent WHERE community_id = :community_id AND member_id = :member_id
        """,
        community_id=community_id,
        member_id=member_id,
    )
    return Consent(**row) if row else None


async def put(tx: Tx, community_id: int, member_id: int, choice: str, now: int) -> None:
    """Store the choice; the same choice again keeps its first date."""
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
