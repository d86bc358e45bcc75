"""An error is told, but not the words that somebody wrote."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

import asyncpg
import discord
import pytest
from pydantic import TypeAdapter

from bot.kit import Button
from bot.kit.codec import dump, load_event
from bot.kit.errors import Refused
from bot.kit.events import CommandGiven
from bot.kit.invocation import Line
from bot.kit.references import Message, Upload
from bot.kit.wordless import traced, wordless
from models.engines import open_store
from models.store import Store, StoreBusy
from tests.bot.recorder import ANN, typed
from tests.models.test_store import PAIRS

WORD = "sesame"


def fails(act: Callable[[], object]) -> Exception:
    try:
        act()
    except Exception as error:  # noqa: BLE001 - any exception is checked
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (lambda: int(WORD), "ValueError"),
        (partial({"a": 1}.__getitem__, WORD), "KeyError"),
        (lambda: Button("x", f"/{WORD * 20}"), "ValueError"),
        (lambda: ZoneInfo(f"{WORD}/x"), "ZoneInfoNotFoundError"),
        (lambda: json.loads(f"{{{WORD}"), "JSONDecodeError"),
        (lambda: TypeAdapter(int).validate_python(WORD), "ValidationError"),
        (lambda: load_event("MessagePosted", f'{{"cause": "{WORD}"}}'), "ValidationError"),
        (lambda: sqlite3.connect(":memory:").execute(f"SELECT {WORD}"), "OperationalError: SQLITE_ERROR"),
        (f"{WORD}\ud800".encode, "UnicodeEncodeError"),
    ],
)
def test_no_exception_repeats_what_it_was_given(act: Callable[[], object], kind: str) -> None:
    """In one line or with its traceback: the kind stays, the words do not."""
    error = fails(act)

    assert wordless(error).startswith(kind)
    assert WORD not in wordless(error)
    assert kind in traced(error)
    assert f": {WORD}" not in traced(error).rpartition("\n")[2]


def test_what_led_to_it_is_told_and_says_no_more() -> None:
    """Causes, contexts and groups, once each, even in a circle."""
    first, second = ValueError(WORD), KeyError(WORD)
    first.__cause__, second.__cause__ = second, first

    told = traced(ExceptionGroup(WORD, [first]))

    assert (told.count("ValueError"), told.count("KeyError")) == (1, 1)
    assert WORD not in told


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Refused("bad_request", "400 50035"), "Refused: bad_request: 400 50035"),
        (Refused("bad_request", f'unsupported start tag "{WORD}"'), "Refused: bad_request: unsupported start tag …"),
        (StoreBusy("database is locked"), "StoreBusy: database is locked"),
        (TimeoutError(), "TimeoutError"),
        (ConnectionResetError(104, "Connection reset by peer"), "ConnectionResetError: [Errno 104] Connection reset"),
        (sqlite3.IntegrityError("CHECK constraint failed: x"), "IntegrityError: CHECK constraint failed: x"),
    ],
)
def test_what_quotes_nothing_is_said(error: Exception, said: str) -> None:
    """Our own words, the network's and the store's rules help to fix it."""
    assert wordless(error).startswith(said)


def test_what_discord_answers_is_a_number() -> None:
    """Its sentences name the values it rejects."""

    class Answer:
        status, reason = 400, "Bad Request"

    error = discord.HTTPException(Answer(), {"code": 50035, "message": f"Value {WORD} is not one"})

    assert wordless(error) == "HTTPException: 400 50035"


async def test_what_postgres_refuses_is_a_number(postgres_url: Callable[[], str]) -> None:
    """Its details are whole rows."""
    store: Store = await open_store(postgres_url())
    async with store.write() as tx:
        await tx.run("CREATE TABLE t (word TEXT CHECK (LENGTH(word) < 3))")
    with pytest.raises(asyncpg.CheckViolationError, match=WORD) as refused:
        async with store.write() as tx:
            await tx.run("INSERT INTO t (word) VALUES (:word)", word=WORD)
    with pytest.raises(asyncpg.DataError, match=WORD) as unfit:
        async with store.read() as tx:
            await tx.each(PAIRS, [(WORD, "x")])
    await store.close()

    assert wordless(refused.value).startswith("CheckViolationError: 23514 t_word_check (models/")
    assert WORD not in wordless(refused.value) + wordless(unfit.value)


def test_it_says_where() -> None:
    """The last of our own lines, since a kind alone helps nobody."""
    error = fails(lambda: load_event("MessagePosted", "{"))

    assert "(bot/kit/codec.py:" in wordless(error)


def test_what_somebody_points_at_is_written_down_without_its_words() -> None:
    """Chosen in a menu or replied to; and nothing shows the content of a file."""
    said = Message("recorder:msg:1", ANN, WORD)
    given = replace(typed(Line(pieces=("/trial keep tea",), replied=said)), options={"message": said})

    assert WORD not in dump(CommandGiven.of(given))
    assert WORD not in repr(Upload("1", "tea.csv", 3, WORD.encode()))
