"""Forgets drafts of questions that were never posted."""

from bot.kit import Work
from bot.knowledge.questions import questions
from models import questions as questions_store
from models.spans import DAY

#: how long a draft is kept, in milliseconds: a member who wants to post it does so soon
KEPT = DAY


@questions.job("40 3 * * *")
async def forget(work: Work) -> None:
    await questions_store.forget_drafts(work.tx, work.community, work.now - KEPT)
