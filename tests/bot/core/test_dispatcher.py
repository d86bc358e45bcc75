"""The one entrance: each event counts once, each command is answered once, and a bad event harms no other."""

import asyncio
import random
import re
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from bot.community.activity.rules import COUNTED, RECEIVED
from bot.core.clock import HandClock
from bot.core.core import Core
from bot.core.dispatcher import BATCH, MOST_THERE
from bot.kit import Access, Post, Reply, Tell, Tone
from bot.kit.allowance import Limit
from bot.kit.events import CommandGiven, Event, MessageDeleted, ReachChanged, Unrecognised, VoiceSpent
from bot.kit.invocation import Line
from bot.kit.markup import Span
from bot.kit.references import Message, Person, Spot
from bot.kit.replies import DOCUMENT_BYTES, Document
from bot.kit.work import open_work
from models import activity, communities, dead_letters, members, promises, settings
from models.dead_letters import DeadLetter
from models.store import StoreBusy
from tests.bot.conftest import home_of
from tests.bot.recorder import (
    ANN,
    BOB,
    CAT,
    DAY,
    KEYED,
    LOBBY,
    NAME,
    NOON,
    PUBLIC,
    SECOND,
    Recorder,
    chosen,
    person,
    posted,
    reacted,
    typed,
    unreacted,
)
from tests.bot.trial import Trial

TODAY = NOON // DAY


async def counts(core: Core) -> dict[tuple[str, str], int]:
    """Amounts by member's name and kind, of all days."""
    async with core.store.read() as tx:
        rows = await tx.all(
            """
            SELECT member.name, activity_day.kind, CAST(SUM(activity_day.amount) AS BIGINT) AS amount
            FROM activity_day
            JOIN member ON member.community_id = activity_day.community_id AND member.id = activity_day.member_id
            GROUP BY member.name, activity_day.kind
            """
        )
    return {(row["name"], row["kind"]): row["amount"] for row in rows if row["amount"]}


async def living(core: Core) -> set[str]:
    """The causes of the facts that are not taken back."""
    async with core.store.read() as tx:
        rows = await tx.all("SELECT cause FROM activity WHERE retracted_at IS NULL")
    return {row["cause"] for row in rows}


async def assert_provable(core: Core, *days: int) -> None:
    async with core.store.read() as tx:
        for day in days or (TODAY,):
            assert await activity.prove_counts(tx, await home_of(core), day, COUNTED, tuple(RECEIVED)) == []


async def letters(core: Core) -> list[DeadLetter]:
    async with core.store.read() as tx:
        return await dead_letters.letters(tx, 100)


async def kept(core: Core) -> set[str]:
    """The keys that the trial's handlers wrote."""
    async with core.store.read() as tx:
        return set(await settings.get_all(tx, await home_of(core)))


def voice(number: int, minutes: int = 5) -> VoiceSpent:
    return VoiceSpent(cause=f"recorder:voice:{number}", at=NOON, who=ANN, spot=LOBBY, minutes=minutes)


# What happens


async def test_an_event_counts_once(core: Core) -> None:
    """A replay, a second delivery in one batch and a race of both leave one fact and one count."""
    first = await core.absorb([posted(1)])
    again = await core.absorb([posted(1)])
    twice = await core.absorb([posted(2), posted(2)])
    await asyncio.gather(*(core.absorb([posted(3)]) for _ in range(20)))

    assert (first.fresh, first.known) == (1, 0)
    assert (again.fresh, again.known) == (0, 1)
    assert (twice.fresh, twice.known) == (1, 1)
    assert await counts(core) == {("Ann", "message"): 3}
    await assert_provable(core)


async def test_a_new_process_knows_what_was_absorbed(core: Core, clock: HandClock) -> None:
    """What one process absorbed is known to the next, with the same people in the same places."""
    await core.absorb([posted(1)])
    after = Core(core.store, core.house, clock, core.catalogue)

    await after.absorb([posted(1), posted(2), posted(3, BOB, about=1)])

    assert await counts(core) == {("Ann", "message"): 2, ("Bob", "reply"): 1, ("Ann", "reply_received"): 1}


async def test_nothing_is_absorbed_at_once(core: Core) -> None:
    """An empty batch opens no transaction."""
    assert (await core.absorb([])).fresh == 0


