"""Balances, debts and boards, derived from entries and proven by them."""

import random
from dataclasses import replace

import pytest

from models.communities import Place, create_places, move_place
from models.ids import Ids
from models.ledger import Earning, Entry, add_earning, reverse, since, write
from models.members import Account, Member, create_members
from models.proof import Fault, prove
from models.rankings import Ranked, count_ranked, rank, rank_between, top, top_between
from models.spans import DAY as DAY_MS
from models.standings import Line, Standing, hide, nets, relist, settle, sheet, standing, standing_for_update
from models.stays import mark_joined, mark_left
from models.store import Tx
from tests.models.conftest import AWAY, HOME, NOW

DAY = NOW // DAY_MS
NOBODY = Standing(community_id=HOME, member_id=1, balance=0, debt=0, score=0, hidden=False, excluded=False)
IDS = Ids(1)


def adjust(member_id: int, amount: int, cause: str = "start", community_id: int = HOME) -> Entry:
    return Entry(
        community_id=community_id,
        at=NOW,
        day=DAY,
        member_id=member_id,
        kind="adjust",
        amount=amount,
        counts=True,
        reason="give",
        cause=cause,
    )


async def arrive(tx: Tx, *member_ids: int, community_id: int = HOME, bot: bool = False) -> None:
    for number in member_ids:
        member = Member(
            community_id=community_id,
            id=number,
            name=f"m{number}",
            language=None,
            time_zone=None,
            bot=bot,
            joined_at=None,
            left_at=None,
        )
        account = Account(
            community_id=community_id,
            platform="telegram",
            external_id=str(number % 50),
            member_id=number,
            name=member.name,
            username=None,
            reachable=True,
        )
        await create_members(tx, [(member, account)], NOW)


def ranks(board: list[Ranked]) -> list[tuple[int, int, int]]:
    return [(each.rank, each.member_id, each.score) for each in board]


async def test_a_standing_is_exact_before_it_is_settled(tx: Tx) -> None:
    """Points count at once; settling changes no answer, and happens once."""
    assert await standing(tx, HOME, 1) == NOBODY
    spent = adjust(1, -3, "buy")._replace(kind="spend", counts=False)
    await write(tx, [adjust(1, 10), adjust(2, 7), spent], IDS)
    expected = replace(NOBODY, balance=7, score=10)

    assert await standing(tx, HOME, 1) == expected
    assert (await settle(tx, HOME), await settle(tx, HOME), await settle(tx, AWAY)) == (3, 0, 0)
    assert await standing(tx, HOME, 1) == await standing_for_update(tx, HOME, 1) == expected
    assert await standing(tx, AWAY, 1) == replace(NOBODY, community_id=AWAY)


async def test_a_table_of_all(tx: Tx) -> None:
    """The most points first, settled or not; debtors are in it, members with nothing are not."""
    await arrive(tx, 1, 2, 3, 4)
    await write(tx, [adjust(1, 5), adjust(2, 9), adjust(3, 2)], IDS)
    await settle(tx, HOME)
    (spent,) = await write(tx, [adjust(1, 3, "later")._replace(counts=False)], IDS)
    await write(tx, [adjust(3, -6, "debt")._replace(counts=False)], IDS)

    assert await sheet(tx, HOME, 9) == [
        Line(2, "m2", 9, 0, 9), Line(1, "m1", 8, 0, 5), Line(3, "m3", 0, 4, 2),
    ]  # fmt: skip
    assert await sheet(tx, HOME, 1) == [Line(2, "m2", 9, 0, 9)]
    assert await nets(tx, HOME, [1, 2, 2, 4]) == {1: 5, 2: 9}
    assert [(each.id, name) for each, name in await since(tx, HOME, DAY, 2)][1] == (spent.id, "m1")
    assert await since(tx, HOME, DAY + 1, 9) == []


async def test_what_was_spent_and_then_taken_back_is_a_debt(tx: Tx) -> None:
    """A debt is paid off before there is a balance again, and a score is never shown below zero."""
    gift = await write(tx, [adjust(1, 10)], IDS)
    await write(tx, [adjust(1, -8, "buy")._replace(kind="spend", counts=False), adjust(1, -4, "fine")], IDS)
    await settle(tx, HOME)
    await reverse(tx, gift, "undo", NOW, DAY, None, "undo", IDS)

    for _ in range(2):
        assert await standing(tx, HOME, 1) == replace(NOBODY, debt=12)
        await settle(tx, HOME)
    await write(tx, [adjust(1, 20, "later")], IDS)
    await settle(tx, HOME)

    assert await standing(tx, HOME, 1) == replace(NOBODY, balance=8, score=16)
    assert await prove(tx, HOME) == []


