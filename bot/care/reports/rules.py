"""Who may object to what was decided, and for how long."""

from bot.kit import Refusal
from models.reviews import Case
from models.spans import DAY

#: after a verdict
DAYS = 30


def objection(case: Case, member_id: int, now: int) -> Refusal | None:
    """Why its author cannot object, or not any more."""
    if case.author_id != member_id or case.verdict not in ("warn", "remove") or case.decided_at is None:
        return Refusal("appeal.nothing")
    if case.appeal is not None:
        return Refusal("appeal.again", number=case.number)
    if now > case.decided_at + DAYS * DAY:
        return Refusal("appeal.late", number=case.number, days=DAYS)
    return None