async def test_a_deletion_takes_back(core: Core) -> None:
    """A deleted message counts no longer; a second deletion, or one of an unknown message, changes nothing."""

    def deleted(number: int) -> MessageDeleted:
        cause = f"recorder:msg:{number}"
        return MessageDeleted(cause=f"{cause}:deleted", at=NOON, spot=LOBBY, about=cause)

    await core.absorb([posted(1), posted(2), posted(3, BOB, about=1)])
    await core.absorb([deleted(3), deleted(2)])
    await core.absorb([deleted(2), deleted(99)])
    assert await counts(core) == {("Ann", "message"): 1}

    await core.absorb([deleted(4), posted(4)])

    assert await counts(core) == {("Ann", "message"): 1}
    await assert_provable(core)


async def test_what_is_taken_back_counts_back_on_its_day(core: Core) -> None:
    """A reaction of yesterday that is removed today leaves today as it is."""
    yesterday = NOON - DAY
    await core.absorb([posted(1, at=yesterday), reacted(1, at=yesterday)])

    await core.absorb([unreacted(1)])

    assert await counts(core) == {("Ann", "message"): 1}
    await assert_provable(core, TODAY, TODAY - 1)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
async def test_a_toggled_reaction_counts_as_it_stands(core: Core, size: int) -> None:
    """On and off a hundred times, in batches of any size: only the last state counts."""
    await core.absorb([posted(1)])
    toggles = [reacted(1) if number % 2 == 0 else unreacted(1) for number in range(101)]

    for at in range(0, len(toggles), size):
        await core.absorb(toggles[at : at + size])

    assert await counts(core) == {("Ann", "message"): 1, ("Bob", "reaction"): 1, ("Ann", "reaction_received"): 1}
    await core.absorb([unreacted(1)])
    assert await counts(core) == {("Ann", "message"): 1}
    await assert_provable(core)


async def test_whatever_the_order_the_counts_are_proven(core: Core) -> None:
    """Posts, replies, reactions, voice and their undoing are shuffled and repeated in parallel batches."""
    dice = random.Random(7)
    events = [
        *(posted(number, dice.choice([ANN, BOB, CAT])) for number in range(40)),
        *(posted(100 + number, BOB, about=dice.randrange(40)) for number in range(40)),
        *(reacted(dice.randrange(40), dice.choice([ANN, BOB, CAT])) for _ in range(40)),
        *(unreacted(dice.randrange(40), dice.choice([ANN, BOB, CAT])) for _ in range(40)),
        *(voice(number, number) for number in range(10)),
    ] * 3
    dice.shuffle(events)

    await asyncio.gather(*(core.absorb(events[at : at + 9]) for at in range(0, len(events), 9)))

    assert len(await living(core) - {each.cause for each in events}) == 0
    await assert_provable(core)


async def test_people_are_met_once_and_renamed(core: Core) -> None:
    """However many events they come in, they are one member; a changed name is their name from then on."""
    renamed = Person(NAME, ANN.id, "Annabel", "annabel")

    await asyncio.gather(*(core.absorb([posted(number), posted(-number, BOB)]) for number in range(20)))
    await core.absorb([posted(99, renamed)])

    async with core.store.read() as tx:
        found = await tx.all("SELECT id, name FROM member")
        by_name = await members.by_username(tx, await home_of(core), NAME, "annabel")
    assert sorted(row["name"] for row in found) == ["Annabel", "Bob"]
    assert by_name
    assert by_name.id in {row["id"] for row in found}


@pytest.mark.parametrize("name", ["half \ud800 half", "nul\x00", "\u202eltr", "x" * 5000, "", "Z̴͎̈" * 200])
async def test_a_strange_name_is_no_poison(core: Core, trial: Trial, name: str) -> None:
    """Whatever a member's name is, their deeds count, and failed events can be kept aside."""
    trial.poison.add("recorder:msg:2")
    strange = Person(NAME, "666", name)

    absorbed = await core.absorb([posted(1, strange), posted(2, strange), posted(3)])

    assert (absorbed.fresh, absorbed.dead) == (3, 1)
    assert len(await letters(core)) == 1


# What fails


async def test_a_listener_that_fails_is_alone(core: Core, trial: Trial) -> None:
    """Its writing is rolled back and its event kept aside; the fact and everything else go on."""
    trial.poison.add("recorder:msg:2")

    absorbed = await core.absorb([posted(1), posted(2), posted(3)])

    assert (absorbed.fresh, absorbed.dead) == (3, 1)
    assert await kept(core) == {"noted.recorder:msg:1", "noted.recorder:msg:3"}
    assert await counts(core) == {("Ann", "message"): 3}
    (letter,) = await letters(core)
    assert (letter.cause, letter.listener, letter.kind) == ("recorder:msg:2", "trial.note", "MessagePosted")
    assert letter.error.startswith("ValueError (bot/")
    assert "poisoned" not in letter.error
    assert letter.community_id == await home_of(core)


