"""Answers as options of a command."""

from typing import Annotated

from bot.kit import Choice, Suggest, Work
from models import ledger, questions


async def answers_to_accept(work: Work, typed: str) -> list[Choice]:
    """Answers to the member's own questions, the newest question first."""
    mine = await questions.asked_by(work.tx, work.community, work.member.id, ledger.LATEST, 10)
    found = [each for number in mine for each in await questions.answers_of(work.tx, work.community, number)]
    near = [each.answer for each in found if typed.strip() in str(each.answer.number)]
    return [Choice(str(each.number), f"#{each.question} · {' '.join(each.body.split())}"[:100]) for each in near]


AnswerNumber = Annotated[str, Suggest(answers_to_accept)]
