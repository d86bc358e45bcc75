"""Hostile options, names and events get an answer or one clear refusal, and never cause a fault."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, MutableMapping, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Any, NoReturn

import pytest
import structlog

from adapters.discord import replies as discord
from adapters.telegram import replies as telegram
from adapters.telegram.events import Reader
from bot.core.clock import HandClock
from bot.core.core import Core
from bot.host.registry import open_house
from bot.kit import Access, Reply
from bot.kit.access import Standing
from bot.kit.capability import Command
from bot.kit.events import Event, MemberJoined, MessageEdited, MessagePosted, PlaceFound, ReactionAdded, ThreadOpened
from bot.kit.invocation import Invocation
from bot.kit.options import Kind, Option
from bot.kit.references import Message, Person, Picture, Raw, Role, Spot, Upload
from models import dead_letters
from models.engines import open_store
from models.migrate import migrate
from tests.bot.recorder import ANN, BOB, CAT, HOME, LOBBY, NAME, NOON, STAFF, Recorder, posted, typed
from tests.soak import rounds

HALF, NUL, LONG = "half \ud800 half", "nul\0", "x" * 100_000
TURNED, HIDDEN, ZALGO, FAMILY = "\u202egnp.exe\u2066", "\u200b\u200d\ufeff", "Z̴͎̈" * 200, "👩‍👩‍👧" * 50
NAMES = (HALF, NUL, LONG, TURNED, HIDDEN, ZALGO, FAMILY, "", "../../etc/passwd")
#: typed values, or what a client sent where a number is expected
WORDS: tuple[Raw, ...] = (
    *NAMES,
    *("-1", "0", "1.5", str(2**63), "1e309", "9" * 5000, "١٢٣", "²", "\0", "\udfff", " ", '"', "\\", "@", "#", "/"),
    *(2**63, -(10**5000), -1, 1.5, float("inf"), float("nan"), True),
)
#: what an engine itself may refuse; the rest never reaches it, and is tried on one engine
UNSTORABLE: tuple[Raw, ...] = (HALF, NUL, TURNED, "²", 2**63, -(10**5000), float("inf"))
#: what a command needs to get as far as possible
FINE: Mapping[Kind, Raw] = {
    Kind.MEMBER: BOB,
    Kind.ROLE: Role("9", "helper"),
    Kind.PLACE: STAFF,
    Kind.IMAGE: Picture("1", "a.png", 10),
    Kind.FILE: Upload("1", "points.csv", 20, b"member,amount,why\n@bob,1,x\n"),
    Kind.MESSAGE: Message("recorder:msg:2", BOB, "words"),
    Kind.DURATION: "1d",
    Kind.YES_NO: "yes",
    Kind.ZONE: "Asia/Shanghai",
    Kind.TEXT: "1",
}
#: so that the things which commands name exist
BEFORE = (
    "/points give @ann 100000 x",
    '/ask "How to make tea"',
    '/answer 1 "With water that boils"',
    "/shop add mug 5",
    "/raffle open 5 mug",
    "/attendance open meeting",
    "/contest open best 10",
    "/badge create 🏅 star x",
)
_CAUSES = count(1)


@pytest.fixture
def faults() -> Iterator[list[MutableMapping[str, Any]]]:
    """Everything that was logged."""
    logged: list[MutableMapping[str, Any]] = []

    def keep(_logger: object, _name: str, event: MutableMapping[str, Any]) -> NoReturn:
        logged.append(event)
        raise structlog.DropEvent

    structlog.configure(processors=[structlog.processors.format_exc_info, keep])
    yield logged
    structlog.reset_defaults()


@pytest.fixture(params=["sqlite", "postgres"])
async def core(request: pytest.FixtureRequest, tmp_path: Path, postgres_url: Callable[[], str]) -> AsyncIterator[Core]:
    store = await open_store(f"sqlite:///{tmp_path}/hearth.db" if request.param == "sqlite" else postgres_url())
    await migrate(store)
    made = Core(store, open_house(), HandClock(NOON))
    made.plug(Recorder())
    await made.absorb([posted(1), posted(2, BOB), posted(3, CAT), posted(4, spot=STAFF)])
    yield made
    await store.close()


def persons(word: str) -> Iterator[Person]:
    yield Person(NAME, word, word, word)
    yield Person(NAME, ANN.id, word, word)


def hostile(kind: Kind, words: Sequence[Raw]) -> Iterator[Raw]:
    """Words for every kind, each in the form of its platform."""
    yield from words
    for word in (each for each in words if each in NAMES and isinstance(each, str)):
        match kind:
            case Kind.MEMBER:
                yield from persons(word)
            case Kind.PLACE:
                yield Spot(NAME, word, "channel", word, HOME)
            case Kind.ROLE:
                yield Role(word, word)
            case Kind.IMAGE:
                yield Picture(word, word, 10)
            case Kind.FILE:
                yield Upload(word, word, 10, word.encode(errors="surrogatepass"))
            case Kind.MESSAGE:
                yield from (Message(word, author, word) for author in persons(word))
    yield Upload("1", "a.csv", -1, b"\xff\xfe\0")
    yield Upload("1", "a.csv", 10**30, None)
    yield Picture("1", "a", 10**30)
    yield Message("recorder:msg:2", BOB, "words")


def fine(option: Option) -> Raw:
    if option.choices:
        return option.choices[0]
    return max(1, option.bounds.low) if option.kind is Kind.WHOLE and option.bounds else FINE[option.kind]


def asks(command: Command, words: Sequence[Raw]) -> Iterator[Invocation]:
    """Each option in turn is hostile; an administrator gets everywhere, a member far enough to be refused."""
    for option in command.options:
        for number, value in enumerate(hostile(option.kind, words)):
            given = {each.name: fine(each) for each in command.options if each.required} | {option.name: value}
            for access in (Access.ADMIN, Access.MEMBER)[: 1 if number else 2]:
                yield Invocation(
                    command=command.name,
                    options=given,
                    author=ANN,
                    standing=Standing(access=access),
                    spot=LOBBY,
                    at=NOON,
                    cause=f"recorder:hostile:{next(_CAUSES)}",
                )


def assert_fits(reply: Reply) -> None:
    """Both platforms would accept it."""
    shown = discord.message(reply)
    assert 0 < len(shown["content"]) <= 2000 or shown["embeds"] or shown["attachments"]
    for row in shown["components"]:
        assert all(1 <= len(each["label"]) <= 80 and 1 <= len(each["custom_id"]) <= 100 for each in row["components"])
    for letter in telegram.letters(reply):
        assert letter.html.encode()


@pytest.mark.parametrize("capability", open_house().capabilities, ids=lambda each: each.name)
async def test_no_option_breaks_a_command(core: Core, faults: list[MutableMapping[str, Any]], capability: Any) -> None:
    """Each option of each command gets halves of characters, NULs, endless words, non-numbers and other types.

    Each is answered within a moment, and no fault is logged. Usually every fifth of them is tried, so that each kind of
    option meets each word somewhere.
    """
    for line in BEFORE:
        await core.invoke(typed(line, CAT if "/a" in line else ANN, access=Access.ADMIN))
    for command in capability.commands:
        words = WORDS if core.store.dialect == "sqlite" else UNSTORABLE
        for asked in islice(asks(command, words), 0, None, rounds(5, soak=1)):
            async with asyncio.timeout(10):
                reply = await core.invoke(asked)
            assert not faults, (asked.command, faults)
            assert "omething broke" not in reply.plain, asked.command
            assert reply.plain.strip()
            assert_fits(reply)


@pytest.mark.parametrize("word", NAMES)
async def test_no_word_of_a_line_breaks_it(core: Core, faults: list[MutableMapping[str, Any]], word: str) -> None:
    """Telegram's lines and buttons carry the same words, even in the place of a command's name."""
    lines = (
        word,
        f"/{word}",
        f"/points {word}",
        f"/tip {word} {word} {word}",
        f'/ask "{word}" {word}',
        f"/find {word}",
    )
    for line in lines:
        reply = await core.invoke(typed(line, Person(NAME, "77", word, word)))

        assert not faults, (line, faults)
        assert "omething broke" not in reply.plain
        assert_fits(reply)


@pytest.mark.parametrize("word", NAMES)
async def test_no_event_breaks_its_batch(core: Core, faults: list[MutableMapping[str, Any]], word: str) -> None:
    """Names, emoji, texts, causes and places: the event is recorded, so are its neighbours, all at once."""
    who = Person(NAME, f"5{word}", word, word)
    thread = Spot(NAME, f"thread{word}", "thread", word, LOBBY)
    strange: list[Event] = [
        MessagePosted(cause=f"m:{word}", at=NOON, who=who, spot=thread, length=3, text=word, opens=True, message=word),
        MessageEdited(cause=f"e:{word}", at=NOON, who=who, spot=thread, length=3, text=word, about=f"m:{word}"),
        ReactionAdded(cause=f"r:{word}", at=NOON, who=who, spot=thread, about=f"m:{word}", emoji=word),
        MemberJoined(cause=f"j:{word}", at=NOON, who=who, spot=thread),
        PlaceFound(cause=f"f:{word}", at=NOON, spot=Spot(NAME, f"home{word}", "guild", word)),
        ThreadOpened(cause=f"t:{word}", at=NOON, spot=thread, subject="question:1"),
    ]

    absorbed = await core.absorb([posted(10), *strange, posted(11)])
    again = await core.absorb([posted(10), *strange, posted(11)])

    assert (absorbed.fresh, absorbed.dead, again.fresh, again.dead) == (len(strange) + 2, 0, 0, 0)
    assert not faults
    async with core.store.read() as tx:
        assert await dead_letters.count(tx) == 0


def test_telegram_words_come_whole_or_mended() -> None:
    """Two halves of a character make one, a single half becomes a mark, and nothing else changes."""
    chat = {"id": -100, "type": "supergroup", "title": NUL}
    author = {"id": 5, "is_bot": False, "first_name": HALF}
    text = "tea \ud83c\udf75, half \ud83c, \0, \u202e, 茶\n"
    raw = {"update_id": 7, "message": {"message_id": 1, "date": 1, "chat": chat, "from": author, "text": text}}

    (event,) = Reader(frozenset()).read(raw, NOON)

    assert isinstance(event, MessagePosted)
    assert event.text == "tea 🍵, half \ufffd, \ufffd, \u202e, 茶\n"
    assert event.who
    assert event.spot
    assert (event.who.name, event.spot.name) == ("half \ufffd half", "nul\ufffd")


async def test_long_keys_stay_apart(core: Core) -> None:
    """Two causes, accounts or places that share their first thousand characters stay different."""
    events = [posted(LONG[:1000] + each, Person(NAME, LONG[:1000] + each, each)) for each in "ab"]

    assert (await core.absorb(events)).fresh == 2
    assert (await core.absorb(events)).known == 2
    async with core.store.read() as tx:
        rows = await tx.all("SELECT DISTINCT member_id FROM activity WHERE member_id IS NOT NULL")
        names = await tx.all("SELECT name FROM member WHERE name IN ('a', 'b')")
    assert len(names) == 2
    assert len(rows) == 5
