"""How many points an answer, its acceptance and each vote for it are worth."""

from datetime import timedelta
from typing import Annotated

from bot.kit import Duration, Range
from bot.knowledge.answers import answers

Worth = Annotated[int, Range(0, 1000)]

ANSWERED = answers.setting("given", Worth, 2)
FIRST = answers.setting("first", Worth, 3)
FAST = answers.setting("fast", Annotated[Duration, Range(60, 86_400)], timedelta(hours=1))
ACCEPTED = answers.setting("accepted", Worth, 15)
VOTED = answers.setting("voted", Worth, 5)
