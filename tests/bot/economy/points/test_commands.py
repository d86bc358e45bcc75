"""What members ask about their points, and what administrators do with them."""

import re

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, Reply, Tell
from bot.kit.events import MessageDeleted
from bot.kit.references import Person
from models import audit, ledger, members, proof, standings
from models.ledger import Entry
from tests.bot.conftest import home_of
from tests.bot.recorder import (
    ANN,
    BOB,
    CAT,
    DAY,
    LOBBY,
    NAME,
    NOON,
    SECOND,
    STAFF,
    Recorder,
    posted,
    reacted,
    typed,
    unreacted,
)

ADMIN = Access.ADMIN
MINUTE = 60 * SECOND


@pytest.fixture(autouse=True)
async def community(core: Core) -> None:
    """Ann has a point, Bob has two, and Cat, who has one, administers."""
    await core.absorb([posted(1, ANN), posted(2, BOB, about=1), posted(3, CAT), posted("s", CAT, spot=STAFF)])


async def says(core: Core, line: str, who: Person = ANN, access: Access = Access.MEMBER, locale: str = "en") -> str:
    return (await core.invoke(typed(line, who, access=access, locale=locale))).plain


async def rules(core: Core, line: str) -> Reply:
    return await core.invoke(typed(line, CAT, access=ADMIN))


async def of(core: Core, who: Person) -> list[Entry]:
    """The entries, newest first."""
    home = await home_of(core)
    async with core.store.read() as tx:
        (account,) = await members.find_accounts(tx, home, [(NAME, who.id)])
        return await ledger.history(tx, home, account.member_id, None, 100)


async def spend(core: Core, who: Person, amount: int) -> None:
    """Spend as a shop would."""
    (latest, *_) = await of(core, who)
    spent = latest._replace(kind="spend", amount=-amount, counts=False, reason="take", cause="shop", place_id=None)
    async with core.store.write() as tx:
        await ledger.write(tx, [spent], core.desk.ids)


async def proven(core: Core) -> bool:
    home = await home_of(core)
    async with core.store.write() as tx:
        await standings.settle(tx, home)
        return await proof.prove(tx, home) == []


# What one has


async def test_one_s_own_points(core: Core) -> None:
    """The points to spend, the score, and how much of the day's cap is used."""
    assert await says(core, "/points show") == "Ann has 1 point to spend. Score: 1.\nEarned today: 1 of 200."
    assert await says(core, "/points show @bob") == "Bob has 2 points to spend. Score: 2.\nEarned today: 2 of 200."
    assert await says(core, "/points show", locale="zh-CN") == "Ann 有 1 积分可用。总分：1。\n今天已得：1 / 200。"


async def test_without_a_cap_none_is_named(core: Core) -> None:
    """Nobody is told to earn 1 of 0."""
    await rules(core, "/settings set points.daily_cap 0")

    assert (await says(core, "/points show")).endswith("Earned today: 1.")


async def test_the_history_is_one_s_own(core: Core) -> None:
    """Private, newest first, each entry with its number."""
    await core.absorb([reacted(1)])

    reply = await core.invoke(typed("/points history"))

    reaction, message = await of(core, ANN)
    assert reply.private
    assert reply.plain.splitlines() == [
        "Your points, entry by entry",
        f"{reaction.id} · Jan 5, 2026, 12:00:00\u202fPM UTC · +1 · a reaction received",
        f"{message.id} · Jan 5, 2026, 12:00:00\u202fPM UTC · +1 · a message",
    ]
    assert reply.buttons == ()


async def test_the_history_has_pages(core: Core) -> None:
    """Ten on a page, each entry on one page only, back and forth by buttons."""
    await core.absorb([posted(each, at=NOON + each * MINUTE) for each in range(10, 22)])
    first = await core.invoke(typed("/points history"))
    (older,) = first.buttons

    second = await core.invoke(typed(older.line, pressed=True))

    (newest,) = second.buttons
    again = await core.invoke(typed(newest.line, pressed=True))
    numbers = [int(found) for page in (first, second) for found in re.findall(r"^\d+", page.plain, re.MULTILINE)]
    assert numbers == [entry.id for entry in await of(core, ANN)]
    assert len(numbers) == 13
    assert again.plain == first.plain
    assert second.replaces


