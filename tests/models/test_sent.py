"""Messages of ours that members may answer or press."""

from dataclasses import replace

from models.choices import choose, chosen
from models.communities import create_places, move_place
from models.sent import Sent, find, forget, keep
from models.store import Tx
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_communities import GROUP, SUPERGROUP, arrive

SAID = Sent(
    cause="telegram:msg:11:5", community_id=HOME, platform="telegram", to_id="11", private=True,
    line="/tip", until_at=NOW + 1, presses=("/tip @ann 5", '/find "a b"'), at=NOW,
)  # fmt: skip
LATER = replace(SAID, cause="telegram:msg:11:6", community_id=AWAY, at=NOW + 1)


async def test_a_message_is_found_by_its_name(tx: Tx) -> None:
    """With the line it asks for, the lines of its buttons, and its addressee; after an edit, the new ones."""
    everybody = replace(SAID, cause="telegram:msg:-7:5", to_id=None, private=False, line=None, until_at=None)
    await keep(tx, [SAID, everybody])

    assert await find(tx, SAID.cause) == SAID
    assert await find(tx, everybody.cause) == everybody
    assert await find(tx, "telegram:msg:12:5") is None

    changed = replace(SAID, line=None, until_at=None, presses=())
    await keep(tx, [SAID, changed])

    assert await find(tx, SAID.cause) == changed


async def test_what_was_sent_long_ago_is_forgotten(tx: Tx) -> None:
    """Of this community; the same message sent again is one."""
    await keep(tx, [SAID, LATER])
    await keep(tx, [replace(SAID, at=NOW + 1)])

    assert await forget(tx, HOME, NOW + 1) == 0
    assert await forget(tx, HOME, NOW + 2) == 1
    assert await find(tx, LATER.cause) == LATER


async def test_what_was_sent_comes_home(tx: Tx) -> None:
    """With the community that sent it, or was chosen, when it merges into another."""
    await create_places(tx, [GROUP, replace(SUPERGROUP, community_id=AWAY)])
    await arrive(tx, AWAY, 51, "11")
    await keep(tx, [LATER])
    await choose(tx, "telegram", "11", AWAY)

    await move_place(tx, "telegram", GROUP.external_id, SUPERGROUP.external_id)

    assert await find(tx, LATER.cause) == replace(LATER, community_id=HOME)
    assert await chosen(tx, "telegram", "11") == HOME


async def test_a_community_is_chosen(tx: Tx) -> None:
    """By each account on each platform, and the last choice counts."""
    for community in (HOME, AWAY):
        await choose(tx, "telegram", "11", community)
    await choose(tx, "discord", "11", HOME)

    assert await chosen(tx, "telegram", "11") == AWAY
    assert await chosen(tx, "discord", "11") == HOME
    assert await chosen(tx, "telegram", "12") is None
