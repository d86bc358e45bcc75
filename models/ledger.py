"""Stores every entry of points, and what was earned by day; standings.py adds them up."""

from collections.abc import Sequence
from typing import NamedTuple

from models.ids import Ids, earliest
from models.spans import DAY
from models.store import Bulk, Row, Tx

LATEST = (1 << 63) - 1


class Entry(NamedTuple):
    """A row of the ledger, as stored: entries are written by the thousand, and a tuple need not be copied for it."""

    community_id: int
    at: int
    #: the community's day, in days since 1970-01-01
    day: int
    member_id: int
    #: earn, spend, transfer, stake, release, expire, reverse or adjust
    kind: str
    #: never 0; negative when the member gives
    amount: int
    #: whether it changes the score, which decides levels and boards
    counts: bool
    #: a short key; the catalogues hold its words
    reason: str
    #: what made it happen; one cause pays a member once for each reason
    cause: str
    #: the member who decided it, if one did
    actor_id: int | None = None
    #: the other member: the giver or the receiver
    other_id: int | None = None
    place_id: int | None = None
    #: the entry that this one takes back
    reverses: int | None = None
    #: what points in escrow belong to, such as `raffle:1`
    subject: str | None = None
    note: str | None = None
    #: the multipliers that changed the amount
    multiplied: str | None = None
    #: set by `write`
    id: int = 0


class Earning(NamedTuple):
    """What a member earned on a day for one reason in one place, without what was taken back."""

    community_id: int
    day: int
    member_id: int
    #: 0 if there was no place
    place_id: int
    reason: str
    amount: int
    times: int
    last_at: int


class Loss(NamedTuple):
    """What a member earned and lost again for one reason."""

    member_id: int
    reason: str
    #: negative
    amount: int
    times: int
    #: the entry that took back the last of it
    last_id: int


WRITE = Bulk(
    head="""
    INSERT INTO entry (community_id, at, day, member_id, kind, amount, counts, reason, cause, actor_id, other_id,
                       place_id, reverses, subject, note, multiplied, id)
    """,
    columns={
        "community_id": "BIGINT",
        "at": "BIGINT",
        "day": "BIGINT",
        "member_id": "BIGINT",
        "kind": "TEXT",
        "amount": "BIGINT",
        "counts": "BOOLEAN",
        "reason": "TEXT",
        "cause": "TEXT",
        "actor_id": "BIGINT",
        "other_id": "BIGINT",
        "place_id": "BIGINT",
        "reverses": "BIGINT",
        "subject": "TEXT",
        "note": "TEXT",
        "multiplied": "TEXT",
        "id": "BIGINT",
    },
    tail="ON CONFLICT DO NOTHING RETURNING id",
)
OF_CAUSES = Bulk(
    head="WITH wanted (community_id, cause) AS (",
    columns={"community_id": "BIGINT", "cause": "TEXT"},
    tail="""
    )
    SELECT entry.*
    FROM wanted
    JOIN entry ON entry.community_id = wanted.community_id AND entry.cause = wanted.cause AND entry.reverses IS NULL
    ORDER BY entry.id
    """,
)
EARNING: dict[str, str] = {
    "community_id": "BIGINT",
    "day": "BIGINT",
    "member_id": "BIGINT",
    "place_id": "BIGINT",
    "reason": "TEXT",
    "amount": "BIGINT",
    "times": "BIGINT",
    "last_at": "BIGINT",
}
RAISE_EARNINGS = Bulk(
    head="INSERT INTO earning (community_id, day, member_id, place_id, reason, amount, times, last_at)",
    columns=EARNING,
    tail="""
    ON CONFLICT (community_id, day, member_id, place_id, reason) DO UPDATE
    SET amount = earning.amount + excluded.amount, times = earning.times + excluded.times,
        last_at = CASE WHEN excluded.last_at > earning.last_at THEN excluded.last_at ELSE earning.last_at END
    """,
)
# A row with a negative amount would fail its CHECK before the conflict is seen.
LOWER_EARNINGS = Bulk(
    head="WITH given (community_id, day, member_id, place_id, reason, amount, times, last_at) AS (",
    columns=EARNING,
    tail="""
    )
    UPDATE earning SET amount = earning.amount + given.amount, times = earning.times + given.times
    FROM given
    WHERE earning.community_id = given.community_id AND earning.day = given.day
      AND earning.member_id = given.member_id AND earning.place_id = given.place_id AND earning.reason = given.reason
    """,
)
EARNINGS = Bulk(
    head="WITH wanted (community_id, day, member_id) AS (",
    columns={"community_id": "BIGINT", "day": "BIGINT", "member_id": "BIGINT"},
    tail="""
    )
    SELECT wanted.member_id, earning.reason, CAST(SUM(earning.amount) AS BIGINT) AS amount,
           CAST(SUM(earning.times) AS BIGINT) AS times, MAX(earning.last_at) AS last_at
    FROM wanted
    CROSS JOIN earning
    WHERE earning.community_id = wanted.community_id AND earning.day = wanted.day
      AND earning.member_id = wanted.member_id
    GROUP BY wanted.member_id, earning.reason
    """,
)
# A stake that came back counts as old points; a prize counts as new.
GAINED = Bulk(
    head="WITH wanted (community_id, member_id, since, first_id) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT", "since": "BIGINT", "first_id": "BIGINT"},
    tail="""
    ), gain AS (
        SELECT wanted.member_id, entry.amount
        FROM wanted
        CROSS JOIN entry
        WHERE entry.community_id = wanted.community_id AND entry.member_id = wanted.member_id
          AND entry.id >= wanted.first_id AND entry.at > wanted.since AND entry.amount > 0
          AND entry.reverses IS NULL AND entry.subject IS NULL AND NOT EXISTS (
              SELECT 1 FROM entry AS back WHERE back.community_id = entry.community_id AND back.reverses = entry.id
          )
        UNION ALL
        SELECT wanted.member_id, SUM(entry.amount) AS amount
        FROM wanted
        CROSS JOIN entry
        WHERE entry.community_id = wanted.community_id AND entry.member_id = wanted.member_id
          AND entry.subject IS NOT NULL
        GROUP BY wanted.member_id, wanted.since, entry.subject
        HAVING SUM(entry.amount) > 0 AND MAX(entry.at) > wanted.since
    )
    SELECT member_id, CAST(SUM(amount) AS BIGINT) AS amount FROM gain GROUP BY member_id
    """,
)


