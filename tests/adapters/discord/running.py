"""A whole house on Discord for these tests: real store, core and adapter, and a small capability to talk to."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

from adapters.discord import client
from bot.core.clock import Clock, SystemClock
from bot.core.core import Core
from bot.host.config import Config, load
from bot.host.registry import open_house
from bot.kit import (
    Access,
    Capability,
    Choice,
    Duration,
    GrantRole,
    Long,
    Post,
    Range,
    Reply,
    Suggest,
    TakeRole,
    Tell,
    Withdraw,
    Work,
    texts,
)
from bot.kit.capability import House
from bot.kit.events import (
    EffectRefused,
    Event,
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    PlaceFound,
    PlaceLost,
    ReachChanged,
    ReactionAdded,
    ReactionRemoved,
    Said,
    ThreadOpened,
    VoiceSpent,
)
from bot.kit.options import File, Image
from bot.kit.references import Role
from bot.kit.replies import Document
from bot.kit.texts import Catalogue
from models.communities import Place
from models.members import Member
from tests import stores
from tests.servers.discord import DiscordServer

WORDS = Path(__file__).parent / "words"
LOCALES = Path(texts.__file__).parents[1] / "locales"

lab = Capability("lab")


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass(slots=True)
class Notebook:
    """What the listeners of this capability were told, each new fact once; and a gate that can hold `weigh` up."""

    events: list[Event] = field(default_factory=list)
    door: asyncio.Event = field(default_factory=asyncio.Event)

    def causes(self, kind: type[Event]) -> list[str]:
        return [event.cause for event in self.events if type(event) is kind]


notebook = Notebook()


@lab.listener(
    MessagePosted, MessageEdited, MessageDeleted, ReactionAdded, ReactionRemoved, MemberJoined, MemberLeft, VoiceSpent,
    ReachChanged, EffectRefused, PlaceLost, PlaceFound, Said, ThreadOpened,
)  # fmt: skip
async def note(_work: Work, event: Event) -> None:
    notebook.events.append(event)


async def reasons(work: Work, typed: str) -> list[Choice]:
    to = work.given.get("to")
    return [Choice(word, f"{word} {to.name if to else ''}") for word in ("help", "humour") if word.startswith(typed)]


@lab.command("points give")
async def give(
    work: Work, to: Member, amount: Annotated[int, Range(1, 9)], why: Annotated[str, Suggest(reasons)] = ""
) -> Reply:
    return work.say("given", to=await work.mention(to), amount=amount, why=why)


@lab.command("points reset", access=Access.ADMIN)
async def reset(work: Work) -> Reply:
    return work.say("weigh.text")


@lab.command("weigh")
async def weigh(work: Work, hidden: bool = False) -> Reply:
    await notebook.door.wait()
    return work.say("text").but(private=hidden, subject="question:1")


@lab.command("board")
async def board(work: Work) -> Reply:
    buttons = (
        work.button("next", "/turn 2"),
        work.button("answer", "/enquire maths"),
        work.button("delete", "/gone 1"),
    )
    return work.say("text", page=1).but(title=work.say("title").text, buttons=buttons)


@lab.command("turn")
async def turn(work: Work, page: int) -> Reply:
    return work.say("text", page=page).but(replaces=True)


@lab.command("enquire")
async def enquire(
    work: Work,
    *,
    text: Annotated[str, Long()],
    tag: str = "",
    title: str = "",
    urgent: bool = False,
    place: Place | None = None,
) -> Reply:
    return work.say("text", tag=f"{tag}/{title}", urgent=urgent, place=place, text=text)


@lab.command("all")
async def everything(
    work: Work,
    *,
    number: int,
    yes: bool,
    pick: Colour,
    time: Duration,
    who: Member,
    role: Role,
    place: Place,
    picture: Image,
) -> Reply:
    said = [number, yes, pick.value, time.total_seconds(), who.name, role.name, place.name, picture.name]
    return work.say("text", said=" ".join(str(each) for each in said))


@lab.command("copy")
async def copy(work: Work, file: File) -> Reply:
    return work.say("text", name=file.name).but(
        private=True, file=Document(file.name, file.text.encode(), "text/plain")
    )


@lab.command("collect", access=Access.STAFF)
async def collect(work: Work, file: File | None = None, text: Annotated[str, Long()] = "") -> Reply:
    return work.say("text", text=file.text if file else text)


@lab.command("owe")
async def owe(work: Work, what: str, to: Member, role: Role | None = None, message: str = "") -> Reply:
    assert work.place
    place, reply = work.place.id, work.say("told", name=to.name)
    effect = {
        "post": Post(place=place, reply=reply, answers=message or None),
        "tell": Tell(member=to.id, reply=reply),
        "tell there": Tell(member=to.id, reply=reply, present=True),
        "withdraw": Withdraw(place=place, message=message),
        "grant": GrantRole(place=place, member=to.id, role=role.id if role else "0", name="", why="a trial"),
        "take": TakeRole(place=place, member=to.id, role=role.id if role else "0", name="", why="a trial"),
    }[what]
    await work.promise(effect)
    return work.say("text").but(private=True)


def house() -> House:
    return House.of([*open_house().capabilities, lab])


def catalogue() -> Catalogue:
    return Catalogue(folders=(LOCALES, WORDS))


@dataclass(slots=True)
class Running:
    core: Core
    adapter: client.Discord
    serving: asyncio.Task[None]

    async def settle(self) -> None:
        await self.core.outbox.drain()


@asynccontextmanager
async def opened(folder: Path, clock: Clock | None = None) -> AsyncIterator[Core]:
    store = await stores.opened(folder)
    try:
        core = Core(store, house(), clock or SystemClock(), catalogue())
        yield core
        await core.dispatcher.stop()
    finally:
        await store.close()


def config(server: DiscordServer, folder: Path, **more: Any) -> Config:
    keys = {"token": server.token, "api_url": server.api_url, "gateway_url": server.gateway_url, **more}
    lines = [f"{key} = {value}" if isinstance(value, int) else f'{key} = "{value}"' for key, value in keys.items()]
    file = folder / "config.toml"
    file.write_text("\n".join(["[discord]", *lines]), encoding="utf-8")
    return load(file)


@asynccontextmanager
async def running(
    server: DiscordServer,
    folder: Path,
    clock: Clock | None = None,
    *,
    caught_up: bool = True,
    paced: bool = False,
    **more: Any,
) -> AsyncIterator[Running]:
    """A running house: connected and, by default, caught up with what it missed; stopped in order at the end."""
    async with opened(folder, clock) as core:
        adapter = client.open(core, config(server, folder, **more))
        core.plug(adapter)
        serving = asyncio.create_task(adapter.serve())
        try:
            before = server.identified
            await eventually(lambda: server.identified > before or serving.done())
            await eventually(lambda: (adapter.health()["ok"] and adapter.health()["guilds"]) or serving.done())
            if serving.done():
                await serving
            await server.ready()
            await eventually(lambda: adapter.health()["behind"] == 0 or not caught_up)
            if not paced:  # its abilities are declared again when it connects
                core.desk.abilities[adapter.name] = replace(adapter.abilities, pace=None)
            yield Running(core, adapter, serving)
        finally:
            await adapter.stop()
            await serving


async def eventually(happened: Callable[[], object], seconds: float = 10) -> None:
    """Wait for what must come, and fail if it does not come."""
    async with asyncio.timeout(seconds):
        while not happened():
            await asyncio.sleep(0.01)