async def test_staff_see_the_history_of_anybody(core: Core) -> None:
    """Page by page as well; other members do not."""
    await core.absorb([posted(each, at=NOON + each * MINUTE) for each in range(10, 22)])
    own = await core.invoke(typed("/points history"))

    first = await core.invoke(typed("/points history @ann", BOB, access=Access.STAFF))
    (older,) = first.buttons
    second = await core.invoke(typed(older.line, BOB, pressed=True, access=Access.STAFF))
    refused = await says(core, "/points history @ann", BOB)

    assert first.plain == own.plain.replace("Your points", "Points of Ann")
    assert second.plain.startswith("Points of Ann, entry by entry")
    assert refused == "You can see your own entries. Staff can see those of others."


async def test_an_empty_history_is_an_invitation(core: Core) -> None:
    """A member without entries is told how to begin."""
    stranger = Person(NAME, "777", "Dan", "dan")

    assert "it all counts" in await says(core, "/points history", stranger)


async def test_why_an_entry_is_there(core: Core) -> None:
    """What it was for, when, where, with which member, and that an administrator can correct it."""
    (reply,) = await of(core, BOB)

    assert await says(core, f"/points why {reply.id}", BOB) == (
        f"+2 for Bob: a reply.\nEntry {reply.id}, Jan 5, 2026, 12:00:00\u202fPM UTC.\nPlace: #lobby.\n"
        "Together with: Ann.\n"
        f"Does that seem wrong? Tell an administrator the number {reply.id}: they can look at it and correct it."
    )


async def test_why_something_was_taken_back(core: Core) -> None:
    """Both entries name each other, and say that it does not come back."""
    await core.absorb([reacted(1)])
    await core.absorb([unreacted(1, at=NOON + MINUTE)])
    back, reaction, _ = await of(core, ANN)

    of_reaction = await says(core, f"/points why {reaction.id}")
    of_reversal = await says(core, f"/points why {back.id}")

    assert f"It was taken back by entry {back.id}" in of_reaction
    assert "the reaction was removed" in of_reaction
    assert f"It takes back entry {reaction.id}" in of_reversal
    assert "does not earn again" in of_reaction
    assert "does not earn again" in of_reversal


async def test_entries_are_private(core: Core) -> None:
    """A member cannot see another's entry, staff can; a wrong number is unknown to everybody."""
    (entry,) = await of(core, BOB)

    assert "no entry with that number" in await says(core, f"/points why {entry.id}")
    assert "+2 for Bob" in await says(core, f"/points why {entry.id}", access=Access.STAFF)
    assert "no entry with that number" in await says(core, "/points why 1")
    assert "is not a whole number" in await says(core, "/points why soon")
    assert "no entry with that number" in await says(core, f"/points why {2**63}")


# What administrators do


async def test_a_gift_is_public_and_audited(core: Core) -> None:
    """It counts like earned points; its giver and reason stay on record."""
    reply = await rules(core, "/points give @ann 50 for the workshop")

    assert reply.plain == "🎁 Ann gets 50 points: for the workshop"
    assert not reply.private
    assert (await says(core, "/points show")).startswith("Ann has 51 points to spend. Score: 51.\nEarned today: 1 ")
    entry = (await of(core, ANN))[0]
    told = await says(core, f"/points why {entry.id}")
    assert "Decided by: Cat." in told
    assert "Note: for the workshop" in told
    async with core.store.read() as tx:
        (change,) = await audit.changes(tx, await home_of(core), "points.give")
    assert (change.subject, change.before, change.after) == (str(entry.id), "1", "51")
    assert await proven(core)


