"""After an unclean end, events are absorbed with care: in order, noted before, and forgotten after they went well."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.core.in_hand import SET_ASIDE, Care
from bot.host.replay import replay
from models import dead_letters, in_hand
from models.store import Store, StoreBusy
from tests.bot.core.test_schedule import SIX
from tests.bot.recorder import DAY, NOON, posted
from tests.bot.trial import Trial


async def care_after(store: Store, ends: dict[str, int], *, unclean: bool = True) -> Care:
    async with store.write() as tx:
        await in_hand.note(tx, ends.items(), NOON)
    care = Care(store, HandClock(NOON))
    await care.begin(unclean=unclean)
    return care


async def noted(store: Store) -> dict[str, int]:
    async with store.read() as tx:
        return await in_hand.noted(tx)


async def through(care: Care, store: Store, items: str) -> list[str]:
    """What was taken together, with what was noted meanwhile; and what was set aside."""
    done: list[str] = []

    async def take(some: object) -> None:
        ends = await noted(store)
        done.append("".join(f"{each}{ends.get(each, '')}" for each in some))  # type: ignore[attr-defined]

    async def set_aside(item: str) -> None:
        done.append(f"-{item}")

    await care.through(items, str, take, set_aside)
    return done


async def test_nothing_is_noted_while_processes_stop_in_order(store: Store) -> None:
    """After an orderly stop, earlier notes count for nothing."""
    assert await through(Care(store, HandClock(NOON)), store, "abc") == ["abc"]
    assert await through(await care_after(store, {"b": 2}, unclean=False), store, "abc") == ["ab2c"]


async def test_what_was_in_hand_comes_alone_and_then_not_at_all(store: Store) -> None:
    """Events never in hand come with their neighbours; the order is kept."""
    care = await care_after(store, {"c": 1, "f": 2})

    assert await through(care, store, "abcdefg") == ["a1b1", "c2", "d1e1", "-f", "g1"]
    assert await noted(store) == {"f": SET_ASIDE}
    assert await through(care, store, "cf") == ["c1", "-f"]


async def test_what_was_set_aside_stays_so(store: Store) -> None:
    """It stays aside even when the next process begins in order, since history brings it again; but not for ever."""
    care = await care_after(store, {"b": SET_ASIDE, "c": 1}, unclean=False)

    assert await through(care, store, "abc") == ["a", "-b", "c1"]
    later = Care(store, HandClock(NOON + 91 * DAY))
    await later.begin(unclean=False)
    assert await through(later, store, "abc") == ["abc"]


async def test_what_is_tried_again_in_one_process_counts_once(store: Store) -> None:
    """A busy store is no end of the process."""
    care = await care_after(store, {})

    async def busy(_: object) -> None:
        raise StoreBusy

    for _ in range(5):
        with pytest.raises(StoreBusy):
            await care.through("a", str, busy, busy)
    assert await noted(store) == {}
    assert await through(care, store, "a") == ["a1"]


async def test_who_is_done_forgets_nothing_of_others(store: Store) -> None:
    """Each platform and each page of history is absorbed alone, all at the same time."""
    care, door = await care_after(store, {}), asyncio.Event()
    begun: list[str] = []

    async def wait(some: Sequence[str]) -> None:
        begun.extend(some)
        await door.wait()

    first, second = (asyncio.create_task(care.through(each, str, wait, wait)) for each in ("a", "b"))
    while len(begun) < 2:
        await asyncio.sleep(0.01)
    assert await through(care, store, "c") == ["c1"]
    assert await noted(store) == {"a": 1, "b": 1}
    door.set()
    await asyncio.gather(first, second)

    assert await noted(store) == {}


async def test_a_second_beginning_does_not_count_what_is_in_hand_now(store: Store) -> None:
    """A process takes over one part after the other, while it works already."""
    care = await care_after(store, {})

    async def begin(_: object) -> None:
        await care.begin(unclean=True)

    await care.through("a", str, begin, begin)

    assert await through(care, store, "a") == ["a1"]


async def test_events_are_set_aside_as_dead_letters(core: Core, home: int) -> None:
    """Nothing is read of them but their kind; the others are absorbed."""
    core.care = core.dispatcher.care = await care_after(core.store, {"recorder:msg:2": 2})

    absorbed = await core.absorb([posted(1), posted(2), posted(3)])

    assert absorbed.fresh == 2
    async with core.store.read() as tx:
        (letter,) = await dead_letters.of_error(tx, "Deadly", 9)
        causes = [row["cause"] for row in await tx.all("SELECT cause FROM activity WHERE cause LIKE 'recorder:msg:%'")]
    assert (letter.cause, letter.kind, letter.listener) == ("recorder:msg:2", "MessagePosted", "absorb")
    assert sorted(causes) == ["recorder:msg:1", "recorder:msg:3", "recorder:msg:first"]
    assert home


async def test_a_job_that_ends_the_process_waits_for_its_letter(
    core: Core, clock: HandClock, trial: Trial, home: int
) -> None:
    """Otherwise the job would be due again as soon as the next process begins."""
    await core.schedule.ring()
    core.schedule.care = await care_after(core.store, {f"job:{home}:trial.ring": 2})

    await core.pass_time(clock, SIX + DAY)

    assert trial.rung == []
    async with core.store.read() as tx:
        (letter,) = await dead_letters.of_error(tx, "Deadly", 9)
    assert (letter.listener, letter.attempts) == ("trial.ring", 2)
    core.platforms.clear()
    assert await replay(core, type("Nowhere", (), {"platforms": ()})()) == (1, 0)
    core.schedule.care = await care_after(core.store, {})
    await core.pass_time(clock, SIX + 2 * DAY)
    assert trial.rung == [(home, SIX + 2 * DAY)]
