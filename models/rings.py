"""Stores rings of members who give each other points: the gifts that show them, and what staff decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.ids import earliest
from models.store import Bulk, Tx


class Gift(NamedTuple):
    """What one member gave another in the time looked at: gifts, thanks, reactions and votes."""

    giver_id: int
    receiver_id: int
    times: int
    amount: int
    #: all that the receiver got from everybody
    received: int


class Share(NamedTuple):
    """What a ring member got from within the ring, and from everybody."""

    member_id: int
    inside: int
    received: int
    name: str = ""


class Seen(NamedTuple):
    """A gift as staff saw it."""

    giver: str
    receiver: str
    times: int
    amount: int


class Overlap(NamedTuple):
    """A ring that staff have seen, and how many of the given members are in it."""

    number: int
    amount: int
    shared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    community_id: int
    number: int
    #: when staff were last told
    found_at: int
    #: the points that went round in it
    amount: int
    closed_at: int | None = None
    closed_by: int | None = None


SIT = Bulk(
    head="INSERT INTO ring_member (community_id, ring, member_id, inside, received)",
    columns={
        "community_id": "BIGINT",
        "ring": "BIGINT",
        "member_id": "BIGINT",
        "inside": "BIGINT",
        "received": "BIGINT",
    },
)
PROVE = Bulk(
    head="INSERT INTO ring_gift (community_id, ring, giver_id, receiver_id, times, amount)",
    columns={
        "community_id": "BIGINT",
        "ring": "BIGINT",
        "giver_id": "BIGINT",
        "receiver_id": "BIGINT",
        "times": "BIGINT",
        "amount": "BIGINT",
    },
)
SHARING = Bulk(
    head="WITH wanted (community_id, member_id) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT"},
    tail="""
    )
    SELECT ring.number, ring.amount, COUNT(*) AS shared
    FROM wanted
    JOIN ring_member ON ring_member.community_id = wanted.community_id AND ring_member.member_id = wanted.member_id
    JOIN ring ON ring.community_id = ring_member.community_id AND ring.number = ring_member.ring
    GROUP BY ring.number, ring.amount
    """,
)


async def gifts(tx: Tx, community_id: int, since: int, amount: int, times: int, most: int) -> list[Gift]:
    """Gifts with at least so many points and so many times, greatest first, without what was taken back."""
    rows = await tx.all(
        """
        SELECT giver_id, receiver_id, times, amount, received
        FROM (
            SELECT giver_id, receiver_id, times, amount,
                   CAST(SUM(amount) OVER (PARTITION BY receiver_id) AS BIGINT) AS received
            FROM (
                SELECT other_id AS giver_id, member_id AS receiver_id, COUNT(*) AS times,
                       CAST(SUM(amount) AS BIGINT) AS amount
                FROM entry
                WHERE community_id = :community_id AND id >= :first_id AND at >= :since
                  AND reason IN ('tip', 'thanks', 'reaction', 'voted') AND kind IN ('transfer', 'earn') AND amount > 0
                  AND other_id <> member_id AND NOT EXISTS (
                      SELECT 1 FROM entry AS back
                      WHERE back.community_id = entry.community_id AND back.reverses = entry.id
                  )
                GROUP BY other_id, member_id
            ) AS summed
        ) AS weighed
        WHERE amount >= :amount AND times >= :times
        ORDER BY amount DESC, giver_id, receiver_id
        LIMIT :most
        """,
        community_id=community_id,
        first_id=earliest(since),
        since=since,
        amount=amount,
        times=times,
        most=most,
    )
    return [Gift(**row) for row in rows]


async def sharing(tx: Tx, community_id: int, member_ids: Sequence[int]) -> list[Overlap]:
    """Rings that staff have seen, even if closed since, with any of these members in them."""
    return [Overlap(**row) for row in await tx.each(SHARING, [(community_id, each) for each in member_ids])]


async def put(tx: Tx, ring: Ring, shares: Sequence[Share], gifts: Sequence[Gift]) -> None:
    """Store the ring as found now, and open it; a known number replaces the old ring."""
    await tx.run(
        """
        INSERT INTO ring (community_id, number, found_at, amount) VALUES (:community_id, :number, :found_at, :amount)
        ON CONFLICT (community_id, number) DO UPDATE
        SET found_at = excluded.found_at, amount = excluded.amount, closed_at = NULL, closed_by = NULL
        """,
        community_id=ring.community_id,
        number=ring.number,
        found_at=ring.found_at,
        amount=ring.amount,
    )
    key = {"community_id": ring.community_id, "ring": ring.number}
    await tx.run("DELETE FROM ring_member WHERE community_id = :community_id AND ring = :ring", **key)
    await tx.run("DELETE FROM ring_gift WHERE community_id = :community_id AND ring = :ring", **key)
    ids = ring.community_id, ring.number
    await tx.each(SIT, [(*ids, each.member_id, each.inside, each.received) for each in shares])
    await tx.each(PROVE, [(*ids, each.giver_id, each.receiver_id, each.times, each.amount) for each in gifts])


async def ring(tx: Tx, community_id: int, number: int) -> Ring | None:
    row = await tx.one(
        "SELECT * FROM ring WHERE community_id = :community_id AND number = :number",
        community_id=community_id,
        number=number,
    )
    return Ring(**row) if row else None


async def open_rings(tx: Tx, community_id: int, limit: int) -> list[Ring]:
    """Open rings; the one in which most points go round comes first."""
    rows = await tx.all(
        """
        SELECT * FROM ring
        WHERE community_id = :community_id AND closed_at IS NULL
        ORDER BY amount DESC, number
        LIMIT :limit
        """,
        community_id=community_id,
        limit=limit,
    )
    return [Ring(**row) for row in rows]


async def shares(tx: Tx, community_id: int, number: int, limit: int) -> list[Share]:
    """The shares of its members; the member who got most from within comes first."""
    rows = await tx.all(
        """
        SELECT ring_member.member_id, ring_member.inside, ring_member.received, member.name
        FROM ring_member
        JOIN member ON member.community_id = ring_member.community_id AND member.id = ring_member.member_id
        WHERE ring_member.community_id = :community_id AND ring_member.ring = :number
        ORDER BY ring_member.inside DESC, ring_member.member_id
        LIMIT :limit
        """,
        community_id=community_id,
        number=number,
        limit=limit,
    )
    return [Share(**row) for row in rows]


async def evidence(tx: Tx, community_id: int, number: int, limit: int) -> list[Seen]:
    """Its gifts, greatest first."""
    rows = await tx.all(
        """
        SELECT giver.name AS giver, receiver.name AS receiver, ring_gift.times, ring_gift.amount
        FROM ring_gift
        JOIN member AS giver ON giver.community_id = ring_gift.community_id AND giver.id = ring_gift.giver_id
        JOIN member AS receiver ON receiver.community_id = ring_gift.community_id
             AND receiver.id = ring_gift.receiver_id
        WHERE ring_gift.community_id = :community_id AND ring_gift.ring = :number
        ORDER BY ring_gift.amount DESC, ring_gift.giver_id, ring_gift.receiver_id
        LIMIT :limit
        """,
        community_id=community_id,
        number=number,
        limit=limit,
    )
    return [Seen(**row) for row in rows]


async def size(tx: Tx, community_id: int, number: int) -> int:
    row = await tx.one(
        "SELECT COUNT(*) AS size FROM ring_member WHERE community_id = :community_id AND ring = :number",
        community_id=community_id,
        number=number,
    )
    return int(row["size"]) if row else 0


async def close(tx: Tx, community_id: int, number: int, at: int, by: int) -> bool:
    """Close it; return whether it was open."""
    row = await tx.one(
        """
        UPDATE ring SET closed_at = :at, closed_by = :by
        WHERE community_id = :community_id AND number = :number AND closed_at IS NULL
        RETURNING number
        """,
        community_id=community_id,
        number=number,
        at=at,
        by=by,
    )
    return row is not None
