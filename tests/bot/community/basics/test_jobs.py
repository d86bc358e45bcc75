"""What was said is not stored for ever."""

from bot.core.clock import HandClock
from bot.core.core import Core
from tests.bot.purses import meet, says
from tests.bot.recorder import HOUR, Recorder


async def test_what_was_said_is_forgotten(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """It is forgotten after a month, and nothing is said again."""
    await meet(core)
    await says(core, "/ask Where is the tea kept?")
    await says(core, "/bounty 1 10")

    await core.pass_time(clock, clock.now() + 20 * 24 * HOUR)
    asked = len(recorder.effects)
    assert await bodies(core) != []
    await core.pass_time(clock, clock.now() + 31 * 24 * HOUR)

    assert await bodies(core) == []
    assert len(recorder.effects) == asked


async def bodies(core: Core) -> list[str]:
    """The bodies of what is still stored."""
    async with core.store.read() as tx:
        rows = await tx.all("SELECT body FROM promise WHERE kept_at IS NOT NULL AND body <> '{}' AND kind <> 'Remind'")
    return [row["body"] for row in rows]
