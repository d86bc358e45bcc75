"""Writes a question as Markdown: members' words stay text, whatever they look like, and code stays code."""

import json
import re
from collections.abc import Iterator

from adapters.archive.texts import Code, Kind, Line, Part, blocks, parts, slug
from bot.kit.references import clean
from bot.kit.texts import Spoken
from bot.knowledge.archive.views import PublishedAnswer, PublishedQuestion

#: matches the names of our files
OURS = re.compile(r"index\.md|\d{1,19}-[\w-]+\.md")

#: characters with a meaning anywhere in a line
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&$^]")
#: what has a meaning at the beginning of a line
_LEADING = re.compile(r"^(\d*)([-+=:.)])")


def name(question: PublishedQuestion) -> str:
    return f"{question.number}-{slug(question.title)}.md"


def line(question: PublishedQuestion) -> str:
    """A line of the index."""
    return f"- [{_prose(question.title)}]({name(question)})\n"


def render(question: PublishedQuestion, spoken: Spoken) -> str:
    return "\n".join([*_front(question), "", *_body(question, spoken)])


def title(text: str) -> str:
    return f"# {_prose(text)}\n"


def _front(question: PublishedQuestion) -> Iterator[str]:
    """Facts as YAML, which includes JSON."""
    yield "---"
    yield f"number: {question.number}"
    yield f"title: {_quoted(question.title)}"
    yield f"state: {question.state}"
    yield f"tags: [{', '.join(map(_quoted, question.tags))}]"
    yield f"asked: {question.day.isoformat()}"
    if question.author is not None:
        yield f"author: {_quoted(question.author)}"
    yield "---"


def _body(question: PublishedQuestion, spoken: Spoken) -> Iterator[str]:
    yield title(question.title)
    yield f"{_prose(asked_by(question, spoken))}\n"
    yield from _blocks(question.text)
    for answer in question.answers:
        yield f"## {_prose(answered_by(answer, spoken))}\n"
        yield from _blocks(answer.text)


def asked_by(question: PublishedQuestion, spoken: Spoken) -> str:
    if question.author is None:
        return spoken.words("archive.asked", date=question.day)
    return spoken.words("archive.asked_by", date=question.day, member=question.author)


def answered_by(answer: PublishedAnswer, spoken: Spoken) -> str:
    """The answer's number, whether it solves the question, and its author if they agreed to be named."""
    number = str(answer.number)
    said = [
        spoken.words("archive.solves", number=number)
        if answer.accepted
        else spoken.words("archive.answer", number=number),
        answer.author,
        spoken.words("archive.given", date=answer.day, score=answer.score),
    ]
    return " · ".join(filter(None, said))


def _blocks(text: str) -> Iterator[str]:
    for block in blocks(text):
        if isinstance(block, Code):
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", block.text)), default=0))
            yield f"{fence}{block.language}\n{block.text}\n{fence}\n"
        else:
            yield "\\\n".join(map(_line, block.lines)) + "\n"


def _line(line: Line) -> str:
    """One line without blanks around it: blanks would make it code, and a line break a new line."""
    return _bare("".join(map(_part, line)).strip())


def _part(part: Part) -> str:
    match part.kind:
        case Kind.CODE:
            return f"`{part.text}`"
        case Kind.LINK:
            return f"<{part.text}>"
        case _:
            return _SPECIAL.sub(r"\\\g<0>", part.text)


def _prose(text: str) -> str:
    return _line(list(parts(" ".join(text.split()))))


def _bare(line: str) -> str:
    return _LEADING.sub(r"\1\\\2", line)


def _quoted(text: str) -> str:
    return json.dumps(clean(text, len(text)), ensure_ascii=False)
