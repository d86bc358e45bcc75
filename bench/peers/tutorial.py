"""The usual tutorial: one table with a key, one upsert through aiosqlite, one commit for each message."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite

from bench.peers.meter import GUILD, Award, run

TABLE = "CREATE TABLE xp (guild_id INTEGER, member_id INTEGER, xp INTEGER, PRIMARY KEY (guild_id, member_id))"
UPSERT = """
INSERT INTO xp (guild_id, member_id, xp) VALUES (?, ?, 1)
ON CONFLICT (guild_id, member_id) DO UPDATE SET xp = xp + 1
"""


@asynccontextmanager
async def tutorial(folder: Path, members: range) -> AsyncIterator[Award]:
    async with aiosqlite.connect(folder / "xp.db") as db:
        await db.execute(TABLE)
        await db.executemany(UPSERT, [(GUILD, member) for member in members])
        await db.commit()

        async def award(member: int) -> None:
            await db.execute(UPSERT, (GUILD, member))
            await db.commit()

        yield award


run(tutorial)
