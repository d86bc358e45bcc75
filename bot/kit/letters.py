"""Makes letters that are written in several ways the same, in linear time, however many marks a letter has."""

import unicodedata
from typing import Literal

#: more marks than any language puts on one letter: Unicode's stream-safe format, which spoils no text
MARKS = 30


def normal(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """The text as Unicode normalizes it, with at most `MARKS` on a letter: sorting them takes quadratic time."""
    return text if text.isascii() else unicodedata.normalize(form, _unpiled(text))


def _unpiled(text: str) -> str:
    kept, marks = [], 0
    for each in text:
        marks = marks + 1 if unicodedata.category(each)[0] == "M" else 0
        if marks <= MARKS:
            kept.append(each)
    return text if len(kept) == len(text) else "".join(kept)
