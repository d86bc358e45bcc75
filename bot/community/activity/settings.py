"""How long dated facts are kept."""

from datetime import timedelta
from typing import Annotated

from bot.community.activity import activity
from bot.kit import Duration, Range

#: after this time, only the counts per member and day remain
KEEP = activity.setting("keep", Annotated[Duration, Range(30 * 86_400, 3_650 * 86_400)], timedelta(days=180))
