"""Gives short numbers that members can type: one sequence in each community, for all kinds of things."""

from models.store import Tx


async def next_number(tx: Tx, community_id: int) -> int:
    """A number given only once, though the transaction may be rolled back and free it again."""
    row = await tx.one(
        """
        INSERT INTO numbering (community_id, last_number) VALUES (:community_id, 1)
        ON CONFLICT (community_id) DO UPDATE SET last_number = numbering.last_number + 1
        RETURNING last_number
        """,
        community_id=community_id,
    )
    if row is None:
        raise LookupError(f"the numbers of {community_id} vanished")
    number: int = row["last_number"]
    return number
