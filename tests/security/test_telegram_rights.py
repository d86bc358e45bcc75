"""Rights in a group on Telegram: those of this moment."""

from pathlib import Path

import pytest

from bot.clock import SystemClock
from tests.adapters.telegram.running import running
from tests.security.test_displayed_text import settled
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_members import Membership
from tests.servers.telegram_world import Group, Person


@pytest.mark.parametrize(
    ("after", "told"), [("member", "Only administrators can do this"), ("left", "I answer members only")]
)
async def test_who_was_demoted_is_so_at_once(
    server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path, after: str, told: str
) -> None:
    """What was true a moment ago is asked again as soon as Telegram tells of a change."""
    group.add(mallory, "administrator")
    async with running(server, tmp_path, SystemClock()) as world:
        await mallory.says(group, "/settings set points.message 41")
        await settled(world, server)
        await server.heard(mallory, "is now 41")
        group.change(mallory, Membership(status=after), by=ann)  # type: ignore[arg-type] # one of Telegram's
        where = group if after == "member" else mallory.private
        await mallory.says(where, "/settings set points.message 42")
        await settled(world, server)

        await server.heard(mallory, told)
        assert not any("is now 42" in message.text for message in server.visible_to(mallory))
