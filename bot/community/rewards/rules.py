"""The state of a role, from our last change to it and what its platform told."""

from enum import Enum

from models.roles import RoleChange


class State(Enum):
    HELD = "held"
    ON_ITS_WAY = "on_its_way"
    REFUSED = "refused"
    #: the change may or may not be done
    UNKNOWN = "unknown"
    #: not held, and nothing is under way
    MISSING = "missing"


def state_of(change: RoleChange | None, *, held: bool) -> State:
    if change and change.pending:
        return State.ON_ITS_WAY
    if change and change.outcome in ("refused", "unknown"):
        return State(change.outcome)
    return State.HELD if held else State.MISSING


def mend_of(change: RoleChange) -> str | None:
    """The path below `mend` for what the platform refused."""
    return change.error.partition(":")[0] if change.outcome == "refused" and change.error else None
