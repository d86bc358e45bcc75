"""Putting up a bounty."""

from typing import Annotated

from bot.kit import Range, Reply, Tone, Work
from bot.knowledge.bounties import acts, bounties
from bot.knowledge.questions import acts as questions_acts
from bot.knowledge.questions.acts import theirs
from bot.knowledge.questions.views import Asked


@bounties.command("bounty", varies=True)
async def bounty(work: Work, question: Asked, amount: Annotated[int, Range(1, acts.MOST)]) -> Reply:
    found = await theirs(work, question)
    said = await acts.put_up(work, found, amount)
    return await questions_acts.aloud(work, found, said.but(tone=Tone.GOOD))
