"""Points are written in batches as members take part, and taken back with what earned them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import LiteralString

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.economy.points.listeners import award
from bot.kit import Access, BulkWork
from bot.kit.events import Event, MemberJoined, MemberLeft, MessageDeleted, VoiceSpent
from bot.kit.references import Person
from bot.kit.setting import configured
from bot.kit.work import Known
from models import ledger, members, proof, rankings, standings
from models.ledger import Entry
from models.standings import Standing
from models.store import Bulk, Dialect, Row, Store, Tx, Value
from tests.bot.conftest import home_of
from tests.bot.recorder import ANN, BOB, CAT, DAY, HOUR, LOBBY, NAME, NOON, SECOND, posted, reacted, typed, unreacted

MINUTE = 60 * SECOND
TODAY = NOON // DAY


async def number(core: Core, who: Person) -> int:
    home = await home_of(core)
    async with core.store.read() as tx:
        (account,) = await members.find_accounts(tx, home, [(NAME, who.id)])
    return account.member_id


async def standing(core: Core, who: Person) -> Standing:
    home, member = await home_of(core), await number(core, who)
    async with core.store.read() as tx:
        return await standings.standing(tx, home, member)


async def score(core: Core, who: Person) -> int:
    return (await standing(core, who)).score


async def entries(core: Core, who: Person) -> list[Entry]:
    """The entries, oldest first."""
    home, member = await home_of(core), await number(core, who)
    async with core.store.read() as tx:
        found = await ledger.history(tx, home, member, None, 100)
    return found[::-1]


async def earned_today(core: Core, who: Person, day: int = TODAY) -> dict[str, tuple[int, int]]:
    home, member = await home_of(core), await number(core, who)
    async with core.store.read() as tx:
        rows = await ledger.earnings(tx, home, day, [member])
    return {row.reason: (row.amount, row.times) for row in rows}


def deleted(message: int, *, at: int = NOON) -> MessageDeleted:
    return MessageDeleted(cause=f"recorder:msg:{message}:gone", at=at, spot=LOBBY, about=f"recorder:msg:{message}")


async def test_taking_part_earns(core: Core) -> None:
    """A message, a reply and a reaction, each with its cause, its place and the other member."""
    await core.absorb([posted(1)])
    await core.absorb([posted(2, BOB, about=1), reacted(1, CAT)])

    message, reaction = await entries(core, ANN)
    (reply,) = await entries(core, BOB)
    assert (message.kind, message.reason, message.cause, message.amount) == ("earn", "message", "recorder:msg:1", 1)
    assert (reaction.reason, reaction.amount, reaction.other_id) == ("reaction", 1, await number(core, CAT))
    assert (reply.reason, reply.amount, reply.other_id) == ("reply", 2, await number(core, ANN))
    assert message.place_id == reply.place_id is not None
    assert all(each.counts and each.day == TODAY for each in (message, reaction, reply))
    assert await score(core, ANN) == 2
    assert await earned_today(core, ANN) == {"message": (1, 1), "reaction": (1, 1)}


async def test_a_second_delivery_earns_nothing(core: Core) -> None:
    """Neither in a later batch nor within one."""
    await core.absorb([posted(1), posted(1)])
    await core.absorb([posted(1)])

    assert await score(core, ANN) == 1


async def test_a_batch_is_as_many_batches(core: Core) -> None:
    """The cooldown holds within a batch and across batches, for each member alone."""
    await core.absorb([posted(1), posted(2, at=NOON + SECOND), posted(3, BOB)])
    await core.absorb([posted(4, at=NOON + 59 * SECOND)])
    await core.absorb([posted(5, at=NOON + 60 * SECOND)])

    assert [entry.cause for entry in await entries(core, ANN)] == ["recorder:msg:1", "recorder:msg:5"]
    assert await score(core, BOB) == 1


async def test_the_day_is_capped(core: Core) -> None:
    """At the configured amount, over all reasons; the next day begins from zero."""
    await core.invoke(typed("/settings set points.daily_cap 3", access=Access.ADMIN, who=CAT))
    await core.absorb([posted(1), posted(2, BOB, about=1)])
    await core.absorb([posted(3, about=2, at=NOON + MINUTE), *(reacted(1, each) for each in (BOB, CAT))])
    assert await score(core, ANN) == 3

    await core.absorb([posted(4, at=NOON + DAY)])

    assert (await earned_today(core, ANN, TODAY + 1))["message"] == (1, 1)


async def test_the_day_ends_at_the_community_s_midnight(core: Core) -> None:
    """A cap holds for a day of the community's clock; a day counted before a change of zone stays."""
    for line in ("points.daily_cap 1", "community.time_zone Asia/Shanghai"):
        await core.invoke(typed(f"/settings set {line}", access=Access.ADMIN, who=CAT))
    await core.absorb([posted(1), posted(2, at=NOON + 4 * HOUR - MINUTE)])
    assert await score(core, ANN) == 1

    await core.absorb([posted(3, at=NOON + 4 * HOUR)])
    assert (await earned_today(core, ANN, TODAY + 1))["message"] == (1, 1)

    await core.invoke(typed("/settings set community.time_zone America/New_York", access=Access.ADMIN, who=CAT))
    await core.absorb([deleted(3, at=NOON + 5 * HOUR)])
    assert (await earned_today(core, ANN, TODAY + 1))["message"] == (0, 0)
    assert [each.day for each in await entries(core, ANN) if each.reason != "streak"] == [TODAY, TODAY + 1, TODAY]
    async with core.store.write() as tx:
        await standings.settle(tx, await home_of(core))
        assert await proof.prove(tx, await home_of(core)) == []


