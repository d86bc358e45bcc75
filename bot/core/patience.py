"""Decides when to give up a promise: how long and how often to try each kind, and how often it may be performed."""

from datetime import timedelta
from typing import NamedTuple

from bot.kit import Effect, GrantRole, LookFor, OpenThread, Post, React, Remind, Retitle, TakeRole, Tell, Withdraw

#: attempts that failed on the platform's own side, where each further attempt may add a copy
ANSWERED = 18


class Patience(NamedTuple):
    """When to give up: after so many failures, or so long after the first attempt if the platform only delays us."""

    failures: int
    lasts: timedelta


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PATIENCE: dict[type[Effect], Patience] = {
    Post: Patience(24, 2 * DAY),
    Tell: Patience(24, 2 * DAY),
    Withdraw: Patience(20, 2 * DAY),
    React: Patience(12, 6 * HOUR),
    OpenThread: Patience(20, 2 * DAY),
    Retitle: Patience(20, 2 * DAY),
    GrantRole: Patience(40, 30 * DAY),
    TakeRole: Patience(40, 30 * DAY),
    LookFor: Patience(12, DAY),
    Remind: Patience(40, 30 * DAY),
}


def copies(effect: Effect) -> int:
    """The most copies that may appear, where only luck tells one attempt from the next."""
    return 2 if effect.repeats and not effect.again else 1


def is_spent(effect: Effect, failures: int, *, answered: bool) -> bool:
    """Whether it may have been performed often enough; `answered` says that the platform called each a failure."""
    return failures >= (ANSWERED if answered and effect.repeats else copies(effect))


def is_enough(kind: type[Effect], failures: int) -> bool:
    return failures >= PATIENCE[kind].failures


def is_too_late(kind: type[Effect], attempts: int, since_ms: int) -> bool:
    """Whether the time is over; never before a real attempt, since time also passes while no process runs."""
    patience = PATIENCE[kind]
    return attempts >= patience.failures and since_ms >= patience.lasts.total_seconds() * 1000
