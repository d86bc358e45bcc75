"""How many points asking is worth, and how often asking and answering are paid."""

from typing import Annotated

from bot.kit import Range
from bot.knowledge.questions import questions

ASKED = questions.setting("asked", Annotated[int, Range(0, 1000)], 2)
#: how many questions and answers of one member are paid in a day
PAID = questions.setting("paid", Annotated[int, Range(0, 1000)], 10)
