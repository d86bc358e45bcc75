"""One command as somebody gave it, in any grammar: options by name, the author as the platform vouches for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.kit.access import Access, Standing
from bot.kit.references import STAFF, Message, Person, Picture, Raw, Spot, Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message that begins with a command, as its platform delivered it."""

    #: text, with the persons it points at as themselves
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
    #: what the platform says this person may do, and where, read afresh for this invocation
    standing: Standing = field(default_factory=Standing)
    #: an administrator behind the group's own name, who cannot be verified as a person
    anonymous: bool = False
    spot: Spot
    #: the author's language, as the platform tells it
    locale: str | None = None
    cause: str
    at: int
    #: the platform's id of the message the command came in, or whose button was pressed
    message: str | None = None
    #: a button was pressed: the reply may take the place of the message that carried it
    pressed: bool = False
    #: that message is seen by its presser alone
    hidden: bool = False
    #: the name of that message, as events about it have it
    about: str | None = None
    #: seconds its author was too quick by; it is not carried out then, only answered so. None until it is judged
    hasty: int | None = None

    @property
    def keeps_order(self) -> bool:
        """Whether its author is known to moderate, so that they go first."""
        return self.access > Access.MEMBER or STAFF in (self.author.roles or ())

    @property
    def access(self) -> Access:
        """As far as the platform vouches for it; whether it holds is decided where the command runs."""
        return Access.STRANGER if self.standing.access is None else self.standing.access


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """The community that something said in private is about, and where on that platform rights in it are asked for."""

    community: int
    #: guilds or chats, as their platform calls them
    chats: tuple[str, ...]
