"""Writes the same rows without Hearth: one thread of sqlite3 that gets finished rows and decides nothing."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from time import perf_counter

from bench.crowd import CHANNELS, DAY, FIRST_PERSON
from bench.houses import HOME, member_id, place_id
from bot.core.dispatcher import BATCH
from bot.kit.events import MessagePosted

FACT = "INSERT INTO activity (community_id, cause, at, day, kind, member_id, place_id, target_id, amount)"
COUNT = """
INSERT INTO activity_day (community_id, day, member_id, kind, amount) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (community_id, day, member_id, kind) DO UPDATE SET amount = amount + excluded.amount
"""
WATERMARK = """
INSERT INTO watermark (community_id, place_id, ref, at) VALUES (?, ?, ?, ?)
ON CONFLICT (community_id, place_id) DO UPDATE SET ref = excluded.ref, at = excluded.at WHERE excluded.ref > ref
"""
#: rows in one statement, where that is faster
TOGETHER = 250

Row = tuple[str | int | None, ...]
Write = Callable[[sqlite3.Connection, Sequence[Row]], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows that one batch writes."""

    facts: list[Row]
    counts: list[Row]
    watermarks: list[Row]


def rows_of(events: Sequence[MessagePosted]) -> list[Rows]:
    return [_rows(events[start : start + BATCH]) for start in range(0, len(events), BATCH)]


def one_by_one(db: sqlite3.Connection, facts: Sequence[Row]) -> None:
    """The usual way: executemany."""
    db.executemany(f"{FACT} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", facts)


def together(db: sqlite3.Connection, facts: Sequence[Row]) -> None:
    """The fastest way we know: hundreds of rows in one statement, without telling which were new."""
    for start in range(0, len(facts), TOGETHER):
        some = facts[start : start + TOGETHER]
        places = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?)"] * len(some))
        db.execute(f"{FACT} VALUES {places} ON CONFLICT DO NOTHING", list(chain.from_iterable(some)))


def write_plainly(path: Path, batches: Sequence[Rows], write: Write) -> float:
    """Events a second: one transaction for each batch, as durable as the house's own."""
    db = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536", "wal_autocheckpoint = 0"):
        db.execute(f"PRAGMA {pragma}")
    began = perf_counter()
    for batch in batches:
        db.execute("BEGIN IMMEDIATE")
        write(db, batch.facts)
        db.executemany(COUNT, batch.counts)
        db.executemany(WATERMARK, batch.watermarks)
        db.execute("COMMIT")
    speed = sum(len(batch.facts) for batch in batches) / (perf_counter() - began)
    db.close()
    return speed


def _rows(events: Sequence[MessagePosted]) -> Rows:
    facts = [fact_of(event) for event in events]
    counts = Counter((day, member) for _, _, _, day, _, member, *_ in facts)
    last = {fact[6]: (event.number, event.at) for fact, event in zip(facts, events, strict=True)}
    return Rows(
        facts=facts,
        counts=sorted((HOME, day, member, "message", times) for (day, member), times in counts.items()),
        watermarks=sorted((HOME, place, *read) for place, read in last.items()),
    )


def fact_of(event: MessagePosted) -> Row:
    member = member_id(int(event.who.id) - FIRST_PERSON) if event.who else None
    place = place_id(int(event.cause.rpartition(":")[2]) % CHANNELS)
    return HOME, event.cause, event.at, event.at // DAY, "message", member, place, None, 1
