"""What happened, as frozen facts in the past tense; the dispatcher records each of them once."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from bot.kit.invocation import Invocation
from bot.kit.references import Person, Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    #: unique where it is recorded, so that a replay or a second delivery changes nothing
    cause: str
    #: epoch milliseconds, as the platform tells them
    at: int
    who: Person | None = None
    spot: Spot | None = None
    #: the cause of the message this is about: replied to, reacted to, edited, deleted
    about: str | None = None
    #: the other person it concerns; when unknown, the author of `about`
    target: Person | None = None
    #: the community, when the core itself noticed the event and there is no spot
    home: int | None = None

    #: its name as an activity; empty when it is none
    kind: ClassVar[str] = ""

    @property
    def activity(self) -> str:
        return self.kind

    @property
    def amount(self) -> int:
        return 1

    @property
    def undoes(self) -> str | None:
        """The cause of the fact this one takes back."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted(Event):
    kind: ClassVar[str] = "message"

    #: 0 where there are no words, or where the platform does not show us any
    length: int
    #: only in memory, never stored: what is kept of ordinary messages is metadata
    text: Annotated[str, Field(exclude=True)] = ""
    #: also only in memory: the people it names, as far as the platform tells who they are
    mentioned: Annotated[tuple[Person, ...], Field(exclude=True)] = ()
    #: whether it is the first message of a forum post or a topic
    opens: bool = False
    #: whether a picture hangs on it
    pictured: bool = False
    #: the message's number where messages are numbered in order and history can be read again
    number: int | None = None
    #: the platform's id for it, for effects that point at it
    message: str | None = None

    @property
    def activity(self) -> str:
        return "reply" if self.about else "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited(Event):
    kind: ClassVar[str] = "edit"

    length: int
    text: Annotated[str, Field(exclude=True)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted(Event):
    @property
    def undoes(self) -> str | None:
        return self.about


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionAdded(Event):
    """Its cause names message, member and emoji, so adding, removing and adding again is one living fact."""

    kind: ClassVar[str] = "reaction"

    emoji: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionRemoved(Event):
    emoji: str
    #: the cause of the ReactionAdded it takes back
    added: str

    @property
    def undoes(self) -> str | None:
        return self.added


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Event):
    kind: ClassVar[str] = "join"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(Event):
    kind: ClassVar[str] = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberMet(Event):
    """The platform was asked for a member, and they are there. They did nothing, so nobody listens to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceShown(Event):
    """A place's name and readers, as its platform tells them. Nobody did anything, so nobody listens to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceSpent(Event):
    kind: ClassVar[str] = "voice"

    minutes: int

    @property
    def amount(self) -> int:
        return self.minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMoved(Event):
    """The platform gave a place another id; `spot` is the new one."""

    kind: ClassVar[str] = "moved"

    old: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLost(Event):
    """The place was deleted, or we were removed from it; we keep all that we know about it."""

    kind: ClassVar[str] = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFound(Event):
    """We were let into a place, for the first time or again."""

    kind: ClassVar[str] = "found"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachChanged(Event):
    """A member allowed or blocked private messages from us."""

    kind: ClassVar[str] = "reach"

    reachable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRefused(Event):
    """The platform said a final no to something we owed."""

    kind: ClassVar[str] = "refused"

    effect: str
    #: a path below `mend` in the catalogues: what to do about it
    reason: str
    place_id: int | None = None
    member_id: int | None = None
    detail: str = ""
    #: the platform's id for the role, if it is about one
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectGivenUp(Event):
    """We tried something we owed as often as we may, and nobody knows that it was done."""

    kind: ClassVar[str] = "given_up"

    effect: str
    #: a path below `mend` in the catalogues: what to do about it
    reason: str
    place_id: int | None = None
    member_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentCame(Event):
    """A moment that we wanted to be reminded of has come."""

    kind: ClassVar[str] = "moment"

    #: such as `raffle:1`
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingAllowed(Event):
    """Staff said that what waits may end, though it is much at once."""

    #: named as in bot/community/endings/acts.py
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Event):
    """We said something that members may speak about; its cause is that of the message."""

    kind: ClassVar[str] = "said"

    #: such as `question:12`
    subject: str
    message: str
    #: the place, when the core itself noticed the event and there is no spot
    place_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerShown(Event):
    """The answer to a command arrived where everybody sees it, so we no longer owe it."""

    kind: ClassVar[str] = "shown"

    #: the cause of the command
    answered: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadOpened(Event):
    """A thread that we owed now exists; `spot` is the thread itself."""

    kind: ClassVar[str] = "thread"

    #: what it is for, such as `question:12`
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandGiven(Event):
    """A command that arrived among other updates; its reply is owed in the same transaction."""

    kind: ClassVar[str] = "command"

    invocation: Invocation

    @classmethod
    def of(cls, given: Invocation) -> "CommandGiven":
        """The author, the place, the cause and the moment are those of the invocation."""
        return cls(cause=given.cause, at=given.at, who=given.author, spot=given.spot, invocation=given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecognised(Event):
    """An update that this version cannot read: kept as it came, so that a later version can."""

    platform: str
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChanged(Event):
    """An administrator configured something; `home` says where."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RolesTold(Event):
    """These members hold other roles than we knew."""

    members: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsMoved(Event):
    """Ledger entries were written that count towards scores."""

    #: points for taking part; more come at any moment, so a listener need not act after each
    flowing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StreakReached(Event):
    """A member took part on this many days in a row, and the number is one that we announce."""

    member_id: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftGiven(Event):
    """A member gave some of their own points to another."""

    member_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringAttended(Event):
    """A member attended a gathering."""

    member_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Event):
    """A question was posted and waits for an answer."""

    question: int
    #: whether it came with a picture
    pictured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGiven(Event):
    question: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAccepted(Event):
    """The asker, or staff for them, accepted an answer; question and answer are their numbers."""

    question: int
    answer: int
    author_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionChanged(Event):
    """The state of a question changed: by a decision, by an answer given, accepted or taken back, or by time."""

    question: int
    state: str


EVENTS: dict[str, type[Event]] = {
    event.__name__: event
    for event in (
        MessagePosted, MessageEdited, MessageDeleted, ReactionAdded, ReactionRemoved, MemberJoined, MemberLeft,
        MemberMet, VoiceSpent, PlaceMoved, PlaceLost, PlaceFound, PlaceShown, ReachChanged, EffectRefused,
        EffectGivenUp,
        CommandGiven, Unrecognised, SettingChanged, RolesTold, PointsMoved, StreakReached, GiftGiven,
        GatheringAttended, QuestionAsked, AnswerGiven, AnswerAccepted, QuestionChanged, MomentCame, EndingAllowed, Said,
        AnswerShown, ThreadOpened,
    )
}  # fmt: skip