async def test_what_is_kept_aside_holds_no_words(core: Core, trial: Trial) -> None:
    """Ordinary messages are metadata, in a dead letter too."""
    trial.poison.add("recorder:msg:1")
    message = posted(1)
    message = type(message)(cause=message.cause, at=NOON, who=ANN, spot=LOBBY, length=6, text="sesame")

    await core.absorb([message])

    (letter,) = await letters(core)
    assert "sesame" not in letter.body
    assert '"length":6' in letter.body


async def test_a_bulk_listener_that_fails_on_one_loses_one(core: Core, trial: Trial) -> None:
    """The batch is tried whole, then one by one, so that only the bad event is kept aside."""
    trial.poison.add("recorder:voice:2")

    absorbed = await core.absorb([voice(1), voice(2), voice(3)])

    assert (absorbed.fresh, absorbed.dead) == (3, 1)
    assert await kept(core) == {"heard.recorder:voice:1", "heard.recorder:voice:3"}
    assert await counts(core) == {("Ann", "voice"): 15}
    assert [(letter.cause, letter.listener) for letter in await letters(core)] == [("recorder:voice:2", "trial.hear")]


async def test_an_event_that_breaks_the_transaction_is_alone(core: Core) -> None:
    """An event that the store itself refuses is kept aside, and its neighbours in the batch succeed."""
    poison = posted(2, spot=Spot(NAME, "elsewhere", "no such kind", "x", None))

    absorbed = await core.absorb([posted(1), poison, posted(3)])
    other = await core.absorb([posted(4)])

    assert (absorbed.fresh, absorbed.dead) == (2, 1)
    assert (other.fresh, other.dead) == (1, 0)
    assert [letter.cause for letter in await letters(core)] == [poison.cause]
    assert await counts(core) == {("Ann", "message"): 3}
    await assert_provable(core)


async def test_a_place_is_called_as_its_platform_calls_it(core: Core, home: int) -> None:
    """A renamed channel is found under its new name; one whose name is not told keeps the old name."""
    renamed, untold = replace(LOBBY, name="#parlour"), replace(LOBBY, name=LOBBY.id)

    names = []
    for number, spot in enumerate((LOBBY, renamed, untold)):
        await core.absorb([posted(100 + number, spot=spot)])
        async with core.store.read() as tx:
            names += [place.name for place in await communities.search_places(tx, home, "", 9, ()) if place.parent_id]

    assert names == [LOBBY.name, "#parlour", "#parlour"]


async def test_an_endless_cause_counts_once(core: Core) -> None:
    """It is recorded under its beginning and a fingerprint, in one transaction with its neighbours."""
    endless = posted("x" * 1000)

    async with asyncio.timeout(5):
        assert (await core.absorb([endless, posted(1)])).fresh == 2
        assert (await core.absorb([endless, posted(1)])).known == 2
    assert await counts(core) == {("Ann", "message"): 2}


async def test_what_cannot_be_read_is_kept_raw(core: Core) -> None:
    """An update of an unknown kind waits for a version that can read it."""
    unknown = Unrecognised(cause="recorder:update:7", at=NOON, platform=NAME, raw='{"new":"thing"}')

    absorbed = await core.absorb([unknown])

    assert absorbed.dead == 1
    (letter,) = await letters(core)
    assert (letter.kind, letter.cause) == ("Unrecognised", unknown.cause)
    assert r"{\"new\":\"thing\"}" in letter.body


# What is asked


async def test_a_command_is_answered_in_every_grammar(core: Core, home: int) -> None:
    """Typed options, a typed line and a pressed button have the same effect."""
    assert home
    await core.absorb([posted(1, BOB)])
    replies = [
        await core.invoke(chosen("trial give", to=BOB, amount=3, why="tea time")),
        await core.invoke(typed("/trial give @bob 3 tea time")),
        await core.invoke(typed(Line(pieces=("/trial give ", BOB, " 3 tea time")))),
        await core.invoke(typed(Line(pieces=("/trial give 3 tea time",), replied=Message("recorder:msg:b", BOB)))),
        await core.invoke(typed(f"/trial give {BOB.id} 3 tea time", pressed=True)),
    ]

    assert {reply.plain for reply in replies} == {"Bob got 3 (tea time)."}


async def test_an_awaited_reply_is_not_owed(core: Core, home: int, recorder: Recorder) -> None:
    """A caller who waits for the reply gets it, and nothing else is said."""
    assert home
    reply = await core.invoke(typed("/trial keep tea"))
    await core.settle()

    assert reply.plain == "Kept tea."
    assert recorder.done == []


