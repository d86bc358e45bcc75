"""A member's private chat is one, however many communities write in it."""

from dataclasses import replace

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, Post, Reply, Tell, Tone
from bot.kit.events import CommandGiven, MemberLeft
from bot.kit.references import Spot
from tests.bot.recorder import ANN, BOB, CAT, HOME, HOUR, LOBBY, NAME, NOON, Recorder, chosen, posted, typed

AWAY = Spot(NAME, "away", "guild", "Away")
HALL = Spot(NAME, "hall", "channel", "#hall", AWAY)
DM = Spot(NAME, "dm", "dm", "dm")
ASKED = {LOBBY.id: "Where is the tea kept?", HALL.id: "Whose turn is the washing?"}


@pytest.fixture
async def ready(core: Core, clock: HandClock) -> Core:
    """Bob is a helper in two communities, and was asked in private about question 1 of each."""
    for spot in (LOBBY, HALL):
        await core.absorb([posted(f"a{spot.id}", ANN, spot=spot), posted(f"b{spot.id}", BOB, spot=spot)])
        await core.invoke(typed("/helper on", BOB, spot=spot))
        await core.invoke(typed(f"/ask {ASKED[spot.id]}", ANN, spot=spot))
        await core.pass_time(clock, clock.now() + HOUR)
    return core


def asks(recorder: Recorder) -> list[tuple[str, Tell]]:
    """The private messages, each with the platform's id for it."""
    return [(str(number), each) for number, each in enumerate(recorder.effects, 1) if isinstance(each, Tell)]


@pytest.mark.parametrize("order", [1, -1])
async def test_a_button_is_pressed_for_whom_it_is_of(ready: Core, recorder: Recorder, order: int) -> None:
    """Both communities number their questions from one, and either may have written last."""
    for (message, ask), title in list(zip(asks(recorder), ASKED.values(), strict=True))[::order]:
        assert title in ask.reply.plain
        taken = await ready.invoke(typed(ask.reply.buttons[0].line, BOB, spot=DM, pressed=True, message=message))
        assert f"Question 1 ({title}) is yours" in taken.plain


@pytest.mark.parametrize("spot", [LOBBY, HALL])
async def test_who_is_in_several_communities_chooses_one(ready: Core, spot: Spot) -> None:
    """Nothing is done before that, and nothing that another community says changes it."""
    typing = typed("/question show 1", BOB, spot=DM)
    which = await ready.invoke(typing)
    assert (which.plain.startswith("You are a member of several"), len(which.buttons)) == (True, 2)
    assert await ready.suggest(replace(typing, command="question show", line=None), "question") == []

    press = which.buttons[[LOBBY, HALL].index(spot)]
    assert (await ready.invoke(typed(press.line, BOB, spot=DM, pressed=True))).tone is Tone.GOOD
    holds = await ready.invoke(typed("/community", BOB, spot=DM))
    assert holds.plain == f"What you ask in private is about {press.label}. Choose another one here."
    named = await ready.invoke(typed(f"/community  {press.label.lower()}", BOB, spot=DM))
    assert (named.tone, press.label in named.plain) == (Tone.GOOD, True)
    assert not named.replaces, "what is typed has no message to replace"

    assert ASKED[spot.id] in (await ready.invoke(typed("/question show 1", BOB, spot=DM))).plain
    for place in (LOBBY, HALL):
        assert ASKED[place.id] in (await ready.invoke(typed("/question show 1", BOB, spot=place))).plain


async def test_a_button_of_nobody_knows_which_community_is_none(ready: Core, recorder: Recorder) -> None:
    """As after a lost receipt: the community that the member chose is not the one of the button."""
    (_, ask), _ = asks(recorder)
    which = await ready.invoke(typed("/community", BOB, spot=DM))
    for button in which.buttons:
        await ready.invoke(typed(button.line, BOB, spot=DM, pressed=True, message="98"))
        pressed = await ready.invoke(typed(ask.reply.buttons[0].line, BOB, spot=DM, pressed=True, message="99"))
        assert pressed.plain == "This button no longer belongs to its message. Type the command instead."


async def test_who_was_removed_from_the_community_of_their_choice_means_no_other(ready: Core) -> None:
    """Even if only one is left: what they type meanwhile was meant for the first."""
    await ready.invoke(typed((await ready.invoke(typed("/community", BOB, spot=DM))).buttons[0].line, BOB, spot=DM))
    await ready.absorb([MemberLeft(cause="recorder:left", at=NOON, who=BOB, spot=HOME)])
    typing = typed("/answer 1 Under the mat, and tell nobody.", BOB, spot=DM)

    which = await ready.invoke(typing)
    assert which.plain.startswith("You are no longer in the community that you meant")
    (press,) = which.buttons
    assert (await ready.invoke(typed(press.line, BOB, spot=DM, pressed=True))).tone is Tone.GOOD
    assert ASKED[HALL.id] in (await ready.invoke(typed("/question show 1", BOB, spot=DM))).plain


@pytest.mark.parametrize("line", ["/community", "/community Away", "/community Nowhere"])
async def test_nobody_else_learns_where_somebody_is_a_member(ready: Core, line: str) -> None:
    """In a place, where others read too, communities are neither named nor chosen."""
    told = await ready.invoke(typed(line, BOB))

    assert told.plain == "I say only in private which communities you are in. Send me /community in a private chat."
    assert (told.buttons, await ready.suggest(chosen("community", BOB, which=""), "which")) == ((), [])
    assert (await ready.invoke(typed("/community", BOB, spot=DM))).plain.startswith("You are a member of several")


