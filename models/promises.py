"""Stores what the bot owes, and whose turn it is; the outbox keeps the promises."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import LiteralString

from models.ids import born
from models.store import Bulk, Row, Tx, Value

#: the error of an attempt without an outcome, as when the process was killed: nobody knows its result
SILENT = "silent"
#: the error of an attempt given back before it began, where an earlier attempt had an outcome
PUT_OFF = "put off"
#: the body of a promise that was kept long ago
NOTHING = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    community_id: int
    id: int
    kind: str
    #: JSON
    body: str
    #: a name under which it is made only once, even after it was kept
    once: str | None = None
    platform: str
    #: promises of one lane are kept one at a time, in the order they fall due
    lane: str | None = None
    due_at: int
    #: claimed before all that are not urgent
    urgent: bool = False
    #: how many times it was tried, including now
    attempts: int = 0
    #: when the first attempt began
    tried_at: int | None = None
    #: how many attempts failed or ended with an unknown outcome
    failures: int = 0
    #: SILENT when the attempt before had no outcome
    error: str | None = None
    cause: str

    @property
    def sort(self) -> str:
        """Promises of one sort wait for the same part of a platform."""
        return f"{self.platform}:{self.kind}"

    @property
    def turn(self) -> str:
        """Promises of one sort in one community take turns with all others."""
        return f"{self.community_id}:{self.sort}"


MAKE = Bulk(
    head="""
    INSERT INTO promise (community_id, id, kind, body, once, platform, lane, due_at, urgent, leased_until, attempts,
                         cause, made_at)
    """,
    columns={
        "community_id": "BIGINT",
        "id": "BIGINT",
        "kind": "TEXT",
        "body": "TEXT",
        "once": "TEXT",
        "platform": "TEXT",
        "lane": "TEXT",
        "due_at": "BIGINT",
        "urgent": "BOOLEAN",
        "leased_until": "BIGINT",
        "attempts": "BIGINT",
        "cause": "TEXT",
        "made_at": "BIGINT",
    },
    tail="ON CONFLICT DO NOTHING RETURNING id",
)
KEEP = Bulk(
    head="WITH given (community_id, id, outcome, error, kept_at) AS (",
    columns={"community_id": "BIGINT", "id": "BIGINT", "outcome": "TEXT", "error": "TEXT", "kept_at": "BIGINT"},
    tail="""
    )
    UPDATE promise SET kept_at = given.kept_at, outcome = given.outcome, error = given.error, leased_until = 0,
                       leased_by = NULL
    FROM given
    WHERE promise.community_id = given.community_id AND promise.id = given.id AND promise.kept_at IS NULL
    RETURNING promise.id
    """,
)
RETRY = Bulk(
    head="WITH given (community_id, id, not_before, error) AS (",
    columns={"community_id": "BIGINT", "id": "BIGINT", "not_before": "BIGINT", "error": "TEXT"},
    tail="""
    )
    UPDATE promise SET leased_until = given.not_before, leased_by = NULL, error = given.error
    FROM given
    WHERE promise.community_id = given.community_id AND promise.id = given.id AND promise.kept_at IS NULL
    """,
)
FAIL = Bulk(
    head="WITH given (community_id, id) AS (",
    columns={"community_id": "BIGINT", "id": "BIGINT"},
    tail="""
    )
    UPDATE promise SET failures = failures + 1
    FROM given
    WHERE promise.community_id = given.community_id AND promise.id = given.id AND promise.kept_at IS NULL
    """,
)


async def make(tx: Tx, promises: Sequence[Promise]) -> set[int]:
    """Make promises; return the ids really made: a promise with a known `once` name is not made again."""
    return {row["id"] for row in await tx.each(MAKE, [_row(promise) for promise in promises])}


def owe(tx: Tx, promise: Promise) -> None:
    """Make a promise later, together with others, for a caller who need not know whether it existed."""
    tx.later(MAKE, _row(promise))


def _row(promise: Promise) -> tuple[Value, ...]:
    return (
        promise.community_id,
        promise.id,
        promise.kind,
        promise.body,
        promise.once,
        promise.platform,
        promise.lane,
        promise.due_at,
        promise.urgent,
        0,
        promise.attempts,
        promise.cause,
        born(promise.id),
    )


#: conditions to insert before and after, which narrow the choice
CLAIM: tuple[LiteralString, LiteralString] = (
    """
    UPDATE promise
    SET leased_until = :lease_until, leased_by = :holder, attempts = attempts + 1, tried_at = COALESCE(tried_at, :now),
        failures = failures + CASE WHEN attempts > 0 AND COALESCE(error, :silent) = :silent THEN 1 ELSE 0 END,
        error = CASE WHEN attempts > 0 AND COALESCE(error, :silent) = :silent THEN CAST(:silent AS TEXT) END
    WHERE (community_id, id) IN (
        SELECT due.community_id, due.id
        FROM promise AS due
        WHERE due.kept_at IS NULL AND due.due_at <= :now AND due.leased_until <= :now
          AND CAST(:platforms AS TEXT) LIKE '%|' || due.platform || '|%'
    """,
    """
          AND (due.lane IS NULL OR NOT EXISTS (
              SELECT 1
              FROM promise AS other
              WHERE other.community_id = due.community_id AND other.lane = due.lane AND other.kept_at IS NULL
                AND (other.due_at, other.id) < (due.due_at, due.id)
          ) AND NOT EXISTS (
              SELECT 1
              FROM promise AS other
              WHERE other.community_id = due.community_id AND other.lane = due.lane AND other.kept_at IS NULL
                AND (other.due_at, other.id) > (due.due_at, due.id) AND other.leased_until > :now
          ))
        ORDER BY due.due_at, due.id
        LIMIT :limit
    )
    -- Said again outside: two processes may have chosen the same row, and only here is it looked at once locked.
    AND kept_at IS NULL AND leased_until <= :now
    RETURNING community_id, id, kind, body, once, platform, lane, due_at, urgent, attempts, tried_at, failures, error,
              cause
    """,
)
URGENT: LiteralString = "AND due.urgent"
#: take no more of what is full until some of it is done
OTHERS: LiteralString = """
          AND CAST(:full AS TEXT) NOT LIKE '%|' || due.platform || ':' || due.kind || '|%'
          AND CAST(:full AS TEXT) NOT LIKE
              '%|' || CAST(due.community_id AS TEXT) || ':' || due.platform || ':' || due.kind || '|%'
