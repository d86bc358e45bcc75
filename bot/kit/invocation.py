"""One command as a member gave it, in any grammar: options by name, and the author as the platform vouches for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.kit.access import Access, Standing
from bot.kit.references import STAFF, Message, Person, Picture, Raw, Spot, Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message that begins with a command, as the platform delivered it."""

    #: text, and the persons it points at
    pieces: Sequence[str | Person]
    #: what it is a reply to
    replied: Message | None = None
    picture: Picture | None = None
    file: Upload | None = None

    @classmethod
    def of(cls, text: str) -> "Line":
        return cls(pieces=(text,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    #: by name where the platform has typed options; empty when the command came as a line
    command: str = ""
    options: Mapping[str, Raw] = field(default_factory=dict)
    #: the text grammar: typed, or carried by a button; the core parses it and answers what is wrong with it
    line: Line | None = None
    author: Person
    #: what the platform says this person may do, and where; read again for this invocation
    standing: Standing = field(default_factory=Standing)
    #: an administrator who writes under the group's own name, so nobody can verify the person
    anonymous: bool = False
    spot: Spot
    #: the author's language, as the platform tells it
    locale: str | None = None
    cause: str
    at: int
    #: the platform's id of the message that held the command or the pressed button
    message: str | None = None
    #: a button was pressed: the reply may replace the message that carried it
    pressed: bool = False
    #: only the member who pressed sees that message
    hidden: bool = False
    #: the cause of that message, as events about it name it
    about: str | None = None
    #: how many seconds too early the author asked; then it is answered, not run. None until it is judged
    hasty: int | None = None

    @property
    def keeps_order(self) -> bool:
        """Whether the author is known to moderate, so that they go first."""
        return self.access > Access.MEMBER or STAFF in (self.author.roles or ())

    @property
    def access(self) -> Access:
        """As far as the platform vouches for it; where the command runs, it is decided whether it holds."""
        return Access.STRANGER if self.standing.access is None else self.standing.access


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """The community that something said in private is about, and the chats where its rights are asked for."""

    community: int
    #: guilds or chats, by the platform's ids
    chats: tuple[str, ...]
