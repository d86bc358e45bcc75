"""Questions asked where few read: which members find them, see them and act on them."""

from dataclasses import replace

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Post, Reply, Tell, Tone
from bot.kit.codec import dump, load_event
from bot.kit.events import PlaceShown
from bot.kit.references import Spot
from models import communities
from tests.bot.purses import entries, id_of, meet, rules, says
from tests.bot.recorder import ANN, BOB, CAT, DAY, DEN, HOME, LOBBY, NAME, NOON, Recorder, chosen, posted, typed

SECRET = "brew the secret tea"
LOOKS = (
    "/find secret tea",
    "/question show 1",
    "/questions unanswered",
    "/questions forme",
    "/answer 1 With any water.",
    "/vote 2",
    "/accept 2",
    "/question claim 1",
    "/question report 1",
    "/report spam 1",
    "/report spam 2",
    "/bounty 1 5",
)


@pytest.fixture
async def ready(core: Core) -> Core:
    """Ann asked in the den, where Bob answered; Cat is not there."""
    await meet(core)
    await core.invoke(typed(f"/ask How do we {SECRET}?", ANN, spot=DEN, circles=["den"]))
    await core.invoke(typed("/answer 1 With water from the well.", BOB, spot=DEN, circles=["den"]))
    return core


async def within(core: Core, line: str, spot: Spot = LOBBY) -> Reply:
    """As Bob, who reads the den."""
    return await core.invoke(typed(line, BOB, spot=spot, circles=["den"]))


@pytest.mark.parametrize("line", LOOKS)
async def test_nobody_else_comes_near_it(ready: Core, line: str) -> None:
    """Not by its number or its words, and not by its answer's number."""
    reply = await says(ready, line, CAT)

    assert SECRET not in reply.plain
    assert "well" not in reply.plain
    assert not any(" 1" in each.line for each in reply.buttons)
    assert reply.private
    async with ready.store.read() as tx:
        touched = [await tx.all(f"SELECT * FROM {table}") for table in ("answer_vote", "claim", "bounty", "report")]
        (answer,) = await tx.all("SELECT accepted_at, deleted_at FROM answer")
    assert touched == [[]] * 4
    assert (answer["accepted_at"], answer["deleted_at"]) == (None, None)


async def test_it_counts_for_those_who_read_it(ready: Core) -> None:
    """From a growing count somebody else would learn that something was asked."""
    before = (await says(ready, "/questions stats", CAT)).plain
    await ready.invoke(typed("/ask Where is the other well?", ANN, spot=DEN, circles=["den"]))

    assert (await says(ready, "/questions stats", CAT)).plain == before
    assert "Asked in the last 30 days: 2" in (await within(ready, "/questions stats")).plain


async def test_those_who_read_there_find_it_anywhere(ready: Core) -> None:
    """And so does everybody who is in the den."""
    assert SECRET in (await within(ready, "/find secret")).plain
    assert "well" in (await within(ready, "/question show 1")).plain
    assert SECRET in (await ready.invoke(typed("/find secret", CAT, spot=DEN))).plain


async def test_its_asker_finds_it_wherever_they_are(ready: Core) -> None:
    """The asker may have left the circle, but the answers are for them."""
    assert "well" in (await says(ready, "/question show 1", ANN)).plain
    assert (await says(ready, "/accept 2", ANN)).tone is Tone.GOOD


@pytest.mark.parametrize("typing", ["secret", "1", ""])
async def test_it_is_suggested_to_those_who_read_it(ready: Core, typing: str) -> None:
    """While they type."""
    asked = chosen("question show", CAT, question=typing)
    reader = replace(asked, standing=replace(asked.standing, circles=frozenset({"den"})))

    assert await ready.suggest(asked, "question") == []
    assert [each.value for each in await ready.suggest(reader, "question")] == ["1"]


async def test_who_asks_the_same_elsewhere_is_not_told(ready: Core) -> None:
    """The list of similar questions leaves it out."""
    asked = f"/ask How do we {SECRET} here?"

    assert "asks" in (await says(ready, asked, CAT)).plain
    assert f"1 How do we {SECRET}?" in (await within(ready, asked)).plain