async def test_what_is_taken_is_explained(core: Core, recorder: Recorder) -> None:
    """The member hears why, with the number for an objection; the administrator sees that."""
    await rules(core, "/points give @ann 9 for the tea")

    reply = await rules(core, "/points take @ann 10 the tea was cold")
    await core.settle()

    entry = (await of(core, ANN))[0]
    (told,) = [effect.reply.plain for effect in recorder.effects if isinstance(effect, Tell)]
    assert reply.private
    assert reply.plain == "Took 10 points from Ann: the tea was cold\nThey are told."
    assert told.startswith("An administrator took 10 points from you: the tea was cold")
    assert str(entry.id) in told
    assert (await says(core, "/points show")).startswith("Ann has 0 points to spend. Score: 0.")
    assert await proven(core)


async def test_nobody_is_taken_more_than_they_have(core: Core) -> None:
    """The refusal says how much there is, and nothing changes."""
    assert (
        await rules(core, "/points take @bob 3 too much")
    ).plain == "Bob has only 2 points. Take that many or fewer."
    assert len(await of(core, BOB)) == 1


async def test_a_gift_is_undone_by_a_press(core: Core) -> None:
    """Once; a second press is told so, and an undoing cannot be undone."""
    gift = await rules(core, "/points give @ann 50 by mistake")
    (undo,) = gift.buttons

    assert (await rules(core, undo.line)).plain.endswith("Ann: −50, now 1.")
    assert (await rules(core, undo.line)).plain == "That entry was taken back before."
    back = (await of(core, ANN))[0]
    assert "what took something back stays" in (await rules(core, f"/points undo {back.id}")).plain
    assert await proven(core)


async def test_a_spent_gift_is_owed(core: Core) -> None:
    """The next points that the member earns pay the debt."""
    gift = await rules(core, "/points give @ann 50 by mistake")
    await spend(core, ANN, 51)

    undone = await rules(core, gift.buttons[0].line)

    assert "It was spent already, so Ann owes 50 points" in undone.plain
    assert "50 points short" in await says(core, "/points show")
    await core.absorb([posted(9, at=NOON + MINUTE)])
    assert "49 points short" in await says(core, "/points show")
    assert await proven(core)


async def test_what_was_earned_can_be_undone(core: Core) -> None:
    """The day's sum goes down too, and deleting the message afterwards takes nothing twice."""
    (entry,) = await of(core, ANN)

    await rules(core, f"/points undo {entry.id}")

    assert await says(core, "/points show") == "Ann has 0 points to spend. Score: 0.\nEarned today: 0 of 200."

    await core.absorb([posted(9, at=NOON + MINUTE)])
    absorbed = await core.absorb([MessageDeleted(cause="gone", at=NOON, spot=LOBBY, about="recorder:msg:1")])

    assert absorbed.dead == 0
    assert await says(core, "/points show") == "Ann has 1 point to spend. Score: 1.\nEarned today: 1 of 200."
    assert await proven(core)


async def test_a_transfer_is_undone_on_both_sides(core: Core) -> None:
    """By the entry of either side."""
    (mine,), (yours,) = await of(core, ANN), await of(core, BOB)
    given = [
        mine._replace(kind="transfer", amount=-1, counts=False, reason="take", cause="tip", other_id=yours.member_id),
        yours._replace(kind="transfer", amount=1, counts=False, reason="give", cause="tip", other_id=mine.member_id),
    ]
    async with core.store.write() as tx:
        _, received = await ledger.write(tx, given, core.desk.ids)

    undone = await rules(core, f"/points undo {received.id}")

    assert "Ann: +1, now 1." in undone.plain
    assert "Bob: −1, now 2." in undone.plain
    assert await proven(core)


