"""What we did ourselves is told in its own transaction, and a listener that fails harms no other."""

import asyncio

import pytest

from bot.core.core import Core
from bot.kit import BulkWork, Capability, Reply, Work, happened, written
from bot.kit.capability import House
from bot.kit.events import MomentCame, SettingChanged
from bot.kit.work import open_work
from models import dead_letters, settings
from models.store import StoreBusy
from tests.bot.recorder import NOON, Recorder, typed

CHANGED = "setting:1"


def listening(core: Core) -> Core:
    """A house with one listener that fails, one that writes, and one that takes batches."""
    capability = Capability("ears")

    @capability.listener(SettingChanged)
    async def stumble(work: Work, event: SettingChanged) -> None:
        await settings.put(work.tx, work.community, "stumbled", event.key, work.now)
        raise ValueError("stumbled")

    @capability.listener(SettingChanged)
    async def note(work: Work, event: SettingChanged) -> None:
        await settings.put(work.tx, work.community, f"noted.{event.key}", work.locale, work.now)

    @capability.listener(SettingChanged, bulk=True)
    async def note_all(work: BulkWork, events: list[SettingChanged]) -> None:
        for event in events:
            await settings.put(work.tx, work.community, f"counted.{event.key}", "1", work.now)

    return Core(core.store, House.of([capability]), core.clock, core.catalogue)


async def test_listeners_are_told_at_once(core: Core, home: int) -> None:
    """Singly or in batches, in the community's language; a failing one's writing is undone, its event kept aside."""
    core = listening(core)
    async with core.store.write() as tx:
        await settings.put(tx, home, "community.language", '"zh-CN"', NOON)
        work = await open_work(tx, core.desk, home, NOON, cause="test")
        await happened(work, SettingChanged(cause=CHANGED, at=NOON, home=home, key="a"))

    async with core.store.read() as tx:
        stored = await settings.get_all(tx, home)
        (letter,) = await dead_letters.letters(tx, 10)
    assert stored.items() >= {"noted.a": "zh-CN", "counted.a": "1"}.items()
    assert "stumbled" not in stored
    assert (letter.listener, letter.cause) == ("ears.stumble", CHANGED)
    assert letter.error.startswith("ValueError (bot/kit/listening.py")


async def test_what_follows_falls_with_its_cause(core: Core, home: int) -> None:
    """When the transaction is rolled back, nothing of what was told remains."""
    core = listening(core)

    async def fail() -> None:
        async with core.store.write() as tx:
            work = await open_work(tx, core.desk, home, NOON, cause="test")
            await happened(work, SettingChanged(cause=CHANGED, at=NOON, home=home, key="a"))
            raise StoreBusy

    with pytest.raises(StoreBusy):
        await fail()

    async with core.store.read() as tx:
        assert "noted.a" not in await settings.get_all(tx, home)
        assert await dead_letters.count(tx) == 0


async def test_a_command_that_fails_leaves_settings_as_they_were(core: Core, home: int) -> None:
    """Also for later events of the same batch, which reads settings once."""
    capability = Capability("ears")
    wish = capability.setting("wish", str, "tea")

    @capability.command("want")
    async def want(work: Work, what: str) -> Reply:
        await work.settings.put(work.tx, work.community, wish.key, f'"{what}"', work.now)
        if what == "coffee":
            raise ValueError(what)
        return Reply(text=written(work.setting(wish)))

    @capability.command("look")
    async def look(work: Work) -> Reply:
        return Reply(text=written(work.setting(wish)))

    core = Core(core.store, House.of([capability]), core.clock, core.catalogue)
    core.plug(Recorder())
    replies = await asyncio.gather(*(core.invoke(typed(line)) for line in ("/want milk", "/want coffee", "/look")))

    assert [reply.plain for reply in (replies[0], replies[2])] == ["milk", "milk"]
    async with core.store.read() as tx:
        assert (await settings.get_all(tx, home))[wish.key] == '"milk"'


async def test_a_moment_comes_to_who_waits_for_it(core: Core, home: int) -> None:
    """The handler gets the parts after the kind, in its types; an unreadable one is kept aside."""
    capability = Capability("ears")
    poured: list[object] = []

    @capability.moment("tea")
    async def pour(work: Work, cups: int, kind: str) -> None:
        poured.append((work.community, cups, kind))

    @capability.moment("teapot")
    async def fill(_work: Work) -> None:
        poured.append("teapot")

    core = Core(core.store, House.of([capability]), core.clock, core.catalogue)
    async with core.store.write() as tx:
        work = await open_work(tx, core.desk, home, NOON, cause="test")
        for subject in ("tea:3:green", "teapot", "tea:many:green", "coffee:1"):
            await happened(work, MomentCame(cause=f"moment:{subject}", at=NOON, home=home, subject=subject))

    assert poured == [(home, 3, "green"), "teapot"]
    async with core.store.read() as tx:
        (letter,) = await dead_letters.letters(tx, 10)
    assert (letter.listener, letter.cause) == ("ears.pour", "moment:tea:many:green")
