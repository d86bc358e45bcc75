"""Makes houses to measure: a core on a fresh database whose members are all known and were active today."""

from asyncio import Future, ensure_future, gather
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.crowd import CHANNELS, DAY, NOON, Crowd
from bot.core.batch import Absorbed
from bot.core.clock import SystemClock
from bot.core.core import Core
from bot.host.registry import open_house
from bot.kit.events import Event
from models import activity, communities, members
from models.communities import Place
from models.engines import open_store
from models.members import Account, Member
from models.migrate import migrate
from models.store import Store

HOME = 1 << 60
#: the capabilities for measuring absorbing; awarding points has rows of its own
ROOMS = ("community.basics", "community.activity")
CHUNK = 20_000
#: how many events an adapter hands over at once: a page of history, or one answer to a poll
PAGE = 100
#: events in progress, more than one transaction takes
AHEAD = 4_000

_folder = TemporaryDirectory(prefix="hearth-bench-")
_numbers = count()


def fresh_path() -> Path:
    return Path(_folder.name) / f"{next(_numbers)}.db"


async def filled(size: int) -> Path:
    """A database with so many members; it is filled once, and each run takes a copy."""
    template = Path(_folder.name) / f"{size}-members.db"
    if not template.exists():
        store = await open_store(f"sqlite:///{template}")
        await migrate(store)
        await fill(store, size)
        await store.close()
    path = fresh_path()
    copyfile(template, path)
    return path


async def fill(store: Store, size: int) -> None:
    crowd = Crowd(size)
    root = Place(
        community_id=HOME, id=HOME, platform="discord", external_id="1", parent_id=None, kind="guild", name="Hearth"
    )
    async with store.write() as tx:
        await communities.create_community(tx, HOME, root.name, NOON)
        await communities.create_places(tx, [root, *(_channel(crowd, number) for number in range(CHANNELS))])
    for start in range(0, size, CHUNK):
        numbers = range(start, min(start + CHUNK, size))
        async with store.write() as tx:
            await members.create_members(tx, [_arrival(crowd, number) for number in numbers], NOON)
            today = [(HOME, NOON // DAY, member_id(number), "message", 1) for number in numbers]
            await activity.count(tx, today)


@asynccontextmanager
async def core_on(url: str, rooms: Sequence[str] = ROOMS) -> AsyncIterator[Core]:
    store = await open_store(url)
    try:
        await migrate(store)
        yield Core(store, open_house(rooms), SystemClock())
    finally:
        await store.close()


async def pour(core: Core, events: Sequence[Event], page: int = PAGE) -> float:
    """Events a second; each page is awaited as an adapter awaits it."""
    under_way: deque[Future[Absorbed]] = deque()
    began = perf_counter()
    for start in range(0, len(events), page):
        under_way.append(ensure_future(core.absorb(events[start : start + page])))
        if len(under_way) * page > AHEAD:
            await under_way.popleft()
    await gather(*under_way)
    return len(events) / (perf_counter() - began)


def place_id(number: int) -> int:
    return HOME + 1 + number


def member_id(number: int) -> int:
    return HOME + (1 << 20) + number


def _channel(crowd: Crowd, number: int) -> Place:
    spot = crowd.spot(number)
    return Place(
        community_id=HOME,
        id=place_id(number),
        platform="discord",
        external_id=spot.id,
        parent_id=HOME,
        kind="channel",
        name=spot.name,
    )


def _arrival(crowd: Crowd, number: int) -> tuple[Member, Account]:
    person = crowd.person(number)
    member = Member(
        community_id=HOME,
        id=member_id(number),
        name=person.name,
        language=None,
        time_zone=None,
        bot=False,
        joined_at=NOON,
        left_at=None,
    )
    account = Account(
        community_id=HOME,
        platform=person.platform,
        external_id=person.id,
        member_id=member.id,
        name=person.name,
        username=None,
        reachable=True,
    )
    return member, account
