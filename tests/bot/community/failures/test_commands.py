"""Administrators see what failed in their community and retry it, while everything goes on."""

from dataclasses import replace

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, Reply
from bot.kit.codec import dump
from bot.kit.events import VoiceSpent
from bot.kit.references import Spot
from models import dead_letters, members, settings
from models.dead_letters import DeadLetter
from tests.bot.conftest import home_of
from tests.bot.recorder import ANN, BOB, DAY, HOME, HOUR, LOBBY, NAME, NOON, person, posted, typed
from tests.bot.trial import Trial

ELSEWHERE = Spot(NAME, "elsewhere", "guild", "Elsewhere")


async def asks(core: Core, line: str, *, access: Access = Access.ADMIN, spot: Spot = LOBBY) -> Reply:
    return await core.invoke(typed(line, access=access, spot=spot))


async def letters(core: Core) -> list[DeadLetter]:
    async with core.store.read() as tx:
        return await dead_letters.letters(tx, 100)


@pytest.fixture
async def failed(core: Core, home: int, trial: Trial, clock: HandClock) -> int:
    """Two messages and a talk failed here, one message in another community, and one in none."""
    elsewhere = posted(3, BOB, spot=ELSEWHERE)
    talk = VoiceSpent(cause="recorder:voice:1", at=NOON, who=ANN, spot=LOBBY, minutes=60)
    events = [posted(1), posted(2), talk, elsewhere]
    trial.poison |= {event.cause for event in events}
    await core.absorb(events)
    orphan = replace((await letters(core))[0], community_id=0, listener="absorb")
    async with core.store.write() as tx:
        await dead_letters.bury(tx, [orphan])
    clock.move(NOON + HOUR)
    assert len(await letters(core)) == 5
    return home


async def test_an_administrator_sees_what_failed_here(core: Core, failed: int) -> None:
    """They see which listener failed, how often, since when and why; nothing of other communities or of none."""
    assert failed
    here, there = await asks(core, "/failures list"), await asks(core, "/failures list", spot=ELSEWHERE)

    assert "2 events, the last 1 hour ago (trial.note, ValueError)" in here.plain
    assert "1 event, 1 hour ago (trial.hear, ValueError)" in here.plain
    assert sorted(button.line for button in here.buttons) == [
        "/failures retry trial.hear",
        "/failures retry trial.note",
    ]
    assert "absorb" not in here.plain
    assert "poisoned" not in here.plain, "an error may hold anybody's words"
    assert "1 event, 1 hour ago (trial.note" in there.plain
    assert "2 events" not in there.plain
    assert here.private


async def test_nobody_else_does(core: Core, failed: int) -> None:
    """Neither members nor moderators may."""
    assert failed
    for access in (Access.MEMBER, Access.STAFF):
        for line in ("/failures list", "/failures retry trial.note"):
            assert "administrators" in (await asks(core, line, access=access)).plain
    assert len(await letters(core)) == 5


@pytest.mark.parametrize(("listener", "noted", "count"), [("note", "noted", 2), ("hear", "heard", 1)])
async def test_what_was_mended_is_tried_again(
    core: Core, failed: int, trial: Trial, listener: str, noted: str, count: int
) -> None:
    """It is told to the listener that failed, and to no other; other communities' letters stay."""
    trial.poison.clear()
    before = await letters(core)

    reply = await asks(core, f"/failures retry trial.{listener}")

    assert reply.plain.startswith(f"{count} event")
    assert "worked this time" in reply.plain
    gone = [each for each in before if each not in await letters(core)]
    assert {(each.community_id, each.listener) for each in gone} == {(failed, f"trial.{listener}")}
    assert len(gone) == count
    async with core.store.read() as tx:
        stored = await settings.get_all(tx, failed)
    assert {f"{noted}.{each.cause}" for each in gone} <= set(stored)


async def test_what_still_fails_waits_on(core: Core, failed: int, trial: Trial) -> None:
    """Its writing is undone, its attempts are counted, and what succeeds beside it is done."""
    trial.poison.discard(posted(2).cause)

    reply = await asks(core, "/failures retry trial.note")

    assert "1 event worked this time." in reply.plain
    assert "1 event is still waiting. The last error was ValueError." in reply.plain
    assert [button.line for button in reply.buttons] == ["/failures retry trial.note"]
    (left,) = [each for each in await letters(core) if each.community_id == failed and each.listener == "trial.note"]
    assert (left.cause, left.attempts, left.at) == (posted(1).cause, 2, NOON + HOUR)
    async with core.store.read() as tx:
        stored = await settings.get_all(tx, failed)
    assert f"noted.{posted(2).cause}" in stored
    assert f"noted.{posted(1).cause}" not in stored


async def test_what_is_undone_teaches_nothing(core: Core, failed: int, trial: Trial) -> None:
    """After an event failed again, the next one meets its author as new: no fact names a missing member."""
    strangers = [posted(number, person("dora")) for number in (7, 8)]
    trial.poison.discard(posted(1).cause)
    trial.poison.discard(posted(2).cause)
    trial.poison.add(strangers[0].cause)
    letters_ = [
        DeadLetter(
            community_id=failed, cause=each.cause, listener="trial.note", kind="MessagePosted", body=dump(each),
            error="ValueError: poisoned", at=NOON + number,
        )
        for number, each in enumerate(strangers)
    ]  # fmt: skip
    async with core.store.write() as tx:
        await dead_letters.bury(tx, letters_)

    reply = await asks(core, "/failures retry trial.note")

    assert "3 events worked this time." in reply.plain
    async with core.store.read() as tx:
        rows = await tx.all("SELECT member_id FROM account WHERE name = 'Dora'")
        there = [await members.member(tx, failed, row["member_id"]) for row in rows]
    assert len(there) == 1
    assert there[0]


async def test_a_name_that_is_none(core: Core, failed: int) -> None:
    """What never reached a community belongs to the operator, and cannot be named here."""
    assert failed
    for name in ("absorb", "trial.nothing", "'; DROP TABLE dead_letter"):
        assert "Nothing of that name failed here." in (await asks(core, f'/failures retry "{name}"')).plain
    assert len(await letters(core)) == 5


async def test_an_event_of_another_community_is_told_to_neither(core: Core, failed: int, trial: Trial) -> None:
    """A place may have changed communities since its letter was kept here."""
    trial.poison.clear()
    async with core.store.write() as tx:
        (theirs,) = [each for each in await dead_letters.letters(tx, 9) if each.community_id not in (0, failed)]
        await dead_letters.bury(tx, [replace(theirs, community_id=failed)])

    reply = await asks(core, "/failures retry trial.note")

    assert "1 event is still waiting. The last error was LookupError." in reply.plain
    async with core.store.read() as tx:
        for community in (failed, theirs.community_id):
            assert f"noted.{theirs.cause}" not in await settings.get_all(tx, community)


async def test_nothing_failed(core: Core, home: int) -> None:
    """Without failures the command says so."""
    assert home == await home_of(core)
    assert HOME
    assert (await asks(core, "/failures list")).plain == "Nothing went wrong here."


async def test_they_are_kept_for_a_while(core: Core, failed: int, clock: HandClock) -> None:
    """Letters go after 90 days, also those of no community; the nightly job deletes them."""
    assert failed
    await core.schedule.ring()
    for moment, count in ((NOON + 90 * DAY, 5), (NOON + 91 * DAY, 0)):
        clock.move(moment)
        await core.schedule.ring()
        assert len(await letters(core)) == count
