"""What the bot says, as neutral data; each adapter decides how it looks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from bot.kit.markup import Rich, plain


class Tone(Enum):
    PLAIN = "plain"
    GOOD = "good"
    CAREFUL = "careful"
    BAD = "bad"


class Style(Enum):
    NORMAL = "normal"
    MAIN = "main"
    #: for buttons that destroy something, and nothing else
    DANGER = "danger"


class Theme(Enum):
    """The background on which pictures are drawn."""

    DARK = "dark"
    LIGHT = "light"


#: Telegram's limit on what a button may carry
LINE_BYTES = 64
#: the largest document: until it is sent it waits in the store as base64, beside the words and perhaps a picture
DOCUMENT_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class Button:
    """A command line waiting to be pressed: authorised at the press, never trusted."""

    label: str
    line: str
    style: Style = Style.NORMAL

    def __post_init__(self) -> None:
        if len(self.line.encode()) > LINE_BYTES:
            raise ValueError(f"a button carries at most {LINE_BYTES} bytes: {self.line}")


@dataclass(frozen=True, slots=True)
class Block:
    """A named part of a longer reply."""

    name: Rich
    text: Rich


@dataclass(frozen=True, slots=True)
class Image:
    __pydantic_config__: ClassVar = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    name: str
    png: Annotated[bytes, Field(repr=False)]
    #: what it shows, for readers who cannot see it
    alt: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture or document that is not drawn yet; the text says everything, since the drawing may fail."""

    #: the kind of picture, as the worker knows it
    kind: str
    #: what it shows: plain data, and words from the catalogues
    values: Mapping[str, Any]
    name: str
    alt: str
    #: the kind of file it becomes
    media: str = "image/png"


@dataclass(frozen=True, slots=True)
class Document:
    """A file to keep, such as a table; a private one is not shown at all in a group that cannot hide it."""

    __pydantic_config__: ClassVar = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    name: str
    content: Annotated[bytes, Field(repr=False)]
    #: its kind, such as `text/csv`
    media: str

    def __post_init__(self) -> None:
        if len(self.content) > DOCUMENT_BYTES:
            raise ValueError(f"a document has at most {DOCUMENT_BYTES} bytes: {self.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    text: Rich = ()
    title: Rich = ()
    blocks: tuple[Block, ...] = ()
    #: a drawing becomes an image once the reply is on its way (bot/core/pictures.py)
    image: Image | Drawing | None = None
    #: a drawing becomes a document in the same way
    file: Document | Drawing | None = None
    buttons: tuple[Button, ...] = ()
    private: bool = False
    tone: Tone = Tone.PLAIN
    #: when a button was pressed, replace the message that carried it
    replaces: bool = False
    #: a command line; the member's answer to this reply completes it
    so_far: str | None = None
    #: what it shows, such as `question:12`: what members say about the message belongs to that
    subject: str | None = None

    def but(self, **changes: Any) -> "Reply":
        return replace(self, **changes)

    @property
    def picture(self) -> Image | None:
        """The image, once it is drawn."""
        return self.image if isinstance(self.image, Image) else None

    @property
    def document(self) -> Document | None:
        """The file, once it is drawn."""
        return self.file if isinstance(self.file, Document) else None

    @property
    def plain(self) -> str:
        lines = [self.title, self.text, *(part for block in self.blocks for part in (block.name, block.text))]
        return "\n".join(plain(line) for line in lines if line)