async def lock(tx: Tx, community_id: int) -> None:
    """Lock the ledger until the transaction ends: nobody else writes or settles, so decide about points then."""
    if tx.dialect == "sqlite":  # SQLite has only one writer
        return
    # Lock without a new version of the row, which each further entry of the transaction would have to pass.
    while not await tx.hold(
        "SELECT 1 FROM ledger WHERE community_id = :community_id FOR NO KEY UPDATE", community_id=community_id
    ):
        await tx.run(
            """
            INSERT INTO ledger (community_id, last_id, settled_id) VALUES (:community_id, 0, 0)
            ON CONFLICT (community_id) DO NOTHING
            """,
            community_id=community_id,
        )


async def write(tx: Tx, entries: Sequence[Entry], ids: Ids) -> list[Entry]:
    """Write entries of one community and return them with ids, without those that their cause has paid before."""
    if not entries:
        return []
    community_id = entries[0].community_id
    if any(entry.community_id != community_id for entry in entries):
        raise ValueError("a ledger belongs to one community")
    last = await _reserve(tx, community_id, ids.new(entries[-1].at), len(entries))
    rows = [(*entry[:-1], number) for number, entry in enumerate(entries, last - len(entries) + 1)]
    written = {row["id"] for row in await tx.each(WRITE, rows)}
    return [Entry._make(row) for row in rows if row[-1] in written]


async def reverse(
    tx: Tx, entries: Sequence[Entry], cause: str, at: int, day: int, actor: int | None, reason: str, ids: Ids
) -> list[Entry]:
    """Take entries back, each once and for good: a reversal is never reversed. Returns what was written."""
    mirrored = [
        entry._replace(
            at=at,
            day=day,
            kind="reverse",
            amount=-entry.amount,
            reason=reason,
            cause=cause,
            actor_id=actor,
            reverses=entry.id,
            note=None,
            multiplied=None,
        )
        for entry in entries
        if entry.reverses is None
    ]
    return await write(tx, mirrored, ids)


async def history(tx: Tx, community_id: int, member_id: int, before: int | None, limit: int) -> list[Entry]:
    """A member's entries, newest first; only those older than entry `before`, to turn the page."""
    rows = await tx.all(
        """
        SELECT * FROM entry
        WHERE community_id = :community_id AND member_id = :member_id AND id < :before
        ORDER BY id DESC
        LIMIT :limit
        """,
        community_id=community_id,
        member_id=member_id,
        before=LATEST if before is None else before,
        limit=limit,
    )
    return [_entry(row) for row in rows]


async def since(tx: Tx, community_id: int, day: int, limit: int) -> list[tuple[Entry, str]]:
    """All members' entries from this day on, newest first, each with its member's name."""
    rows = await tx.all(
        """
        SELECT entry.*, COALESCE(member.name, '') AS name
        FROM entry
        LEFT JOIN member ON member.community_id = entry.community_id AND member.id = entry.member_id
        WHERE entry.community_id = :community_id AND entry.id >= :first_id AND entry.day >= :day
        ORDER BY entry.id DESC
        LIMIT :limit
        """,
        community_id=community_id,
        first_id=earliest((day - 1) * DAY),  # no time zone begins the day sooner
        day=day,
        limit=limit,
    )
    return [(_entry({key: row[key] for key in Entry._fields}), row["name"]) for row in rows]


