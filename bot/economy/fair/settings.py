"""How long members must be known, and how much one member can bring others in a day."""

from datetime import timedelta
from typing import Annotated

from bot.economy.fair import fair
from bot.economy.fair.rules import Limits
from bot.kit import BulkWork, Duration, Range, Work

Limit = Annotated[int, Range(0, 1_000_000)]

#: for a small community in which everybody knows everybody: nothing below holds
TRUST = fair.setting("trust", bool, False)
#: until then a member is new, gives no points and thanks nobody for points
MIN_DAYS = fair.setting("min_days", Annotated[Duration, Range(0, 366 * 86_400)], timedelta(days=3))
#: what a member can bring others in a day while both are new: one answer with a vote, accepted
NEW = fair.setting("new", Limit, 25)
#: what a member can bring one other member in a day
PAIR = fair.setting("pair", Limit, 50)
#: what a member can bring all others together in a day
DONOR = fair.setting("donor", Limit, 150)


def limits_of(work: Work | BulkWork, daily_cap: int) -> Limits:
    trust = work.setting(TRUST)
    return Limits(
        daily_cap=daily_cap,
        known=known_after(work),
        new=0 if trust else work.setting(NEW),
        pair=0 if trust else work.setting(PAIR),
        donor=0 if trust else work.setting(DONOR),
    )


def known_after(work: Work | BulkWork) -> int:
    """For how many milliseconds a member is new."""
    return 0 if work.setting(TRUST) else round(work.setting(MIN_DAYS).total_seconds() * 1000)
