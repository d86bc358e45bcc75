"""How likely a text is of a kind, told by a small logistic regression whose weights are shipped as numbers."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from zlib import crc32

from bot.kit.letters import normal

#: how many groups of letters and words are told apart; those that share a place share a weight
PLACES = 1 << 11
#: so many parts of the shipped whole numbers make one
SCALE = 64
#: how many characters are read: what a message is shows at its beginning
LONGEST = 600
_PART = re.compile(r"[a-z][a-z']{0,23}|[\u4e00-\u9fff]{1,200}|\d{1,24}|[?？!！~～:;)(]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The weights, in parts of `SCALE`."""

    bias: int
    signs: Mapping[str, int]
    grams: Sequence[int]

    def likelihood(self, signs: Iterable[str], text: str) -> float:
        """From 0 to 1, for a text that is `readable`."""
        total = self.bias + sum(self.signs.get(each, 0) for each in signs)
        found = places(text)
        spoken = sum(self.grams[each] for each in found) / weight(len(found))
        return 1 / (1 + exp(-max(-30.0, min(30.0, (total + spoken) / SCALE))))


def readable(text: str) -> str:
    """Its beginning, in small letters of one form."""
    return normal("NFKC", text[:LONGEST]).lower().replace("’", "'").strip()


def weight(count: int) -> float:
    """What the places of one text are divided by, so that long texts do not shout."""
    return max(1.0, sqrt(count) / 2)


def places(text: str) -> set[int]:
    """In a readable text, the places of its words, its groups of Chinese characters, and its pairs of words."""
    return {_place(each) for each in _grams(text)}


def _grams(text: str) -> Iterator[str]:
    parts = _PART.findall(text)
    words = ["0" if each[0].isdigit() else each for each in parts]
    if words:
        yield f"^{words[0][:2] if words[0][0] > '一' else words[0]}"
        yield f"{words[-1][-2:] if words[-1][0] > '一' else words[-1]}$"
    for before, word in zip(["", *words], words, strict=False):
        if word[0] >= "一":
            yield from (word[at : at + size] for size in (1, 2, 3) for at in range(len(word) - size + 1))
        else:
            yield word
            yield f"{before} {word}"


def _place(gram: str) -> int:
    return crc32(gram.encode()) % PLACES
