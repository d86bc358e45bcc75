"""Collects the lists of a site: every question in a line, by its tags and by the words of its title."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from adapters.archive.pages import Entry
from bot.kit.terms import spelt
from bot.knowledge.archive.views import Publication, PublishedQuestion

#: words at the top of the search page
OFTEN = 60


@dataclass(frozen=True, slots=True)
class Index:
    """Keeps a line for each question in memory, but no texts."""

    entries: list[Entry] = field(default_factory=list)
    #: when each was asked or last answered
    days: list[date] = field(default_factory=list)
    tags: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    terms: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    #: the shortest spelling of each term in the titles
    spelt: dict[str, str] = field(default_factory=dict)

    def add(self, question: PublishedQuestion, site: Publication) -> None:
        place = len(self.entries)
        words = site.spoken.words
        about = [words("archive.site.count", count=len(question.answers)), words("archive.day", date=question.day)]
        about += [f"#{tag}" for tag in question.tags]
        self.entries.append(Entry(question.number, question.title, " · ".join(about)))
        self.days.append(max(question.day, *(answer.day for answer in question.answers)))
        for tag in question.tags:
            self.tags[tag].append(place)
        for term, word in spelt(question.title).items():
            self.terms[term].append(place)
            self.spelt[term] = min(self.spelt.get(term, word), word, key=lambda each: (len(each), each))

    def newest(self, places: Sequence[int] | None = None) -> list[Entry]:
        """The newest of these questions, or of all."""
        return [self.entries[place] for place in reversed(places if places is not None else range(len(self.entries)))]

    def words(self) -> list[tuple[str, list[Entry]]]:
        """Every word of the titles as it is spelt, in alphabetical order, with the questions that contain it."""
        ordered = sorted(self.terms, key=lambda term: (self.spelt[term], term))
        return [(self.spelt[term], self.newest(self.terms[term])) for term in ordered]


def cut(words: Sequence[tuple[str, list[Entry]]], most: int) -> Iterator[list[tuple[str, list[Entry]]]]:
    """Cut into pages of so many lines; a word with many questions continues on the next page."""
    page: list[tuple[str, list[Entry]]] = []
    room = most
    for word, entries in words:
        left = entries
        while left:
            page.append((word, left[:room]))
            left, room = left[room:], room - min(room, len(left))
            if not room:
                yield page
                page, room = [], most
    if page:
        yield page


def often(words: Sequence[tuple[str, list[Entry]]]) -> list[tuple[str, int]]:
    """The words of most questions, in alphabetical order."""
    counted = [(word, len(entries)) for word, entries in words if len(entries) > 1]
    return sorted(sorted(counted, key=lambda each: (-each[1], each[0]))[:OFTEN])
