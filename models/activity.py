"""Stores what happened and when: dated facts, their daily counts, and how far each channel was read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.store import Bulk, Tx
from models.waiting import Due


class Fact(NamedTuple):
    """A row of activity, as stored: facts are written by the thousand, and a tuple need not be copied for it."""

    community_id: int
    #: names what happened, by the platform's own numbers; the same cause is the same fact
    cause: str
    at: int
    #: days since 1970-01-01 UTC
    day: int
    kind: str
    member_id: int | None
    place_id: int | None = None
    target_id: int | None = None
    amount: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A day's count that differs from its facts."""

    member_id: int
    kind: str
    counted: int
    found: int


FACT: dict[str, str] = {
    "community_id": "BIGINT",
    "cause": "TEXT",
    "at": "BIGINT",
    "day": "BIGINT",
    "kind": "TEXT",
    "member_id": "BIGINT",
    "place_id": "BIGINT",
    "target_id": "BIGINT",
    "amount": "BIGINT",
}
COUNT: dict[str, str] = {
    "community_id": "BIGINT",
    "day": "BIGINT",
    "member_id": "BIGINT",
    "kind": "TEXT",
    "amount": "BIGINT",
}
RECORD = Bulk(
    head="INSERT INTO activity (community_id, cause, at, day, kind, member_id, place_id, target_id, amount)",
    columns=FACT,
    tail="ON CONFLICT (community_id, cause) DO NOTHING RETURNING cause",
)
REVIVE = Bulk(
    head="INSERT INTO activity (community_id, cause, at, day, kind, member_id, place_id, target_id, amount)",
    columns=FACT,
    tail="""
    ON CONFLICT (community_id, cause) DO UPDATE
    SET at = excluded.at, day = excluded.day, kind = excluded.kind, member_id = excluded.member_id,
        place_id = excluded.place_id, target_id = excluded.target_id, amount = excluded.amount, retracted_at = NULL
    WHERE activity.retracted_at IS NOT NULL
    RETURNING cause
    """,
)
RETRACT = Bulk(
    head="WITH given (community_id, cause, retracted_at) AS (",
    columns={"community_id": "BIGINT", "cause": "TEXT", "retracted_at": "BIGINT"},
    tail="""
    )
    UPDATE activity SET retracted_at = given.retracted_at
    FROM given
    WHERE activity.community_id = given.community_id AND activity.cause = given.cause AND activity.retracted_at IS NULL
    RETURNING activity.community_id, activity.cause, activity.at, activity.day, activity.kind, activity.member_id,
              activity.place_id, activity.target_id, activity.amount
    """,
)
RAISE_COUNTS = Bulk(
    head="INSERT INTO activity_day (community_id, day, member_id, kind, amount)",
    columns=COUNT,
    tail="""
    ON CONFLICT (community_id, day, member_id, kind) DO UPDATE SET amount = activity_day.amount + excluded.amount
    """,
)
# A row with a negative amount would fail its CHECK before the conflict is seen.
LOWER_COUNTS = Bulk(
    head="WITH given (community_id, day, member_id, kind, amount) AS (",
    columns=COUNT,
    tail="""
    )
    UPDATE activity_day SET amount = activity_day.amount + given.amount
    FROM given
    WHERE activity_day.community_id = given.community_id AND activity_day.day = given.day
      AND activity_day.member_id = given.member_id AND activity_day.kind = given.kind
    """,
)
FACTS = Bulk(
    head="WITH wanted (community_id, cause) AS (",
    columns={"community_id": "BIGINT", "cause": "TEXT"},
    tail="""
    )
    SELECT activity.community_id, activity.cause, activity.at, activity.day, activity.kind, activity.member_id,
           activity.place_id, activity.target_id, activity.amount
    FROM wanted
    JOIN activity ON activity.community_id = wanted.community_id AND activity.cause = wanted.cause
    """,
)
TOOK_PART = Bulk(
    head="WITH wanted (community_id, day, member_id, kind) AS (",
    columns={"community_id": "BIGINT", "day": "BIGINT", "member_id": "BIGINT", "kind": "TEXT"},
    tail="""
    )
    SELECT DISTINCT activity_day.member_id
    FROM wanted
    JOIN activity_day ON activity_day.community_id = wanted.community_id AND activity_day.day = wanted.day
                     AND activity_day.member_id = wanted.member_id AND activity_day.kind = wanted.kind
    WHERE activity_day.amount > 0
    """,
)
RAISE_WATERMARKS = Bulk(
    head="INSERT INTO watermark (community_id, place_id, ref, at)",
    columns={"community_id": "BIGINT", "place_id": "BIGINT", "ref": "BIGINT", "at": "BIGINT"},
    tail="""
    ON CONFLICT (community_id, place_id) DO UPDATE SET ref = excluded.ref, at = excluded.at
    WHERE excluded.ref > watermark.ref
    """,
)


async def record(tx: Tx, facts: Sequence[Fact]) -> set[str]:
    """Record facts and return the causes that were new; a fact recorded before changes nothing."""
    return {row["cause"] for row in await tx.each(RECORD, facts)}


