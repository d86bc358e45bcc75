"""Administrators decide where and for which roles points count differently, and earnings follow."""

from dataclasses import replace

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access
from bot.kit.events import Event, VoiceSpent
from bot.kit.references import Person, Role, Spot
from models import audit
from tests.bot.conftest import home_of
from tests.bot.purses import ADMIN, entries, meet, proven, rules, says
from tests.bot.recorder import ANN, BOB, CAT, DAY, LOBBY, NAME, NOON, STAFF, chosen, posted, reacted, typed

MINUTE = 60_000
EVENTS = Spot(NAME, "events", "channel", "#events", LOBBY.parent)
THREAD = Spot(NAME, "thread", "thread", "tea", EVENTS)


def holding(who: Person, *roles: str) -> Person:
    return replace(who, roles=frozenset(roles))


@pytest.fixture
async def ready(core: Core) -> Core:
    """All places of the tests are known, and nobody has been paid there yet."""
    await rules(core, "/settings set points.cooldown 0s")
    await rules(core, "/settings set points.message 10")
    await meet(core)
    strangers = [Spot(NAME, f"elsewhere:{spot.id}", "channel", spot.name, LOBBY.parent) for spot in (STAFF,)]
    await core.absorb([posted(f"seen:{spot.id}", ADMIN, spot=spot) for spot in (EVENTS, THREAD, STAFF, *strangers)])
    return core


async def earned(core: Core, *events: Event, who: Person = ANN) -> list[int]:
    """What a member earns by it, in order."""
    before = len(await entries(core, who))
    await core.absorb(events)
    found = await entries(core, who)
    return [each.amount for each in found[: len(found) - before]][::-1]


async def test_a_place_multiplies(ready: Core) -> None:
    """What is said there and in its threads; elsewhere nothing changes."""
    reply = await rules(ready, "/multipliers place events 250")

    assert reply.plain == "What is earned in #events counts 250% from now on, in its threads and topics too."
    assert await earned(ready, posted(1, spot=EVENTS), posted(2, spot=THREAD), posted(3)) == [25, 25, 10]


async def test_a_thread_may_have_its_own(ready: Core) -> None:
    """A percentage of 100 is one too; and the whole server is a place like any other."""
    for place, percent in (("home", 50), ("events", 250), ("thread", 100)):
        await rules(ready, f"/multipliers place {place} {percent}")

    assert await earned(ready, posted(1, spot=EVENTS), posted(2, spot=THREAD), posted(3)) == [25, 10, 5]


async def test_a_place_excludes(ready: Core) -> None:
    """Messages, replies, reactions and talk earn nothing there, and start no cooldown."""
    await rules(ready, "/settings set points.cooldown 60s")
    reply = await rules(ready, "/multipliers place events 0")
    talk = VoiceSpent(cause="talk", at=NOON + 20 * MINUTE, who=ANN, spot=EVENTS, minutes=20)
    mine = posted(1, spot=EVENTS, at=NOON + 5 * MINUTE)
    liked = replace(reacted(1), spot=EVENTS, at=NOON + 6 * MINUTE)
    answered = posted(2, spot=EVENTS, about="b", at=NOON + 8 * MINUTE)

    assert reply.plain == "Nothing is earned in #events from now on, nor in its threads and topics."
    assert await earned(ready, mine, liked, talk, answered, posted(3, at=NOON + 8 * MINUTE + 1)) == [10]


async def test_the_highest_role_counts(ready: Core) -> None:
    """Among the member's roles; it is multiplied with the place's, and rounded once."""
    for role, percent in (("helper", 150), ("mentor", 55), ("patron", 101)):
        await rules(ready, f"/multipliers role @{role} {percent}")
    await rules(ready, "/multipliers place events 50")

    both = holding(ANN, "helper", "mentor", "stranger")
    assert await earned(ready, posted(1, both), posted(2, both, spot=EVENTS)) == [15, 8]
    assert await earned(ready, posted(3, holding(ANN, "mentor")), posted(4, holding(ANN, "stranger"))) == [10, 10]
    assert await earned(ready, posted(5, holding(BOB, "mentor")), who=BOB) == [6]


