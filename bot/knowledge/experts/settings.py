"""How long a question waits for each group that may answer it, and where everybody is called."""

from datetime import timedelta
from typing import Annotated

from bot.kit import Duration, Range
from bot.knowledge.experts import experts
from models.communities import Place

#: 0 for never
Wait = Annotated[Duration, Range(0, 30 * 86_400)]

#: how long after the question helpers are asked; then, each after the step before, everybody, and the asker's bounty
AFTER = experts.setting("after", Wait, timedelta(minutes=30))
CALL = experts.setting("call", Wait, timedelta(hours=2))
BOUNTY = experts.setting("bounty", Wait, timedelta(hours=6))
#: when the asker is asked whether it is still open; and when it becomes stale if they do not reply
STILL = experts.setting("still", Wait, timedelta(days=3))
STALE = experts.setting("stale", Wait, timedelta(days=7))
#: where everybody is called; without it, where the question was asked
PLACE = experts.setting("place", Place, None)
