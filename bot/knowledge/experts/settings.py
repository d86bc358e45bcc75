"""How long a question waits for each of those who may answer it, and where everybody is called."""

from datetime import timedelta
from typing import Annotated

from bot.kit import Duration, Range
from bot.knowledge.experts import experts
from models.communities import Place

#: 0 for never
Wait = Annotated[Duration, Range(0, 30 * 86_400)]

#: after it was asked helpers are; then, each so long after the one before, everybody, and the asker about a bounty
AFTER = experts.setting("after", Wait, timedelta(minutes=30))
CALL = experts.setting("call", Wait, timedelta(hours=2))
BOUNTY = experts.setting("bounty", Wait, timedelta(hours=6))
#: whoever asked, whether it is still open; without any answer of theirs it is stale after so long
STILL = experts.setting("still", Wait, timedelta(days=3))
STALE = experts.setting("stale", Wait, timedelta(days=7))
#: where everybody is called; where it was asked when there is none
PLACE = experts.setting("place", Place, None)
