"""Old points expire: the oldest first, never without a warning, and never the score."""

from datetime import timedelta

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.economy.points import acts
from bot.economy.points.settings import EXPIRY
from bot.kit import Access, Tell
from bot.kit.events import MemberJoined, MemberLeft
from bot.kit.references import Person
from bot.kit.work import open_work
from models import expiry, ledger, proof, standings
from models.expiry import Warned
from models.ledger import Entry
from tests.bot.conftest import home_of
from tests.bot.purses import id_of
from tests.bot.recorder import ANN, BOB, CAT, DAY, HOME, NAME, NOON, Recorder, posted, typed

OWNER = Access.ADMIN


@pytest.fixture(autouse=True)
async def community(core: Core) -> None:
    """Ann has 101 points, all from the same noon."""
    await core.absorb([posted("ann", ANN), posted("bob", BOB), posted("cat", CAT)])
    await does(core, "/points give @ann 100 for the tea")
    await does(core, "/settings set points.expiry 30d")


async def does(core: Core, line: str, who: Person = CAT, access: Access = OWNER) -> str:
    return (await core.invoke(typed(line, who, access=access))).plain


async def nights(core: Core, clock: HandClock, *days: int) -> None:
    """Run the job so many days after the beginning, and do what follows at once."""
    for day in days:
        clock.move(NOON + day * DAY)
        home = await home_of(core)
        async with core.store.write() as tx:
            await acts.age(await open_work(tx, core.desk, home, clock.now(), cause=f"night:{day}"))
        await core.settle()


async def expired(core: Core, who: Person = ANN) -> list[Entry]:
    """The expired amounts, oldest first; the books are proven."""
    home, member = await home_of(core), await id_of(core, who)
    async with core.store.write() as tx:
        found = await ledger.history(tx, home, member, None, 1000)
        await standings.settle(tx, home)
        assert await proof.prove(tx, home) == []
    return [each for each in found[::-1] if each.kind == "expire"]


async def warned(core: Core, who: Person = ANN) -> Warned | None:
    home, member = await home_of(core), await id_of(core, who)
    async with core.store.read() as tx:
        return await expiry.warned(tx, home, member)


async def has(core: Core, who: Person = ANN) -> tuple[int, int]:
    home, member = await home_of(core), await id_of(core, who)
    async with core.store.read() as tx:
        found = await standings.standing(tx, home, member)
    return found.balance - found.debt, found.score


async def test_points_last_for_ever_unless_somebody_said_otherwise(core: Core, clock: HandClock) -> None:
    """Expiry is off unless it is set."""
    await does(core, "/settings set points.expiry 0s")

    await nights(core, clock, 1000, 2000)

    assert await warned(core) is None
    assert await has(core) == (101, 101)


