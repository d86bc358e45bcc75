"""Staff say that so much may end at once."""

from bot.community.endings import endings
from bot.community.endings.acts import Ending
from bot.kit import Access, Reply, Tone, Work, happened
from bot.kit.events import EndingAllowed
from models import waiting


@endings.command("overdue", access=Access.ADMIN)
async def overdue(work: Work, what: Ending) -> Reply:
    """Allow as many as staff were told of; the capability that owns them ends them."""
    found = await waiting.find(work.tx, work.community, what.value)
    things = work.words(f"things.{what.value}")
    if found is None:
        return work.say("nothing", things=things).but(private=True)
    await waiting.allow(work.tx, work.community, what.value, work.now)
    cause = f"allowed:{what.value}:{work.cause}"
    await happened(work, EndingAllowed(cause=cause, at=work.now, home=work.community, what=what.value))
    return work.say("done", count=found.due, things=things).but(private=True, tone=Tone.GOOD)
