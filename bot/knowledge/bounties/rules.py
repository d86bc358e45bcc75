"""What becomes of a bounty that nobody was awarded."""

from collections.abc import Sequence

from models.bounties import Bounty
from models.questions import Standing
from models.spans import DAY

LASTS = 7 * DAY
GRACE = DAY
#: votes that an answer must have for half of it
VOTES = 2


def deserving(bounty: Bounty, answers: Sequence[Standing]) -> Standing | None:
    """The answer with most votes, and enough of them; never the owner's own. Among equals whoever was first."""
    found = [each for each in answers if each.score >= VOTES and each.answer.author_id != bounty.owner_id]
    return min(found, key=lambda each: (-each.score, each.answer.number), default=None)
