"""What the lists of a site are made of: every question in a line, by its tags and by the words of its title."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from adapters.archive.pages import Entry
from bot.kit.terms import spelt
from bot.knowledge.archive.views import Publication, PublishedQuestion

#: words that the search page begins with
OFTEN = 60


@dataclass(frozen=True, slots=True)
class Index:
    """All of it stays in memory, a line for each question; texts do not."""

    entries: list[Entry] = field(default_factory=list)
    #: when each was asked, or answered last
    days: list[date] = field(default_factory=list)
    tags: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    terms: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    #: the shortest form in which titles have a term
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
        """Of these, else of all."""
        return [self.entries[place] for place in reversed(places if places is not None else range(len(self.entries)))]

    def words(self) -> list[tuple[str, list[Entry]]]:
        """Every word of the titles as it is spelt, in the order of the alphabet, with the questions that have it."""
        ordered = sorted(self.terms, key=lambda term: (self.spelt[term], term))
        return [(self.spelt[term], self.newest(self.terms[term])) for term in ordered]


def cut(words: Sequence[tuple[str, list[Entry]]], most: int) -> Iterator[list[tuple[str, list[Entry]]]]:
    """Into pages of so many lines; a word that is on many goes on on the next."""
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
    """Those on most questions, in the order of the alphabet."""
    counted = [(word, len(entries)) for word, entries in words if len(entries) > 1]
    return sorted(sorted(counted, key=lambda each: (-each[1], each[0]))[:OFTEN])
