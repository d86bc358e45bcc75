"""Which messages are answers by themselves: simple enough that members can tell beforehand."""

import re
import unicodedata

from bot.questions.rules import says_something

#: stands on a message that is an answer; both platforms have it among their reactions
NOTED = "👀"

_CODE = re.compile(r"```.*?\S.*?```", re.DOTALL)


def is_answer(text: str, least: int) -> bool:
    """With a block of code and some words, or with so many letters; what is short or says nothing is a comment."""
    if not least or not says_something(text):
        return False
    return bool(_CODE.search(text)) or size(text) >= least


def size(text: str) -> int:
    """In letters, of which a Chinese one says as much as two."""
    return sum(2 if unicodedata.east_asian_width(each) in "FW" else 1 for each in text if each.isalnum())