async def test_equal_scores_share_a_rank(tx: Tx) -> None:
    """1, 1, 3, the same on every page; nobody without a score is on the board."""
    await arrive(tx, 1, 2, 3, 4, 5)
    await write(tx, [adjust(1, 1500), adjust(2, 1500), adjust(3, 99), adjust(4, 99), adjust(5, -1)], IDS)
    await settle(tx, HOME)

    board = await top(tx, HOME, 10)

    assert ranks(board) == [(1, 2, 1500), (1, 1, 1500), (3, 4, 99), (3, 3, 99)]
    assert [each for at in range(5) for each in await top(tx, HOME, 1, at)] == board
    assert [await rank(tx, HOME, each.member_id) for each in board] == board
    assert await rank(tx, HOME, 5) is None
    assert await top(tx, HOME, 10, 4) == await top(tx, AWAY, 10) == []
    assert (await count_ranked(tx, HOME), await count_ranked(tx, AWAY)) == (4, 0)


async def test_ranks_are_those_of_a_sorted_list(tx: Tx) -> None:
    """With scores of any length, moved up and down a few times, each rank is one more than the members above."""
    dice = random.Random(7)
    await arrive(tx, *range(1, 41))
    scores: dict[int, int] = dict.fromkeys(range(1, 41), 0)
    for turn in range(4):
        moved = {member: round(10 ** dice.uniform(0, 6)) - 200 for member in dice.sample(range(1, 41), 25)}
        await write(tx, [adjust(member, by or 1, f"turn {turn}") for member, by in moved.items()], IDS)
        scores |= {member: scores[member] + (by or 1) for member, by in moved.items()}
        await settle(tx, HOME)

    shown = sorted((score for score in scores.values() if score > 0), reverse=True)
    for member, score in scores.items():
        found = await rank(tx, HOME, member)
        assert (found and found.rank) == (shown.index(score) + 1 if score > 0 else None)
    assert [each.score for each in await top(tx, HOME, 99)] == shown
    assert await prove(tx, HOME) == []


async def test_the_board_is_of_those_who_are_here_and_want_to_be_seen(tx: Tx) -> None:
    """Bots are never on it; a member who leaves or hides makes room, and comes back to their rank."""
    await arrive(tx, 1, 2, 3)
    await arrive(tx, 4, bot=True)
    await write(tx, [adjust(member, member * 10) for member in (1, 2, 3, 4)], IDS)
    await settle(tx, HOME)
    assert ranks(await top(tx, HOME, 9)) == [(1, 3, 30), (2, 2, 20), (3, 1, 10)]

    await hide(tx, HOME, 3, hidden=True)
    await mark_left(tx, [(HOME, 2, NOW)])
    await relist(tx, HOME, [2, 2, 77])
    assert ranks(await top(tx, HOME, 9)) == [(1, 1, 10)]
    assert (await rank(tx, HOME, 3), await count_ranked(tx, HOME), await prove(tx, HOME)) == (None, 1, [])
    assert (await standing(tx, HOME, 3)).hidden

    await write(tx, [adjust(3, 1, "more")], IDS)
    await settle(tx, HOME)
    assert await rank(tx, HOME, 3) is None
    await hide(tx, HOME, 3, hidden=False)
    await mark_joined(tx, [(HOME, 2, NOW)])
    await relist(tx, HOME, [2])
    assert ranks(await top(tx, HOME, 9)) == [(1, 3, 31), (2, 2, 20), (3, 1, 10)]
    assert await prove(tx, HOME) == []


async def test_who_hides_before_earning_stays_hidden(tx: Tx) -> None:
    """The choice is stored although there was nothing to hide."""
    await arrive(tx, 1)
    await hide(tx, HOME, 1, hidden=True)
    await write(tx, [adjust(1, 5)], IDS)
    await settle(tx, HOME)

    assert await top(tx, HOME, 9) == []
    assert await standing(tx, HOME, 1) == replace(NOBODY, balance=5, score=5, hidden=True)