async def test_communities_of_one_name_are_told_apart(ready: Core) -> None:
    """They are numbered, the older first: on buttons, when a member types one, and wherever the chosen one is named."""
    for number, name in enumerate(("home", "Home (1)", "x" * 70 + "1", "x" * 70 + "2", "y" * 70)):
        await ready.absorb([posted(f"t{number}", BOB, spot=Spot(NAME, f"twin{number}", "guild", name))])
    which = await ready.invoke(typed("/community", BOB, spot=DM))
    labels = [each.label for each in which.buttons]
    assert labels[:4] == ["Home (1)", "Away", "home (2)", "Home (1) (1)"]
    assert [each[-5:] for each in labels[4:]] == ["x (1)", "x (2)", "yyyyy"]

    unclear = await ready.invoke(typed("/community Home", BOB, spot=DM))
    assert "not a member of such a community" in unclear.plain
    assert labels[:6] == [each.label for each in unclear.buttons]
    assert "yyy" in (await ready.invoke(typed(f"/community {'y' * 70}", BOB, spot=DM))).plain
    for typing in ("/community HOME (2)", which.buttons[2].line):
        assert "home (2)" in (await ready.invoke(typed(typing, BOB, spot=DM))).plain
    assert "is about home (2)." in (await ready.invoke(typed("/community", BOB, spot=DM))).plain
    assert (await ready.invoke(typed("/helper off", BOB, spot=DM))).plain.endswith("\nIn home (2).")


async def test_what_is_done_in_private_names_its_community(ready: Core) -> None:
    """Members of several may have forgotten their choice; what only shows something needs no name."""
    home = (await ready.invoke(typed("/community", BOB, spot=DM))).buttons[0]
    await ready.invoke(typed(home.line, BOB, spot=DM))
    await ready.absorb([posted("c", CAT)])

    assert (await ready.invoke(typed("/helper off", BOB, spot=DM))).plain.endswith(f"\nIn {home.label}.")
    assert f"In {home.label}." not in (await ready.invoke(typed("/question show 1", BOB, spot=DM))).plain
    assert "\nIn " not in (await ready.invoke(typed("/helper on", CAT, spot=DM))).plain


async def test_the_undecided_are_helped(ready: Core) -> None:
    """What strangers may ask needs no community."""
    assert "What you can ask" in (await ready.invoke(typed("/help", BOB, spot=DM))).plain
    assert "Hearth" in (await ready.invoke(typed("/about", BOB, spot=DM))).plain


async def test_letters_are_in_the_language_of_the_app(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """The app's last language counts, unless the member chose another; a language we do not speak changes nothing."""
    await ready.invoke(typed("/points give @bob 9 tea", access=Access.ADMIN))
    for line, locale, said in (
        ("/helper on", "zh-hans", "扣除"),
        ("/helper on", "de", "points"),
        ("/language zh-CN", "en-GB", "扣除"),
    ):
        await ready.invoke(typed(line, BOB, locale=locale))
        await ready.invoke(typed("/points take @bob 3 tea", access=Access.ADMIN, locale="en"))
        await ready.pass_time(clock, clock.now() + HOUR)
        letter = [each.reply.plain for each in recorder.effects if isinstance(each, Tell)][-1]
        assert said in letter


async def test_who_is_in_one_community_chooses_none(ready: Core) -> None:
    """And nobody chooses a community that they are not in."""
    home = (await ready.invoke(typed("/community", BOB, spot=DM))).buttons[1].line
    await ready.absorb([posted("c", CAT)])

    assert ASKED[LOBBY.id] in (await ready.invoke(typed("/question show 1", CAT, spot=DM))).plain
    assert "not a member of such a community" in (await ready.invoke(typed(home, CAT, spot=DM))).plain


async def test_who_left_the_community_of_their_choice_chooses_again(ready: Core) -> None:
    """If they are in other communities."""
    third = Spot(NAME, "third", "guild", "Third")
    await ready.absorb([posted("d", BOB, spot=third)])
    await ready.invoke(typed((await ready.invoke(typed("/community", BOB, spot=DM))).buttons[0].line, BOB, spot=DM))
    await ready.absorb([MemberLeft(cause="recorder:leave:bob", at=NOON, who=BOB, spot=HOME)])

    which = await ready.invoke(typed("/question show 1", BOB, spot=DM))

    assert [each.label for each in which.buttons] == ["Away", "Third"]


async def test_a_message_for_everybody_decides_nothing(ready: Core, recorder: Recorder) -> None:
    """Only a message to one member alone tells which community their private chat is about."""
    await ready.absorb([CommandGiven.of(typed("/answer 1", BOB))])
    await ready.outbox.drain()
    assert isinstance(recorder.effects[-1], Post)
    public = str(len(recorder.effects))

    async def said() -> Reply:
        return await ready.invoke(typed("/question show 1", BOB, spot=DM, pressed=True, message=public))

    which = await said()
    assert which.plain.startswith("You are a member of several")
    await ready.invoke(typed(which.buttons[1].line, BOB, spot=DM))
    assert ASKED[HALL.id] in (await said()).plain


async def test_a_stranger_to_several_communities_is_in_none(ready: Core) -> None:
    """Nobody picks one for them."""
    assert "Are you in a group of mine?" in (await ready.invoke(typed("/leaderboard", CAT, spot=DM))).plain
