"""An unanswered question goes to members who may know, step by step, until one answers."""

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, Effect, Post, Reply, Tell, Tone
from bot.kit.errors import Refused
from bot.kit.events import ThreadOpened
from bot.kit.platform import Delivery
from bot.kit.references import Person, Spot
from models import communities
from tests.bot.conftest import home_of
from tests.bot.purses import ADMIN, id_of, meet, presses, rules, says
from tests.bot.recorder import ANN, BOB, CAT, HOME, HOUR, LOBBY, NAME, Recorder, person, posted, typed

DORA, EVE = person("dora"), person("evelyn")
HALF, CALL, OFFER, STILL, STALE = 0.5 * HOUR, 2.5 * HOUR, 8.5 * HOUR, 80.5 * HOUR, 248.5 * HOUR
DM = Spot(NAME, "dm", "dm", "dm")
ASKS = "Do you know it?"


@pytest.fixture
async def ready(core: Core) -> Core:
    """Ann has 60 points and asks; Bob, Cat and Dora are helpers, who are asked about three things a day."""
    await meet(core, 60)
    await core.absorb([posted("d", DORA), posted("e", EVE)])
    for who in (BOB, CAT, DORA):
        await says(core, "/helper on", who)
    return core


async def passes(core: Core, clock: HandClock, milliseconds: float) -> None:
    await core.pass_time(clock, clock.now() + round(milliseconds))


async def told(core: Core, recorder: Recorder, words: str) -> dict[str, list[Reply]]:
    """Private messages with these words, by the member who got them."""
    found: dict[str, list[Reply]] = {}
    for who in (ANN, BOB, CAT, DORA, EVE):
        number = await id_of(core, who)
        sent = [each.reply for each in recorder.effects if isinstance(each, Tell) and each.member == number]
        if said := [reply for reply in sent if words in reply.plain]:
            found[who.name] = said
    return found


def aloud(effects: list[Effect], words: str) -> list[Reply]:
    return [each.reply for each in effects if isinstance(each, Post) and words in each.reply.plain]


