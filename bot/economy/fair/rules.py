"""How much of what a member would earn is fair, decided from what the same members brought and earned that day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from models.giving import JUDGED
from models.ids import born
from models.ledger import Entry

#: what the daily cap limits, and how members are told of it; what a moderator decided on is not among it
SOURCES = {
    "message": "messages",
    "reply": "messages",
    "post": "messages",
    "reaction": "reactions",
    "voice": "voice",
    "streak": "streak",
    "asked": "questions",
    "answered": "answers",
    "first": "answers",
    "accepted": "answers",
    "voted": "answers",
    "thanks": "thanks",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """0 for no limit."""

    #: what a member can earn in a day by everything
    daily_cap: int
    #: for how many milliseconds a member is new
    known: int
    #: what one member brings others in a day: while both are new, one other member, and all together
    new: int
    pair: int
    donor: int

    @property
    def between(self) -> bool:
        """Whether anything limits what members bring each other."""
        return bool(self.new or self.pair or self.donor)


def fairly(
    entries: Iterable[Entry],
    limits: Limits,
    earned: Mapping[tuple[int, int], int],
    brought: Mapping[tuple[int, int, int], int],
    now: int,
) -> Iterator[Entry]:
    """What is left of these entries.

    `earned` is by day and member, `brought` by day, the member who asked, voted or accepted, and the one who earned.
    """
    incomes, given = dict(earned), dict(brought)
    for entry in entries:
        if entry.reason not in SOURCES:
            yield entry
            continue
        income, pair = (entry.day, entry.member_id), (entry.day, entry.other_id or 0, entry.member_id)
        judged = entry.reason in JUDGED and entry.other_id is not None
        rooms = [limits.daily_cap - incomes.get(income, 0)] if limits.daily_cap else []
        amount = min([entry.amount, *rooms, *(_rooms(entry, limits, given, now) if judged else ())])
        if amount > 0:
            incomes[income] = incomes.get(income, 0) + amount
            if judged:
                given[pair] = given.get(pair, 0) + amount
            yield entry._replace(amount=amount)


def is_new(member: int, now: int, known: int) -> bool:
    return now - born(member) < known


def _rooms(entry: Entry, limits: Limits, given: Mapping[tuple[int, int, int], int], now: int) -> Iterator[int]:
    """What is left of each limit between the two."""
    donor = entry.other_id or 0
    whole = sum(amount for (day, by, _), amount in given.items() if (day, by) == (entry.day, donor))
    both_new = is_new(donor, now, limits.known) and is_new(entry.member_id, now, limits.known)
    if limits.pair:
        yield limits.pair - given.get((entry.day, donor, entry.member_id), 0)
    if limits.donor:
        yield limits.donor - whole
    if limits.new and both_new:
        yield limits.new - whole
