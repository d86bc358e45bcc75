"""Which community said what in private."""

from dataclasses import replace

from models.communities import create_places, move_place
from models.store import Tx
from models.told import Told, forget, spoke, tell
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_communities import GROUP, SUPERGROUP, arrive

SAID = Told(platform="telegram", external_id="11", message="5", community_id=HOME, at=NOW)


async def test_whose_a_message_is(tx: Tx) -> None:
    """The one that said it, and of an unknown one the one that spoke last, to this account."""
    await tell(tx, [SAID, replace(SAID, message="6", community_id=AWAY, at=NOW + 1)])
    await tell(tx, [replace(SAID, message="7"), replace(SAID, message="7", external_id="12", community_id=AWAY)])

    assert await spoke(tx, "telegram", "11", "5") == HOME
    assert await spoke(tx, "telegram", "11", "6") == AWAY
    assert await spoke(tx, "telegram", "11", "9") == AWAY
    assert await spoke(tx, "telegram", "11", None) == AWAY
    assert await spoke(tx, "telegram", "12", "5") == AWAY
    assert await spoke(tx, "telegram", "13", "5") is None
    assert await spoke(tx, "discord", "11", "5") is None


async def test_what_was_said_long_ago_is_forgotten(tx: Tx) -> None:
    """By this community; the same message told again is one."""
    await tell(tx, [SAID, replace(SAID, message="6", community_id=AWAY)])
    await tell(tx, [replace(SAID, at=NOW + 1)])

    assert await forget(tx, HOME, NOW + 1) == 0
    assert await forget(tx, HOME, NOW + 2) == 1
    assert await spoke(tx, "telegram", "11", "5") == AWAY


async def test_what_was_said_comes_home(tx: Tx) -> None:
    """With the community that said it, when it becomes another."""
    await create_places(tx, [GROUP, replace(SUPERGROUP, community_id=AWAY)])
    await arrive(tx, AWAY, 51, "11")
    await tell(tx, [replace(SAID, community_id=AWAY)])

    await move_place(tx, "telegram", GROUP.external_id, SUPERGROUP.external_id)

    assert await spoke(tx, "telegram", "11", "5") == HOME
