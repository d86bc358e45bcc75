"""What may be published of members' texts, and how names are removed unless their owners allow them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import NamedTuple

from bot.kit.markup import pieces
from bot.kit.references import clean
from bot.kit.terms import COMMON, UNPARTED, folded, terms
from bot.knowledge.archive.views import PublishedAnswer, PublishedQuestion
from bot.knowledge.questions.rules import state_of
from models.publishing import Called
from models.questions import Question, Standing

#: a name in more texts than this is a common word, and does not tell who is meant
FEW = 10
#: the most tokens of a name; nobody writes longer ones
LONGEST = 12

#: a number of so many digits or more may belong to a person
NUMBER = 6

_TOKEN = re.compile(rf"[{UNPARTED}]|[^\W{UNPARTED}]+|\s+|.", re.DOTALL)
#: characters that show nothing, or turn around the text after them
_UNSHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_LINE_END = re.compile(r"\r\n?|[\u2028\u2029]")
#: members and roles, as Discord writes them into texts
_POINTED = re.compile(r"<@[!&]?\d+>")
#: places on a platform; such links lead to the people who wrote there
_PLACES = re.compile(
    r"<#\d+>|tg://\S+"
    r"|(?:https?://)?(?:(?:\w{1,20}\.)?discord(?:app)?\.(?:com/(?:channels|users|invite)|gg)"
    r"|(?:cdn|media)\.discordapp\.(?:com|net)|\bt(?:elegram)?\.me)/[^\s<>()\[\]`\"']*",
    re.IGNORECASE,
)
_EMOJI = re.compile(r"<a?(:\w+:)\d+>")

Name = tuple[str, ...]


class Consent(Enum):
    """How a member's questions and answers may be published."""

    NAMED = "named"
    #: also for members who chose nothing
    ANONYMOUS = "anonymous"
    NONE = "none"


UNSAID = Consent.ANONYMOUS


def consent_of(called: Called) -> Consent:
    return Consent(called.choice) if called.choice else UNSAID


class Spot(NamedTuple):
    """A place in a text that names somebody."""

    start: int
    end: int
    name: Name
    #: whether an @ stands before it
    pointed: bool


class Names:
    """People's names, found as whole words in any case, width and accents."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._known: set[Name] = set()
        #: the first token of a name, and how many tokens the longest such name has
        self.reach: dict[str, int] = {}
        for name in names:
            self.add(name)

    def add(self, text: str) -> None:
        """Add a name, without the signs before and after it."""
        tokens = [token for token, _, _ in _tokens(text)]
        while tokens and not _worded(tokens[0]):
            tokens.pop(0)
        while tokens and not _worded(tokens[-1]):
            tokens.pop()
        if 0 < len(tokens) <= LONGEST:
            self._known.add(tuple(tokens))
            self.reach[tokens[0]] = max(len(tokens), self.reach.get(tokens[0], 0))

    def at(self, tokens: Sequence[str], start: int) -> Name | None:
        """The longest name that begins there."""
        for length in range(min(self.reach.get(tokens[start], 0), len(tokens) - start), 0, -1):
            name = tuple(tokens[start : start + length])
            if name in self._known:
                return name
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Veil:
    """Which names are hidden, and what replaces them."""

    #: the names of all members who did not choose to be named
    names: Names
    #: the names of those among them who take part, and the parts of these names
    own: Names
    parts: Names
    #: what replaces a member, and what replaces a link into the community
    member: str
    place: str
    #: in how many texts each term comes, and how many texts there are
    counted: Mapping[str, int] = field(default_factory=dict)
    texts: int = 0

    def over(self, text: str) -> str:
        """Hide names in prose; code stays as it is, except for a platform's ids and links."""
        return "".join(piece.raw if piece.code else self._prose(piece.raw) for piece in pieces(self.bare(text)))

    def bare(self, text: str) -> str:
        text = _UNSHOWN.sub("", _LINE_END.sub("\n", text))
        text = _EMOJI.sub(r"\1", _PLACES.sub(self.place, text))
        return _POINTED.sub(self.member, text)

    def spots(self, text: str) -> Iterator[Spot]:
        """Every name in prose that could mean one of these members."""
        for piece in pieces(self.bare(text)):
            if not piece.code:
                yield from _spots(piece.raw, (self.own, self.parts, self.names))

    def _prose(self, text: str) -> str:
        parts, end = [], 0
        for spot in _spots(text, (self.own, self.parts, self.names)):
            if spot.pointed or self._tells(spot.name):
                parts += [text[end : spot.start - spot.pointed], self.member]
                end = spot.end
        return "".join([*parts, text[end:]])

    def _tells(self, name: Name) -> bool:
        """Whether the name tells who is meant: a rare name always does, a common one only if its owner takes part."""
        word = "".join(name)
        if len(word) == 1 or word in COMMON or not (len(word) >= NUMBER or any(each.isalpha() for each in word)):
            return False
        fewest = min((self.counted.get(term, 0) for term in terms(word)), default=0)
        return fewest <= FEW or (self.own.at(name, 0) == name and 2 * fewest <= self.texts)


def hidden(called: Called) -> bool:
    return consent_of(called) is not Consent.NAMED


def publish(
    question: Question,
    answers: Sequence[Standing],
    people: Mapping[int, Called],
    over: Callable[[str], str],
    day: Callable[[int], date],
) -> PublishedQuestion | None:
    """Leave out what its authors do not allow; None when that includes the question, or leaves no answer."""
    left = [each for each in answers if _author(people, each.answer.author_id) is not Consent.NONE]
    if not left or _author(people, question.asker_id) is Consent.NONE:
        return None
    return PublishedQuestion(
        number=question.number,
        title=" ".join(over(question.title).split()),
        text=over(question.body).strip("\n"),
        tags=tuple(tag for tag in question.tags.split() if over(tag) == tag),
        author=_named(people, question.asker_id),
        day=day(question.asked_at),
        state=state_of([each.answer for each in left]),
        answers=tuple(
            PublishedAnswer(
                number=each.answer.number,
                text=over(each.answer.body).strip("\n"),
                author=_named(people, each.answer.author_id),
                day=day(each.answer.answered_at),
                accepted=each.answer.accepted_at is not None,
                score=each.score,
            )
            for each in left
        ),
    )


def _author(people: Mapping[int, Called], member_id: int) -> Consent:
    """Nothing is published of a member we know nothing about."""
    return consent_of(people[member_id]) if member_id in people else Consent.NONE


def _named(people: Mapping[int, Called], member_id: int) -> str | None:
    return clean(people[member_id].name) if _author(people, member_id) is Consent.NAMED else None


def _spots(text: str, names: Sequence[Names]) -> Iterator[Spot]:
    found = list(_tokens(text))
    tokens = [token for token, _, _ in found]
    at = 0
    while at < len(found):
        begun = [each for each in names if tokens[at] in each.reach]
        name = max((each.at(tokens, at) or () for each in begun), key=len, default=())
        if name:
            pointed = at > 0 and tokens[at - 1] == "@"
            yield Spot(found[at][1], found[at + len(name) - 1][2], name, pointed)
        at += len(name) or 1


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Words, characters of scripts without blanks, blanks, and signs: each folded, with its begin and end."""
    for token in _TOKEN.finditer(text):
        yield " " if token[0].isspace() else folded(token[0]), token.start(), token.end()


def _worded(token: str) -> bool:
    return token[:1].isalnum() or token[:1] == "_"
