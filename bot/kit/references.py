"""People and places as a platform tells them: references to look up, never trusted or stored as they are."""

import unicodedata
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

#: longer than any platform allows a name to be
NAME = 100
#: the largest file whose text is read: some thousand lines, and small enough to fetch while somebody waits
UPLOAD_BYTES = 256 * 1024
#: Unicode categories that show nothing and change what is around them
UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: stands for a character that could not be read
UNREAD = "\ufffd"
#: a role of every person who may moderate, whatever right of their platform lets them
STAFF = "@staff"


@dataclass(frozen=True, slots=True)
class Person:
    platform: str
    id: str
    name: str
    username: str | None = None
    bot: bool = False
    #: the roles they hold in the guild or chat where we met them; None when the platform did not say
    roles: frozenset[str] | None = None
    #: when they joined it, in epoch milliseconds; 0 when the platform did not say
    since: int = 0
    #: the guild or chat, by the platform's id, where the platform said they are not
    absent: str | None = None

    @property
    def account(self) -> tuple[str, str]:
        return self.platform, self.id


@dataclass(frozen=True, slots=True)
class Spot:
    """A guild or chat, or a channel, thread or topic within one."""

    platform: str
    id: str
    #: guild, channel, thread, chat, topic, dm or room
    kind: str
    #: its id where the platform told no name, as after reading from the store: the place may be another by now
    name: Annotated[str, Field(exclude=True)] = ""
    parent: "Spot | None" = None
    #: the name of its circle of readers; empty where everybody reads it
    circle: Annotated[str, Field(exclude=True)] = ""
    #: the name is its first one; it may have another by now
    dated: Annotated[bool, Field(exclude=True)] = False
    #: grows with each change that the platform's adapter reads
    order: Annotated[int, Field(exclude=True)] = 0

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", self.id)

    @property
    def root(self) -> "Spot":
        return self.parent.root if self.parent else self


@dataclass(frozen=True, slots=True)
class Role:
    """A role as the platform describes it; whether it may be given is decided again at each grant."""

    id: str
    name: str
    #: why it may not be given, as a path below `mend`, where the platform shows that at once
    unfit: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """An image a member handed in: where the platform keeps it, never its bytes."""

    id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A file a member handed in; the platform's adapter fetches its content before it asks the core."""

    __pydantic_config__: ClassVar = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    id: str
    name: str
    size: int
    #: None until it is fetched, and when that failed
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class TextFile:
    """An uploaded file, read as text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message that somebody points at: replies to, or chooses in a menu."""

    #: as in events about it
    cause: str
    #: None where no single person wrote it
    author: Person | None = None
    #: only in memory, like the text of every message
    text: Annotated[str, Field(exclude=True)] = ""
    #: whether it has a picture
    pictured: bool = False


Raw = str | int | float | bool | Person | Spot | Role | Picture | Upload | Message


def clean(name: str, longest: int = NAME) -> str:
    """A name that is safe to store and show anywhere: no controls, direction tricks, invisible or endless text."""
    if UNREAD in name or not name.isprintable():
        name = "".join(each for each in name if each != UNREAD and unicodedata.category(each) not in UNSHOWN)
    return " ".join(name.split())[:longest] or "?"
