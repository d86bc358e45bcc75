"""What is a ring: the same as a search from each member to each other, only faster, and at any depth."""

from collections.abc import Collection
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.economy.rings.rules import Found, components, grown_from, news, rings
from models.rings import Gift, Overlap, Share

EDGES = some.lists(some.tuples(some.integers(1, 9), some.integers(1, 9)), max_size=40)


def gifts(*rows: tuple[int, int, int], besides: dict[int, int] | None = None) -> list[Gift]:
    """Rows of giver, receiver and amount; some received more from elsewhere."""
    received = dict(besides or {})
    for _, receiver, amount in rows:
        received[receiver] = received.get(receiver, 0) + amount
    return [Gift(giver, receiver, 5, amount, received[receiver]) for giver, receiver, amount in rows]


def members(found: Found) -> list[int]:
    return [each.member_id for each in found.shares]


def reached(edges: Collection[tuple[int, int]], start: int) -> set[int]:
    """The members that a simple search reaches from there."""
    seen: set[int] = set()
    while True:
        more = {to for at, to in edges if (at == start or at in seen) and to not in seen}
        if not more:
            return seen
        seen |= more


def circles(edges: Collection[tuple[int, int]]) -> set[frozenset[int]]:
    """Members who reach each other, two or more."""
    to = {at: reached(edges, at) for edge in edges for at in edge}
    sets = {frozenset({other for other in to[at] if at in to[other]} | {at}) for at in to}
    return {each for each in sets if len(each) > 1}


@given(EDGES)
def test_components_are_who_can_reach_each_other(edges: list[tuple[int, int]]) -> None:
    """Each member once, in whatever order the edges come."""
    found = list(components(edges))

    assert {frozenset(each) for each in found} == circles(edges)
    assert len(found) == len({frozenset(each) for each in found})
    assert {frozenset(each) for each in components(sorted(edges, reverse=True))} == circles(edges)


def by_hand(pool: list[Gift], percent: int) -> set[frozenset[int]]:
    """One member after another is removed, and everything is checked from the beginning."""
    for circle in sorted(circles([(gift.giver_id, gift.receiver_id) for gift in pool]), key=sorted):
        inner = [gift for gift in pool if {gift.giver_id, gift.receiver_id} <= circle]
        for member in circle:
            inside = sum(gift.amount for gift in inner if gift.receiver_id == member)
            total = next(gift.received for gift in inner if gift.receiver_id == member)
            if inside * 100 < total * percent:
                return by_hand([gift for gift in pool if member not in (gift.giver_id, gift.receiver_id)], percent)
    return circles([(gift.giver_id, gift.receiver_id) for gift in pool])


@given(
    some.dictionaries(
        some.tuples(some.integers(1, 7), some.integers(1, 7)).filter(lambda edge: edge[0] != edge[1]),
        some.integers(1, 9),
        max_size=25,
    ),
    some.dictionaries(some.integers(1, 7), some.integers(1, 20)),
    some.sampled_from([1, 40, 60, 100]),
)
def test_rings_are_what_one_would_find_by_hand(
    given_: dict[tuple[int, int], int], besides: dict[int, int], percent: int
) -> None:
    """A member who is removed leaves less to the others, in whatever order they are checked."""
    pool = gifts(*((giver, receiver, amount) for (giver, receiver), amount in given_.items()), besides=besides)
    found = rings(pool, percent)

    assert {frozenset(members(each)) for each in found} == by_hand(pool, percent)
    assert [each.amount for each in found] == sorted((each.amount for each in found), reverse=True)
    for each in found:
        assert all(share.inside * 100 >= share.received * percent for share in each.shares)


@pytest.mark.parametrize(
    ("pool", "found"),
    [
        ([], []),
        (gifts((1, 2, 50)), []),
        (gifts((1, 2, 50), (2, 3, 50)), []),
        (gifts((1, 2, 50), (2, 1, 40)), [[1, 2]]),
        (gifts((1, 2, 50), (2, 3, 50), (3, 1, 50)), [[1, 2, 3]]),
        (gifts((1, 2, 50), (2, 1, 40), (3, 4, 60), (4, 3, 60)), [[3, 4], [1, 2]]),
        # loved by many
        (gifts((1, 2, 50), (2, 1, 40), besides={1: 60}), []),
        # loved by many, so the circle is open; the others are a ring of their own
        (gifts((1, 2, 50), (2, 1, 50), (2, 3, 20), (3, 1, 20), besides={3: 60}), [[1, 2]]),
        (gifts((1, 2, 50), (2, 3, 50), (3, 1, 50), besides={3: 60}), []),
    ],
)
def test_a_ring_gives_to_itself(pool: list[Gift], found: list[list[int]]) -> None:
    """Gifts lead from each to each, and most of what each has comes from within."""
    assert [members(each) for each in rings(pool, 60)] == found


def test_the_evidence_is_what_went_round() -> None:
    """The largest gifts come first, with the share of each member."""
    (found,) = rings(gifts((1, 2, 40), (2, 1, 50), (1, 9, 30), besides={1: 10}), 60)

    assert [(each.giver_id, each.receiver_id, each.amount) for each in found.gifts] == [(2, 1, 50), (1, 2, 40)]
    assert found.shares == [Share(1, 50, 60), Share(2, 40, 40)]
    assert found.amount == 90


def test_a_long_way_round_is_no_matter() -> None:
    """A hundred thousand gifts in one circle need no recursion and little time."""
    around = list(range(50_000))
    Random(1).shuffle(around)
    there = [*pairwise(around), (around[-1], around[0])]
    pool = gifts(*((giver, receiver, 50) for giver, receiver in [*there, *((b, a) for a, b in there)]))
    (found,) = rings(pool, 60)

    assert (len(found.shares), len(found.gifts)) == (50_000, 100_000)


FOUND = Found(shares=[Share(1, 50, 50), Share(2, 50, 50)], gifts=gifts((1, 2, 50), (2, 1, 50)))


@pytest.mark.parametrize(
    ("known", "told", "before"),
    [
        ([], True, None),
        ([Overlap(7, 100, 2)], False, 7),
        ([Overlap(7, 51, 2)], False, 7),
        ([Overlap(7, 50, 2)], True, 7),
        ([Overlap(7, 900, 1)], True, None),
        ([Overlap(7, 900, 1), Overlap(8, 90, 2)], False, 8),
        ([Overlap(8, 40, 2), Overlap(7, 40, 2)], True, 7),
    ],
)
def test_what_staff_have_seen_is_not_told_again(known: list[Overlap], told: bool, before: int | None) -> None:
    """Unless it has a new member, or twice as much goes round."""
    assert news(FOUND, known) is told
    assert grown_from(known) == before
