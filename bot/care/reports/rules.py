"""Who may appeal a decision, and for how long."""

from bot.kit import Refusal
from models.reviews import Case
from models.spans import DAY

#: days after a verdict in which its author may appeal
DAYS = 30


def objection(case: Case, member_id: int, now: int) -> Refusal | None:
    """Why this member cannot appeal, or can no longer."""
    if case.author_id != member_id or case.verdict not in ("warn", "remove") or case.decided_at is None:
        return Refusal("appeal.nothing")
    if case.appeal is not None:
        return Refusal("appeal.again", number=case.number)
    if now > case.decided_at + DAYS * DAY:
        return Refusal("appeal.late", number=case.number, days=DAYS)
    return None
