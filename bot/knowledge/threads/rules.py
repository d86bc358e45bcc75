"""Which messages are answers, by a rule so simple that members can predict it; and the name of a question's place."""

import re
import unicodedata

from bot.economy.thanks.rules import is_thanks
from bot.knowledge.questions.rules import MARKS, says_something
from models.questions import Question

#: marks a message as an answer; both platforms offer it as a reaction
NOTED = "👀"

#: how many answers we offer to a glad asker
GUESSES = 3

#: how many characters are searched for gladness
SOON = 300
#: the longest name that every platform takes, in characters
NAME = 100
_MARKED = re.compile(rf"(?:(?:{'|'.join(filter(None, MARKS.values()))})\ufe0f?\s*)+")
_GLAD = re.compile(
    r"\b(?:that|it|this)(?: has| really| just)? (?:worked|works|solved|solves|fixed|fixes|helped|helps|did it)\b"
    r"|\b(?:solved|fixed) (?:it|that|my)\b|\bproblem solved\b"
    r"|(?<![没未不])(?:解决了|搞定|管用|有用|好使|可以了)",
    re.IGNORECASE,
)
_CODE = re.compile(r"```\s*[^\s`].*?```", re.DOTALL)


def is_answer(text: str, least: int) -> bool:
    """A block of code with some words, or so many letters; a text that is short or says nothing is a comment."""
    if not least or not says_something(text):
        return False
    return bool(_CODE.search(text)) or size(text) >= least


def is_glad(text: str) -> bool:
    """Whether it sounds as if something helped; a text with a question mark does not."""
    return "?" not in text and "？" not in text and (is_thanks(text) or bool(_GLAD.search(text[:SOON])))


def size(text: str) -> int:
    """The number of letters; a Chinese one counts as two."""
    return sum(2 if unicodedata.east_asian_width(each) in "FW" else 1 for each in text if each.isalnum())


def named(question: Question, called: str, ours: str) -> str:
    """The name with the mark of the state. A name in our form follows the title; any other name stays."""
    marked = _MARKED.match(called)
    bare = called[marked.end() :] if marked else called
    name = f"{ours} {question.title}" if bare.startswith(f"{ours} ") else bare.strip() or question.title
    name = f"{MARKS[question.state]} {name}".strip()
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"