async def test_a_reply_is_owed_with_the_command(core: Core, home: int, recorder: Recorder) -> None:
    """A command that came among updates is answered where it was given, in reply to its message."""
    assert home
    invocation = typed("/trial keep tea", message="77")

    await core.absorb([posted(1), CommandGiven.of(invocation), posted(2)])
    await core.absorb([CommandGiven.of(invocation)])
    await core.settle()

    assert recorder.said == ["Kept tea."]
    (delivery,) = recorder.done
    assert isinstance(delivery.effect, Post)
    assert delivery.effect.answers == "77"
    assert delivery.place
    assert delivery.place.external_id == LOBBY.id


async def test_a_button_may_change_its_message(core: Core, home: int, recorder: Recorder) -> None:
    """Only a reply that says so replaces the message whose button was pressed."""
    assert home
    await core.absorb([CommandGiven.of(typed("/trial keep tea", message="77", pressed=True))])
    await core.settle()

    (post,) = recorder.effects
    assert isinstance(post, Post)
    assert (post.replaces, post.answers) == (None, "77")


@pytest.mark.parametrize(
    ("abilities", "reachable", "kind", "seconds"),
    [(PUBLIC, False, Post, 60), (PUBLIC, True, Tell, None), (KEYED, True, Post, None)],
)
async def test_a_private_reply_where_there_are_none(
    core: Core, home: int, recorder: Recorder, abilities: object, reachable: bool, kind: type, seconds: int | None
) -> None:
    """It goes to the member in private if they can be reached, else briefly into the group."""
    assert home
    assert abilities in (PUBLIC, KEYED)
    recorder.abilities = PUBLIC if abilities == PUBLIC else KEYED
    core.plug(recorder)
    private = Spot(NAME, "dm:ann", "dm", "Ann")
    await core.absorb([ReachChanged(cause="reach", at=NOON, who=ANN, spot=private, reachable=reachable)])

    await core.absorb([CommandGiven.of(typed("/trial owe tea"))])
    await core.outbox.drain()

    answers = [each for each in recorder.effects if isinstance(each, Post | Tell) and each.reply.plain == "Owed."]
    assert [type(each) for each in answers] == [kind]
    assert getattr(answers[0], "seconds", None) == seconds


@pytest.mark.parametrize("reachable", [False, True])
async def test_a_private_document_where_there_are_none(
    core: Core, home: int, recorder: Recorder, reachable: bool
) -> None:
    """It reaches the member unchanged, byte by byte; a group never keeps it."""
    assert home
    private = Spot(NAME, "dm:ann", "dm", "Ann")
    await core.absorb([ReachChanged(cause="reach", at=NOON, who=ANN, spot=private, reachable=reachable)])

    await core.absorb([CommandGiven.of(typed("/trial table"))])
    await core.outbox.drain()

    (effect,) = (each for each in recorder.effects if isinstance(each, Post | Tell))
    if reachable:
        assert isinstance(effect, Tell)
        assert effect.reply.file == Document("tea.csv", "茶,1".encode(), "text/csv")
    else:
        assert effect.reply.file is None
        assert effect.reply.plain.startswith("The answer is a file for you alone")


def test_a_document_has_bounds() -> None:
    """A document that is too large for its promise is refused when it is made."""
    with pytest.raises(ValueError, match=r"tea\.csv"):
        Document("tea.csv", b"x" * (DOCUMENT_BYTES + 1), "text/csv")


async def test_a_document_of_full_size_can_be_owed(core: Core, home: int, recorder: Recorder) -> None:
    """The store takes the largest document, with a whole page of words."""
    reply = Reply(text=(Span(text="积" * 4096),), file=Document("t", b"x" * DOCUMENT_BYTES, "text/csv"))
    async with core.store.write() as tx:
        work = await open_work(tx, core.desk, home, NOON, cause="full", platform=NAME)
        place = (await communities.find_places(tx, [(NAME, LOBBY.id)]))[0]
        await work.promise(Post(place=place.id, reply=reply))
    await core.outbox.drain()

    (effect,) = recorder.effects
    assert isinstance(effect, Post)
    assert effect.reply == reply


async def test_a_command_given_twice_is_done_once(core: Core, home: int) -> None:
    """A second click or delivery changes nothing and says so; two at the same moment get the one reply."""
    assert home
    invocation = typed("/trial keep tea", cause="recorder:press:1")

    first, second = await asyncio.gather(core.invoke(invocation), core.invoke(invocation))
    third = await core.invoke(invocation)

    assert first == second
    assert first.plain == "Kept tea."
    assert third.plain == "This was done already."
    assert third.private
    assert {key for key in await kept(core) if key.startswith("kept")} == {"kept.recorder:press:1"}


