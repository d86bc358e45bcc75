"""Reporting, and appealing a decision."""

from dataclasses import replace
from enum import Enum
from typing import Annotated

from bot.care.reports import reports
from bot.care.reports.rules import objection
from bot.care.reports.settings import DAILY
from bot.care.reviews import acts as reviews_acts
from bot.kit import Long, OptionRefused, Quoted, Range, Refusal, Reply, Tail, Tone, Work, command_line, read_number
from bot.kit.references import clean
from bot.knowledge.questions.views import Asked, find_question
from models import ledger, reviews
from models.numbers import next_number
from models.reviews import Report
from models.spans import DAY

#: the longest words of a report and of an appeal, in characters
WORDS, WHY = 500, 1000


class Reason(Enum):
    SPAM = "spam"
    RUDE = "rude"
    OFF_TOPIC = "off-topic"
    WRONG = "wrong"
    ELSE = "else"


@reports.command("report")
async def report(
    work: Work,
    reason: Reason = Reason.ELSE,
    number: Annotated[str, Range(0, WORDS)] = "",
    words: Annotated[Tail, Range(0, WORDS)] = "",
    message: Quoted | None = None,
) -> Reply:
    """With a message, all after the reason is words about it. A member's second report replaces their first."""
    if message:
        number, words = "", f"{number} {words}".strip()[:WORDS]
    elif not number:
        raise OptionRefused("number", "refusal.missing", so_far=command_line("report", reason.value))
    await ledger.lock(work.tx, work.community)
    about = await reviews_acts.about(work, number, message)
    if about.author_id == work.member.id:
        raise Refusal("report.own")
    case = await reviews.undecided(work.tx, about)
    said = await reviews.reports(work.tx, work.community, case.number) if case else []
    if not any(each.member_id == work.member.id for each in said):
        await _within_a_day(work)
    if case is None:
        case = replace(about, number=await next_number(work.tx, work.community))
        await reviews.put_case(work.tx, case)
        await reviews_acts.call(work, case)
    await reviews.put_report(
        work.tx, Report(work.community, case.number, work.member.id, reason.value, words, work.now)
    )
    return work.say("done").but(private=True, tone=Tone.GOOD)


@reports.command("question report", reads=True)
async def which(work: Work, question: Asked) -> Reply:
    """Ask for the reason, since a press would report at once."""
    found = await find_question(work, question)
    buttons = tuple(
        work.button(f"reason.{each.value}", command_line("report", each.value, found.number)) for each in Reason
    )
    return work.say("what", number=found.number, title=found.title).but(private=True, buttons=buttons)


@reports.command("appeal")
async def appeal(work: Work, case: str, why: Annotated[str, Long(), Range(1, WHY)]) -> Reply:
    """The author appeals, once; somebody else reviews it."""
    await ledger.lock(work.tx, work.community)
    found = await reviews.case(work.tx, work.community, read_number("case", case))
    if found is None:
        raise Refusal("appeal.nothing")
    if refusal := objection(found, work.member.id, work.now):
        raise refusal
    if clean(why) == clean(""):
        raise OptionRefused("why", "refusal.length", low=1, high=WHY)
    objected = replace(found, appeal=why.strip(), appealed_at=work.now, claimed_by=None, claimed_until=None)
    await reviews.put_case(work.tx, objected)
    await reviews_acts.call(work, objected)
    return work.say("done", number=found.number).but(private=True, tone=Tone.GOOD)


async def _within_a_day(work: Work) -> None:
    most: int = work.setting(DAILY)
    if await reviews.reported_since(work.tx, work.community, work.member.id, work.now - DAY) >= most:
        raise Refusal("report.enough", count=most)
