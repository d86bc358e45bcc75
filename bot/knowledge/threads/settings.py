"""Whether messages are noted as answers, whether questions get a thread, and whether its name shows their state."""

from bot.knowledge.threads import threads

#: whether a reply that surely looks like an answer is noted as one
NOTICE = threads.setting("notice", bool, True, words=True)
#: only where a platform has threads that hang on a message
OPEN = threads.setting("open", bool, True)
#: marks in the names of threads, forum posts and topics
MARKS = threads.setting("marks", bool, True)