async def taken_back(tx: Tx, community_id: int, day: int, least: int, after: int, limit: int) -> list[Loss]:
    """Points that members earned and then lost on a day without a decision by anybody, if they are at least `least`.

    A page of present members, by id.
    """
    rows = await tx.all(
        """
        WITH back AS (
            SELECT entry.member_id, entry.reason, entry.amount, entry.id
            FROM entry
            JOIN member ON member.community_id = entry.community_id AND member.id = entry.member_id
            WHERE entry.community_id = :community_id AND entry.id >= :first_id AND entry.day = :day
              AND entry.kind = 'reverse' AND entry.amount < 0
              AND entry.reason IN ('deleted', 'removed', 'edited', 'unvoted')
              AND entry.member_id > :after AND member.left_at IS NULL
        ), concerned AS (
            SELECT member_id FROM back
            GROUP BY member_id
            HAVING -SUM(amount) >= :least
            ORDER BY member_id
            LIMIT :limit
        )
        SELECT back.member_id, back.reason, CAST(SUM(back.amount) AS BIGINT) AS amount, COUNT(*) AS times,
               MAX(back.id) AS last_id
        FROM back
        JOIN concerned ON concerned.member_id = back.member_id
        GROUP BY back.member_id, back.reason
        ORDER BY back.member_id, amount, back.reason
        """,
        community_id=community_id,
        first_id=earliest((day - 1) * DAY),  # no time zone begins the day sooner
        day=day,
        least=least,
        after=after,
        limit=limit,
    )
    return [Loss(**row) for row in rows]


async def gained(tx: Tx, community_id: int, since: Sequence[tuple[int, int]]) -> dict[int, int]:
    """What each member gained after their own moment, without what was taken back; each member once."""
    rows = await tx.each(GAINED, [(community_id, member_id, at, earliest(at)) for member_id, at in since])
    return {row["member_id"]: row["amount"] for row in rows}


async def staked(tx: Tx, community_id: int, subject: str) -> list[Entry]:
    """The stakes in escrow for a subject that were not taken back, oldest first."""
    rows = await tx.all(
        """
        SELECT * FROM entry
        WHERE community_id = :community_id AND subject = :subject AND kind = 'stake' AND NOT EXISTS (
            SELECT 1 FROM entry AS back WHERE back.community_id = entry.community_id AND back.reverses = entry.id
        )
        ORDER BY id
        """,
        community_id=community_id,
        subject=subject,
    )
    return [_entry(row) for row in rows]


async def entry(tx: Tx, community_id: int, id: int) -> Entry | None:
    row = await tx.one(
        "SELECT * FROM entry WHERE community_id = :community_id AND id = :id", community_id=community_id, id=id
    )
    return _entry(row) if row else None


async def entries_of_cause(tx: Tx, community_id: int, causes: Sequence[str]) -> list[Entry]:
    """The entries that these causes wrote, even if reversed since; without the reversals themselves."""
    rows = await tx.each(OF_CAUSES, [(community_id, cause) for cause in dict.fromkeys(causes)])
    return [_entry(row) for row in rows]


async def reversed_by(tx: Tx, community_id: int, id: int) -> Entry | None:
    """The entry that took this one back."""
    row = await tx.one(
        "SELECT * FROM entry WHERE community_id = :community_id AND reverses = :id", community_id=community_id, id=id
    )
    return _entry(row) if row else None


async def add_earning(tx: Tx, rows: Sequence[Earning]) -> None:
    """Add to earnings, each key once; a negative amount takes back, on the day it was earned."""
    await tx.each(RAISE_EARNINGS, [row for row in rows if row.amount > 0])
    await tx.each(LOWER_EARNINGS, [row for row in rows if row.amount < 0])


async def earnings(tx: Tx, community_id: int, day: int, member_ids: Sequence[int]) -> list[Earning]:
    """What these members earned on a day, for each reason, in all places together."""
    rows = await tx.each(EARNINGS, [(community_id, day, member_id) for member_id in dict.fromkeys(member_ids)])
    return [
        Earning(community_id, day, row["member_id"], 0, row["reason"], row["amount"], row["times"], row["last_at"])
        for row in rows
    ]


async def _reserve(tx: Tx, community_id: int, first: int, count: int) -> int:
    """Reserve `count` ids in a row and return the last; none is before `first`, all are greater than any used here."""
    row = await tx.one(
        """
        INSERT INTO ledger (community_id, last_id, settled_id)
        VALUES (:community_id, CAST(:first AS BIGINT) + CAST(:count AS BIGINT), 0)
        ON CONFLICT (community_id) DO UPDATE
        SET last_id = CASE WHEN ledger.last_id > :first THEN ledger.last_id ELSE :first END + :count
        RETURNING last_id
        """,
        community_id=community_id,
        first=first,
        count=count,
    )
    if row is None:
        raise LookupError(f"the ledger of {community_id} vanished")
    last: int = row["last_id"]
    return last


def _entry(row: Row) -> Entry:
    return Entry(**{**row, "counts": bool(row["counts"])})  # SQLite keeps truth as 0 and 1