"""


async def claim_urgent(
    tx: Tx, platforms: Sequence[str], holder: str, now: int, lease_until: int, limit: int
) -> list[Promise]:
    """As `claim`, but only urgent promises."""
    rows = await tx.all(
        CLAIM[0] + URGENT + CLAIM[1],
        silent=SILENT,
        platforms=_among(platforms),
        holder=holder,
        now=now,
        lease_until=lease_until,
        limit=limit,
    )
    return _in_order(rows)


async def claim(
    tx: Tx,
    platforms: Sequence[str],
    holder: str,
    now: int,
    lease_until: int,
    limit: int,
    full: Collection[str] = (),
) -> list[Promise]:
    """Take due promises of these platforms until the lease ends, longest due first.

    Take nothing from `full` sorts or turns. A lane gives only its first promise, and none while one of its promises
    is being kept or waits to be tried again.
    """
    rows = await tx.all(
        CLAIM[0] + OTHERS + CLAIM[1],
        silent=SILENT,
        platforms=_among(platforms),
        holder=holder,
        full=_among(full),
        now=now,
        lease_until=lease_until,
        limit=limit,
    )
    return _in_order(rows)


async def holders(tx: Tx, platform: str) -> list[str]:
    """The holders of unfinished promises of this platform."""
    rows = await tx.all(
        """
        SELECT DISTINCT leased_by FROM promise
        WHERE kept_at IS NULL AND leased_until > 0 AND leased_by IS NOT NULL AND platform = :platform
        ORDER BY leased_by
        """,
        platform=platform,
    )
    return [row["leased_by"] for row in rows]


async def take_over(tx: Tx, platform: str, holder: str) -> int:
    """Free a dead holder's unfinished promises to be claimed at once, as after its lease; return how many."""
    return await tx.run(
        """
        UPDATE promise SET leased_until = 0, leased_by = NULL
        WHERE kept_at IS NULL AND leased_until > 0 AND leased_by = :holder AND platform = :platform
        """,
        holder=holder,
        platform=platform,
    )


async def give_back(tx: Tx, holder: str, held: Collection[int]) -> int:
    """Free promises claimed by this holder but unknown to it (not in `held`): they never began. Return how many."""
    return await tx.run(
        """
        UPDATE promise
        SET leased_until = 0, leased_by = NULL, attempts = attempts - 1,
            error = CASE WHEN attempts > 1 THEN COALESCE(error, CAST(:put_off AS TEXT)) END
        WHERE kept_at IS NULL AND leased_until > 0 AND leased_by = :holder
          AND CAST(:held AS TEXT) NOT LIKE '%|' || CAST(id AS TEXT) || '|%'
        """,
        put_off=PUT_OFF,
        holder=holder,
        held=_among(map(str, held)),
    )


async def keep(tx: Tx, rows: Sequence[tuple[int, int, str, str | None]], now: int) -> set[int]:
    """End these promises; return the ids of those that ended now.

    Rows are (community, id, outcome, error); the outcome is kept, refused or unknown.
    """
    return {row["id"] for row in await tx.each(KEEP, [(*row, now) for row in rows])}


def answering(cause: str) -> str:
    """The name of a promise that is void if the direct answer to this command is shown."""
    return f"answer:{cause}"


