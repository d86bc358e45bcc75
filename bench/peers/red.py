"""Red-DiscordBot: a cog's `Config` with its default driver, one JSON file that is written whole each time."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from redbot.core import Config, data_manager  # type: ignore[import-not-found] # installed for this program alone

from bench.peers.meter import GUILD, Award, run

COG, IDENTIFIER = "Points", 1


@asynccontextmanager
async def red(folder: Path, members: range) -> AsyncIterator[Award]:
    data_manager.basic_config = data_manager.basic_config_default | {
        "DATA_PATH": str(folder),
        "STORAGE_TYPE": "JSON",
        "STORAGE_DETAILS": {},
    }
    known = {str(IDENTIFIER): {"MEMBER": {str(GUILD): {str(member): {"xp": 1} for member in members}}}}
    (data_manager.cog_data_path(raw_name=COG) / "settings.json").write_text(json.dumps(known), encoding="utf-8")
    config = Config.get_conf(None, IDENTIFIER, cog_name=COG)
    config.register_member(xp=0)

    async def award(member: int) -> None:
        points = config.member_from_ids(GUILD, member).xp
        async with points.get_lock():
            await points.set(await points() + 1)

    yield award


run(red)