async def test_a_role_that_excludes_wins(ready: Core) -> None:
    """Whatever other roles a member has, and for the reactions they receive too."""
    await rules(ready, "/multipliers role @helper 1000")
    reply = await rules(ready, "/multipliers role @muted 0")

    assert reply.plain == "Members with the role muted earn nothing from now on, whatever other roles they have."
    muted = holding(ANN, "helper", "muted")
    assert await earned(ready, posted(1, muted), reacted(1)) == []
    assert await earned(ready, posted(2, holding(ANN, "helper")), posted(3, BOB)) == [100]


async def test_an_entry_names_what_multiplied_it(ready: Core) -> None:
    """With its name and value of then, and only where it made a difference."""
    await rules(ready, "/multipliers place events 250")
    await rules(ready, "/multipliers role @helper 104")
    helper = holding(ANN, "helper")
    done = posted(1, helper, spot=EVENTS), posted(2, helper), posted(3, spot=EVENTS)
    assert await earned(ready, *done) == [26, 10, 26]
    _, usual, multiplied, *_ = await entries(ready, ANN)

    await rules(ready, "/multipliers clear events")

    assert "Multiplied here: #events 250%, helper 104%." in (await says(ready, f"/points why {multiplied.id}")).plain
    assert "Multiplied" not in (await says(ready, f"/points why {usual.id}")).plain


@pytest.mark.parametrize(("place", "weight", "times"), [(200, 100, 2), (100, 300, 3), (0, 100, 0)])
async def test_whatever_earns_is_multiplied(ready: Core, clock: HandClock, place: int, weight: int, times: int) -> None:
    """Questions, answers, votes, thanks and attendance are multiplied too, and each entry says by what."""
    await rules(ready, f"/multipliers place lobby {place}")
    await rules(ready, f"/settings set points.weight {weight}")
    await rules(ready, "/settings set fair.trust on")
    clock.move(NOON + 4 * DAY)
    await rules(ready, "/settings set points.streak 0")
    await ready.absorb([posted("first", BOB, at=clock.now())])

    opened = await rules(ready, '/attendance open "Tea time" 1h 20')
    await says(ready, "/attend")
    await says(ready, "/ask How do I cancel a task in asyncio?")
    await says(ready, "/answer 2 Call `task.cancel()` and await it.", BOB)
    await says(ready, "/vote 3", CAT)
    await says(ready, "/accept 3")
    thanking = replace(posted("thanks", at=clock.now(), about="first"), text="thank you!", length=10)
    await ready.absorb([thanking])

    found = [each for who in (ANN, BOB) for each in await entries(ready, who) if each.kind == "earn"]
    usual = {"attendance": 20, "asked": 2, "answered": 2, "first": 3, "voted": 5, "accepted": 15, "thanks": 2}
    assert {each.reason: each.amount for each in found if each.reason in usual} == {
        reason: amount * times for reason, amount in usual.items() if times
    }
    multiplied = [each for each in found if each.multiplied]
    assert all(each.multiplied == "#lobby 200%" for each in multiplied)
    assert bool(multiplied) is (place == 200)
    assert (f"worth {20 * times} points" in opened.plain) is (times > 0)
    await proven(ready)


async def test_a_question_earns_where_it_was_asked(ready: Core) -> None:
    """Wherever the button is pressed."""
    await rules(ready, "/multipliers place events 500")
    await says(ready, "/ask How do I cancel a task in asyncio?")
    await says(ready, "/answer 1 Call `task.cancel()` and await it.", BOB)

    await ready.invoke(typed("/accept 2", ANN, spot=EVENTS))

    assert (await entries(ready, BOB))[0].amount == 15


