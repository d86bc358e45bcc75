"""Who and where, as a platform tells it: references to be looked up, nothing that is trusted or stored as it is."""

import unicodedata
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

#: longer than any platform allows a name to be
NAME = 100
#: what a file may weigh whose text is read: some thousand lines, and little enough to be fetched while somebody waits
UPLOAD_BYTES = 256 * 1024
#: Unicode categories that show nothing of themselves and change what is around them
UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: stands for a character that nobody could read
UNREAD = "\ufffd"
#: among the roles of whoever the platform lets moderate, whatever it calls what lets them
STAFF = "@staff"


@dataclass(frozen=True, slots=True)
class Person:
    platform: str
    id: str
    name: str
    username: str | None = None
    bot: bool = False
    #: what they hold in the guild or chat they are met in; None when the platform did not say
    roles: frozenset[str] | None = None
    #: when they came into it, in epoch milliseconds; 0 when the platform did not say
    since: int = 0
    #: the guild or chat, as its platform calls it, in which they turned out not to be
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
    #: its id where nothing was told of it, as by what was written down: that may be another thing by now
    name: Annotated[str, Field(exclude=True)] = ""
    parent: "Spot | None" = None
    #: by name, those who read it; empty where everybody does
    circle: Annotated[str, Field(exclude=True)] = ""
    #: its name is the one it began with; it may be called otherwise since
    dated: Annotated[bool, Field(exclude=True)] = False
    #: grows with each change that its platform's adapter reads of it
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
    """A file a member handed in; its platform's adapter fetches what is in it before the core is asked."""

    __pydantic_config__: ClassVar = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    id: str
    name: str
    size: int
    #: None until it was fetched, and when it could not be
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that was handed in, read as text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """One that somebody points at: replied to, or chosen in a menu."""

    #: as events about it have it
    cause: str
    #: None for whoever writes as nobody in particular
    author: Person | None = None
    #: only in memory, as of every message
    text: Annotated[str, Field(exclude=True)] = ""
    #: whether a picture hangs on it
    pictured: bool = False


Raw = str | int | float | bool | Person | Spot | Role | Picture | Upload | Message


def clean(name: str, longest: int = NAME) -> str:
    """A name that can be stored and shown anywhere: no controls, no direction tricks, nothing invisible or endless."""
    if UNREAD in name or not name.isprintable():
        name = "".join(each for each in name if each != UNREAD and unicodedata.category(each) not in UNSHOWN)
    return " ".join(name.split())[:longest] or "?"