async def test_talk_earns_by_ten_minutes(core: Core) -> None:
    """Although platforms report it in shorter slices."""
    slices = [
        VoiceSpent(cause=f"voice:{end}", at=NOON + end * MINUTE, who=ANN, spot=LOBBY, minutes=5)
        for end in range(5, 35, 5)
    ]

    await core.absorb(slices[:3])
    await core.absorb(slices[3:])

    assert await score(core, ANN) == 3
    assert await earned_today(core, ANN) == {"voice": (3, 3)}


async def test_history_read_late_counts_on_its_own_day(core: Core) -> None:
    """A batch may have several days, each with its own cap and cooldown."""
    await core.absorb([posted(1), posted(2, at=NOON - DAY), posted(3, at=NOON - DAY + SECOND)])

    assert await earned_today(core, ANN) == {"message": (1, 1), "streak": (2, 1)}
    assert await earned_today(core, ANN, TODAY - 1) == {"message": (1, 1)}


async def test_a_deleted_message_gives_back_what_it_earned(core: Core) -> None:
    """The new entry names the one it reverses, and the sum of that day goes down."""
    await core.absorb([posted(1), reacted(1)])

    await core.absorb([deleted(1, at=NOON + DAY)])
    await core.absorb([deleted(1, at=NOON + DAY)])

    message, _, back = await entries(core, ANN)
    assert (back.kind, back.reason, back.amount, back.reverses) == ("reverse", "deleted", -1, message.id)
    assert (back.cause, back.day) == ("recorder:msg:1:gone", TODAY + 1)
    assert await score(core, ANN) == 1
    assert await earned_today(core, ANN) == {"message": (0, 0), "reaction": (1, 1)}


async def test_a_post_earns_instead_of_a_message(core: Core) -> None:
    """The points that administrators set, until the post is deleted."""
    await core.absorb([replace(posted(1), opens=True)])
    await core.invoke(typed("/settings set points.post 7", access=Access.ADMIN, who=CAT))
    await core.absorb([replace(posted(2, at=NOON + MINUTE), opens=True)])
    assert [(each.reason, each.amount) for each in await entries(core, ANN)] == [("post", 5), ("post", 7)]

    await core.absorb([deleted(1)])

    assert await score(core, ANN) == 7
    assert await earned_today(core, ANN) == {"post": (7, 1)}