async def test_a_row_of_days_counts_by_role(ready: Core) -> None:
    """A streak has no place, but its member has roles."""
    await rules(ready, "/multipliers role @helper 300")
    helper = holding(ANN, "helper")
    await ready.absorb([posted("day", helper, at=NOON)])
    await ready.absorb([posted("next", helper, at=NOON + DAY)])

    streak = next(each for each in await entries(ready, ANN) if each.reason == "streak")
    assert (streak.amount, streak.multiplied) == (6, "helper 300%")


async def test_clearing(ready: Core) -> None:
    """By the name, the button, or a suggestion; then points count as usual."""
    placed = await rules(ready, "/multipliers place events 250")
    await rules(ready, "/multipliers role @helper 0")
    suggestions = await ready.suggest(chosen("multipliers clear", ADMIN, access=Access.ADMIN, which="HEL"), "which")
    assert [(each.value, each.label) for each in suggestions] == [("helper", "helper · 0%")]

    assert (await rules(ready, "/multipliers clear @Helper")).plain == "helper has no multiplier any more."
    assert (await rules(ready, placed.buttons[0].line)).plain == "#events has no multiplier any more."
    assert "has no multiplier." in (await rules(ready, placed.buttons[0].line)).plain

    assert await earned(ready, posted(1, holding(ANN, "helper"), spot=EVENTS)) == [10]
    assert (await says(ready, "/multipliers list")).plain == "Points count the same everywhere and for everybody."
    async with ready.store.read() as tx:
        found = await audit.changes(tx, await home_of(ready), "multipliers.clear")
    assert [(each.before, each.after) for each in found] == [("250", "null"), ("0", "null")]


async def test_everybody_may_look(ready: Core) -> None:
    """The list has places first, then roles, and says what happens when several apply."""
    for line in ("role @helper 150", "role @muted 0", "place events 250", "place staff 0"):
        await rules(ready, f"/multipliers {line}")

    said = (await says(ready, "/multipliers list")).plain

    lines = ["#events: 250%", "#staff: nothing is earned here", "Role helper: 150%", "Role muted: earns nothing"]
    assert said.splitlines()[:-1] == ["Multipliers", *lines]


@pytest.mark.parametrize("percent", ["-1", "1001", "1.5", "9223372036854775808", "1e309", "half", "½"])
@pytest.mark.parametrize("what", ["place events", "role @helper"])
async def test_a_percentage_is_bounded(ready: Core, what: str, percent: str) -> None:
    """One refusal comes, and nothing is stored."""
    refused = await rules(ready, f"/multipliers {what} {percent}")

    assert "percent" in refused.plain
    assert (await says(ready, "/multipliers list")).plain == "Points count the same everywhere and for everybody."


@pytest.mark.parametrize("percent", ["２００", "٢٠٠", "+200"])
async def test_digits_of_any_script(ready: Core, percent: str) -> None:
    """Full-width digits are read; others are refused, not guessed."""
    said = (await rules(ready, f"/multipliers place events {percent}")).plain

    assert ("counts 200%" in said) is (percent != "٢٠٠")


@pytest.mark.parametrize("name", ["a\u202eb", "\u200b", "a\x00b", "x" * 4000, "@everyone", "<b>"])
async def test_hostile_names_do_no_harm(ready: Core, name: str) -> None:
    """A role's name is cleaned; and no name of a missing member appears."""
    role = chosen("multipliers role", ADMIN, access=Access.ADMIN, role=Role("77", name), percent=5)
    assert "counts 5% from now on" in (await ready.invoke(role)).plain

    said = (await says(ready, "/multipliers list")).plain
    assert not {"\u202e", "\u200b", "\x00"} & set(said)
    assert len(said) < 1000
    assert "has no multiplier" in (await rules(ready, f'/multipliers clear "{name[:150]}!"')).plain


async def test_only_administrators_decide(ready: Core) -> None:
    """A member is told so."""
    for line in ("place events 0", "role @helper 0", "clear events"):
        assert "administrator" in (await says(ready, f"/multipliers {line}")).plain


async def test_unknown_places_are_refused(ready: Core) -> None:
    """The refusal repeats what was typed."""
    assert "nowhere" in (await rules(ready, "/multipliers place nowhere 200")).plain