async def test_the_board_of_a_period(tx: Tx) -> None:
    """Days from first to last, one place or all, with the same ranks and the same members left out."""
    await arrive(tx, 1, 2, 3, 5)
    await arrive(tx, 4, bot=True)
    earned = Earning(HOME, DAY, 1, 3, "message", 5, 1, NOW)
    others = [earned._replace(member_id=member) for member in (2, 3, 4)]
    await add_earning(tx, [earned, *others, earned._replace(day=DAY - 1), earned._replace(member_id=2, place_id=0)])
    await add_earning(tx, [earned._replace(day=DAY - 9, amount=99)])
    await mark_left(tx, [(HOME, 3, NOW)])
    week = (HOME, DAY - 1, DAY, None)

    assert ranks(await top_between(tx, *week, 9)) == [(1, 2, 10), (1, 1, 10)]
    assert ranks(await top_between(tx, *week, 1, 1)) == [(1, 1, 10)]
    assert ranks(await top_between(tx, HOME, DAY - 1, DAY, 3, 9)) == [(1, 1, 10), (2, 2, 5)]
    assert await rank_between(tx, HOME, DAY, DAY, None, 1) == Ranked(member_id=1, name="m1", score=5, rank=2)
    assert await rank_between(tx, *week, 5) is None
    await hide(tx, HOME, 2, hidden=True)
    assert ranks(await top_between(tx, *week, 9)) == [(1, 1, 10)]


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        ("UPDATE standing SET balance = balance + 1 WHERE member_id = 1", "balance"),
        ("UPDATE entry SET amount = amount + 1 WHERE kind = 'adjust'", "balance"),
        ("DELETE FROM standing WHERE member_id = 1", "score"),
        ("UPDATE standing SET score = score + 1 WHERE member_id = 1", "score"),
        ("UPDATE member SET left_at = 1 WHERE id = 1", "board"),
        ("UPDATE board_step SET members = members + 1 WHERE step = 3100", "step"),
        ("UPDATE entry SET amount = 61 WHERE kind = 'release'", "escrow"),
        ("UPDATE entry SET amount = -9 WHERE kind = 'transfer' AND amount < 0", "transfer"),
        ("DELETE FROM entry WHERE kind = 'reverse' AND amount > 0", "transfer"),
        ("UPDATE entry SET counts = TRUE WHERE kind = 'reverse'", "reversal"),
        ("UPDATE earning SET amount = amount + 1", "earning"),
        ("UPDATE entry SET reason = 'reply' WHERE kind = 'earn'", "earning"),
    ],
)
async def test_every_harm_is_found(tx: Tx, harm: str, what: str) -> None:
    """A ledger with all kinds of entries is proven; with one number changed, the proof says what is wrong."""
    await arrive(tx, 1, 2)
    start = adjust(1, 100)
    paid = replace_all(start, kind="transfer", counts=False, amount=-10, cause="tip", reason="tip")
    tip = await write(tx, [start, paid, paid._replace(member_id=2, amount=10)], IDS)
    stake = replace_all(start, kind="stake", counts=False, amount=-60, cause="in", subject="raffle:1")
    await write(tx, [stake, stake._replace(kind="release", member_id=2, amount=60, cause="out")], IDS)
    await write(tx, [replace_all(start, kind="earn", amount=5, member_id=2, reason="message", cause="hello")], IDS)
    await add_earning(tx, [Earning(HOME, DAY, 2, 0, "message", 5, 1, NOW)])
    await reverse(tx, tip[1:], "sorry", NOW, DAY, None, "undo", IDS)
    await settle(tx, HOME)
    assert await prove(tx, HOME) == []

    assert await tx.run(harm)

    assert what in {fault.what for fault in await prove(tx, HOME)}
    assert await prove(tx, AWAY) == []


def replace_all(entry: Entry, **values: object) -> Entry:
    return Entry(**{**entry._asdict(), **values})


async def test_a_fault_says_where_and_by_how_much(tx: Tx) -> None:
    """The member, what the entries say, and what was found."""
    await write(tx, [adjust(1, 100)], IDS)
    await settle(tx, HOME)
    await tx.run("UPDATE standing SET balance = 93")

    assert await prove(tx, HOME) == [Fault(what="balance", key="1", expected=100, found=93)]


async def test_points_come_home_with_a_community_founded_by_mistake(tx: Tx) -> None:
    """Each person once with the sum of both, their places as one, their choice to hide kept, and all of it provable."""
    old = Place(community_id=HOME, id=11, platform="telegram", external_id="-5", parent_id=None, kind="chat", name="")
    await create_places(tx, [old, replace(old, community_id=AWAY, id=12, external_id="-100")])
    await arrive(tx, 1, 2)
    await arrive(tx, 51, 53, community_id=AWAY)
    said = replace_all(adjust(1, 5, "a"), kind="earn", reason="message", place_id=11)
    there = said._replace(community_id=AWAY, place_id=12)
    await write(tx, [said, said._replace(member_id=2)], IDS)
    strays = [there._replace(cause="b", member_id=51, other_id=53), there._replace(cause="c", member_id=53)]
    written = await write(tx, [*strays, there._replace(cause="d", member_id=51)], IDS)
    await add_earning(tx, [Earning(HOME, DAY, member, 11, "message", 5, 1, NOW) for member in (1, 2)])
    await add_earning(tx, [Earning(AWAY, DAY, member, 12, "message", 5, 1, NOW) for member in (51, 53)])
    await settle(tx, HOME)
    await reverse(tx, written[2:], "e", NOW, DAY, None, "undo", IDS)
    await settle(tx, AWAY)
    await hide(tx, AWAY, 53, hidden=True)

    await move_place(tx, "telegram", "-5", "-100")

    assert await settle(tx, HOME) == 4
    assert ranks(await top(tx, HOME, 9)) == [(1, 1, 10), (2, 2, 5)]
    assert ranks(await top_between(tx, HOME, DAY, DAY, 11, 9)) == [(1, 1, 10), (2, 2, 5)]
    assert await standing(tx, HOME, 53) == replace(NOBODY, member_id=53, balance=5, score=5, hidden=True)
    assert (await prove(tx, HOME), await prove(tx, AWAY), await settle(tx, AWAY)) == ([], [], 0)
