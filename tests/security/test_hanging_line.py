"""A line that once took a minute for every few characters is answered like any other."""

import asyncio
from pathlib import Path

from tests.stories.conftest import on_telegram


async def test_tags_without_an_end(tmp_path: Path) -> None:
    """The question is asked, and the house goes on."""
    async with on_telegram(tmp_path) as stage:
        ann, bob = await stage.members("ann", "bob")

        async with asyncio.timeout(20):
            await ann.says(f"/ask how do I install it {'#a-' * 1000}!")
            assert bob.hears("how do I install it")
            await bob.says("/ping")
        assert bob.hears("I am here.")
