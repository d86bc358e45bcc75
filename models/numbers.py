"""Short numbers for what members point at by typing: one row of them in each community, whatever is numbered."""

from models.store import Tx


async def next_number(tx: Tx, community_id: int) -> int:
    """Given to nobody else, though the transaction may yet give it up."""
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
