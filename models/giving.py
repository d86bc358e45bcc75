"""What members gave, thanked and brought each other lately, as the limits of fairness ask for it."""

from typing import NamedTuple

from models.ids import earliest
from models.spans import DAY
from models.store import Tx

#: what is paid because another member asked, voted or accepted
JUDGED = frozenset({"answered", "first", "accepted", "voted"})


class Thanked(NamedTuple):
    """A member was thanked, and earned points for it that were not taken back."""

    member_id: int
    at: int
    day: int


class Brought(NamedTuple):
    """What one member's question, vote or acceptance brought another in a day, less what was taken back."""

    other_id: int
    member_id: int
    amount: int


async def gifts(
    tx: Tx, community_id: int, member_id: int, day: int, since: int, reason: str
) -> tuple[dict[int, int], int]:
    """What a member gave on one day, by receiver, and the total after a moment; without what came back to them."""
    rows = await tx.all(
        """
        SELECT other_id, CAST(-SUM(CASE WHEN day = :day THEN amount ELSE 0 END) AS BIGINT) AS today,
               CAST(-SUM(CASE WHEN at > :since THEN amount ELSE 0 END) AS BIGINT) AS lately
        FROM entry
        WHERE community_id = :community_id AND member_id = :member_id AND id >= :first_id
          AND (day = :day OR at > :since) AND kind = 'transfer' AND reason = :reason AND amount < 0
          AND NOT EXISTS (
              SELECT 1 FROM entry AS back WHERE back.community_id = entry.community_id AND back.reverses = entry.id
          )
        GROUP BY other_id
        """,
        community_id=community_id,
        member_id=member_id,
        first_id=earliest(min((day - 1) * DAY, since)),  # no time zone begins the day sooner
        day=day,
        since=since,
        reason=reason,
    )
    return {row["other_id"]: row["today"] for row in rows if row["today"]}, sum(row["lately"] for row in rows)


async def received(tx: Tx, community_id: int, member_id: int, day: int, reason: str) -> int:
    """What a member received on one day and did not lose again."""
    row = await tx.one(
        """
        SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS received
        FROM entry
        WHERE community_id = :community_id AND member_id = :member_id AND id >= :first_id AND day = :day
          AND kind = 'transfer' AND reason = :reason AND amount > 0
          AND NOT EXISTS (
              SELECT 1 FROM entry AS back WHERE back.community_id = entry.community_id AND back.reverses = entry.id
          )
        """,
        community_id=community_id,
        member_id=member_id,
        first_id=earliest((day - 1) * DAY),
        day=day,
        reason=reason,
    )
    return int(row["received"]) if row else 0


async def thanked(tx: Tx, community_id: int, member_id: int, at: int) -> list[Thanked]:
    """The members this member thanked since then."""
    rows = await tx.all(
        """
        SELECT member_id, at, day
        FROM entry
        WHERE community_id = :community_id AND other_id = :member_id AND reason = 'thanks' AND id >= :first_id
          AND at >= :at AND kind = 'earn' AND NOT EXISTS (
              SELECT 1 FROM entry AS back WHERE back.community_id = entry.community_id AND back.reverses = entry.id
          )
        ORDER BY id
        """,
        community_id=community_id,
        member_id=member_id,
        first_id=earliest(at),
        at=at,
    )
    return [Thanked(**row) for row in rows]


async def brought(tx: Tx, community_id: int, day: int, member_id: int) -> list[Brought]:
    """What this member brought each other member on a day."""
    rows = await tx.all(
        """
        SELECT other_id, member_id, CAST(SUM(amount) AS BIGINT) AS amount
        FROM entry
        WHERE community_id = :community_id AND other_id = :member_id AND id >= :first_id AND day = :day
          AND reason IN ('answered', 'first', 'accepted', 'voted') AND kind = 'earn'
          AND NOT EXISTS (
              SELECT 1 FROM entry AS back WHERE back.community_id = entry.community_id AND back.reverses = entry.id
          )
        GROUP BY other_id, member_id
        """,
        community_id=community_id,
        member_id=member_id,
        first_id=earliest((day - 1) * DAY),
        day=day,
    )
    return [Brought(**row) for row in rows]