async def shown(tx: Tx, community_id: int, cause: str) -> None:
    """The direct answer was shown: delete the promise, which was neither broken nor kept."""
    await tx.run(
        "DELETE FROM promise WHERE community_id = :community_id AND once = :once AND kept_at IS NULL",
        community_id=community_id,
        once=answering(cause),
    )


async def retry(tx: Tx, rows: Sequence[tuple[int, int, int, str | None]]) -> None:
    """Rows are (community, id, not before, error); the promise keeps its place in its lane."""
    await tx.each(RETRY, rows)


async def fail(tx: Tx, rows: Sequence[tuple[int, int]]) -> None:
    """Rows are (community, id): count one more attempt that failed or has an unknown outcome."""
    await tx.each(FAIL, rows)


async def set_back(tx: Tx, now: int, longest: int, soon: int) -> int:
    """Repair promises after a clock that jumped ahead came back: each waits as long as it should have waited.

    Leases and pauses longer than any real one end `soon`, which gives the process at work on them time to finish.
    Returns how many promises changed.
    """
    ahead = await tx.run(
        """
        UPDATE promise
        SET due_at = CASE WHEN due_at > made_at THEN :now + due_at - made_at ELSE :now END, made_at = :now
        WHERE kept_at IS NULL AND made_at > :now
        """,
        now=now,
    )
    held = await tx.run(
        "UPDATE promise SET leased_until = :soon WHERE kept_at IS NULL AND leased_until > :latest",
        soon=now + soon,
        latest=now + longest,
    )
    return ahead + held


async def forget(tx: Tx, community_id: int, before: int, limit: int) -> int:
    """Delete up to `limit` promises kept before then; of promises made once keep only the name. Returns how many."""
    gone = await tx.run(
        """
        DELETE FROM promise
        WHERE community_id = :community_id AND id IN (
            SELECT id FROM promise
            WHERE community_id = :community_id AND kept_at < :before AND once IS NULL
            ORDER BY id
            LIMIT :limit
        )
        """,
        community_id=community_id,
        before=before,
        limit=limit,
    )
    bare = await tx.run(
        """
        UPDATE promise SET body = :nothing, error = NULL
        WHERE community_id = :community_id AND id IN (
            SELECT id FROM promise
            WHERE community_id = :community_id AND kept_at < :before AND once IS NOT NULL AND body <> :nothing
            ORDER BY id
            LIMIT :limit
        )
        """,
        community_id=community_id,
        before=before,
        limit=limit,
        nothing=NOTHING,
    )
    return gone + bare


async def next_due(tx: Tx, platforms: Sequence[str]) -> int | None:
    """When `claim` will next find something, so that the outbox can sleep until then."""
    row = await tx.one(
        """
        SELECT MIN(moment) AS moment
        FROM (
            SELECT first.due_at AS moment
            FROM (
                SELECT free.due_at
                FROM promise AS free
                WHERE free.kept_at IS NULL AND free.leased_until = 0
                  AND CAST(:platforms AS TEXT) LIKE '%|' || free.platform || '|%'
                  AND (free.lane IS NULL OR NOT EXISTS (
                      SELECT 1
                      FROM promise AS other
                      WHERE other.community_id = free.community_id AND other.lane = free.lane
                        AND other.kept_at IS NULL AND (other.due_at, other.id) < (free.due_at, free.id)
                  ) AND NOT EXISTS (
                      SELECT 1
                      FROM promise AS other
                      WHERE other.community_id = free.community_id AND other.lane = free.lane
                        AND other.kept_at IS NULL AND (other.due_at, other.id) > (free.due_at, free.id)
                        AND other.leased_until > 0
                  ))
                ORDER BY free.due_at
                LIMIT 1
            ) AS first
            UNION ALL
            -- A lane opens when the last lease or pause in it ends.
            SELECT held.leased_until AS moment
            FROM promise AS held
            WHERE held.kept_at IS NULL AND held.leased_until > 0
              AND CAST(:platforms AS TEXT) LIKE '%|' || held.platform || '|%'
              AND (held.lane IS NULL OR NOT EXISTS (
                  SELECT 1
                  FROM promise AS other
                  WHERE other.community_id = held.community_id AND other.lane = held.lane AND other.kept_at IS NULL
                    AND other.leased_until > held.leased_until
              ))
        ) AS moments
        """,
        platforms=_among(platforms),
    )
    return row["moment"] if row else None


async def lag(tx: Tx, now: int) -> int:
    """How many milliseconds the longest due promise has waited."""
    row = await tx.one(
        "SELECT MIN(due_at) AS due_at FROM promise WHERE kept_at IS NULL AND due_at <= :now",
        now=now,
    )
    return now - row["due_at"] if row and row["due_at"] is not None else 0


def _in_order(rows: Iterable[Row]) -> list[Promise]:
    found = [Promise(**{**row, "urgent": bool(row["urgent"])}) for row in rows]
    return sorted(found, key=lambda promise: (promise.due_at, promise.id))


def _among(words: Iterable[str]) -> str:
    return f"|{'|'.join(words)}|"
