"""A private chat is one, however many communities speak in it."""

import pytest

from bot.clock import HandClock
from bot.core import Core
from bot.effects import Tell
from bot.people import Spot
from tests.bot.recorder import ANN, BOB, HOUR, LOBBY, NAME, Recorder, posted, typed

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
    """What was said in private, each with what the platform calls it."""
    return [(str(number), each) for number, each in enumerate(recorder.effects, 1) if isinstance(each, Tell)]


@pytest.mark.parametrize("order", [1, -1])
async def test_a_button_is_pressed_for_whom_it_is_of(ready: Core, recorder: Recorder, order: int) -> None:
    """Though both count their questions from one, and whichever spoke last."""
    for (message, ask), title in list(zip(asks(recorder), ASKED.values(), strict=True))[::order]:
        assert title in ask.reply.plain
        taken = await ready.invoke(typed(ask.reply.buttons[0].line, BOB, spot=DM, pressed=True, message=message))
        assert f"Question 1 ({title}) is yours" in taken.plain


async def test_a_command_is_typed_for_who_spoke_last(ready: Core) -> None:
    """And for the first one while none did."""
    assert ASKED[HALL.id] in (await ready.invoke(typed("/question show 1", BOB, spot=DM))).plain
    assert ASKED[LOBBY.id] in (await ready.invoke(typed("/question show 1", ANN, spot=DM))).plain
