"""Questions as they are published: plain data that names only members who allow it; an adapter writes them."""

from dataclasses import dataclass
from datetime import date

from bot.kit.texts import Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedAnswer:
    number: int
    text: str
    #: None unless the member chose to be named
    author: str | None
    #: only the day: the second would tell which message it was
    day: date
    accepted: bool
    #: votes for it, minus votes against it
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedQuestion:
    number: int
    title: str
    text: str
    tags: tuple[str, ...]
    author: str | None
    day: date
    #: solved or answered, judged by the answers that are published
    state: str
    #: accepted ones first, then by votes
    answers: tuple[PublishedAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The whole that questions are published in."""

    title: str
    #: the words of the community's language
    spoken: Spoken
    #: its web address, without a slash at the end
    url: str | None = None


class ExportRefused(Exception):
    """Nothing was written; str() is a sentence for the operator."""
