"""A guild that several processes meet at once has one community, and one installation keeps no orphans."""

import asyncio

import pytest

from bot.core.core import Core
from bot.kit.references import Spot
from models import communities
from tests.bot.recorder import NAME, person, posted


@pytest.mark.parametrize("rounds", [20])
async def test_two_processes_meet_a_guild_together(two: tuple[Core, Core], rounds: int) -> None:
    """The second process joins what the first founded; members of both meet without a deadlock."""
    people = [person(name) for name in ("ann", "bob", "cat", "dora", "emil")]
    for number in range(rounds):
        guild = Spot(NAME, f"guild {number}", "guild", "Tea")
        rooms = [Spot(NAME, f"{number} {name}", "channel", name, guild) for name in ("b", "a", "c")]
        batches = [
            [posted(f"{side} {number} {who.name}", who, spot=rooms[each % 3]) for each, who in enumerate(order)]
            for side, order in enumerate((people, people[::-1]))
        ]
        await asyncio.gather(*(core.absorb(batch) for core, batch in zip(two, batches, strict=True)))

    async with two[0].store.read() as tx:
        founded = await communities.communities(tx)
        members = await tx.one("SELECT COUNT(*) AS found FROM member")
    assert len(founded) == rounds
    assert members
    assert members["found"] == rounds * len(people)
