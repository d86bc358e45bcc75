"""Questions as they are published: plain data in which nobody is named who did not say so; writing is an adapter's."""

from dataclasses import dataclass
from datetime import date

from bot.kit.texts import Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedAnswer:
    number: int
    text: str
    #: None of whoever did not say that they want to be named
    author: str | None
    #: the day is enough; the second would tell which message it was
    day: date
    accepted: bool
    #: votes for it, less those against it
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedQuestion:
    number: int
    title: str
    text: str
    tags: tuple[str, ...]
    author: str | None
    day: date
    #: solved or answered, by the answers that are here
    state: str
    #: those that solve it first, then by votes
    answers: tuple[PublishedAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What they are published in."""

    title: str
    #: the community's
    spoken: Spoken
    #: where it will be found, without a stroke at its end
    url: str | None = None


class ExportRefused(Exception):
    """Nothing was written; str() is a sentence for the operator."""