async def test_a_refusal_undoes_what_was_written(core: Core, home: int) -> None:
    """A refusal is told in private in its own words, and nothing that its handler wrote stays."""
    assert home
    reply = await core.invoke(typed("/trial keep enough"))

    assert (reply.plain, reply.private, reply.tone) == ("That is enough of enough.", True, Tone.CAREFUL)
    assert not {key for key in await kept(core) if key.startswith("kept")}


async def test_a_failure_undoes_what_was_written(core: Core, home: int) -> None:
    """An unforeseen error is answered with a number that the log has, and nothing that its handler wrote stays."""
    assert home
    with structlog.testing.capture_logs() as logged:
        reply = await core.invoke(typed("/trial keep chaos"))

    found = re.search(r"the number ([0-9A-F]{4})\.", reply.plain)
    assert found
    assert [line["reference"] for line in logged if line["log_level"] == "error"] == [found[1]]
    assert (reply.private, reply.tone) == (True, Tone.BAD)
    assert not {key for key in await kept(core) if key.startswith("kept")}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/trial give", "to: this is missing.\nWho gets it. For example: /trial give @bob 3 thanks"),
        ("/trial give @bob", "amount: this is missing.\nHow much. For example: /trial give @bob 3 thanks"),
        ("/trial give @bob 1.5", "amount: 1.5 is not a whole number. Write digits only.\nHow much."),
        ("/trial give @bob 101", "amount: it must be between 1 and 100.\nHow much."),
        ("/trial give @nobody 3", "to: I know nobody called @nobody here."),
        ("/trial give 999 3", "to: I know nobody called 999 here."),
        ("/trial guard now", "now is one word too many. For example: /trial guard"),
        (
            "/trial",
            "/trial needs one more word. Choose one of: /trial give, /trial guard, /trial keep, /trial owe",
        ),
        ("/trial kep", "I do not know /trial kep. Did you mean /trial keep?"),
        ("/trial xyzzy", "/trial needs one more word. Choose one of:"),
        ("/hlep", "I do not know /hlep. Did you mean /help?"),
        ("/xyzzy", "I do not know /xyzzy. /help shows what I know."),
        ("/", "I do not know /. /help shows what I know."),
    ],
)
async def test_what_is_wrong_with_a_line_is_said(core: Core, home: int, line: str, said: str) -> None:
    """The reply says which word, why, and shows a right example to copy; privately, and in one message."""
    assert home
    await core.absorb([posted(1, BOB)])
    reply = await core.invoke(typed(line, access=Access.ADMIN))

    assert reply.plain.startswith(said)
    assert (reply.private, reply.tone) == (True, Tone.CAREFUL)


async def test_a_missing_word_can_follow(core: Core, home: int) -> None:
    """The refusal carries the line so far, and the line with the added word is the command."""
    assert home
    await core.absorb([posted(1, BOB)])
    reply = await core.invoke(typed("/trial give @bob"))

    assert reply.so_far == "/trial give @bob"
    assert (await core.invoke(typed(f"{reply.so_far} 3"))).plain == "Bob got 3."


@pytest.mark.parametrize("word", ["x" * 4090, "@" + "x" * 4090, "9" * 4090])
async def test_an_endless_word_is_not_repeated(core: Core, home: int, word: str) -> None:
    """What we repeat of an input is short, so that every platform can carry the reply."""
    assert home
    for line in (f"/{word}", f"/trial guard {word}", f"/trial give {word} 3", f"/settings get {word}"):
        assert len((await core.invoke(typed(line, access=Access.ADMIN))).plain) < 400


async def test_a_person_where_none_belongs_is_a_name(core: Core, home: int) -> None:
    """A mention in the place of a number is refused with the member's name, and nothing internal."""
    assert home
    reply = await core.invoke(typed(Line(pieces=("/trial give ", ANN, " ", BOB))))

    assert reply.plain.startswith("amount: Bob is not a whole number.")


async def test_a_setting_switched_with_a_mention_is_refused(core: Core, home: int) -> None:
    """The same holds for a switch."""
    assert home
    line = Line(pieces=("/settings set trial.calm ", BOB))

    assert (await core.invoke(typed(line, access=Access.ADMIN))).plain.startswith("value: Bob is neither")