async def test_a_purge_takes_everything_back_at_once(core: Core) -> None:
    """Many deletions of several members in one batch, each with its own entry."""
    await core.absorb([posted(each, at=NOON + each * MINUTE) for each in range(3)])
    await core.absorb([posted(each, BOB, at=NOON + each * MINUTE, about=1) for each in range(10, 12)])
    assert (await score(core, ANN), await score(core, BOB)) == (3, 4)

    await core.absorb([deleted(each) for each in (0, 1, 10, 11)])

    assert (await score(core, ANN), await score(core, BOB)) == (1, 0)
    assert {entry.cause for entry in await entries(core, BOB)} >= {"recorder:msg:10:gone", "recorder:msg:11:gone"}


@pytest.mark.parametrize("together", [False, True])
async def test_toggling_a_reaction_gains_nothing(core: Core, together: bool) -> None:
    """It was paid once and taken back once; it does not pay again."""
    await core.absorb([posted(1)])
    toggles: list[Event] = [reacted(1), unreacted(1)] * 5 + [reacted(1)]
    if together:
        await core.absorb(toggles)
    else:
        for toggle in toggles:
            await core.absorb([toggle])

    assert await score(core, ANN) == (2 if together else 1)
    assert all(each <= 1 for each, _ in (await earned_today(core, ANN)).values())


async def test_a_message_that_is_gone_in_the_same_batch_earns_nothing(core: Core) -> None:
    """Whichever listener hears of the batch first."""
    await core.absorb([posted(1, BOB)])

    await core.absorb([deleted(1), posted(2), deleted(2)])

    assert await entries(core, ANN) == []
    assert await score(core, BOB) == 0


async def test_nobody_earns_from_themselves(core: Core) -> None:
    """A reaction to oneself earns nothing; a reply to oneself counts as a message."""
    await core.absorb([posted(1), reacted(1, ANN), posted(2, about=1, at=NOON + MINUTE)])

    assert [entry.reason for entry in await entries(core, ANN)] == ["message", "message"]


async def test_who_leaves_is_on_no_board(core: Core) -> None:
    """A member who comes back is on them again with all points, even if both happen in one batch."""
    home, joined = await home_with(core, posted(1), posted(2, BOB)), MemberJoined
    await settled(core)
    assert await ranked(core, home) == {"Ann", "Bob"}

    await core.absorb([MemberLeft(cause="l1", at=NOON + 1, who=ANN, spot=LOBBY)])
    assert await ranked(core, home) == {"Bob"}

    came = joined(cause="j1", at=NOON + 2, who=ANN, spot=LOBBY)
    await core.absorb([came, MemberLeft(cause="l2", at=NOON + 2, who=BOB, spot=LOBBY)])
    assert await ranked(core, home) == {"Ann"}
    assert await score(core, BOB) == 1


async def test_the_clock_settles_and_proves(core: Core, clock: HandClock) -> None:
    """Boards are updated every few minutes, and the books are proven at night."""
    home = await home_with(core, posted(1))
    await core.settle()

    await core.pass_time(clock, NOON + HOUR)

    assert await ranked(core, home) == {"Ann"}


@dataclass(slots=True)
class Counting:
    """A transaction that counts its statements."""

    tx: Tx
    asked: int = 0
    dialect: Dialect = "sqlite"

    async def one(self, sql: LiteralString, /, **values: Value) -> Row | None:
        self.asked += 1
        return await self.tx.one(sql, **values)

    async def all(self, sql: LiteralString, /, **values: Value) -> list[Row]:
        self.asked += 1
        return await self.tx.all(sql, **values)

    async def run(self, sql: LiteralString, /, **values: Value) -> int:
        self.asked += 1
        return await self.tx.run(sql, **values)

    async def each(self, bulk: Bulk, rows: Sequence[tuple[Value, ...]]) -> list[Row]:
        self.asked += bool(rows)
        return await self.tx.each(bulk, rows)

    def later(self, bulk: Bulk, row: tuple[Value, ...]) -> None:
        self.tx.later(bulk, row)

    async def hold(self, sql: LiteralString, /, **values: Value) -> bool:
        self.asked += 1
        return await self.tx.hold(sql, **values)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        async with self.tx.savepoint():
            yield


