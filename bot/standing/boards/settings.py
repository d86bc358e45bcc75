"""Which members are on the boards, and how long a season is."""

from bot.standing.boards import boards
from bot.standing.boards.rules import Season

#: whether members who may moderate are on the boards
STAFF = boards.setting("staff", bool, True)
SEASON = boards.setting("season", Season, Season.QUARTER)