async def test_old_points_expire_after_a_warning(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """The member is told of both once, in private; the score stays."""
    await nights(core, clock, 22)
    assert await warned(core) is None

    await nights(core, clock, 23, 24, 29)
    assert any("101 of your points expire unless you spend them before Feb 4, 2026" in each for each in recorder.said)
    assert len([each for each in recorder.effects if isinstance(each, Tell)]) == 3
    assert not any(each.repeats for each in recorder.effects if isinstance(each, Tell))
    assert "101 of them expire unless they are spent before Feb 4, 2026" in await does(core, "/points show @ann")

    await nights(core, clock, 30, 31, 90)
    (entry,) = await expired(core)
    assert (entry.amount, entry.counts, entry.reason, entry.day) == (-101, False, "expired", NOON // DAY + 30)
    assert await has(core) == (0, 101)
    assert "expire" not in await does(core, "/points show @ann")
    assert any("101 of your points were not spent in time" in each for each in recorder.said)
    assert len([each for each in recorder.effects if isinstance(each, Tell)]) == 6


async def test_what_is_spent_is_the_oldest(core: Core, clock: HandClock) -> None:
    """A member who spends as much as would expire keeps the newer points."""
    clock.move(NOON + 20 * DAY)
    await does(core, "/points give @ann 40 for the cake")
    await nights(core, clock, 23)
    await does(core, "/points take @ann 95 for the cups")
    assert "6 of them expire" in await does(core, "/points show @ann")

    await nights(core, clock, 30)

    assert [each.amount for each in await expired(core)] == [-6]
    assert await has(core) == (40, 46)


async def test_nothing_expires_that_was_not_warned_of(core: Core, clock: HandClock) -> None:
    """If the clock jumps or the setting comes late, there is a warning first, and no more is lost than it said."""
    await does(core, "/settings set points.expiry 0s")
    await nights(core, clock, 400)
    await does(core, "/settings set points.expiry 30d")
    await nights(core, clock, 401, 402)
    assert await has(core) == (101, 101)

    await does(core, "/points take @ann 50 for the cups")
    await nights(core, clock, 408)
    await does(core, "/points give @ann 7 for the cake")
    assert [each.amount for each in await expired(core)] == [-51]

    await nights(core, clock, 900)
    assert [each.amount for each in await expired(core)] == [-51]
    assert await has(core) == (7, 58)


async def test_a_notice_may_be_longer_than_points_last(core: Core, clock: HandClock) -> None:
    """Points that came after the warning were not in it, even if they are old when it ends."""
    await does(core, "/settings set points.expiry 2d")
    await nights(core, clock, 1)
    await does(core, "/points take @ann 101 for the cups")
    clock.move(NOON + 3 * DAY)
    await does(core, "/points give @ann 40 for the cake")

    await nights(core, clock, 8, 14)
    assert await has(core) == (40, 40)

    await nights(core, clock, 15)
    assert [each.amount for each in await expired(core)] == [-40]


async def test_what_comes_back_is_warned_of_before_it_goes(core: Core, clock: HandClock) -> None:
    """Points that come back may be old already, and the member may not know."""
    await does(core, "/points take @ann 101 for the cups")
    home, member = await home_of(core), await id_of(core, ANN)
    async with core.store.read() as tx:
        (taken, *_) = await ledger.history(tx, home, member, None, 1)
    await nights(core, clock, 23, 60)
    await does(core, f"/points undo {taken.id}")

    await nights(core, clock, 61, 67)
    assert await has(core) == (101, 101)

    await nights(core, clock, 68)
    assert await has(core) == (0, 101)


async def test_a_newer_rule_holds_for_what_was_warned_of(core: Core, clock: HandClock) -> None:
    """When points last longer by then, nothing expires; when they last for ever, the warning is forgotten."""
    await nights(core, clock, 23)
    await does(core, "/settings set points.expiry 60d")
    await nights(core, clock, 30)
    assert (await has(core), await warned(core)) == ((101, 101), None)

    await nights(core, clock, 53)
    await does(core, "/settings set points.expiry 0s")
    await nights(core, clock, 60)
    assert (await has(core), await warned(core)) == ((101, 101), None)


async def test_whoever_is_gone_loses_nothing(core: Core, clock: HandClock) -> None:
    """They could do nothing about it; when they come back they are warned first."""
    await nights(core, clock, 23)
    await core.absorb([MemberLeft(cause="left", at=NOON + 24 * DAY, who=ANN, spot=HOME)])
    await nights(core, clock, 30, 60)
    assert (await has(core), await warned(core)) == ((101, 101), None)

    await core.absorb([MemberJoined(cause="joined", at=NOON + 61 * DAY, who=ANN, spot=HOME)])
    await nights(core, clock, 61, 67)
    assert [each.amount for each in await expired(core)] == []

    await nights(core, clock, 68)
    assert [each.amount for each in await expired(core)] == [-101]


async def test_it_goes_page_by_page(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """Each member has one turn, after staff allow so many at once."""
    many = [Person(NAME, f"5{number}", f"M{number}", f"m{number}") for number in range(2 * acts.PAGE)]
    await core.absorb([posted(each.id, each) for each in many])

    await nights(core, clock, 23, 30)
    await does(core, "/overdue points")
    await core.settle()
    await nights(core, clock, 31)

    assert len(recorder.said) == 2 * (len(many) + 3)
    assert [[each.amount for each in await expired(core, who)] for who in many[::67]] == [[-1]] * 3
    assert await has(core) == (0, 101)


async def test_the_entry_explains_itself_and_can_be_undone(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """Its member can read it; points given back are warned of before they expire again."""
    await nights(core, clock, 23, 30)
    (entry,) = await expired(core)
    assert f"/points why {entry.id}" in "".join(recorder.said)

    why = await does(core, f"/points why {entry.id}", ANN, Access.MEMBER)
    assert "−101 for Ann: not spent in time." in why
    assert "I always warn you before" in why

    await does(core, f"/points undo {entry.id}")
    await nights(core, clock, 31, 37)
    assert await has(core) == (101, 101)


@pytest.mark.parametrize("typed_", ["-1d", "1.5d", "11y", "180", "9999999999d", ""])
async def test_nonsense_is_refused(core: Core, typed_: str) -> None:
    """The setting stays as it was."""
    await does(core, f"/settings set points.expiry {typed_}")

    home = await home_of(core)
    async with core.store.read() as tx:
        work = await open_work(tx, core.desk, home, NOON, cause="look")
        assert work.setting(EXPIRY) == timedelta(days=30)
