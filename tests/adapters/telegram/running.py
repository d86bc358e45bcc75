"""A whole house on Telegram for these tests: a real store, core and adapter, and something to say."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from adapters.telegram import client
from adapters.telegram.pace import Pace
from bot.core.batch import Absorbed
from bot.core.clock import Clock, SystemClock
from bot.core.core import Core
from bot.host.config import Config, load
from bot.host.registry import open_house
from bot.kit import Access, Capability, Range, Reply, Tail, Work, texts
from bot.kit.capability import House
from bot.kit.events import Event
from bot.kit.options import File, Image
from bot.kit.replies import Document
from bot.kit.texts import Catalogue
from models import communities, members
from models.communities import Place
from models.members import Account, Member
from models.store import Store, StoreBusy
from tests import stores
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_world import Group, Person

WORDS = Path(__file__).parent / "words"
LOCALES = Path(texts.__file__).parents[1] / "locales"

trial = Capability("trial")


@trial.command("give")
async def give(work: Work, to: Member, amount: Annotated[int, Range(1, 1000)], why: Tail = "") -> Reply:
    return work.say("given", to=await work.mention(to), amount=amount, why=why)


@trial.command("secret")
async def secret(work: Work) -> Reply:
    return work.say("text").but(private=True)


@trial.command("poll", access=Access.STAFF)
async def poll(work: Work) -> Reply:
    return work.say("text").but(buttons=(work.button("yes", "/tally yes"),))


@trial.command("tally")
async def tally(work: Work, word: str) -> Reply:
    return work.say("text", word=word).but(replaces=True)


@trial.command("show")
async def show(work: Work, picture: Image) -> Reply:
    return work.say("text", name=picture.name)


@trial.command("copy")
async def copy(work: Work, file: File) -> Reply:
    return work.say("text", name=file.name).but(
        private=True, file=Document(file.name, file.text.encode(), "text/plain")
    )


@trial.command("collect", access=Access.STAFF)
async def collect(work: Work, file: File) -> Reply:
    return work.say("text", text=file.text)


def house() -> House:
    return House.of([*open_house().capabilities, trial])


def catalogue() -> Catalogue:
    return Catalogue(folders=(LOCALES, WORDS))


class WatchedCore(Core):
    """Tells what it absorbed, and can be held up before or after its commit."""

    def __init__(self, store: Store, house: House, clock: Clock, catalogue: Catalogue) -> None:
        super().__init__(store, house, clock, catalogue)
        self.events: list[Event] = []
        self.fresh = 0
        self.before, self.after = asyncio.Event(), asyncio.Event()
        #: set when something arrived
        self.asked = asyncio.Event()
        self.before.set()
        self.after.set()
        #: how many times the store is still too busy
        self.busy = 0

    async def absorb(self, events: Sequence[Event]) -> Absorbed:
        self.asked.set()
        await self.before.wait()
        if self.busy:
            self.busy -= 1
            raise StoreBusy
        absorbed = await super().absorb(events)
        self.events += events
        self.fresh += absorbed.fresh
        await self.after.wait()
        return absorbed


@dataclass(eq=False, slots=True, kw_only=True)
class Running:
    core: WatchedCore
    telegram: client.Telegram
    serving: asyncio.Task[None]

    async def place(self, group: Group) -> Place:
        async with self.core.store.read() as tx:
            (found,) = await communities.find_places(tx, [("telegram", str(group.id))])
        return found

    async def account(self, group: Group, person: Person) -> Account:
        community = (await self.place(group)).community_id
        async with self.core.store.read() as tx:
            (found,) = await members.find_accounts(tx, community, [("telegram", str(person.id))])
        return found

    async def health(self, trouble: str) -> None:
        """Wait until health says this."""
        async with asyncio.timeout(3):
            while self.telegram.health()["trouble"] != trouble:
                await asyncio.sleep(0.01)


def configured(server: TelegramServer, folder: Path, more: str = "", web: str = "") -> Config:
    file = folder / "config.toml"
    file.write_text(f'[telegram]\ntoken = "{server.token}"\napi_url = "{server.api_url}"\n{more}\n{web}\n')
    return load(file)


@asynccontextmanager
async def running(
    server: TelegramServer,
    folder: Path,
    clock: Clock | None = None,
    config: Config | None = None,
    *,
    paced: bool = False,
    pace: Pace | None = None,
) -> AsyncIterator[Running]:
    """One process; a second call is a restart on the same store. With a manual clock the outbox runs when asked."""
    store = await stores.opened(folder)
    core = WatchedCore(store, house(), clock or SystemClock(), catalogue())
    telegram = client.open(core, config or configured(server, folder), pace)
    core.plug(telegram)
    if not paced:
        core.desk.abilities[telegram.name] = replace(telegram.abilities, pace=None)
    serving = asyncio.create_task(telegram.serve())
    outbox = None if clock else asyncio.create_task(core.outbox.run())
    try:
        yield Running(core=core, telegram=telegram, serving=serving)
    finally:
        serving.cancel()
        await telegram.stop()
        await asyncio.wait([serving])
        await core.dispatcher.stop()
        await core.outbox.stop(1)
        if outbox:
            await outbox
        await telegram.close()
        await store.close()
