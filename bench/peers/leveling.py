"""discordLevelingSystem: `award_xp`, as its own `on_message` example calls it, on its own database file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiosqlite
from discord import MessageType
from discordLevelingSystem import DiscordLevelingSystem  # type: ignore[import-not-found] # installed for this program alone

from bench.peers.meter import GUILD, HERE, Author, Award, Guild, run

FILL = "INSERT INTO leaderboard VALUES (?, ?, ?, 0, 1, 1)"


@dataclass(frozen=True, slots=True)
class Message:
    author: Author
    guild: Guild = HERE
    type: MessageType = MessageType.default


@asynccontextmanager
async def leveling(folder: Path, members: range) -> AsyncIterator[Award]:
    path = folder / "DiscordLevelingSystem.db"
    await asyncio.to_thread(_create, folder)
    async with aiosqlite.connect(path) as db:
        await db.executemany(FILL, [(GUILD, member, str(Author(member))) for member in members])
        await db.commit()
    system = DiscordLevelingSystem(rate=1, per=0.001, announce_level_up=False)
    await system.switch_connection(str(path))

    async def award(member: int) -> None:
        await system.award_xp(amount=1, message=Message(Author(member)))

    yield award


def _create(folder: Path) -> None:
    """Create it; it needs a loop of its own."""
    asyncio.set_event_loop(asyncio.new_event_loop())
    DiscordLevelingSystem.create_database_file(str(folder))


run(leveling)
