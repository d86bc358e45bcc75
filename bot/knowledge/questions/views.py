"""Questions as members see them: named by number, found by words, and shown in lists."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated

from bot.kit import Access, Button, Choice, OptionRefused, Reply, Rich, Suggest, Work, command_line, join, read_number
from bot.kit.calendar import moment
from bot.kit.terms import asked_terms
from bot.knowledge.questions.rules import LIKE, MARKS, Weights, likeness, preferred, rarest, spoken, weigh
from models import circles, ledger, questions, text_index, threads
from models.questions import Answer, Found, Question

#: states in which a question takes no more answers
OVER = ("duplicate", "closed")
#: states in which a member may still want an answer
WAITING = ("open", "answered")
#: how many of the questions that the index finds are ranked
POOL = 30
#: how many terms are used to find similar questions: the rarest tell most, and few texts have them
RAREST = 8
#: a term in more texts than this is used only beside rarer ones; what it finds alone is not ranked
CROWD = 1_000
#: the weight of a similar title; the rest counts whether the question mentions the words at all
SOUND = 0.7
#: replaces a title that the member may not know
HIDDEN = "…"
#: Discord's limit for the text of a choice
LABEL = 100
#: how many earlier questions are shown with a new one
SHOWN = 3
#: how many characters of an answer are shown with an earlier question
EXTRACT = 200


async def find_question(work: Work, typed: str, option: str = "question") -> Question:
    """A question that this member can see; only its asker and staff see a draft."""
    found = await questions.question(work.tx, work.community, read_number(option, typed))
    if found is None or found.state == "deleted" or not await is_seen(work, found):
        raise OptionRefused(option, "question.unknown", so_far=command_line(work.path.replace(".", " ")))
    return found


async def is_seen(work: Work, question: Question) -> bool:
    """Whether it is their own, or was asked where they read."""
    if question.asker_id == work.member.id:
        return True
    if question.state == "draft" and work.access < Access.STAFF:
        return False
    return await circles.reads(work.tx, work.community, question.number, await work.reading())


async def is_everybodys(work: Work, question: Question) -> bool:
    """Whether it was asked where everybody in the community reads."""
    common = await circles.common(work.tx, work.community, *work.settings.common)
    return await circles.reads(work.tx, work.community, question.number, common)


async def title_for(work: Work, question: Question, member_id: int) -> str:
    """Its title for a member we tell something; a mark instead if they may no longer read the question."""
    known = member_id in (question.asker_id, work.actor and work.actor.id)
    return question.title if known or await is_everybodys(work, question) else HIDDEN


async def choices(work: Work, typed: str) -> list[Choice]:
    """Choices by number, or by the words of the title typed so far."""
    number = typed.strip().removeprefix("#")
    if number.isascii() and number.isdigit():
        pointed = await questions.shown(work.tx, work.community, [int(number[:18])])
        found = [each for each in pointed if await is_seen(work, each.question)]
    elif typed.strip():
        found = await search(work, typed, 10, begun=True)
    else:
        newest = await questions.latest(work.tx, work.community, 10, await work.reading())
        found = await questions.shown(work.tx, work.community, newest)
    seen = [each.question for each in found if each.question.state not in ("draft", "deleted")]
    return [Choice(str(each.number), f"#{each.number} · {each.title}"[:LABEL]) for each in seen]


Asked = Annotated[str, Suggest(choices)]


async def best_answer(work: Work, question: Question) -> Answer | None:
    found = await questions.answers_of(work.tx, work.community, question.number)
    return found[0].answer if found else None


async def search(work: Work, text: str, limit: int, *, begun: bool = False) -> list[Found]:
    """First questions with all the words, then with any of them; solved and well-answered ones are preferred."""
    wanted = asked_terms(text)
    counted, _ = await _counted(work, text)
    crowd = min((counted.get(term, 0) for term in wanted), default=0) > CROWD
    numbers = await text_index.matching(
        work.tx, work.community, wanted, POOL, await work.reading(), every=True, begun=begun, newest=crowd or begun
    )
    if len(numbers) < limit and len(wanted) > 1:
        numbers += await _any(work, counted)
    found = await questions.shown(work.tx, work.community, numbers)
    weights = weigh(*await _counted(work, text, *(each.question.title for each in found)))
    near = {each: SOUND * likeness(text, each.question.title, weights) for each in found}
    near |= {each: near[each] + (1 - SOUND) * spoken(text, _text(each.question), weights) for each in found}
    return sorted(found, key=lambda each: (-preferred(each, near[each]), -each.question.number))[:limit]


async def similar(work: Work, question: Question, limit: int) -> list[Found]:
    """Questions that may ask the same, the nearest first."""
    counted, _ = await _counted(work, _text(question))
    titled = {term: counted[term] for term in asked_terms(question.title) if term in counted}
    numbers = await _any(work, titled or counted)
    found = [each for each in await questions.shown(work.tx, work.community, numbers) if each.question != question]
    weights = weigh(*await _counted(work, question.title, *(each.question.title for each in found)))
    near = {each: likeness(question.title, each.question.title, weights) for each in found}
    alike = [each for each in found if near[each] >= LIKE]
    return sorted(alike, key=lambda each: (-preferred(each, near[each]), -each.question.number))[:limit]


async def related(work: Work, question: Question) -> list[int]:
    """Other questions about the same: with the rarest of its terms, and the newest with its tags."""
    counted, _ = await _counted(work, f"{question.title}\n{question.tags}")
    numbers, read = await _any(work, counted), await work.reading()
    for tag in question.tags.split():
        found = asked_terms(tag)
        numbers += await text_index.matching(work.tx, work.community, found, POOL, read, every=True, newest=True)
    return [each for each in dict.fromkeys(numbers) if each != question.number]


async def weights(work: Work, found: Iterable[Question]) -> Weights:
    """How much the terms of these questions tell."""
    return weigh(*await _counted(work, *(f"{each.title}\n{each.tags}" for each in found)))


async def _any(work: Work, counted: Mapping[str, int]) -> list[int]:
    """Questions with any of the rarest of these terms; a term that nearly every text has tells nothing."""
    telling = {term: texts for term, texts in counted.items() if texts <= CROWD}
    wanted = rarest(telling or counted, RAREST if telling else 1)
    read = await work.reading()
    return await text_index.matching(work.tx, work.community, wanted, POOL, read, every=False, newest=not telling)


def start_of(typed: str) -> int:
    """The number below which a page of questions starts; without one, the newest page."""
    return read_number("before", typed) if typed else ledger.LATEST


def date(question: Question) -> datetime:
    return moment(question.asked_at)


def titled(work: Work, question: Question) -> Rich:
    """The title, with the mark of its state before it."""
    mark = MARKS[question.state]
    return work.say("question.titled", mark=mark, number=question.number, title=question.title).text


def line(work: Work, found: Found) -> Rich:
    asked, count = found.question, found.answers
    return work.say(
        f"question.line.{asked.state}", number=asked.number, title=asked.title, count=count, other=asked.same_as
    ).text


def listed(work: Work, title: Rich, found: Sequence[Found], turn: Sequence[Button] = ()) -> Reply:
    """A page of questions; the first have a button each to show them."""
    text = join([line(work, each) for each in found])
    shows = [
        Button(f"#{each.question.number}", command_line("question show", each.question.number)) for each in found[:5]
    ]
    return Reply(title=title, text=text, buttons=(*shows, *turn), private=True)


async def _counted(work: Work, *texts: str) -> tuple[Mapping[str, int], int]:
    """How many texts have each of these terms, and how many texts there are; only texts the actor may find count."""
    found = sorted({term for text in texts for term in asked_terms(text)})
    return await text_index.rarity(work.tx, work.community, await work.reading(), found)


def _text(question: Question) -> str:
    return f"{question.title}\n{question.tags}\n{question.body}"


async def lives(work: Work, question: Question) -> int:
    """The question's own place, or else where it was asked."""
    places = await threads.places_of(work.tx, work.community, question.number)
    return places[-1].place_id if places else question.place_id


async def before(work: Work, near: Sequence[Found]) -> list[Rich]:
    """A line for each earlier question, with its accepted answer."""
    lines: list[Rich] = []
    for each in near:
        lines.append(line(work, each))
        if best := await best_answer(work, each.question):
            lines.append(work.say("ask.extract", text=_extract(best.body)).text)
    return lines


async def welcome(work: Work, question: Question) -> Reply:
    """Earlier questions like it, and how members give and judge answers here."""
    near = await similar(work, question, SHOWN)
    lines = [work.say("threads.asked", member=await work.mention(work.member), number=question.number).text]
    if near:
        lines += [work.say("threads.before").text, *await before(work, near)]
    numbers = [each.question.number for each in near]
    same = [
        Button(work.words("threads.same", number=number), command_line("question duplicate", question.number, number))
        for number in numbers
    ]
    return Reply(text=join(lines), buttons=tuple(same), subject=f"question:{question.number}")


def _extract(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= EXTRACT else f"{said[: EXTRACT - 1]}…"