async def revive(tx: Tx, facts: Sequence[Fact]) -> set[str]:
    """As `record`, but a retracted fact happens again, now: a reaction may come, go and come again."""
    return {row["cause"] for row in await tx.each(REVIVE, facts)}


async def retract(tx: Tx, community_id: int, causes: Sequence[str], now: int) -> list[Fact]:
    """Retract facts and return those that stood until now."""
    rows = await tx.each(RETRACT, [(community_id, cause, now) for cause in causes])
    return [Fact(**row) for row in rows]


async def count(tx: Tx, rows: Sequence[tuple[int, int, int, str, int]]) -> None:
    """Add to the daily counts; rows are (community, day, member, kind, amount), each key once."""
    await tx.each(RAISE_COUNTS, [row for row in rows if row[-1] > 0])
    await tx.each(LOWER_COUNTS, [row for row in rows if row[-1] < 0])


async def facts(tx: Tx, community_id: int, causes: Sequence[str]) -> list[Fact]:
    """The facts recorded under these causes, retracted or not."""
    return [Fact(**row) for row in await tx.each(FACTS, [(community_id, cause) for cause in causes])]


async def took_part(
    tx: Tx, community_id: int, days: Iterable[int], member_ids: Sequence[int], kinds: Sequence[str]
) -> set[int]:
    """The members among these who did something of these kinds on one of these days."""
    rows = [(community_id, day, member_id, kind) for day in days for member_id in member_ids for kind in kinds]
    return {row["member_id"] for row in await tx.each(TOOK_PART, rows)}


async def raise_watermarks(tx: Tx, rows: Sequence[tuple[int, int, int, int]]) -> None:
    """Rows are (community, place, ref, at), each place once; a lower number changes nothing."""
    await tx.each(RAISE_WATERMARKS, rows)


async def watermarks(tx: Tx, platform: str) -> list[tuple[str, int]]:
    """(external id, highest absorbed number) of the platform's places that still exist."""
    rows = await tx.all(
        """
        SELECT place.external_id, watermark.ref
        FROM watermark
        JOIN place ON place.community_id = watermark.community_id AND place.id = watermark.place_id
        WHERE place.platform = :platform AND place.gone_at IS NULL
        ORDER BY place.community_id, place.id
        """,
        platform=platform,
    )
    return [(row["external_id"], row["ref"]) for row in rows]


async def due(tx: Tx, community_id: int, before_day: int) -> Due:
    """How many facts are from before this day, and how many facts there are."""
    row = await tx.one(
        """
        SELECT COUNT(*) AS total, COALESCE(SUM(CASE WHEN day < :before_day THEN 1 ELSE 0 END), 0) AS due
        FROM activity
        WHERE community_id = :community_id
        """,
        community_id=community_id,
        before_day=before_day,
    )
    return Due(row["due"], row["total"]) if row else Due(0, 0)


async def oldest_day(tx: Tx, community_id: int) -> int | None:
    row = await tx.one(
        "SELECT MIN(day) AS day FROM activity WHERE community_id = :community_id", community_id=community_id
    )
    return row["day"] if row else None


async def prune(tx: Tx, community_id: int, before_day: int, limit: int) -> int:
    """Delete the oldest facts, at most `limit` at a time, and return how many. The daily counts stay."""
    return await tx.run(
        """
        DELETE FROM activity
        WHERE community_id = :community_id AND cause IN (
            SELECT cause FROM activity
            WHERE community_id = :community_id AND day < :before_day
            ORDER BY day
            LIMIT :limit
        )
        """,
        community_id=community_id,
        before_day=before_day,
        limit=limit,
    )


async def prove_counts(
    tx: Tx, community_id: int, day: int, kinds: Sequence[str], received: Sequence[str] = ()
) -> list[Mismatch]:
    """Where the counts of a day (one not yet pruned) differ from its facts of these kinds.

    A fact of a kind in `received` also counts for its target, as `<kind>_received`, unless the author is the target.
    """
    rows = await tx.all(
        """
        SELECT member_id, kind, CAST(SUM(counted) AS BIGINT) AS counted, CAST(SUM(found) AS BIGINT) AS found
        FROM (
            SELECT member_id, kind, amount AS counted, 0 AS found
            FROM activity_day
            WHERE community_id = :community_id AND day = :day
            UNION ALL
            SELECT member_id, kind, 0 AS counted, amount AS found
            FROM activity
            WHERE community_id = :community_id AND day = :day AND member_id IS NOT NULL AND retracted_at IS NULL
              AND CAST(:kinds AS TEXT) LIKE '%|' || kind || '|%'
            UNION ALL
            SELECT target_id AS member_id, kind || '_received' AS kind, 0 AS counted, amount AS found
            FROM activity
            WHERE community_id = :community_id AND day = :day AND target_id IS NOT NULL AND retracted_at IS NULL
              AND (member_id IS NULL OR member_id <> target_id) AND CAST(:received AS TEXT) LIKE '%|' || kind || '|%'
        ) AS sides
        GROUP BY member_id, kind
        HAVING SUM(counted) <> SUM(found)
        ORDER BY member_id, kind
        """,
        community_id=community_id,
        day=day,
        kinds=f"|{'|'.join(kinds)}|",
        received=f"|{'|'.join(received)}|",
    )
    return [Mismatch(**row) for row in rows]
