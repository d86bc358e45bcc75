"""Who stands on the boards, and how long a season is."""

from bot.standing.boards import boards
from bot.standing.boards.rules import Season

#: whoever may moderate stands among the others
STAFF = boards.setting("staff", bool, True)
SEASON = boards.setting("season", Season, Season.QUARTER)
