"""What happens to a bounty that was not awarded."""

from collections.abc import Sequence

from models.bounties import Bounty
from models.questions import Standing
from models.spans import DAY

LASTS = 7 * DAY
GRACE = DAY
#: how many votes an answer needs to get half of it
VOTES = 2


def deserving(bounty: Bounty, answers: Sequence[Standing]) -> Standing | None:
    """The answer with most votes, and enough of them; never the owner's own. Of equal ones, the first."""
    found = [each for each in answers if each.score >= VOTES and each.answer.author_id != bounty.owner_id]
    return min(found, key=lambda each: (-each.score, each.answer.number), default=None)
