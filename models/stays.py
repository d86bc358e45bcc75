"""Stores since when members are here: when they were met, came and left, and when we last looked for them."""

from collections.abc import Sequence
from typing import NamedTuple

from models.store import Bulk, Tx


class Sign(NamedTuple):
    """What an act of a member tells about their presence, if that is new."""

    member_id: int
    #: when they came, as their platform tells it; 0 if it does not
    since: int
    at: int
    #: whether we believed that they had left
    back: bool


MET = Bulk(
    head="WITH given (community_id, member_id, at) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT", "at": "BIGINT"},
    tail="""
    )
    UPDATE member SET met_at = given.at
    FROM given
    WHERE member.community_id = given.community_id AND member.id = given.member_id AND member.met_at IS NULL
    """,
)
JOINED = Bulk(
    head="WITH given (community_id, member_id, at) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT", "at": "BIGINT"},
    tail="""
    )
    UPDATE member
    SET joined_at = given.at, left_at = CASE WHEN member.left_at > given.at THEN member.left_at END
    FROM given
    WHERE member.community_id = given.community_id AND member.id = given.member_id
      AND (member.joined_at IS NULL OR member.joined_at <= given.at)
    """,
)
LEFT = Bulk(
    head="WITH given (community_id, member_id, at) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT", "at": "BIGINT"},
    tail="""
    )
    UPDATE member SET left_at = given.at
    FROM given
    WHERE member.community_id = given.community_id AND member.id = given.member_id
      AND (member.joined_at IS NULL OR member.joined_at <= given.at)
    """,
)
NEWS = Bulk(
    head="WITH given (community_id, member_id, since, at) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT", "since": "BIGINT", "at": "BIGINT"},
    tail="""
    )
    SELECT member.id, given.since, given.at, member.left_at IS NOT NULL AS back
    FROM given
    JOIN member ON member.community_id = given.community_id AND member.id = given.member_id
    WHERE member.left_at < given.at OR (member.left_at IS NOT NULL AND member.joined_at < given.since)
       OR (member.joined_at IS NULL AND given.since > 0)
    """,
)
#: a member who acted today or yesterday need not be looked for, nor one we looked for since
UNSEEN = Bulk(
    head="WITH wanted (community_id, id, day, looked_at) AS (",
    columns={"community_id": "BIGINT", "id": "BIGINT", "day": "BIGINT", "looked_at": "BIGINT"},
    tail="""
    )
    SELECT member.id
    FROM wanted
    JOIN member ON member.community_id = wanted.community_id AND member.id = wanted.id
    WHERE member.left_at IS NULL AND NOT member.bot AND COALESCE(member.looked_at, 0) < wanted.looked_at
      AND NOT EXISTS (
        SELECT 1 FROM activity_day
        WHERE activity_day.community_id = wanted.community_id AND activity_day.member_id = wanted.id
          AND activity_day.day IN (wanted.day, wanted.day - 1)
      )
    """,
)
LOOKED = Bulk(
    head="WITH given (community_id, member_id, at) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT", "at": "BIGINT"},
    tail="""
    )
    UPDATE member SET looked_at = given.at
    FROM given
    WHERE member.community_id = given.community_id AND member.id = given.member_id
    """,
)
PRESENT = Bulk(
    head="WITH wanted (community_id, id) AS (",
    columns={"community_id": "BIGINT", "id": "BIGINT"},
    tail="""
    )
    SELECT member.id
    FROM wanted
    JOIN member ON member.community_id = wanted.community_id AND member.id = wanted.id
    WHERE member.left_at IS NULL
    """,
)


async def present(tx: Tx, community_id: int, member_ids: Sequence[int]) -> set[int]:
    """The members among these who have not left."""
    rows = await tx.each(PRESENT, [(community_id, member_id) for member_id in dict.fromkeys(member_ids)])
    return {row["id"] for row in rows}


async def meet(tx: Tx, rows: Sequence[tuple[int, int, int]]) -> None:
    """Rows are (community, member, at): they acted in a place there; `news` tells who came back."""
    await tx.each(MET, rows)


async def mark_joined(tx: Tx, rows: Sequence[tuple[int, int, int]]) -> None:
    """Rows are (community, member, at); the latest event counts, in whatever order they are told."""
    await tx.each(JOINED, rows)


async def mark_left(tx: Tx, rows: Sequence[tuple[int, int, int]]) -> None:
    """Rows are (community, member, at)."""
    await tx.each(LEFT, rows)


async def news(tx: Tx, rows: Sequence[tuple[int, int, int, int]]) -> list[Sign]:
    """What is new in these signs; rows are (community, member, since or 0, at)."""
    found = await tx.each(NEWS, rows)
    return [Sign(row["id"], row["since"], row["at"], bool(row["back"])) for row in found]


async def unseen(tx: Tx, community_id: int, ids: Sequence[int], day: int, looked_at: int) -> list[int]:
    """Those without a sign since the day before that we did not look for since `looked_at`."""
    rows = [(community_id, each, day, looked_at) for each in dict.fromkeys(ids)]
    return sorted(row["id"] for row in await tx.each(UNSEEN, rows))


async def longest_unseen(tx: Tx, community_id: int, platform: str, day: int, limit: int) -> list[int]:
    """Members who did nothing since that day; first those never looked for, or looked for longest ago."""
    rows = await tx.all(
        """
        SELECT member.id
        FROM member
        JOIN account ON account.community_id = member.community_id AND account.member_id = member.id
        WHERE member.community_id = :community_id AND account.platform = :platform
          AND member.left_at IS NULL AND NOT member.bot AND member.id NOT IN (
            SELECT member_id FROM activity_day WHERE community_id = :community_id AND day >= :day
          )
        ORDER BY COALESCE(member.looked_at, 0), member.id
        LIMIT :limit
        """,
        community_id=community_id,
        platform=platform,
        day=day,
        limit=limit,
    )
    return [row["id"] for row in rows]


async def mark_looked(tx: Tx, community_id: int, ids: Sequence[int], at: int) -> None:
    """Note that we look for these members now."""
    await tx.each(LOOKED, [(community_id, each, at) for each in ids])
