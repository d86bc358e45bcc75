"""Who wins a contest, and who may vote in it."""

from collections.abc import Sequence

from bot.kit import Refusal
from models.ids import born
from models.members import Member
from models.pots import Pot, Scored, Seat


def best(entries: Sequence[Scored], winners: int) -> list[Scored]:
    """The entries with most votes; of equal ones, the first to enter. An entry without a vote never wins."""
    voted = [each for each in entries if each.votes]
    return sorted(voted, key=lambda each: (-each.votes, each.seat.number))[:winners]


def no_vote(pot: Pot, entry: Seat | None, voter: Member) -> Refusal | None:
    """Why they cannot vote for it. Accounts that are newer than the contest cannot vote."""
    if entry is None or entry.text is None:
        return Refusal("contest.no_entry", number=pot.number)
    if entry.member_id == voter.id:
        return Refusal("contest.own_entry")
    return Refusal("contest.newcomer") if born(voter.id) > pot.opened_at else None
