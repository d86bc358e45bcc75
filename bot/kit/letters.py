"""Letters that are written in several ways, as one: in a time that grows with the text, whatever is piled upon them."""

import unicodedata
from typing import Literal

#: marks upon one letter that any language has; Unicode calls it the stream-safe format, and no text is spoilt by it
MARKS = 30


def normal(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """As Unicode normalizes it, which sorts the marks upon a letter, and for many of them takes their square."""
    return text if text.isascii() else unicodedata.normalize(form, _unpiled(text))


def _unpiled(text: str) -> str:
    kept, marks = [], 0
    for each in text:
        marks = marks + 1 if unicodedata.category(each)[0] == "M" else 0
        if marks <= MARKS:
            kept.append(each)
    return text if len(kept) == len(text) else "".join(kept)
