"""Makes our own ids: 63 bits, ordered by time of birth, without asking the database."""

import secrets

from models.spans import HOUR

#: 2020-01-01 UTC in epoch milliseconds; 41 bits of milliseconds from here reach the year 2089.
EPOCH = 1_577_836_800_000
NODE_BITS = 10
NODES = 1 << NODE_BITS
COUNTER_BITS = 12
#: milliseconds: a clock that was right never goes back so far
FAR = HOUR


class Ids:
    """One process's source of ids, strictly increasing even when its clock stands still or goes back a little.

    If the clock had jumped far ahead and comes back, ids follow it as another node: the same milliseconds come twice.
    """

    def __init__(self, node: int | None = None) -> None:
        self._node = secrets.randbelow(NODES) if node is None else node
        if not 0 <= self._node < NODES:
            raise ValueError(f"a node is a number from 0 to {NODES - 1}, not {node}")
        self._last = -1

    def new(self, now: int) -> int:
        # Millisecond and counter are one number, so a full counter continues in the next millisecond by itself.
        told = max(now - EPOCH, 0) << COUNTER_BITS
        if (self._last - told) >> COUNTER_BITS > FAR:
            self._node, self._last = (self._node + 1) % NODES, -1
        tick = self._last = max(told, self._last + 1)
        moment, counter = divmod(tick, 1 << COUNTER_BITS)
        return (moment << NODE_BITS | self._node) << COUNTER_BITS | counter


def earliest(at: int) -> int:
    """The lowest id that can be made at this moment or later."""
    return max(at - EPOCH, 0) << NODE_BITS + COUNTER_BITS


def born(id: int) -> int:
    """When this id was made, in epoch milliseconds."""
    return (id >> NODE_BITS + COUNTER_BITS) + EPOCH
