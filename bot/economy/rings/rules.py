"""What is a ring: gifts lead from each member to each other, and most of what each was given comes from the ring."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.rings import Gift, Overlap, Share

#: how often the rest of a ring is checked again; with real gifts two or three times are enough
ROUNDS = 50
#: staff hear again of a known ring when so many times as much goes round in it
GROWN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    #: one for each member
    shares: Sequence[Share]
    #: between members, the largest first
    gifts: Sequence[Gift]

    @property
    def amount(self) -> int:
        return sum(gift.amount for gift in self.gifts)


def rings(gifts: Iterable[Gift], percent: int) -> list[Found]:
    """The rings, those with most points first.

    A member with less than the share from within is not part of it; without them others may fall out too.
    """
    found, pool = [], list(gifts)
    for _ in range(ROUNDS):
        again: list[Gift] = []
        for inner in _circles(pool):
            kept = _steady(inner, percent)
            if len(kept) == len(inner):
                found.append(_found(kept))
            else:
                again += kept
        pool = again
    return sorted(found, key=lambda each: (-each.amount, each.shares))


def components(edges: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Each largest set of two or more nodes with a path from each to each other (Tarjan, without recursion)."""
    to: dict[int, list[int]] = {}
    for giver, receiver in edges:
        to.setdefault(giver, []).append(receiver)
        to.setdefault(receiver, [])
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    #: nodes whose component is not complete, in the order in which they were reached
    waiting: dict[int, None] = {}
    for root, first in to.items():
        path = [] if root in order else [(root, iter(first))]
        while path:
            at, ways = path[-1]
            if at not in order:
                order[at] = low[at] = len(order)
                waiting[at] = None
            for way in ways:
                if way not in order:
                    path.append((way, iter(to[way])))
                    break
                if way in waiting:
                    low[at] = min(low[at], order[way])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    low[above] = min(low[above], low[at])
                if low[at] == order[at] and len(whole := _unwound(waiting, at)) > 1:
                    yield whole


def news(found: Found, known: Iterable[Overlap]) -> bool:
    """Whether staff have not seen it: it has a new member, or much more goes round."""
    size = len(found.shares)
    return not any(each.shared == size and found.amount < GROWN * each.amount for each in known)


def grown_from(known: Iterable[Overlap]) -> int | None:
    """The known ring that grew into this one: it shares at least two members, and more than any other."""
    shared = [each for each in known if each.shared > 1]
    return max(shared, key=lambda each: (each.shared, -each.number)).number if shared else None


def _unwound(waiting: dict[int, None], until: int) -> list[int]:
    whole = []
    while True:
        last, _ = waiting.popitem()
        whole.append(last)
        if last == until:
            return whole


def _circles(gifts: Sequence[Gift]) -> list[list[Gift]]:
    """The gifts within each component."""
    of: dict[int, int] = {}
    for number, members in enumerate(components((gift.giver_id, gift.receiver_id) for gift in gifts)):
        of |= dict.fromkeys(members, number)
    inner: dict[int, list[Gift]] = defaultdict(list)
    for gift in gifts:
        if (number := of.get(gift.giver_id, -1)) == of.get(gift.receiver_id, -2):
            inner[number].append(gift)
    return list(inner.values())


def _steady(gifts: Sequence[Gift], percent: int) -> list[Gift]:
    """Remove members with too little from within, then those with too little without them; return what is left."""
    received = {gift.receiver_id: gift.received for gift in gifts}
    inside, given = _inside(gifts), defaultdict(list)
    for gift in gifts:
        given[gift.giver_id].append(gift)
    out = {each for each in received if inside[each] * 100 < received[each] * percent}
    leaving = list(out)
    while leaving:
        for gift in given[leaving.pop()]:
            to = gift.receiver_id
            inside[to] -= gift.amount
            if to not in out and inside[to] * 100 < received[to] * percent:
                out.add(to)
                leaving.append(to)
    return [gift for gift in gifts if gift.giver_id not in out and gift.receiver_id not in out]


def _found(gifts: Sequence[Gift]) -> Found:
    received = {gift.receiver_id: gift.received for gift in gifts}
    shares = [Share(member, amount, received[member]) for member, amount in sorted(_inside(gifts).items())]
    return Found(shares=shares, gifts=sorted(gifts, key=lambda each: (-each.amount, each)))


def _inside(gifts: Iterable[Gift]) -> Counter[int]:
    inside: Counter[int] = Counter()
    for gift in gifts:
        inside[gift.receiver_id] += gift.amount
    return inside
