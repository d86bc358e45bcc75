"""Which messages are answers by themselves, simple enough that members can tell; and what a place is called."""

import re
import unicodedata

from bot.economy.thanks.rules import is_thanks
from bot.knowledge.questions.rules import MARKS, says_something
from models.questions import Question

#: stands on a message that is an answer; both platforms have it among their reactions
NOTED = "👀"

#: answers that whoever is glad may mean
GUESSES = 3

#: characters by which whoever is glad has said so
SOON = 300
#: characters of a name that every platform takes
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
    """With a block of code and some words, or with so many letters; what is short or says nothing is a comment."""
    if not least or not says_something(text):
        return False
    return bool(_CODE.search(text)) or size(text) >= least


def is_glad(text: str) -> bool:
    """Whether it sounds as if something helped; a question about it does not, and who is wrong here only asks."""
    return "?" not in text and "？" not in text and (is_thanks(text) or bool(_GLAD.search(text[:SOON])))


def size(text: str) -> int:
    """In letters, of which a Chinese one says as much as two."""
    return sum(2 if unicodedata.east_asian_width(each) in "FW" else 1 for each in text if each.isalnum())


def named(question: Question, called: str, ours: str) -> str:
    """With the mark of its state before it: what begins as we call it follows the title, any other name stays."""
    marked = _MARKED.match(called)
    bare = called[marked.end() :] if marked else called
    name = f"{ours} {question.title}" if bare.startswith(f"{ours} ") else bare.strip() or question.title
    name = f"{MARKS[question.state]} {name}".strip()
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"
