"""What was said at a question and may have solved it, as buttons for its asker."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from bot.kit import Button, Work, command_line
from bot.knowledge.threads.rules import GUESSES, TOGETHER
from models import members, questions, threads
from models.questions import Question
from models.threads import Linked

#: how many of the last messages are looked at
LOOKED_AT = 24
#: how many characters of a message stand on its button
BEGINNING = 40


def together(lines: Sequence[Linked], author_id: int, now: int) -> list[Linked]:
    """The newest of these lines, as far as they are this author's, in a row, soon one after the other."""
    found: list[Linked] = []
    for each in takewhile(lambda line: line.member_id == author_id and line.body, lines):
        if (found[-1].at if found else now) - each.at > TOGETHER:
            break
        found.append(each)
    return found


def groups(lines: Sequence[Linked], asker_id: int) -> Iterator[list[Linked]]:
    """What others said, newest first: each group is one answer, or lines of one author in a row."""
    at = 0
    while at < len(lines):
        first = lines[at]
        group = [first]
        if first.answer is None and first.body:
            group = [each for each in together(lines[at:], first.member_id or 0, first.at) if each.answer is None]
        if first.member_id != asker_id and (first.answer or first.body):
            yield group
        at += max(1, len(group))


async def choices(work: Work, question: Question, first: Linked | None = None, *, likely: bool = False) -> list[Button]:
    """A button for each of the last messages of others, then for their other answers; the message `first` leads."""
    lines = await threads.spoken(work.tx, work.community, question.number, LOOKED_AT)
    standing = [each.answer for each in await questions.answers_of(work.tx, work.community, question.number)]
    theirs = [each.number for each in standing if each.author_id != question.asker_id]
    told = [group for group in groups(lines, question.asker_id) if _counts(group, theirs, likely=likely)]
    told.sort(key=lambda group: first not in group)
    meant = [first.answer] if first and first.answer in theirs else []
    offered = dict.fromkeys([*meant, *(group[0].answer or group[0] for group in told), *theirs])
    return [await _button(work, question, each) for each in list(offered)[:GUESSES]]


def _counts(group: Sequence[Linked], standing: Sequence[int], *, likely: bool) -> bool:
    """Not if its answer was taken back; if only likely ones are wanted, not every message."""
    if group[0].answer:
        return group[0].answer in standing
    return not likely or any(each.likely for each in group)


async def _button(work: Work, question: Question, chosen: Linked | int) -> Button:
    if isinstance(chosen, int):
        return Button(work.words("threads.solved", number=chosen), command_line("accept", chosen))
    author = await members.known(work.tx, work.community, chosen.member_id or 0)
    text = " ".join((chosen.body or "").split())
    begun = text if len(text) <= BEGINNING else f"{text[: BEGINNING - 1]}…"
    label = work.words("threads.chosen", member=author.name, text=begun)
    return Button(label, command_line("question solution", question.number, chosen.message))
