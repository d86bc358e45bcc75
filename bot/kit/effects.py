"""What the bot may owe; performing it is the adapters' work.

Roles and deletions are idempotent by nature. A message may come twice after an unknown outcome where that is better
than not at all, as with a receipt; what must never come twice says `repeats=False`, and what whoever misses it can ask
for again says `again`. How often is in bot/core/patience.py.
"""

from dataclasses import dataclass
from typing import ClassVar

from bot.kit.replies import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    #: by nature, wherever it is performed
    idempotent: ClassVar[bool] = False

    #: after an unknown outcome (sent, but no answer came) it may be performed once more
    repeats: bool = True
    #: not worth doing any more after this moment
    until: int | None = None
    #: it answers what can be asked again
    again: bool = False

    @property
    def place_id(self) -> int | None:
        """Where it is performed, if in a place."""
        return None

    @property
    def member_id(self) -> int | None:
        """Whom it is for, if for one member."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class InPlace(Effect):
    place: int

    @property
    def place_id(self) -> int:
        return self.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(InPlace):
    """Say something in a place; `answers` names the message it replies to."""

    reply: Reply
    answers: str | None = None
    #: the message of ours that this takes the place of
    replaces: str | None = None
    #: how long it stays, where private replies do not exist
    seconds: int | None = None
    #: the account that alone may press or answer it; None for everybody who sees it
    to: str | None = None
    #: the cause of the command whose own answer shows it, unless that came to nothing
    shown_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell(Effect):
    """Say something to a member in private."""

    member: int
    reply: Reply
    #: only if they are in the community at that moment, for it shows what others ask or do there
    present: bool = False

    @property
    def member_id(self) -> int:
        return self.member


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(InPlace):
    """Delete a message of ours."""

    idempotent: ClassVar[bool] = True

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class React(InPlace):
    """Show a sign on a message of a member, or take ours away."""

    idempotent: ClassVar[bool] = True

    message: str
    emoji: str
    shown: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenThread(InPlace):
    """Let a place of its own hang on a message; one that hangs there already will do."""

    idempotent: ClassVar[bool] = True

    message: str
    name: str
    #: what it is for, as `question:12`
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retitle(InPlace):
    """Call a thread, a forum post or a topic by another name."""

    idempotent: ClassVar[bool] = True

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChange(InPlace):
    idempotent: ClassVar[bool] = True

    member: int
    role: str
    name: str
    why: str

    @property
    def member_id(self) -> int:
        return self.member


class GrantRole(RoleChange):
    """Whether it may be given is looked at again when it is."""

    __slots__ = ()


class TakeRole(RoleChange):
    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LookFor(InPlace):
    """Find out whether a member is still in a guild or chat; it is refused for whoever is not."""

    idempotent: ClassVar[bool] = True

    member: int
    #: others of the same community in which they may be instead
    others: tuple[int, ...] = ()

    @property
    def member_id(self) -> int:
        return self.member


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind(Effect):
    """Tell our own listeners that a moment has come; no platform is asked for it."""

    idempotent: ClassVar[bool] = True

    #: what it is the moment for, as `raffle:1`
    subject: str


EFFECTS: dict[str, type[Effect]] = {
    kind.__name__: kind
    for kind in (Post, Tell, Withdraw, React, OpenThread, Retitle, GrantRole, TakeRole, LookFor, Remind)
}
