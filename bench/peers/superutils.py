"""discordSuperUtils: the listener of its LevelingManager, on a database file through aiosqlite."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiosqlite
from discordSuperUtils import DatabaseManager, LevelingManager  # type: ignore[import-not-found] # installed for this program alone

from bench.peers.meter import GUILD, HERE, Author, Award, Guild, run

Listener = Callable[["Message"], Awaitable[None]]
FILL = 'INSERT INTO xp (guild, member, "rank", xp, level_up) VALUES (?, ?, 1, 0, 50)'


@dataclass(frozen=True, slots=True)
class Message:
    author: Author
    guild: Guild = HERE


class Bot:
    """The part of a bot that a manager needs: it keeps the listener."""

    listener: Listener

    def add_listener(self, listener: Listener, _: str) -> None:
        self.listener = listener


@asynccontextmanager
async def superutils(folder: Path, members: range) -> AsyncIterator[Award]:
    async with aiosqlite.connect(folder / "leveling.db") as db:
        bot = Bot()
        manager = LevelingManager(bot, xp_cooldown=0)
        await manager.connect_to_database(DatabaseManager.connect(db), ["xp", "roles", "role_list"])
        await db.executemany(FILL, [(GUILD, member) for member in members])
        await db.commit()

        async def award(member: int) -> None:
            await bot.listener(Message(Author(member)))

        yield award


run(superutils)