async def bulk(tx: Tx, core: Core, home: int, known: dict[str, Known]) -> BulkWork:
    return BulkWork(tx=tx, desk=core.desk, community=home, now=NOON, settings=await configured(tx, home), known=known)


@pytest.mark.parametrize("events", [1, 100])
async def test_a_batch_takes_a_handful_of_statements(core: Core, home: int, events: int) -> None:
    """However many events it has: settings, today's earnings, multipliers, a range of ids, entries and earnings.

    For levels there are also the language, the last check, and a reminder.
    """
    batch = [posted(f"n{each}") for each in range(events)]
    known = {event.cause: Known(home, None, each, None) for each, event in enumerate(batch, 1000)}
    async with core.store.write() as tx:
        counting = Counting(tx)

        await award(await bulk(counting, core, home, known), batch)

        assert counting.asked == 7
        row = await tx.one("SELECT COUNT(*) AS written FROM entry WHERE member_id BETWEEN 1000 AND 1999")
    assert row
    assert row["written"] == events


def saying(number: int, text: str, who: Person = ANN, minutes: int = 0) -> Event:
    return replace(posted(number, who, at=NOON + minutes * MINUTE), text=text, length=len(text))


async def test_repetition_earns_nothing(core: Core) -> None:
    """Within a batch and in a later one, in any case of letters; the same words of another member are no repetition."""
    await core.absorb([saying(1, "Welcome to the workshop, dear friends"), saying(2, "Tea?", minutes=1)])
    await core.absorb(
        [saying(3, "welcome to the WORKSHOP dear friends!", minutes=2), saying(4, "Tea?", BOB, minutes=2)]
    )
    await core.absorb([saying(5, "Coffee?", minutes=3), saying(6, "coffee", minutes=4)])

    assert [each.cause for each in await entries(core, ANN)] == [f"recorder:msg:{number}" for number in (1, 2, 5)]
    assert await score(core, BOB) == 1


async def test_repetition_may_be_allowed(core: Core) -> None:
    """Then no imprint is kept either."""
    await core.invoke(typed("/settings set points.similarity 0", access=Access.ADMIN, who=CAT))

    await core.absorb([saying(1, "Tea?"), saying(2, "Tea?", minutes=1)])

    assert await score(core, ANN) == 2
    assert await kept(core) == []


async def test_words_are_not_kept(core: Core, store: Store) -> None:
    """Neither as text, nor as anything that would be equal for two members."""
    await core.absorb([saying(1, "Marmalade"), saying(2, "Marmalade", BOB)])

    (ann_key, ann_last), (bob_key, bob_last) = await kept(core)
    assert len(ann_last) == len(bob_last) == 16
    assert ann_key != bob_key
    assert ann_last != bob_last
    path = Path(store.url.removeprefix("sqlite:///"))
    assert not any(b"armalade" in file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


async def kept(core: Core) -> list[tuple[str, str]]:
    async with core.store.read() as tx:
        return [(row["key"], row["last"]) for row in await tx.all("SELECT key, last FROM imprint ORDER BY member_id")]


@pytest.mark.parametrize("events", [1, 100])
async def test_comparing_takes_two_statements_more(core: Core, home: int, events: int) -> None:
    """One reads and one writes the imprints of all authors."""
    batch = [saying(each, f"Number {each} of many") for each in range(events)]
    known = {event.cause: Known(home, None, each, None) for each, event in enumerate(batch, 1000)}
    async with core.store.write() as tx:
        counting = Counting(tx)

        await award(await bulk(counting, core, home, known), batch)

        assert counting.asked == 9


async def home_with(core: Core, *events: Event) -> int:
    await core.absorb(events)
    return await home_of(core)


async def settled(core: Core) -> None:
    home = await home_of(core)
    async with core.store.write() as tx:
        await standings.settle(tx, home)


async def ranked(core: Core, home: int) -> set[str]:
    async with core.store.read() as tx:
        return {each.name for each in await rankings.top(tx, home, 10)}