@pytest.mark.parametrize(
    ("line", "access", "anonymous", "said"),
    [
        ("/trial guard", Access.MEMBER, False, "Only moderators and administrators can do this. Ask one of them."),
        ("/trial rule", Access.MEMBER, False, "Only administrators can do this. Ask one of them."),
        ("/trial rule", Access.STAFF, False, "Only administrators can do this. Ask one of them."),
        ("/trial rule", Access.ADMIN, True, "You write as the group itself"),
        ("/trial guard", Access.STAFF, True, "You write as the group itself"),
        ("/trial guard", Access.STAFF, False, "Guarded."),
        ("/trial guard", Access.ADMIN, False, "Guarded."),
        ("/trial rule", Access.ADMIN, False, "Ruled."),
        ("/trial keep tea", Access.MEMBER, True, "You write as the group itself"),
        ("/trial rule at once", Access.MEMBER, False, "Only administrators can do this. Ask one of them."),
    ],
)
async def test_access_is_asked_first(
    core: Core, home: int, line: str, access: Access, anonymous: bool, said: str
) -> None:
    """A member without access is told so first; so is an author who writes as a group, since many share its name."""
    assert home
    typed_reply = await core.invoke(typed(line, access=access, anonymous=anonymous))

    assert typed_reply.plain.startswith(said)


async def test_what_access_a_command_needs_is_known_before(core: Core) -> None:
    """So a platform asks for rights only when they matter."""
    assert core.needs(typed("/trial rule at once")) is Access.ADMIN
    assert core.needs(chosen("trial guard")) is Access.STAFF
    assert core.needs(typed("/trial")) is Access.MEMBER
    assert core.needs(typed("/nonsense")) is Access.MEMBER


async def test_languages_have_an_order(core: Core, home: int) -> None:
    """The community's language gives way to the client's, and that to the member's own choice."""
    assert home

    async def said(locale: str | None = None) -> str:
        return (await core.invoke(typed("/trial keep tea", locale=locale))).plain

    assert await said() == "Kept tea."
    assert await said("zh-TW") == "记下了tea。"
    await core.invoke(typed("/settings set community.language zh-CN", access=Access.ADMIN))
    assert await said() == "记下了tea。"
    assert await said("en-US") == "Kept tea."
    await core.invoke(typed("/language en"))
    assert await said() == "Kept tea."
    assert await said("zh-CN") == "Kept tea."


async def test_a_private_chat_belongs_to_the_community_of_its_member(core: Core, home: int) -> None:
    """A member of one community means that one; an unknown person is a stranger to it, or is told who I am."""
    assert home
    private = Spot(NAME, "dm:ann", "dm", "Ann")

    assert (await core.invoke(typed("/trial keep tea", spot=private))).plain == "Kept tea."
    strange = await core.invoke(typed("/trial keep tea", person("stranger"), spot=private))
    assert strange.plain.startswith("I answer members only.")

    other = Spot(NAME, "second", "guild", "Second")
    await core.absorb([posted(5, CAT, spot=other)])
    lost = await core.invoke(typed("/trial keep tea", person("another"), spot=private))
    assert lost.plain.startswith("I am Hearth")
    assert lost.private
    assert (await core.invoke(typed("/trial keep tea", CAT, spot=private))).plain == "Kept tea."


async def test_a_reply_in_a_private_chat_is_told(core: Core, home: int, recorder: Recorder) -> None:
    """A command that came among updates of a private chat is answered there."""
    assert home
    await core.absorb([CommandGiven.of(typed("/trial keep tea", spot=Spot(NAME, "dm:ann", "dm", "Ann")))])
    await core.settle()

    assert recorder.said == ["Kept tea."]
    (delivery,) = recorder.done
    assert isinstance(delivery.effect, Tell)
    assert delivery.account
    assert delivery.account.external_id == ANN.id


async def test_who_only_reads_is_not_counted(core: Core, home: int) -> None:
    """A command that changes nothing runs beside the writer and leaves no trace, if we know its author already."""
    assert home
    before = await living(core)

    assert "Hearth" in (await core.invoke(typed("/about"))).plain
    assert await living(core) == before
    assert "Hearth" in (await core.invoke(typed("/about", person("newcomer")))).plain


async def test_suggestions_are_for_those_who_may(core: Core, home: int) -> None:
    """Choices complete the option being typed; members see none that they may not use, and nonsense has none."""
    assert home
    asked = chosen("settings set", access=Access.ADMIN, key="community.l")

    assert [choice.value for choice in await core.suggest(asked, "key")] == ["community.language"]
    assert await core.suggest(chosen("settings set", key="community.l"), "key") == []
    assert await core.suggest(asked, "nothing") == []
    assert await core.suggest(chosen("nothing"), "key") == []
    assert await core.suggest(chosen("settings set", person("unknown"), access=Access.ADMIN, key=""), "key") == []


