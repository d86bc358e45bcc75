"""What the bot may owe; the adapters perform it.

Roles and deletions are idempotent by nature. After an unknown outcome a message may come twice where that is better
than not at all, as with a receipt. What must never come twice has `repeats=False`; what the member can ask for again
has `again`. How often it is tried is in bot/core/patience.py.
"""

from dataclasses import dataclass
from typing import ClassVar

from bot.kit.replies import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    #: performing it twice changes nothing, on any platform
    idempotent: ClassVar[bool] = False

    #: after an unknown outcome (sent, but no answer came) it may be performed once more
    repeats: bool = True
    #: not worth doing after this moment
    until: int | None = None
    #: it answers a command that the member can give again
    again: bool = False

    @property
    def place_id(self) -> int | None:
        """Where it is performed, if in a place."""
        return None

    @property
    def member_id(self) -> int | None:
        """Which member it is for, if it is for one."""
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
    #: the message of ours that this replaces
    replaces: str | None = None
    #: how long it stays, where private replies do not exist
    seconds: int | None = None
    #: the only account that may press or answer it; None for everybody who sees it
    to: str | None = None
    #: the cause of the command whose own answer shows it, unless that answer was lost
    shown_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell(Effect):
    """Say something to a member in private."""

    member: int
    reply: Reply
    #: only if the member is in the community at that moment, since it shows what others ask or do there
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
    """Open a thread on a message; if one is there already, use it."""

    idempotent: ClassVar[bool] = True

    message: str
    name: str
    #: what it is for, as `question:12`
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retitle(InPlace):
    """Rename a thread, a forum post or a topic."""

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
    """Whether the role may be given is checked again at the grant."""

    __slots__ = ()


class TakeRole(RoleChange):
    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LookFor(InPlace):
    """Find out whether a member is still in a guild or chat; it is refused if they are not."""

    idempotent: ClassVar[bool] = True

    member: int
    #: other guilds or chats of the same community where they may be instead
    others: tuple[int, ...] = ()

    @property
    def member_id(self) -> int:
        return self.member


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind(Effect):
    """Tell our own listeners that a moment has come; this asks no platform."""

    idempotent: ClassVar[bool] = True

    #: what it is the moment for, as `raffle:1`
    subject: str


EFFECTS: dict[str, type[Effect]] = {
    kind.__name__: kind
    for kind in (Post, Tell, Withdraw, React, OpenThread, Retitle, GrantRole, TakeRole, LookFor, Remind)
}
