"""What a few accounts can earn by arrangement, and what one that stands is worth."""

from itertools import permutations

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit.events import ReactionAdded
from models.spans import MINUTE
from tests.bot.purses import balances, entries, meet, proven, rules, says
from tests.bot.recorder import ANN, BOB, CAT, DAY, LOBBY, NOON, posted

PEOPLE = (ANN, BOB, CAT)


@pytest.fixture
async def ready(core: Core) -> Core:
    await meet(core)
    return core


#: so unlike that none is held back for another
ASKED = (
    "Where is the tea kept?",
    "Which kernel boots fastest on old laptops?",
    "Why does my sourdough collapse?",
    "What makes a sonnet end well?",
    "How deep do whales dive?",
    "Can bicycles rust inside their frames?",
)


@pytest.mark.parametrize("trust", ["off", "on"])
async def test_three_new_accounts_in_a_circle(ready: Core, clock: HandClock, trust: str) -> None:
    """They ask, answer, vote and accept in turn; without the limits half an hour pays twice what a day may."""
    await rules(ready, f"/settings set fair.trust {trust}")
    for turn, (title, (asker, helper, voter)) in enumerate(zip(ASKED, permutations(PEOPLE), strict=True)):
        clock.move(clock.now() + 5 * MINUTE)
        question, answer = 2 * turn + 1, 2 * turn + 2
        await says(ready, f"/ask {title}", asker)
        await says(ready, f"/answer {question} I looked it up for number {turn}.", helper)
        await says(ready, f"/vote {answer} up", voter)
        assert "is solved by answer" in (await says(ready, f"/accept {answer}", asker)).plain

    judged = [
        sum(each.amount for each in await entries(ready, who) if each.other_id and each.kind == "earn")
        for who in PEOPLE
    ]
    assert sum(judged) == (150 if trust == "on" else 75)
    await proven(ready)


async def test_twenty_emoji_on_one_message(ready: Core) -> None:
    """One of them is paid; when that one goes, so do the points."""
    await ready.absorb([posted(each, at=NOON + each * MINUTE) for each in range(10, 12)])
    before = await balances(ready, ANN)
    emoji = [chr(0x1F600 + each) for each in range(20)]

    await ready.absorb(
        [
            ReactionAdded(
                cause=f"recorder:react:{message}:{BOB.id}:{each}",
                at=NOON + 30 * MINUTE,
                who=BOB,
                spot=LOBBY,
                emoji=each,
                about=f"recorder:msg:{message}",
            )
            for message in (10, 11)
            for each in emoji
        ]
    )

    assert await balances(ready, ANN) == [before[0] + 2]
    await proven(ready)


async def test_a_vote_is_worth_what_it_says(ready: Core, clock: HandClock) -> None:
    """Voted for, taken back, voted for again: five points, as long as it stands."""
    await says(ready, "/ask Where is the tea kept?")
    await says(ready, "/answer 1 In the kitchen, on the left.", BOB)
    (before,) = await balances(ready, BOB)

    for vote, worth in (("up", 5), ("none", 0), ("up", 5), ("down", 0), ("up", 5)):
        clock.move(clock.now() + MINUTE)
        await says(ready, f"/vote 2 {vote}", CAT)
        assert await balances(ready, BOB) == [before + worth]

    await says(ready, "/retract 2", BOB)
    (after,) = await balances(ready, BOB)
    assert after == before - 5
    await proven(ready)


@pytest.mark.parametrize("trust", ["on", "off"])
async def test_one_setting_for_a_community_that_trusts(ready: Core, clock: HandClock, trust: str) -> None:
    """It lifts the limits between members at once."""
    await rules(ready, f"/settings set fair.trust {trust}")
    await says(ready, "/ask Where is the tea kept?")
    for number in (2, 3, 4):
        clock.move(clock.now() + MINUTE)
        await says(ready, f"/answer 1 In the kitchen, shelf {number}.", BOB)
        await says(ready, f"/accept {number}")

    paid = [each.amount for each in await entries(ready, BOB) if each.reason == "accepted"]
    assert sum(paid) == (45 if trust == "on" else 20)


async def test_what_was_earned_today_is_shown_by_source(ready: Core, clock: HandClock) -> None:
    """The greatest first, and the cap over all of them."""
    clock.move(NOON + 4 * DAY)
    await ready.absorb([posted("hello", BOB, at=clock.now())])
    await says(ready, "/ask Where is the tea kept?")
    await says(ready, "/answer 1 In the kitchen, on the left.", BOB)
    await says(ready, "/accept 2")

    shown = (await says(ready, "/points show", BOB)).plain

    assert "Earned today: 21 of 200.\nFrom answers 20, messages 1." in shown
