"""Searching questions, showing one, listing open ones, and saying what may be published."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated

from bot.kit import (
    Block,
    Button,
    Choice,
    Range,
    Reply,
    Rest,
    Rich,
    Style,
    Suggest,
    Tone,
    Work,
    command_line,
    join,
    written,
)
from bot.knowledge.archive import archive
from bot.knowledge.archive.rules import UNSAID, Consent
from bot.knowledge.questions import views as questions_views
from bot.knowledge.questions.rules import read_tag
from bot.knowledge.questions.views import Asked, find_question
from models import communities, consents, ladder, members, questions, threads
from models.questions import Question, Standing

#: questions on one page, and answers shown for one question
PAGE, ANSWERS = 10, 3


async def titles(work: Work, typed: str) -> list[Choice]:
    return [Choice(each.label, each.label) for each in await questions_views.choices(work, typed)]


@archive.command("find", reads=True, cost=2)
async def find(work: Work, words: Annotated[str, Rest(), Range(1, 200), Suggest(titles)]) -> Reply:
    found = await questions_views.search(work, words, PAGE)
    if not found:
        ask = Button(work.words("find.ask"), command_line("ask"), Style.MAIN)
        return work.say("nothing", words=words).but(private=True, buttons=(ask,))
    return questions_views.listed(work, work.say("found", words=words).text, found)


@archive.command("question show", reads=True)
async def show(work: Work, question: Asked) -> Reply:
    found = await find_question(work, question)
    asker = await work.mention(await members.known(work.tx, work.community, found.asker_id))
    lines = [written(found.body)] if found.body else []
    said = work.say(
        f"question.state.{found.state}", member=asker, date=questions_views.date(found), other=found.same_as
    )
    lines.append(said.text)
    if claim := await ladder.claim(work.tx, work.community, found.number, work.now):
        on_it = await work.mention(await members.known(work.tx, work.community, claim.member_id))
        lines.append(work.say("question.claimed", member=on_it, number=found.number, title=found.title).text)
    answers = await questions.answers_of(work.tx, work.community, found.number)
    blocks = [Block(await _named(work, each), written(each.answer.body)) for each in answers[:ANSWERS]]
    if len(answers) > ANSWERS:
        lines.append(work.say("more", count=len(answers) - ANSWERS).text)
    if count := await threads.comments(work.tx, work.community, found.number):
        place = await communities.place(work.tx, work.community, await questions_views.lives(work, found))
        lines.append(work.say("comments", count=count, place=place).text)
    return Reply(
        title=questions_views.titled(work, found),
        text=join(lines),
        blocks=tuple(blocks),
        buttons=tuple(_presses(work, found, answers[:ANSWERS])),
        private=True,
    )


@archive.command("questions unanswered", reads=True)
async def unanswered(work: Work, tag: Annotated[str, Range(0, 40)] = "", before: str = "") -> Reply:
    start = questions_views.start_of(before)
    numbers = await questions.waiting(work.tx, work.community, start, PAGE + 1, await work.reading(), read_tag(tag))
    return await _page(work, numbers, ["questions unanswered", read_tag(tag)])


@archive.command("questions mine", reads=True)
async def mine(work: Work, before: str = "") -> Reply:
    start = questions_views.start_of(before)
    numbers = await questions.asked_by(work.tx, work.community, work.member.id, start, PAGE + 1)
    return await _page(work, numbers, ["questions mine"])


@archive.command("questions stats", reads=True, cost=2)
async def stats(work: Work, days: Annotated[int, Range(1, 365)] = 30) -> Reply:
    """How fast and how often questions are answered in places the actor reads; the asker's own answers do not count."""
    since = work.now - round(timedelta(days=days).total_seconds() * 1000)
    read = await work.reading()
    pace = await questions.pace(work.tx, work.community, since, read)
    waiting = await questions.count_waiting(work.tx, work.community, read)
    if not pace.asked:
        return work.say("none", days=days, waiting=waiting).but(private=True)
    lines = [work.say("asked", count=pace.asked, days=days)]
    if pace.median is not None:
        lines.append(work.say("first", wait=timedelta(milliseconds=pace.median)))
    lines += [
        work.say("answered", count=pace.answered, share=round(100 * pace.answered / pace.asked)),
        work.say("solved", count=pace.solved, share=round(100 * pace.solved / pace.asked)),
        work.say("waiting", count=waiting),
    ]
    looks = work.button("look", command_line("questions unanswered"))
    title = work.say("title").text
    return Reply(title=title, text=join([each.text for each in lines]), buttons=(looks,), private=True)


@archive.command("consent")
async def consent(work: Work, choice: Consent | None = None) -> Reply:
    """Members change it with one word; the change holds from the next export on."""
    if choice:
        await consents.put(work.tx, work.community, work.member.id, choice.value, work.now)
        return work.say(f"now.{choice.value}").but(private=True, tone=Tone.GOOD)
    said = await consents.consent(work.tx, work.community, work.member.id)
    holds = Consent(said.choice) if said else UNSAID
    lines = [work.say("means").text, *(work.say(f"kind.{each.value}").text for each in Consent)]
    since = work.say(f"since.{holds.value}", date=_date(work, said.chosen_at)) if said else work.say("unsaid")
    buttons = tuple(
        work.button(f"button.{each.value}", command_line("consent", each.value))
        for each in Consent
        if each is not holds
    )
    return Reply(text=join([*lines, since.text]), buttons=buttons, private=True)


def _presses(work: Work, question: Question, answers: Sequence[Standing]) -> Iterator[Button]:
    if question.state not in (*questions_views.OVER, "draft"):
        yield Button(work.words("question.answer"), command_line("answer", question.number), Style.MAIN)
        for each in answers:
            up = work.words("answer.up", number=each.answer.number)
            yield Button(up, command_line("vote", each.answer.number, "up"))
    if question.asker_id != work.member.id:
        yield work.button("report", command_line("question report", question.number))


async def _page(work: Work, numbers: Sequence[int], command: Sequence[str]) -> Reply:
    found = await questions.shown(work.tx, work.community, numbers[:PAGE])
    if not found:
        return work.say("empty").but(private=True)
    name, *words = command
    older = [work.button("older", command_line(name, *words, numbers[PAGE - 1]))] if len(numbers) > PAGE else []
    return questions_views.listed(work, work.say("title").text, found, older)


async def _named(work: Work, standing: Standing) -> Rich:
    author = await members.known(work.tx, work.community, standing.answer.author_id)
    accepted = standing.answer.accepted_at is not None
    return work.say(
        "answer.accepted" if accepted else "answer.standing",
        number=standing.answer.number,
        member=author,
        score=standing.score,
    ).text


def _date(work: Work, at: int) -> date:
    return work.calendar_of(work.member).date_of(at)