async def test_many_commands_at_once_are_all_answered_and_kept(core: Core, home: int, tmp_path: Path) -> None:
    """Of 256 at the same moment, each has its own reply, and each change is on disk."""
    assert home
    asked = [typed(f"/trial keep {number}", person(f"member{number}")) for number in range(256)]

    replies = await asyncio.gather(*(core.invoke(each) for each in asked))

    assert [reply.plain for reply in replies] == [f"Kept {number}." for number in range(256)]
    beside = sqlite3.connect(tmp_path / "hearth.db")
    rows = beside.execute("SELECT key, value FROM setting WHERE key LIKE 'kept.%'").fetchall()
    beside.close()
    assert dict(rows) == {f"kept.{each.cause}": str(number) for number, each in enumerate(asked)}


async def test_a_caller_who_left_is_not_answered_for(core: Core, home: int) -> None:
    """A command whose caller left while it waited is not run at all."""
    assert home
    first = asyncio.ensure_future(core.invoke(typed("/trial keep tea")))
    await asyncio.sleep(0)
    gone = asyncio.ensure_future(core.invoke(typed("/trial keep gone", cause="recorder:gone")))
    await asyncio.sleep(0)
    gone.cancel()

    assert (await first).plain == "Kept tea."
    await core.dispatcher.stop()
    assert "kept.recorder:gone" not in await kept(core)


# A store that is held by another


@pytest.fixture
def held(tmp_path: Path, core: Core) -> sqlite3.Connection:
    """Another program's connection to our database."""
    assert core
    return sqlite3.connect(tmp_path / "hearth.db", isolation_level=None, check_same_thread=False)


async def test_a_busy_store_is_said_in_time(core: Core, home: int, held: sqlite3.Connection) -> None:
    """While another program holds the store, a command gets "try again" within three seconds, and is not run later."""
    assert home
    held.execute("BEGIN IMMEDIATE")
    began = time.monotonic()

    replies = await asyncio.gather(
        core.invoke(typed("/trial keep one")), core.invoke(typed("/trial keep two", locale="zh-CN"))
    )
    late = await core.invoke(typed("/trial keep three"))
    took = time.monotonic() - began
    read = await core.invoke(typed("/about"))
    held.execute("ROLLBACK")
    held.close()
    await core.dispatcher.stop()

    assert [reply.plain for reply in (*replies, late)] == [
        "I am busy just now. Please try again in a moment.",
        "我现在有点忙，请稍后再试。",
        "I am busy just now. Please try again in a moment.",
    ]
    assert all(reply.private for reply in replies)
    assert took < 6
    assert "Hearth" in read.plain
    assert not {key for key in await kept(core) if key.startswith("kept")}
    assert (await core.invoke(typed("/trial keep four"))).plain == "Kept four."


async def test_events_wait_for_a_busy_store(core: Core, home: int, held: sqlite3.Connection) -> None:
    """Absorbing says that it could not, nothing is half-done, and the same events succeed later."""
    assert home
    held.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy):
        await core.absorb([posted(1), posted(2, person("newcomer"))])
    held.execute("ROLLBACK")
    held.close()

    assert await counts(core) == {("Ann", "message"): 1}
    assert (await core.absorb([posted(1), posted(2, person("newcomer"))])).fresh == 2
    assert await counts(core) == {("Ann", "message"): 2, ("Newcomer", "message"): 1}


async def test_promises_are_of_the_same_transaction(core: Core, home: int, trial: Trial) -> None:
    """A listener's promise goes with its rolled-back writing, and a command's promise with `once` is owed once."""
    assert home
    assert trial
    await core.invoke(typed("/trial owe tea"))
    await core.invoke(typed("/trial owe tea"))

    async with core.store.read() as tx:
        rows = await tx.all("SELECT once FROM promise")
        due = await promises.next_due(tx, [NAME])
    assert [row["once"] for row in rows] == ["owe:tea"]
    assert due == NOON


# One member cannot starve the others


@pytest.fixture
def paced(core: Core, recorder: Recorder) -> Core:
    core.desk.abilities[NAME] = replace(recorder.abilities, pace=Limit(3, 1_000.0))
    return core


async def test_who_is_too_quick_is_told_and_nothing_is_done(paced: Core, home: int) -> None:
    """Where each command is answered directly, so is this one, without the store; others go on."""
    assert home
    replies = [await paced.invoke(typed(f"/trial keep {number}")) for number in range(5)]

    assert [reply.plain for reply in replies[:3]] == ["Kept 0.", "Kept 1.", "Kept 2."]
    assert all(reply.plain.startswith("You are quick! Try again in") for reply in replies[3:])
    assert replies[-1].private
    assert (await paced.invoke(typed("/trial keep 9", BOB))).plain == "Kept 9."
    assert len([key for key in await kept(paced) if key.startswith("kept.")]) == 4
    assert await paced.suggest(chosen("trial keep", what=""), "what") == []