async def test_the_whole_ladder(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """Helpers first, then everybody, then the asker is offered bounties they can pay; each once."""
    await says(ready, "/ask Where is the tea kept?\nThe green one.")

    await passes(ready, clock, HALF - 1)
    assert await told(ready, recorder, ASKS) == {}
    await passes(ready, clock, 1)
    asked = await told(ready, recorder, ASKS)
    assert sorted(asked) == ["Bob", "Cat", "Dora"]
    (reply,) = asked["Bob"]
    assert reply.plain == "❓ 1 · Where is the tea kept?\nThe green one.\nAnn waits for an answer. Do you know it?"
    assert [button.label for button in reply.buttons] == ["I take it", "Show it", "Not me"]

    await passes(ready, clock, CALL - HALF)
    (call,) = aloud(recorder.effects, "Ann still waits for an answer.")
    assert [button.label for button in call.buttons] == ["Answer", "Show it", "I take it"]
    await passes(ready, clock, OFFER - CALL)
    (offer,) = (await told(ready, recorder, "Nobody has answered your question 1"))["Ann"]
    assert [button.line for button in offer.buttons] == ["/bounty 1 10", "/bounty 1 25", "/bounty 1 50"]
    await passes(ready, clock, STILL - OFFER - 1)
    assert aloud(recorder.effects, "still open?") == []
    await passes(ready, clock, 1)
    (asks,) = aloud(recorder.effects, "Ann, is your question 1 (Where is the tea kept?) still open?")
    assert [button.line for button in asks.buttons] == ["/answer 1", "/question still 1", "/question close 1"]
    await passes(ready, clock, STALE - STILL)
    (rests,) = (await told(ready, recorder, "I marked it inactive"))["Ann"]
    assert [button.line for button in rests.buttons] == ["/question reopen 1"]
    await passes(ready, clock, STALE)
    assert len(aloud(recorder.effects, "still waits")) == len(aloud(recorder.effects, "still open?")) == 1
    assert [len(each) for each in (await told(ready, recorder, ASKS)).values()] == [1, 1, 1]


@pytest.mark.parametrize("line", ["/answer 1 In the kitchen.", "/question close 1", "/question delete 1"])
async def test_an_answer_stops_it(ready: Core, clock: HandClock, recorder: Recorder, line: str) -> None:
    """And so does everything else that ends the waiting."""
    await says(ready, "/ask Where is the tea kept?")

    await ready.invoke(typed(line, EVE, access=Access.STAFF))

    await passes(ready, clock, 48 * HOUR)
    assert await told(ready, recorder, ASKS) == {}
    assert aloud(recorder.effects, "still waits") == []


async def test_a_question_that_is_opened_again_waits_anew(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """Earlier timers no longer count; helpers who were asked are not asked again."""
    await says(ready, "/ask Where is the tea kept?")
    await passes(ready, clock, HALF)
    await says(ready, "/question close 1")
    await passes(ready, clock, HALF)
    await says(ready, "/question reopen 1")
    await says(ready, "/helper on", EVE)

    await passes(ready, clock, CALL - HALF)

    assert aloud(recorder.effects, "still waits") == []
    assert {name: len(asks) for name, asks in (await told(ready, recorder, ASKS)).items()} == {
        "Bob": 1, "Cat": 1, "Dora": 1, "Evelyn": 1
    }  # fmt: skip
    await passes(ready, clock, HALF)
    assert len(aloud(recorder.effects, "still waits")) == 1


async def test_whoever_knows_is_asked(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """Helpers with its tags or similar answers; no helper for other things, no asker, bot or leaver."""
    await says(ready, "/helper on kitchen", CAT)
    await says(ready, "/helper on python", DORA)
    await says(ready, "/helper on python", ANN)
    await says(ready, "/ask Why does my loop hang? #python")

    await passes(ready, clock, HALF)

    assert sorted(await told(ready, recorder, ASKS)) == ["Bob", "Dora"]


async def test_a_question_is_claimed(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """One member claims it for a day, when nobody else is bothered; everybody sees the claim."""
    await says(ready, "/ask Where is the tea kept?")
    await passes(ready, clock, HALF)
    letter = await id_of(ready, CAT)
    (message,) = [n for n, each in enumerate(recorder.effects, 1) if isinstance(each, Tell) and each.member == letter]
    private = typed("/question claim 1", CAT, spot=DM, pressed=True, message=str(message))

    mine = await ready.invoke(private)

    assert (mine.private, mine.tone) == (True, Tone.GOOD)
    await passes(ready, clock, HOUR)
    assert len(aloud(recorder.effects, "Cat is working on question 1 (Where is the tea kept?).")) == 1
    assert "Cat is working on question 1" in (await says(ready, "/question show 1", EVE)).plain
    assert (
        "Cat is working on question 1. Your answer is still welcome"
        in (await says(ready, "/question claim 1", BOB)).plain
    )
    assert "You asked this question" in (await says(ready, "/question claim 1")).plain
    assert "You are not working on question 1" in (await says(ready, "/question unclaim 1", BOB)).plain
    await says(ready, "/question claim 1", CAT)
    await passes(ready, clock, 20 * HOUR)
    assert aloud(recorder.effects, "still waits") == []
    await passes(ready, clock, 6 * HOUR)
    assert len(aloud(recorder.effects, "still waits")) == 1
    assert "Bob is working on question 1" in (await says(ready, "/question claim 1", BOB)).plain


async def test_what_is_said_in_private_is_heard_where_it_was_asked(
    ready: Core, clock: HandClock, recorder: Recorder
) -> None:
    """A helper answers, and the asker offers points and accepts, without leaving the private chat."""
    await says(ready, "/ask Where is the tea kept?")

    for line, who, heard in (
        ("/bounty 1 10", ANN, "10 points for a good answer to question 1"),
        ("/answer 1 In the kitchen.", BOB, "In the kitchen."),
        ("/accept 3", ANN, "Bob"),
        ("/question close 1", ANN, "is closed."),
    ):
        before = len(recorder.effects)
        told = await ready.invoke(typed(line, who, spot=DM))
        await passes(ready, clock, 1)

        assert told.private
        assert len(aloud(recorder.effects[before:], heard)) == 1


async def test_a_claim_is_given_back(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """Then the step that was due comes at once; staff can do it for a member who forgot."""
    await says(ready, "/ask Where is the tea kept?")
    await says(ready, "/question claim 1", CAT)
    await passes(ready, clock, HOUR)
    assert await told(ready, recorder, ASKS) == {}

    await rules(ready, "/question unclaim 1")

    await passes(ready, clock, 1)
    assert sorted(await told(ready, recorder, ASKS)) == ["Bob", "Cat", "Dora"]


async def test_whoever_will_not_is_replaced(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """One other helper replaces them, however often they press; only a helper who was asked can decline."""
    await says(ready, "/helper off", DORA)
    await says(ready, "/ask Where is the tea kept?")
    await passes(ready, clock, HALF)
    (ask,) = (await told(ready, recorder, ASKS))["Bob"]
    await says(ready, "/helper on", DORA)
    await says(ready, "/helper on", EVE)

    for _ in range(3):
        assert "I leave question 1" in (await presses(ready, ask, 2, BOB)).plain

    await passes(ready, clock, 1)
    assert len(await told(ready, recorder, ASKS)) == 3
    assert "I did not ask you" in (await says(ready, "/helper pass 1")).plain


async def test_a_closed_door_opens_another(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """A helper that we cannot reach is asked no more, and sees why; the next one is asked."""
    closed = await id_of(ready, BOB)
    await says(ready, "/helper on", EVE)

    def blocks(delivery: Delivery) -> Exception | None:
        return Refused("closed_dm") if getattr(delivery.effect, "member", None) == closed else None

    recorder.answer = blocks
    await says(ready, "/ask Where is the tea kept?")
    await passes(ready, clock, HALF)

    assert sorted(await told(ready, recorder, ASKS)) == ["Cat", "Dora", "Evelyn"]
    status = await says(ready, "/helper status", BOB)
    assert "I could not write to you in private" in status.plain
    recorder.answer = lambda _: None
    await presses(ready, status, 0, BOB)
    await says(ready, "/ask Whose turn is the washing?")
    await passes(ready, clock, HALF)
    assert "Bob" in await told(ready, recorder, ASKS)


async def test_helpers_are_asked_in_turn(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """The helper not asked for longest comes first."""
    await rules(ready, "/settings set questions.paid 0")
    await says(ready, "/helper off", DORA)
    await says(ready, "/ask Where is the tea kept?")
    await passes(ready, clock, HALF)
    assert sorted(await told(ready, recorder, ASKS)) == ["Bob", "Cat"]
    for who in (DORA, EVE):
        await says(ready, "/helper on", who)

    await says(ready, "/ask Whose turn is the washing?", ANN)
    await passes(ready, clock, HALF)

    counts = {name: len(asks) for name, asks in (await told(ready, recorder, ASKS)).items()}
    assert counts["Dora"] == counts["Evelyn"] == 1
    assert sum(counts.values()) == 5


async def test_nobody_is_asked_too_much(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """Not more often in a day than they allow, and not at night by their own clock."""
    await says(ready, "/helper off", DORA)
    await says(ready, "/helper on kitchen 1", BOB)
    await says(ready, "/timezone Asia/Tokyo", CAT)
    for line in ("/ask Where is the tea kept? #kitchen", "/ask Whose turn is the washing? #kitchen"):
        await says(ready, line)

    await passes(ready, clock, HALF)

    assert {name: len(asks) for name, asks in (await told(ready, recorder, ASKS)).items()} == {"Bob": 1, "Cat": 2}
    await passes(ready, clock, HOUR)
    await says(ready, "/ask Which pan is for fish? #kitchen")
    await passes(ready, clock, HALF)
    assert {name: len(asks) for name, asks in (await told(ready, recorder, ASKS)).items()} == {"Bob": 1, "Cat": 2}


async def test_what_nobody_waits_for_is_left_out(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """Each rung can be switched off."""
    await rules(ready, "/settings set experts.after 0s")
    await rules(ready, "/settings set experts.bounty 0s")
    await says(ready, "/ask Where is the tea kept?")

    await passes(ready, clock, 48 * HOUR)

    assert await told(ready, recorder, ASKS) == {}
    assert len(aloud(recorder.effects, "still waits")) == 1
    assert await told(ready, recorder, "Nobody has answered") == {}


async def test_everybody_is_called_elsewhere(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """Where an administrator says so, even if it was asked in another place."""
    await ready.absorb([posted("s", EVE, spot=Spot(NAME, "side", "channel", "#side", HOME))])
    await rules(ready, "/settings set experts.place #side")
    await says(ready, "/ask Where is the tea kept?")

    await passes(ready, clock, CALL)

    (place,) = [each.place for each in recorder.effects if isinstance(each, Post) and "still waits" in each.reply.plain]
    async with ready.store.read() as tx:
        found = await communities.place(tx, await home_of(ready), place)
    assert found
    assert found.name == "#side"


@pytest.mark.parametrize("who", [BOB, ADMIN])
async def test_a_bounty_is_offered_to_who_has_points(
    ready: Core, clock: HandClock, recorder: Recorder, who: Person
) -> None:
    """Only if none is put up; an administrator without points gets no offer."""
    await says(ready, "/ask Where is the tea kept?", who)
    if who is BOB:
        await says(ready, "/bounty 1 10", BOB)

    await passes(ready, clock, OFFER)

    assert await told(ready, recorder, "Nobody has answered") == {}


async def test_a_question_is_still_open(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """The asker says so, and nobody else: it starts again, and helpers who were asked are not asked again."""
    await says(ready, "/ask Where is the tea kept?")
    await passes(ready, clock, STILL)
    await says(ready, "/helper on", EVE)
    (asks,) = aloud(recorder.effects, "still open?")

    assert "Only the asker and staff" in (await presses(ready, asks, 1, BOB)).plain
    assert "is still open. I look for somebody" in (await presses(ready, asks, 1, ANN)).plain

    await passes(ready, clock, STILL)
    assert {name: len(each) for name, each in (await told(ready, recorder, ASKS)).items()} == {
        "Bob": 1, "Cat": 1, "Dora": 1, "Evelyn": 1
    }  # fmt: skip
    assert len(aloud(recorder.effects, "still waits")) == len(aloud(recorder.effects, "still open?")) == 2
    assert await told(ready, recorder, "I marked it inactive") == {}


async def test_what_was_answered_is_asked_about(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """Days after the last answer, with a button to accept each; not judged, it rests, and can still be accepted."""
    await says(ready, "/ask Where is the tea kept?")
    await says(ready, "/answer 1 In the kitchen.", BOB)
    await passes(ready, clock, 24 * HOUR)
    await says(ready, "/answer 1 Above the stove.", CAT)

    await passes(ready, clock, 72 * HOUR - 1)
    assert aloud(recorder.effects, "does an answer solve your question 1") == []
    await passes(ready, clock, 1)
    (asks,) = aloud(recorder.effects, "Ann, does an answer solve your question 1 (Where is the tea kept?)?")
    assert [button.line for button in asks.buttons] == [
        "/accept 2", "/accept 3", "/question still 1", "/question close 1"
    ]  # fmt: skip
    await passes(ready, clock, STALE)
    assert "Nobody" not in (await says(ready, "/question show 1")).plain
    await presses(ready, asks, 0, ANN)
    await passes(ready, clock, STALE)
    assert len(aloud(recorder.effects, "does an answer solve")) == 1
    assert "✅ Solved" in (await says(ready, "/question show 1")).plain
    assert "does not wait for an answer" in (await presses(ready, asks, 2, ANN)).plain


@pytest.mark.parametrize(
    ("line", "who", "shows"),
    [("/question reopen 1", ANN, "Nobody has answered yet."), ("/answer 1 In the kitchen.", BOB, "In the kitchen.")],
)
async def test_a_stale_question_comes_back(
    ready: Core, clock: HandClock, recorder: Recorder, line: str, who: Person, shows: str
) -> None:
    """When it is opened or answered; until then it is found, but not listed as waiting."""
    await says(ready, "/ask Where is the tea kept?")
    await passes(ready, clock, STALE)
    assert "💤 1 Where is the tea kept?" in (await says(ready, "/find tea")).plain
    assert "No question waits for an answer." in (await says(ready, "/questions unanswered")).plain
    assert "it is inactive" in (await says(ready, "/question show 1")).plain

    await says(ready, line, who)

    shown = (await says(ready, "/question show 1")).plain
    assert shows in shown
    assert "💤" not in shown
    await passes(ready, clock, STILL)
    assert len(aloud(recorder.effects, "Ann, ")) == 2


async def test_where_a_question_lives_its_asker_is_asked(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """In the question's own thread, even if it was asked outside."""
    await says(ready, "/ask Where is the tea kept?")
    thread = Spot(NAME, "tea", "thread", "tea", LOBBY)
    await ready.absorb([ThreadOpened(cause=f"{NAME}:tea", at=clock.now(), spot=thread, subject="question:1")])

    await passes(ready, clock, STILL)

    (place,) = [each.place for each in recorder.effects if isinstance(each, Post) and "still open?" in each.reply.plain]
    async with ready.store.read() as tx:
        found = await communities.place(tx, await home_of(ready), place)
    assert found
    assert found.name == "tea"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/question still 1", "Only the asker and staff can do this."),
        ("/question still 9", "question: there is no question with that number"),
        ("/question claim 9", "question: there is no question with that number"),
        ("/question claim x", "question: x is not a whole number"),
        ("/question claim -1", "question: there is no question with that number."),
        (f"/question claim {2**63}", "question: there is no question with that number."),
        ("/question claim", "question: this is missing"),
        ("/question claim 2", "Question 2 does not wait for an answer."),
        ("/question unclaim 1", "You are not working on question 1."),
        ("/helper pass 1", "I did not ask you about question 1."),
        ("/helper pass ٣", "question: ٣ is not a whole number"),
    ],
)
async def test_what_cannot_be_is_refused(ready: Core, line: str, said: str) -> None:
    """The member gets one private sentence."""
    await says(ready, "/ask Where is the tea kept?")
    await says(ready, "/ask Whose turn is the washing?")
    await says(ready, "/question close 2")

    refused = await says(ready, line, EVE)

    assert (refused.private, refused.tone) == (True, Tone.CAREFUL)
    assert said in refused.plain


@pytest.mark.parametrize(
    ("back", "says_next"),
    [("/retract 2", ASKS), ("/unaccept 2", "does an answer solve"), ("/retract 2", "still waits")],
)
async def test_what_is_taken_back_leaves_a_next_step(
    ready: Core, clock: HandClock, recorder: Recorder, back: str, says_next: str
) -> None:
    """A question that waits again is brought to others again, without anybody's help."""
    await says(ready, "/ask Where is the tea kept?")
    await says(ready, "/answer 1 In the kitchen.", BOB)
    if back == "/unaccept 2":
        await says(ready, "/accept 2")
    await rules(ready, back)
    before = len(recorder.said)

    await passes(ready, clock, STILL)

    assert any(says_next in each for each in recorder.said[before:])


async def test_a_claim_ends_and_is_not_renewed(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """Its member has one day, even if they give it back; then both sides hear that others can take it."""
    await says(ready, "/ask Where is the tea kept?")
    await says(ready, "/question claim 1", BOB)
    await passes(ready, clock, 20 * HOUR)
    await says(ready, "/question unclaim 1", BOB)
    await says(ready, "/question claim 1", BOB)
    assert sorted(await told(ready, recorder, "Your day on question")) == []

    await passes(ready, clock, 4 * HOUR)

    assert sorted(await told(ready, recorder, "Your day on question 1")) == ["Bob"]
    assert len(aloud(recorder.effects, "Bob found no answer to question 1")) == 1
    assert "somebody else's turn" in (await says(ready, "/question claim 1", BOB)).plain
    assert "Cat is working on question 1" in (await says(ready, "/question claim 1", CAT)).plain


async def test_who_slept_has_a_turn(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """They are asked when they wake up, if fewer than three were asked before."""
    await says(ready, "/helper quiet 12 20", BOB)
    await says(ready, "/ask Where is the tea kept?")

    await passes(ready, clock, 7 * HOUR)
    assert sorted(await told(ready, recorder, ASKS)) == ["Cat", "Dora"]
    await passes(ready, clock, HOUR)
    assert sorted(await told(ready, recorder, ASKS)) == ["Bob", "Cat", "Dora"]