async def test_helpers_are_called_where_it_was_asked(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """Not in private, since they may not read there, and not in the place for calls."""
    await says(ready, "/helper on", CAT)
    await rules(ready, "/settings set experts.place #lobby")
    await ready.invoke(typed("/ask Where is the well?", ANN, spot=DEN, circles=["den"]))

    await ready.pass_time(clock, clock.now() + DAY)

    async with ready.store.read() as tx:
        (den,) = await communities.find_places(tx, [(NAME, DEN.id)])
    told = [each for each in recorder.effects if isinstance(each, Post | Tell) and "well" in each.reply.plain]
    assert {each.member for each in told if isinstance(each, Tell)} == {await id_of(ready, ANN)}
    assert {each.place for each in told if isinstance(each, Post)} == {den.id}


async def test_what_everybody_reads_by_now_is_found(ready: Core) -> None:
    """A platform opens and closes a place, and tells it without any message there."""
    for circle, found in (("", True), ("den", False)):
        spot = replace(DEN, circle=circle)
        await ready.absorb([PlaceShown(cause=f"recorder:seen:{circle}", at=NOON, spot=spot)])
        assert (SECRET in (await says(ready, "/find secret", CAT)).plain) is found


async def test_what_is_told_again_opens_nothing(ready: Core) -> None:
    """An event that failed while a place was open is tried again after it was closed."""
    written = dump(posted(9, CAT, spot=replace(DEN, circle="", name="#open")))
    again = load_event("MessagePosted", written)
    assert again.spot
    assert (again.spot.name, again.spot.parent and again.spot.parent.id) == (DEN.id, HOME.id)

    await ready.absorb([again])

    assert SECRET not in (await says(ready, "/find secret", CAT)).plain


async def test_where_members_are_let_in_first_there_is_a_common_place(ready: Core) -> None:
    """Only newcomers do not read it yet, so what is asked there counts as everybody's."""
    told = await rules(ready, "/settings set community.common_place #den")
    assert "is now found by every member" in told.plain
    assert "found by every member" not in (await rules(ready, "/settings set community.staff_place #den")).plain

    assert SECRET in (await says(ready, "/find secret", CAT)).plain


async def test_the_common_place_is_common_as_long_as_the_same_read_it(ready: Core) -> None:
    """When others read it, it opens nothing of theirs until an administrator says again that all read it."""
    welcome = Spot(NAME, "welcome", "channel", "#welcome", HOME, "verified")
    await ready.absorb([posted("w", ANN, spot=welcome)])
    await rules(ready, "/settings set community.common_place #welcome")
    await ready.absorb([PlaceShown(cause="recorder:seen:w", at=NOON, spot=replace(welcome, circle="den"))])

    assert SECRET not in (await says(ready, "/find secret", CAT)).plain
    assert "I stopped using it" in (await rules(ready, "/settings get community.common_place")).plain
    assert "found by every member" in (await rules(ready, "/settings set community.common_place #welcome")).plain
    assert SECRET in (await says(ready, "/find secret", CAT)).plain


async def test_what_was_read_of_a_place_counts_in_the_order_in_which_it_was_read(ready: Core) -> None:
    """Talk and slow answers tell of their place as it was earlier."""
    before, hidden = replace(DEN, circle="", order=1), replace(DEN, order=2)
    await ready.absorb([PlaceShown(cause="recorder:seen:1", at=NOON, spot=hidden)])
    await ready.absorb([posted("late", BOB, spot=before)])
    assert SECRET not in (await says(ready, "/find secret", CAT)).plain

    await ready.absorb([PlaceShown(cause="recorder:seen:2", at=NOON, spot=replace(before, order=3))])
    assert SECRET in (await says(ready, "/find secret", CAT)).plain


async def test_a_thread_is_hidden_in_the_batch_that_hides_its_channel(core: Core) -> None:
    """Whatever else is said there in that batch."""
    await meet(core)
    tavern = Spot(NAME, "tavern", "channel", "#tavern", HOME)
    thread = Spot(NAME, "thread", "thread", "brewing", tavern)
    for spot in (tavern, thread):
        await core.invoke(typed(f"/ask How do we {SECRET} in {spot.name}?", ANN, spot=spot))
    shown = PlaceShown(cause="recorder:seen:1", at=NOON, spot=replace(tavern, circle="den"))

    await core.absorb([posted("m1", BOB, spot=tavern), posted("t1", BOB, spot=thread), shown])

    assert SECRET not in (await says(core, "/find secret", CAT)).plain


async def test_a_thread_that_was_no_thread_to_us_is_hidden_with_its_channel(core: Core) -> None:
    """A thread that was archived is first met, through a reaction, as a place of the server."""
    await meet(core)
    tavern = Spot(NAME, "tavern", "channel", "#tavern", HOME)
    await core.absorb([posted("r1", BOB, spot=Spot(NAME, "t", "channel", "", HOME, "only:t"))])
    await core.invoke(typed(f"/ask How do we {SECRET}?", ANN, spot=Spot(NAME, "t", "thread", "brewing", tavern)))
    assert SECRET in (await says(core, "/find secret", CAT)).plain

    await core.absorb([PlaceShown(cause="recorder:seen:1", at=NOON, spot=replace(tavern, circle="den"))])

    assert SECRET not in (await says(core, "/find secret", CAT)).plain


async def test_another_process_may_have_told_otherwise(ready: Core, clock: HandClock) -> None:
    """That a place is closed is stored even if we believe it was closed already."""
    other = Core(ready.store, ready.house, clock, ready.catalogue)
    await other.absorb([PlaceShown(cause="recorder:seen:o", at=NOON, spot=replace(DEN, circle=""))])
    assert SECRET in (await says(ready, "/find secret", CAT)).plain

    await ready.absorb([PlaceShown(cause="recorder:seen:h", at=NOON, spot=DEN)])

    assert SECRET not in (await says(ready, "/find secret", CAT)).plain


async def test_who_is_shut_out_is_told_nothing(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """Neither in private nor where they read: a place that excludes some is not everybody's."""
    await meet(core)
    tavern = Spot(NAME, "tavern", "channel", "#tavern", HOME, "open:cafe")
    for line in ("/helper on", "/helper quiet 0 0"):
        await says(core, line, CAT)
    await rules(core, "/settings set experts.place #lobby")
    await core.invoke(typed(f"/ask How do we {SECRET}?", ANN, spot=tavern, circles=["open:cafe"]))

    await core.pass_time(clock, clock.now() + DAY)

    async with core.store.read() as tx:
        (place,) = await communities.find_places(tx, [(NAME, tavern.id)])
    told = [each for each in recorder.effects if isinstance(each, Post | Tell) and SECRET in each.reply.plain]
    assert {each.member for each in told if isinstance(each, Tell)} <= {await id_of(core, ANN)}
    assert {each.place for each in told if isinstance(each, Post)} == {place.id}


async def test_new_words_are_not_told_to_who_may_not_read_there_any_more(
    ready: Core, clock: HandClock, recorder: Recorder
) -> None:
    """Bob answered and lost the role: he hears that his answer was accepted, but not to which question."""
    await ready.invoke(typed("/question edit 1 Where is the new treasure?", ANN, spot=DEN, circles=["den"]))
    await ready.invoke(typed("/accept 2", ANN, spot=DEN, circles=["den"]))
    await ready.pass_time(clock, clock.now() + 1000)
    bob = await id_of(ready, BOB)
    letters = [each.reply.plain for each in recorder.effects if isinstance(each, Tell) and each.member == bob]
    history = await entries(ready, BOB)

    assert len(letters) == 1
    told = [*letters, *[(await says(ready, f"/points why {each.id}", BOB)).plain for each in history[:3]]]
    assert not any("treasure" in each for each in told)


async def test_words_count_for_those_who_read_them_now(ready: Core) -> None:
    """What is opened later counts for everybody, and what is hidden later for few."""
    for circle, found in (("", True), ("den", False)):
        spot = replace(DEN, circle=circle)
        await ready.absorb([PlaceShown(cause=f"recorder:seen:{circle}", at=NOON, spot=spot)])
        assert (SECRET in (await says(ready, "/find secret kettle", CAT)).plain) is found


async def test_undoing_opens_nothing(ready: Core) -> None:
    """To undo a change says nothing about who reads the place now."""
    welcome = Spot(NAME, "welcome", "channel", "#welcome", HOME, "verified")
    await ready.absorb([posted("w", ANN, spot=welcome)])
    await rules(ready, "/settings set community.common_place #welcome")
    await ready.absorb([PlaceShown(cause="recorder:seen:w", at=NOON, spot=replace(welcome, circle="den"))])
    await rules(ready, "/settings set community.common_place #lobby")

    undone = await rules(ready, "/settings undo community.common_place")

    assert "I stopped using it" in undone.plain
    assert SECRET not in (await says(ready, "/find secret", CAT)).plain
