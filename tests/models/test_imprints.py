"""Imprints of members' last messages, as they are stored."""

from dataclasses import replace

from models.communities import create_places, move_place
from models.imprints import KEPT, Imprints, imprints, keep
from models.store import Tx
from tests.models.conftest import AWAY, HOME
from tests.models.test_communities import GROUP, SUPERGROUP

ANN, BOB = 11, 12
KEY = "ab" * 16
LARGEST = (1 << 64) - 1


async def test_what_is_kept_is_read_again(tx: Tx) -> None:
    """Newest first, every bit, for each member alone; nothing of unknown members."""
    await keep(tx, HOME, {ANN: Imprints(KEY, (0, LARGEST, 1 << 63)), BOB: Imprints("cd" * 16, (7,))})

    assert await imprints(tx, HOME, {ANN, BOB, 13}) == {
        ANN: Imprints(KEY, (0, LARGEST, 1 << 63)),
        BOB: Imprints("cd" * 16, (7,)),
    }
    assert await imprints(tx, HOME, {BOB}) == {BOB: Imprints("cd" * 16, (7,))}
    assert await imprints(tx, HOME, set()) == await imprints(tx, AWAY, {ANN}) == {}


async def test_only_the_last_are_kept(tx: Tx) -> None:
    """The newest replace the oldest."""
    await keep(tx, HOME, {ANN: Imprints(KEY, (1,))})

    await keep(tx, HOME, {ANN: Imprints(KEY, tuple(range(9, 0, -1)))})

    assert await imprints(tx, HOME, {ANN}) == {ANN: Imprints(KEY, (9, 8, 7, 6, 5))}
    assert KEPT == 5


async def test_a_community_founded_by_mistake_leaves_none(tx: Tx) -> None:
    """They are no loss, and a member of both keeps their own."""
    await create_places(tx, [GROUP, replace(SUPERGROUP, community_id=AWAY)])
    await keep(tx, HOME, {ANN: Imprints(KEY, (1,))})
    await keep(tx, AWAY, {ANN: Imprints(KEY, (2,)), BOB: Imprints(KEY, (3,))})

    await move_place(tx, "telegram", "-5", "-100")

    assert await imprints(tx, HOME, {ANN, BOB}) == {ANN: Imprints(KEY, (1,))}
    assert await imprints(tx, AWAY, {ANN, BOB}) == {}