async def test_setting_writes_the_difference(core: Core, recorder: Recorder) -> None:
    """One audited entry either way, which can be undone; only a member who loses points hears why."""
    more = await rules(core, "/points set @ann ５０ as it was")
    assert more.plain == "Ann has 50 points now (+49): as it was"
    less = await rules(core, "/points set @ann 0 as it should be")
    assert less.plain == "Ann has 0 points now (−50): as it should be"
    await core.settle()

    assert [entry.amount for entry in await of(core, ANN)] == [-50, 49, 1]
    number = (await of(core, ANN))[0].id
    assert [said.splitlines() for said in recorder.said if "took" in said] == [
        [
            "An administrator took 50 points from you: as it should be",
            f"If that seems wrong, tell them the number {number}.",
        ]
    ]
    async with core.store.read() as tx:
        changes = await audit.changes(tx, await home_of(core), "points.set")
    assert [(change.before, change.after) for change in changes] == [("50", "0"), ("1", "50")]
    (undo,) = less.buttons
    assert (await core.invoke(typed(undo.line, CAT, access=ADMIN, pressed=True))).plain.endswith("+50, now 50.")
    assert await proven(core)


async def test_setting_settles_what_is_owed(core: Core) -> None:
    """A member with a debt is set to an amount, has it, and owes nothing more."""
    await spend(core, ANN, 1)
    await core.absorb([MessageDeleted(cause="gone", at=NOON, who=ANN, spot=LOBBY, about="recorder:msg:1")])
    assert "short" in await says(core, "/points show")

    assert (await rules(core, "/points set @ann 0 forgiven")).plain == "Ann has 0 points now (+1): forgiven"
    assert (await rules(core, "/points set @ann 0 again")).plain.startswith("Ann has exactly 0 points already.")
    assert await proven(core)


@pytest.mark.parametrize("line", ["give @ann 1 x", "take @ann 1 x", "set @ann 1 x", "undo 1"])
@pytest.mark.parametrize("access", [Access.MEMBER, Access.STAFF])
async def test_only_administrators_move_points(core: Core, line: str, access: Access) -> None:
    """Moderators may not, since points can be spent."""
    assert await says(core, f"/points {line}", access=access) == "Only administrators can do this. Ask one of them."


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("give @cat 5 me", "Ask another administrator"),
        ("set @cat 5 me", "Ask another administrator"),
        ("set @ann 1 x", "exactly 1 point already"),
        ("set @ann -1 x", "between 0 and 1,000,000"),
        ("set @ann 1.5 x", "1.5 is not a whole number"),
        (f"set @ann {2**63} x", "between 0 and 1,000,000"),
        ("set @ann 1e309 x", "1e309 is not a whole number"),
        ("set @ann ٣ x", "٣ is not a whole number"),
        ("set @ann 5", "this is missing"),
        ("give @ann 0 x", "between 1 and 1,000,000"),
        ("give @ann -1 x", "between 1 and 1,000,000"),
        ("give @ann 1000001 x", "between 1 and 1,000,000"),
        (f"give @ann {2**63} x", "between 1 and 1,000,000"),
        ("give @ann 1.5 x", "1.5 is not a whole number"),
        ("give @ann 1e309 x", "1e309 is not a whole number"),
        ("give @ann ٣ x", "٣ is not a whole number"),
        ("give @ann 5", "this is missing"),
        ("give @nobody 5 x", "I know nobody called @nobody here."),
    ],
)
async def test_what_makes_no_sense_is_refused(core: Core, line: str, why: str) -> None:
    """In one sentence, and nothing changes."""
    assert why in (await rules(core, f"/points {line}")).plain
    assert len(await of(core, ANN)) == 1


async def test_digits_of_a_chinese_keyboard_are_digits(core: Core) -> None:
    """１０ is ten."""
    await rules(core, "/points give @ann １０ x")

    assert (await of(core, ANN))[0].amount == 10


# What the night brings


async def test_staff_hear_when_the_books_are_wrong(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """Once a night, in the community's language; when the books are right, nobody is told."""
    await rules(core, f"/settings set community.staff_place {STAFF.id}")
    await rules(core, "/settings set community.language zh-CN")
    await core.pass_time(clock, NOON + DAY)
    assert recorder.said == []
    async with core.store.write() as tx:
        await tx.run("UPDATE standing SET balance = balance + 1, debt = 0 WHERE score = 2")

    await core.pass_time(clock, NOON + 2 * DAY)

    assert recorder.said == ["账目有 1 处对不上。具体位置见日志；没有改动任何积分。"]
