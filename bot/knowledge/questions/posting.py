"""Puts a question before everybody: as a command drafted it, or as a forum post or a topic says it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.economy.points import acts as purse
from bot.kit.effects import Post, Tell
from bot.kit.errors import OptionRefused
from bot.kit.events import QuestionAsked
from bot.kit.grammar import write
from bot.kit.listening import happened
from bot.kit.markup import Rich, join
from bot.kit.replies import Button, Reply, Tone
from bot.kit.work import Work
from bot.knowledge.questions import acts as asked
from bot.knowledge.questions.rules import BODY, Draft, read_draft
from bot.knowledge.questions.settings import ASKED
from models import circles, communities, members
from models import threads as links
from models.ledger import Entry
from models.members import Member
from models.numbers import next_number
from models.questions import Found, Question

#: questions asked before that are shown beside a new one
SHOWN = 3
#: characters of an answer beside a question that was asked before
EXTRACT = 200


async def draft(work: Work, read: Draft, place_id: int, asker: Member) -> Question:
    """Nothing is kept yet."""
    return Question(
        community_id=work.community,
        number=await next_number(work.tx, work.community),
        id=work.desk.ids.new(work.now),
        asker_id=asker.id,
        place_id=place_id,
        title=read.title,
        body=read.body,
        tags=read.tags,
        asked_at=work.now,
        state="draft",
    )


async def post(work: Work, draft: Question, *, pictured: bool = False) -> Question:
    """From now on it can be found and answered, and its asker has earned what asking is worth, and knows of it."""
    question = replace(draft, state="open")
    await asked.keep(work, question)
    asker = await members.known(work.tx, work.community, question.asker_id)
    if await asked.still_paid(work, asker.id):
        worth = work.setting(ASKED)
        await purse.earn(work, asker, worth, "asked", asking(question), note=question.title)
    if asker.id != work.member.id:
        told = work.speaking(asker.speaks).say("ask.yours", number=question.number, title=question.title)
        await work.promise(Tell(member=asker.id, reply=told), once=f"{asking(question)}:told")
    event = QuestionAsked(
        cause=asking(question), at=work.now, home=work.community, question=question.number, pictured=pictured
    )
    await happened(work, event)
    return question


async def take_down(work: Work, question: Question) -> list[Entry]:
    """Nobody finds it any more; what asking it had earned goes back, and is returned."""
    await asked.change(work, replace(question, state="deleted", same_as=None))
    return await purse.unearn(work, [asking(question)], "deleted")


async def post_here(work: Work, title: str, text: str, place_id: int, *, pictured: bool) -> Question | None:
    """What a member opened; where its title says nothing the text may, and None where neither does."""
    for first, details in ((title, text), (text, "")):
        try:
            read = read_draft(first[:BODY], details[:BODY])
        except OptionRefused:
            continue
        return await post(work, await draft(work, read, place_id, work.member), pictured=pictured)
    return None


async def lives(work: Work, question: Question) -> int:
    """The place that is about it alone, or else where it was asked."""
    places = await links.places_of(work.tx, work.community, question.number)
    return places[-1].place_id if places else question.place_id


async def aloud(work: Work, question: Question, said: Reply, instead: Reply | None = None) -> Reply:
    """Where it lives, for everybody; whoever does it from elsewhere, as in private, is told that it was said there.

    Where it lived in a place that is gone, it is said right here, if those who are here read there.
    """
    place = await lives(work, question)
    here = work.place is not None and work.place.id in (place, question.place_id)
    if not here and await communities.is_there(work.tx, work.community, place):
        await work.promise(Post(place=place, reply=said))
        told = instead or work.say("question.there", number=question.number, title=question.title)
        return told.but(private=True, replaces=True, tone=Tone.GOOD)
    read = await replace(work, circles=frozenset()).reading()
    open_here = here or await circles.reads(work.tx, work.community, question.number, read)
    return said if open_here else said.but(private=True)


async def before(work: Work, near: Sequence[Found]) -> list[Rich]:
    """A line for each question asked before, with what was accepted then."""
    lines: list[Rich] = []
    for each in near:
        lines.append(asked.line(work, each))
        if best := await asked.best_answer(work, each.question):
            lines.append(work.say("ask.extract", text=_extract(best.body)).text)
    return lines


async def welcome(work: Work, question: Question) -> Reply:
    """What was asked before, and by which signs answers are told and judged."""
    near = await asked.similar(work, question, SHOWN)
    lines = [work.say("threads.asked", member=await work.mention(work.member), number=question.number).text]
    if near:
        lines += [work.say("threads.before").text, *await before(work, near)]
    numbers = [each.question.number for each in near]
    same = [
        Button(work.words("threads.same", number=number), write("question duplicate", question.number, number))
        for number in numbers
    ]
    return Reply(text=join(lines), buttons=tuple(same), subject=f"question:{question.number}")


def asking(question: Question) -> str:
    """By the id, for numbers begin anew in each community, and communities may become one."""
    return f"asked:{question.id}"


def _extract(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= EXTRACT else f"{said[: EXTRACT - 1]}…"
