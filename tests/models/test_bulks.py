"""Statements over many rows: the same answer for any number of rows, on both engines."""

import importlib
import pkgutil
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from itertools import islice, product
from pathlib import Path
from typing import LiteralString

import pytest

import models
from bot.core.clock import HandClock
from bot.core.core import Core
from bot.host.registry import open_house
from bot.kit import Access
from bot.kit.references import Person
from models.engines import open_store
from models.ids import Ids
from models.migrate import migrate
from models.store import Bulk, Store, Tx, Value
from tests.bot.recorder import ANN, BOB, CAT, DAY, NAME, NOON, Recorder, posted, reacted, typed

SIZES = (1, 3, 5, 7, 300)
#: more rows than SQLite takes as parameters of one statement
MANY = 90_000
COLUMNS = {"number": "BIGINT", "word": "TEXT", "yes": "BOOLEAN", "share": "DOUBLE PRECISION"}
SUMS = Bulk(
    head="WITH given (number, word, yes, share) AS (",
    columns=COLUMNS,
    tail=""")
    SELECT CAST(SUM(number) AS BIGINT) AS total, COUNT(DISTINCT word) AS words, COUNT(*) AS rows, MAX(share) AS most
    FROM given WHERE yes""",
)
SORTED = Bulk(head=SUMS.head, columns=COLUMNS, tail=") SELECT number FROM given ORDER BY share DESC, number LIMIT 3")


def bulks() -> Iterator[tuple[str, Bulk]]:
    for module in pkgutil.iter_modules(models.__path__):
        for name, value in vars(importlib.import_module(f"models.{module.name}")).items():
            if isinstance(value, Bulk):
                yield f"{module.name}.{name}", value


WRITING = ("INSERT", "UPDATE", "DELETE")
READING = {name: bulk for name, bulk in bulks() if not any(word in bulk.head + bulk.tail for word in WRITING)}


def rows(size: int) -> list[tuple[Value, ...]]:
    return [(number, f"word {number % 9}", number % 2 == 0, number / 8) for number in range(size)]


@pytest.mark.parametrize("size", [*SIZES, MANY])
async def test_what_looks_across_rows_sees_all_of_them(store: Store, size: int) -> None:
    """Sums, distinct words, order and limits cover all rows, even where an engine takes fewer at a time."""
    given = rows(size)
    counted = [row for row in given if row[2]]
    async with store.read() as tx:
        sums = [(row["total"], row["words"], row["rows"], row["most"]) for row in await tx.each(SUMS, given)]
        first = [row["number"] for row in await tx.each(SORTED, given)]

    words = len({row[1] for row in counted})
    assert sums == [(sum(int(row[0] or 0) for row in counted), words, len(counted), counted[-1][3])]
    assert first == [row[0] for row in sorted(given, reverse=True)[:3]]


@pytest.mark.parametrize(
    ("head", "tail", "whole"),
    [
        ("WITH given (a) AS (", ") SELECT a FROM given", False),
        ("WITH given (a) AS (", ") SELECT a FROM given -- in no order, unlike ORDER BY a", False),
        ("WITH given (a) AS (", ") SELECT a FROM given WHERE a <> 'GROUP BY'", False),
        ("WITH given (a) AS (", ") SELECT DISTINCT a FROM given", True),
        ("WITH given (a) AS (", ") SELECT MAX (a) FROM given", True),
        ("WITH given (a) AS (", ") SELECT a, ROW_NUMBER() OVER (PARTITION BY a) FROM given", True),
        ("WITH given (a) AS (", ") DELETE FROM t WHERE a NOT IN (SELECT a FROM given)", True),
        ("WITH given (a) AS (", ") SELECT one.a FROM given AS one JOIN given AS other ON one.a > other.a", True),
        ("WITH RECURSIVE given (a) AS (", ") SELECT a FROM given UNION SELECT 1", True),
        ("INSERT INTO t (a)", "ON CONFLICT (a) DO NOTHING", False),
    ],
)
def test_it_is_seen_in_the_statement(head: LiteralString, tail: LiteralString, whole: bool) -> None:
    """Nobody has to declare it, and nobody can forget to."""
    assert Bulk(head=head, columns={"a": "BIGINT"}, tail=tail).whole is whole


