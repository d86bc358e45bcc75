"""A question whose message members can reply to."""

import pytest

from bot.core.core import Core
from bot.kit.events import Said
from tests.bot.purses import meet, rules, says
from tests.bot.recorder import LOBBY, NOON


@pytest.fixture
async def ready(core: Core) -> Core:
    """Ann asked question 1, shown in message q; only answers earn anything."""
    await meet(core)
    for reason in ("message", "reply", "reaction", "streak"):
        await rules(core, f"/settings set points.{reason} 0")
    asked = await says(core, "/ask How do I cancel a task in asyncio? #python")
    assert asked.subject == "question:1"
    said = Said(cause="recorder:msg:q", at=NOON, spot=LOBBY, subject=asked.subject, message="q")
    await core.absorb([said])
    return core