async def test_moderators_may_be_quicker(paced: Core, home: int) -> None:
    """Moderators set things up, and they keep order while others flood."""
    assert home
    replies = [await paced.invoke(typed("/trial keep tea", access=Access.ADMIN)) for _ in range(12)]

    assert {reply.plain for reply in replies} == {"Kept tea."}


@pytest.mark.parametrize(
    ("line", "access", "said"),
    [
        ("/settings", Access.MEMBER, "Only administrators can do this"),
        ("/settings", Access.ADMIN, "/settings needs one more word. Choose one of: /settings get"),
        ("/trial", Access.MEMBER, "/trial needs one more word. Choose one of: /trial give, /trial keep, /trial owe"),
        ("/setings list", Access.MEMBER, "I do not know /setings."),
        ("/setings list", Access.ADMIN, "I do not know /setings. Did you mean /settings list?"),
        ("/pign", Access.MEMBER, "I do not know /pign. Did you mean /ping?"),
        ("/pong-pang", Access.MEMBER, "I do not know /pong-pang. /help shows what I know."),
    ],
)
async def test_nobody_is_led_where_they_may_not_go(core: Core, home: int, line: str, access: Access, said: str) -> None:
    """We suggest only commands that this member may give, and that are near enough to be meant."""
    assert home
    assert (await core.invoke(typed(line, access=access))).plain.startswith(said)


async def test_what_waited_for_us_was_not_asked_at_once(paced: Core, home: int) -> None:
    """Commands from our absence come together on our return, and each counts for the time when it was given."""
    assert home
    hour = [CommandGiven.of(typed(f"/trial keep {number}", at=NOON + number * 1_000 * SECOND)) for number in range(9)]
    burst = [CommandGiven.of(typed(f"/trial keep {number}", BOB, at=NOON)) for number in range(9)]

    assert len(paced.admit(hour)) == 9
    assert len(paced.admit(burst)) == 4


async def test_where_answers_are_messages_the_hasty_are_told_once(
    paced: Core, home: int, clock: HandClock, recorder: Recorder
) -> None:
    """They are told in private, for a moment only; a repeated delivery costs nothing again."""
    assert home
    asked = [CommandGiven.of(typed(f"/trial keep {number}")) for number in range(9)]

    first = paced.admit(asked)
    assert paced.admit(asked) == first
    assert len(first) == 4
    await paced.absorb(first)
    await paced.settle()

    assert sorted(said[:13] for said in recorder.said) == ["Kept 0.", "Kept 1.", "Kept 2.", "You are quick"]
    late = CommandGiven.of(typed("/trial keep 9"))
    await paced.absorb([replace(late, invocation=replace(late.invocation, hasty=60))])
    clock.move(clock.now() + 121 * SECOND)
    await paced.settle()
    assert len([word for word in recorder.said if word.startswith("You are quick")]) == 1


def gone(number: int) -> MessageDeleted:
    """The deletion of a message that nobody knew."""
    about = f"recorder:msg:never{number}"
    return MessageDeleted(cause=f"{about}:deleted", at=NOON, spot=LOBBY, about=about)


async def test_a_flooded_place_keeps_no_other_waiting(core: Core, home: int) -> None:
    """Its events are taken a part at a time, and between two parts all others have a turn."""
    assert home
    away = Spot(NAME, "away", "channel", "#away", Spot(NAME, "there", "guild", "There"))
    await core.absorb([posted("a", spot=away)])
    ends: list[str] = []

    async def told(name: str, events: Sequence[Event]) -> None:
        await core.absorb(events)
        ends.append(name)

    flood = asyncio.create_task(told("flood", [gone(number) for number in range(2 * BATCH)]))
    await asyncio.sleep(0)
    await told("other", [posted("b", BOB, spot=away)])
    await flood

    assert ends == ["other", "flood"]


async def test_what_waits_is_bounded(core: Core, home: int) -> None:
    """Callers with events wait for room and lose none; too many commands are refused, except moderators' ones."""
    assert home
    async with core.store.write():
        events = [asyncio.create_task(core.absorb([gone(number)])) for number in range(MOST_THERE + 100)]
        events.append(asyncio.create_task(core.absorb([posted("last")])))
        await asyncio.sleep(0.1)
        said = await core.invoke(typed("/trial keep tea"))
        order = asyncio.create_task(core.invoke(typed("/trial keep order", access=Access.ADMIN)))
        await asyncio.sleep(0.1)
    await asyncio.gather(*events)

    assert said.plain.startswith("I am busy")
    assert (await order).plain == "Kept order."
    assert (await counts(core))["Ann", "message"] == 2
