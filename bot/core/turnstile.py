"""Limits each member's commands to the pace their platform bears, so that one member cannot starve a community."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from bot.core.invoker import Invoker
from bot.core.metrics import HASTY
from bot.kit.allowance import Allowance
from bot.kit.events import CommandGiven, Event
from bot.kit.invocation import Invocation
from bot.kit.work import Desk

#: the cost of a suggestion, which is asked for at each key press
SUGGESTION = 0.2
#: moderators may ask this many times as much
STAFF_TIMES = 4
#: causes whose verdict we remember, since a platform repeats events that could not be stored
REMEMBERED = 2_000


class Turnstile:
    def __init__(self, desk: Desk, invoker: Invoker) -> None:
        self._desk = desk
        self._invoker = invoker
        self._allowance = Allowance()
        self._verdicts: OrderedDict[str, int | None] = OrderedDict()

    def wait(self, given: Invocation, *, suggesting: bool = False) -> int:
        """Seconds until the command may run; 0 when it may run now, and is charged."""
        abilities = self._desk.abilities.get(given.author.platform)
        if abilities is None or abilities.pace is None:
            return 0
        cost = SUGGESTION if suggesting else self._cost(given)
        wait = ceil(self._allowance.spend(given.author.account, cost, abilities.pace, _asked_at(given)))
        if wait:
            HASTY.inc()
        return wait

    def refund(self, given: Invocation) -> None:
        """Give the charge back: the command was not done, and not through the member's fault."""
        self._allowance.refund(given.author.account, self._cost(given))

    def admit(self, events: Sequence[Event]) -> list[Event]:
        """Drop commands of members who are too quick, but keep one in each burst to tell them so."""
        return [admitted for event in events if (admitted := self._admit(event))]

    def _admit(self, event: Event) -> Event | None:
        if not isinstance(event, CommandGiven):
            return event
        if event.cause not in self._verdicts:
            self._verdicts[event.cause] = self._judge(event.invocation)
            if len(self._verdicts) > REMEMBERED:
                self._verdicts.popitem(last=False)
        hasty = self._verdicts[event.cause]
        return None if hasty is None else replace(event, invocation=replace(event.invocation, hasty=hasty))

    def _judge(self, given: Invocation) -> int | None:
        """The verdict on a command; None when it gets no answer."""
        wait = self.wait(given)
        return None if wait and not self._allowance.tells(given.author.account, _asked_at(given)) else wait

    def _cost(self, given: Invocation) -> float:
        command = self._invoker.find(given)
        return (command.cost if command else 1) / (STAFF_TIMES if given.keeps_order else 1)


def _asked_at(given: Invocation) -> float:
    """Seconds by the platform's time: commands that waited for us and came together were not sent together."""
    return given.at / 1000
