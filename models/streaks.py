"""Stores on how many days in a row members took part; bot/economy/streaks/ decides when one day follows another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.store import Bulk, Row, Tx


class Run(NamedTuple):
    """Days in a row, as last counted."""

    days: int
    #: in days since 1970-01-01
    last_day: int
    #: when that day ends, in the time zone in which it began
    ends_at: int
    longest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A member who acted after the day that was counted last."""

    member_id: int
    #: the member's own choice
    time_zone: str | None
    run: Run | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """A streak as its member sees it."""

    #: 0 when it is broken
    days: int
    longest: int


#: Most members are counted already today, so leave them out before anything is compared one by one.
DUE = Bulk(
    head="WITH wanted (community_id, member_id, at) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT", "at": "BIGINT"},
    tail="""
    )
    SELECT member.id AS member_id, member.time_zone, streak.days, streak.last_day, streak.ends_at, streak.longest
    FROM wanted
    JOIN member ON member.community_id = wanted.community_id AND member.id = wanted.member_id
    LEFT JOIN streak ON streak.community_id = wanted.community_id AND streak.member_id = wanted.member_id
    WHERE streak.ends_at IS NULL OR streak.ends_at <= wanted.at
    ORDER BY member.id
    """,
)
ADVANCE = Bulk(
    head="INSERT INTO streak (community_id, member_id, days, last_day, ends_at, longest)",
    columns={
        "community_id": "BIGINT",
        "member_id": "BIGINT",
        "days": "BIGINT",
        "last_day": "BIGINT",
        "ends_at": "BIGINT",
        "longest": "BIGINT",
    },
    tail="""
    ON CONFLICT (community_id, member_id) DO UPDATE
    SET days = excluded.days, last_day = excluded.last_day, ends_at = excluded.ends_at, longest = excluded.longest
    WHERE excluded.last_day > streak.last_day
    RETURNING member_id
    """,
)


async def due(tx: Tx, community_id: int, moments: Sequence[tuple[int, int]]) -> list[Due]:
    """Members for whom a new day may have begun since they were counted, given when each acted last."""
    rows = await tx.each(DUE, [(community_id, member_id, at) for member_id, at in moments])
    return [Due(member_id=row["member_id"], time_zone=row["time_zone"], run=_run(row)) for row in rows]


async def advance(tx: Tx, community_id: int, runs: Sequence[tuple[int, Run]]) -> set[int]:
    """Store runs, each once; return the members for whom it is new, since another process may have been faster."""
    rows = await tx.each(ADVANCE, [(community_id, member_id, *run) for member_id, run in sorted(runs)])
    return {row["member_id"] for row in rows}


async def streak(tx: Tx, community_id: int, member_id: int, today: int) -> Streak:
    """The streak on the member's own day: it is broken if they missed yesterday."""
    row = await tx.one(
        """
        SELECT CASE WHEN last_day >= CAST(:today AS BIGINT) - 1 THEN days ELSE 0 END AS days, longest
        FROM streak
        WHERE community_id = :community_id AND member_id = :member_id
        """,
        today=today,
        community_id=community_id,
        member_id=member_id,
    )
    return Streak(days=row["days"], longest=row["longest"]) if row else Streak(days=0, longest=0)


def _run(row: Row) -> Run | None:
    if row["ends_at"] is None:
        return None
    return Run(row["days"], row["last_day"], row["ends_at"], row["longest"])
