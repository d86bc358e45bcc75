"""When a message is an answer, whether questions get a thread, and whether its name tells how they stand."""

from typing import Annotated

from bot.kit import Range
from bot.knowledge.questions.rules import BODY
from bot.knowledge.threads import threads

#: letters from which on a message without code is an answer; 0 for never, with code or without
LENGTH = threads.setting("length", Annotated[int, Range(0, BODY)], 60, words=True)
#: where a platform has threads that hang on a message
OPEN = threads.setting("open", bool, True)
#: in the names of threads, forum posts and topics
MARKS = threads.setting("marks", bool, True)
