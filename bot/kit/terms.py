"""The words by which texts are found: the same in a text and in a search for it, in Latin and in Chinese script.

Full-text indexes cut at blanks, and Chinese has none: unicode61 finds only whole runs of it, trigrams cannot find words
of two characters. So texts are cut here, into words and pairs of characters, and no engine cuts them again.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from bot.kit.letters import normal

#: the longest word, in characters; nobody searches for a longer one
WORD = 40
#: how many terms of one text count, from its beginning
MOST = 1_000
#: characters of a text after folding: some letters become eighteen, but nobody writes with those
LONGEST = 12_000
PIECE = 500
#: scripts written without blanks
UNPARTED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<unparted>[{UNPARTED}]+)|(?P<word>[^\W_{UNPARTED}]+)(?P<sign>\+{{1,2}}|#)?")
#: so that C, C++ and C# are three terms
_SIGNS = {"+": "plus", "++": "plusplus", "#": "sharp"}
#: words so frequent that finding them says nothing
COMMON = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "do", "does", "for", "from", "has", "have", "how",
    "i", "if", "in", "is", "it", "my", "no", "not", "of", "on", "or", "so", "that", "the", "this", "to", "was", "we",
    "what", "when", "where", "which", "who", "why", "will", "with", "you", "your",
})  # fmt: skip
#: a plural ending, the longer endings it is not taken off from, and what replaces it
_PLURALS = (("ies", ("eies", "aies"), "y"), ("es", ("aes", "ees", "oes"), "e"), ("s", ("us", "ss"), ""))
#: in words of this length or more an e at the end does not count, so that `class` finds `classes`
_LONG = 5


def terms(text: str, longest: int = LONGEST) -> list[str]:
    """Every term of a text, as often as it comes; the last character of a run also stands alone, to be found."""
    runs = _runs(text, longest)
    found = (term for unparted, word in runs for term in (_pairs(unparted, 1) if unparted else [word]))
    return list(islice(found, MOST))


def asked_terms(text: str) -> list[str]:
    """The terms that a search for this text looks for, each once; frequent words only when there are no others."""
    found = (term for unparted, word in _runs(text) for term in (_pairs(unparted, 2) if unparted else [word]))
    once = list(dict.fromkeys(found))[:MOST]
    return [term for term in once if term not in COMMON] or once


def spelt(text: str) -> dict[str, str]:
    """The terms of `asked_terms`, each with the word it comes from."""
    words = {_term(run): run["word"] + (run["sign"] or "") for run in _RUN.finditer(_looked_at(text)) if run["word"]}
    return {term: words.get(term, term) for term in asked_terms(text)}


def stem(word: str) -> str:
    """Make English plurals singular (D. Harman's S-stemmer of 1991): the first ending that fits decides."""
    for ending, spared, single in _PLURALS:
        if word.endswith(ending) and not word.endswith(spared) and len(word) > len(ending) + 1:
            word = word[: -len(ending)] + single
            break
    return word[:-1] if word.endswith("e") and len(word) >= _LONG else word


def folded(text: str) -> str:
    """Treat wide and narrow, large and small, accented and plain letters as the same."""
    if text.isascii():
        return text.lower()
    parts = normal("NFKD", text.casefold())
    return normal("NFC", "".join(each for each in parts if not unicodedata.combining(each)))


def _runs(text: str, longest: int = LONGEST) -> Iterator[tuple[str, str]]:
    """Yields each run of characters without blanks, or each word."""
    for run in _RUN.finditer(_looked_at(text, longest)):
        yield run["unparted"] or "", _term(run)


def _looked_at(text: str, longest: int = LONGEST) -> str:
    """The beginning of a text, folded piece by piece: what is cut off costs nothing."""
    pieces, length = [], 0
    for at in range(0, min(len(text), longest), PIECE):
        pieces.append(folded(text[at : at + PIECE]))
        length += len(pieces[-1])
        if length >= longest:
            break
    return "".join(pieces)[:longest]


def _term(run: re.Match[str]) -> str:
    """The term of a word; empty for a run of characters, which makes several."""
    word = run["word"]
    return stem(word[:WORD]) + _SIGNS.get(run["sign"], "") if word else ""


def _pairs(run: str, shortest: int) -> Iterator[str]:
    """The pairs of neighbours; a single character only where the run has one, or if the caller asks for it."""
    last = len(run) - min(shortest, len(run))
    return (run[at : at + 2] for at in range(last + 1))
