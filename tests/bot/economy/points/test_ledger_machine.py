"""Whatever members and staff do in whatever order, no point is made or lost, and the caches agree."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.economy.points.rules import left
from models import ledger, proof, standings
from models.communities import Place, create_community, create_places, move_place
from models.ids import Ids
from models.ledger import Earning, Entry
from models.members import Account, Member, create_members
from models.spans import DAY
from models.store import Tx
from tests import stores

Result = TypeVar("Result")

HOME = 1
NOW = 1_800_000_000_000
MEMBERS = range(1, 5)
who = st.sampled_from(MEMBERS)
points = st.integers(1, 1200)


class Ledger(RuleBasedStateMachine):
    """A ledger on a file, beside the simplest book that could be kept of it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="hearth-")
        self.runner = asyncio.Runner()
        self.store = self.runner.run(stores.opened(Path(self.folder.name)))
        self.ids = Ids(1)
        self.turn = 0
        self.nets: Counter[int] = Counter()
        self.scores: Counter[int] = Counter()
        self.escrow: Counter[str] = Counter()
        #: all points ever made, minus those spent, expired and taken back
        self.issued = 0
        self.written: list[Entry] = []
        self.reversed: set[int] = set()
        #: when something last went into a pot or came out, by member and pot
        self.moved: dict[tuple[int, str], int] = {}
        #: how many communities were merged
        self.merged = 0
        self.within(self.settle_down)

    def within(self, work: Callable[[Tx], Awaitable[Result]]) -> Result:
        async def transaction() -> Result:
            async with self.store.write() as tx:
                return await work(tx)

        return self.runner.run(transaction())

    async def settle_down(self, tx: Tx) -> None:
        await create_community(tx, HOME, "Home", NOW)
        arrivals = [(_member(number), _account(number)) for number in MEMBERS]
        await create_members(tx, arrivals, NOW)
        await create_places(tx, [_group(HOME, 1, 0)])

    def entry(self, member: int, kind: str, amount: int, subject: str | None = None) -> Entry:
        self.turn += 1
        return Entry(
            community_id=HOME,
            at=NOW + self.turn,
            day=NOW // DAY,
            member_id=member,
            kind=kind,
            amount=amount,
            counts=kind in {"earn", "adjust"},
            reason=kind,
            cause=f"turn:{self.turn}",
            subject=subject,
        )

    def write(self, *entries: Entry) -> None:
        """As a capability does: points given are covered, under the lock, or nothing is written."""

        async def decide(tx: Tx) -> list[Entry]:
            for each in entries:
                there = await standings.standing_for_update(tx, HOME, each.member_id)
                if each.kind in {"spend", "stake", "transfer", "expire"} and there.balance < -each.amount:
                    return []
            written = await ledger.write(tx, entries, self.ids)
            await ledger.add_earning(tx, [_earning(each, 1) for each in written if each.kind == "earn"])
            return written

        covered = all(each.amount > 0 or self.nets[each.member_id] >= -each.amount for each in entries)
        written = self.within(decide)
        assert len(written) == (len(entries) if covered else 0)
        self.book(written)

    def book(self, written: list[Entry]) -> None:
        self.written += [each for each in written if each.reverses is None]
        for each in written:
            self.nets[each.member_id] += each.amount
            self.scores[each.member_id] += each.amount if each.counts else 0
            if each.subject:
                self.escrow[each.subject] -= each.amount
                self.moved[each.member_id, each.subject] = each.at
            else:
                self.issued += each.amount

    @rule(member=who, amount=points)
    def earn(self, member: int, amount: int) -> None:
        self.write(self.entry(member, "earn", amount))

    @rule(member=who, amount=points)
    def spend(self, member: int, amount: int) -> None:
        self.write(self.entry(member, "spend", -amount))

    @rule(member=who, turns=st.integers(0, 40))
    def expire(self, member: int, turns: int) -> None:
        """Expire what is left of all points older than so many turns."""
        until = NOW + self.turn - turns

        async def look(tx: Tx) -> int:
            there = await standings.standing_for_update(tx, HOME, member)
            gained = await ledger.gained(tx, HOME, [(member, until)])
            return left(there.balance, gained.get(member, 0))

        amount = self.within(look)
        assert amount == sum(rest for at, rest in self.lots(member) if at <= until)
        if amount:
            self.write(self.entry(member, "expire", -amount))

    def lots(self, member: int) -> list[tuple[int, int]]:
        """When points came and how many of them are left, as if nothing had been taken back."""
        kept = [each for each in self.written if each.member_id == member and each.id not in self.reversed]
        pots: Counter[str] = Counter()
        for each in kept:
            pots[each.subject or ""] += each.amount
        flows = [(each.at, each.amount) for each in kept if not each.subject]
        flows += [(self.moved[member, pot], amount) for pot, amount in pots.items() if pot]
        lots: list[tuple[int, int]] = []
        owed = 0
        for at, amount in sorted(flows):
            lots += [(at, amount)] if amount > 0 else []
            owed -= min(amount, 0)
            while owed and lots:
                (first, rest), *others = lots
                taken = min(owed, rest)
                owed -= taken
                lots = [(first, rest - taken), *others] if rest > taken else others
        return lots

    @rule(giver=who, taker=who, amount=points)
    def tip(self, giver: int, taker: int, amount: int) -> None:
        if giver != taker:
            given = self.entry(giver, "transfer", -amount)
            self.write(given, given._replace(member_id=taker, amount=amount))

    @rule(member=who, amount=points, raffle=st.sampled_from(["raffle:1", "raffle:2"]))
    def stake(self, member: int, amount: int, raffle: str) -> None:
        self.write(self.entry(member, "stake", -amount, raffle))

    @precondition(lambda self: any(self.escrow.values()))
    @rule(member=who, share=st.floats(0, 1))
    def release(self, member: int, share: float) -> None:
        raffle, held = self.escrow.most_common(1)[0]
        self.write(self.entry(member, "release", max(1, int(held * share)), raffle))

    @precondition(lambda self: self.written)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        """Also entries reversed before, and both sides of a tip together; no stake that was paid out."""
        chosen = data.draw(st.sampled_from(self.written))
        pair = [each for each in self.written if each.cause == chosen.cause]
        if chosen.subject and chosen.id not in self.reversed and self.escrow[chosen.subject] < -chosen.amount:
            return
        self.turn += 1

        async def take_back(tx: Tx) -> list[Entry]:
            back = await ledger.reverse(
                tx, pair, f"undo:{self.turn}", NOW + self.turn, NOW // DAY, None, "undo", self.ids
            )
            earned = [each for each in pair if each.kind == "earn" and back]
            await ledger.add_earning(tx, [_earning(each, -1) for each in earned])
            return back

        back = self.within(take_back)
        assert len(back) == (0 if chosen.id in self.reversed else len(pair))
        self.reversed |= {each.id for each in pair}
        self.book(back)

    @precondition(lambda self: self.written)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """A repeated cause pays nothing, reversed or not."""
        again = data.draw(st.sampled_from(self.written))
        assert self.within(lambda tx: ledger.write(tx, [again], self.ids)) == []

    @rule(amounts=st.lists(points, min_size=1, max_size=3))
    def merge(self, amounts: list[int]) -> None:
        """Members were met again in a community founded by mistake, which is merged with all that they earned."""
        self.merged += 1
        away = HOME + self.merged
        people = [_member(number) for number in MEMBERS[: len(amounts)]]

        async def come_home(tx: Tx) -> list[Entry]:
            await create_community(tx, away, "Away", NOW)
            await create_places(tx, [_group(away, away, self.merged)])
            twins = [replace(each, community_id=away, id=100 * away + each.id) for each in people]
            accounts = [
                replace(_account(each.id), community_id=away, member_id=100 * away + each.id) for each in people
            ]
            await create_members(tx, list(zip(twins, accounts, strict=True)), NOW)
            earned = [
                self.entry(twin.id, "earn", amount)._replace(community_id=away)
                for twin, amount in zip(twins, amounts, strict=True)
            ]
            written = await ledger.write(tx, earned, self.ids)
            await ledger.add_earning(tx, [_earning(each, 1)._replace(community_id=away) for each in written])
            await move_place(tx, "telegram", f"-{self.merged - 1}", f"-{self.merged}")
            return await ledger.entries_of_cause(tx, HOME, [each.cause for each in earned])

        home = self.within(come_home)
        assert sorted((each.member_id, each.amount) for each in home) == sorted(
            (each.id, amount) for each, amount in zip(people, amounts, strict=True)
        )
        self.book(sorted(home, key=lambda each: each.at))

    @rule(member=who, hidden=st.booleans())
    def hide(self, member: int, hidden: bool) -> None:
        self.within(lambda tx: standings.hide(tx, HOME, member, hidden))

    @rule()
    def settle(self) -> None:
        async def settle_and_prove(tx: Tx) -> list[proof.Fault]:
            await standings.settle(tx, HOME)
            assert await standings.settle(tx, HOME) == 0
            return await proof.prove(tx, HOME)

        assert self.within(settle_and_prove) == []

    @invariant()
    def nothing_is_made_or_lost(self) -> None:
        async def look(tx: Tx) -> list[standings.Standing]:
            return [await standings.standing(tx, HOME, member) for member in MEMBERS]

        found = self.within(look)
        assert [each.balance - each.debt for each in found] == [self.nets[member] for member in MEMBERS]
        assert [each.score for each in found] == [max(0, self.scores[member]) for member in MEMBERS]
        assert all(each.balance >= 0 and each.debt >= 0 and 0 in (each.balance, each.debt) for each in found)
        assert all(held >= 0 for held in self.escrow.values())
        assert sum(each.balance - each.debt for each in found) + self.escrow.total() == self.issued

    def teardown(self) -> None:
        self.settle()
        self.runner.run(self.store.close())
        self.runner.close()
        self.folder.cleanup()


def _member(id: int) -> Member:
    return Member(
        community_id=HOME,
        id=id,
        name=f"m{id}",
        language=None,
        time_zone=None,
        bot=False,
        joined_at=None,
        left_at=None,
    )


def _group(community: int, id: int, number: int) -> Place:
    return Place(
        community_id=community,
        id=id,
        platform="telegram",
        external_id=f"-{number}",
        parent_id=None,
        kind="chat",
        name="Group",
    )


def _account(id: int) -> Account:
    return Account(
        community_id=HOME,
        platform="discord",
        external_id=str(id),
        member_id=id,
        name=f"m{id}",
        username=None,
        reachable=True,
    )


def _earning(entry: Entry, sign: int) -> Earning:
    return Earning(HOME, entry.day, entry.member_id, 0, entry.reason, sign * entry.amount, sign, entry.at)


Ledger.TestCase.settings = settings(max_examples=25, stateful_step_count=40)
TestLedger = Ledger.TestCase