def test_what_cannot_be_whole_is_refused() -> None:
    """If rows among values cannot be seen together, the statement is refused where it is declared."""
    with pytest.raises(ValueError, match="WITH"):
        Bulk(head="INSERT INTO t (a)", columns={"a": "BIGINT"}, tail="RETURNING COUNT(a)")


# The statements we have


@pytest.fixture
async def lives(tmp_path: Path, postgres_url: Callable[[], str]) -> AsyncIterator[list[Store]]:
    """The same life of a community on each engine, with the same numbers."""
    async with AsyncExitStack() as stack:
        stores = []
        for url in (f"sqlite:///{tmp_path}/life.db", postgres_url()):
            store = await open_store(url)
            stack.push_async_callback(store.close)
            await migrate(store)
            await live(store)
            stores.append(store)
        yield stores


async def live(store: Store) -> None:
    clock = HandClock(NOON)
    core = Core(store, open_house(), clock, ids=Ids(1), chance=lambda: "ab" * 32)
    core.plug(Recorder())
    crowd = [ANN, BOB, CAT, *(Person(NAME, f"5{number}", f"m{number % 5}", f"user{number}") for number in range(20))]
    for day in range(3):
        await core.absorb([posted(f"{day}.{number}", who, at=clock.now()) for number, who in enumerate(crowd)])
        await core.absorb([reacted(number, BOB, at=clock.now()) for number in range(3)])
        clock.move(clock.now() + DAY)
    lines = ["/settings set questions.asked 3", "/points give @ann 500 x", "/points give @bob 500 x"]
    for number in range(12):
        lines += [f'/ask "How to brew tea number {number}"', f'/answer {2 * number + 1} "With water {number}"']
    for number, line in enumerate([*lines, "/vote 2 up", "/vote 4 up"]):
        who = ANN if line.startswith("/ask") else BOB if line.startswith("/answer") else CAT
        asked = typed(line, who, access=Access.ADMIN, at=clock.now(), cause=f"life:{number}")
        await core.invoke(asked)


async def candidates(tx: Tx, bulk: Bulk, size: int) -> list[tuple[Value, ...]]:
    """Rows for the statement: what the tables have under the names of its columns."""
    found: dict[str, list[Value]] = {}
    for sql in (
        "SELECT community_id, id, id AS place_id FROM place ORDER BY id",
        "SELECT community_id, id, id AS member_id, name FROM member ORDER BY id",
        "SELECT platform, external_id, username FROM account ORDER BY external_id",
        "SELECT number, number AS question FROM question ORDER BY number",
        "SELECT cause FROM entry ORDER BY id",
        "SELECT day, kind FROM activity_day ORDER BY day, kind",
    ):
        for row in await tx.all(sql):
            for key in row.keys():  # noqa: SIM118 - a row of either engine
                found.setdefault(key, []).append(row[key])
    stand_in: dict[str, list[Value]] = {"TEXT": ["x"], "BIGINT": [0, 1], "BOOLEAN": [True], "DOUBLE PRECISION": [0.5]}
    columns = [list(dict.fromkeys(found.get(name) or stand_in[kind])) for name, kind in bulk.columns.items()]
    every = list(dict.fromkeys(product(*columns)))
    step = max(1, len(every) // size)
    return list(islice(every[::step], size))


def _plain(value: Value) -> Value:
    return int(value) if isinstance(value, bool) else value  # SQLite stores truth values as 0 and 1


async def told(store: Store, bulk: Bulk, given: Sequence[tuple[Value, ...]]) -> list[str]:
    """Its answer; sorted by us where it has no order."""
    async with store.read() as tx:
        rows = await tx.each(bulk, given)
    found = [repr([_plain(row[key]) for key in row.keys()]) for row in rows]  # noqa: SIM118 - a row of either engine
    return found if "ORDER BY" in bulk.tail else sorted(found)


async def test_every_statement_answers_the_same_on_both_engines(lives: list[Store]) -> None:
    """Given 1, 3, 5, 7 and 300 rows, each reading statement answers the same, in the same order where it has one."""
    spoke = set()
    for (name, bulk), size in product(READING.items(), SIZES):
        async with lives[0].read() as tx:
            given = await candidates(tx, bulk, size)
        lite, full = [await told(store, bulk, given) for store in lives]
        assert lite == full, (name, size)
        spoke |= {name} if lite else set()
    assert len(spoke) > len(READING) / 2, sorted(READING.keys() - spoke)
