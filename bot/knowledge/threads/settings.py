"""When a message is an answer, whether questions get a thread, and whether its name shows their state."""

from typing import Annotated

from bot.kit import Range
from bot.knowledge.questions.rules import BODY
from bot.knowledge.threads import threads

#: from so many letters on a message without code is an answer; 0 makes no message an answer, even with code
LENGTH = threads.setting("length", Annotated[int, Range(0, BODY)], 60, words=True)
#: only where a platform has threads that hang on a message
OPEN = threads.setting("open", bool, True)
#: marks in the names of threads, forum posts and topics
MARKS = threads.setting("marks", bool, True)
