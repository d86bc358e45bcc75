"""What members said about being published."""

import sqlite3
from dataclasses import replace

import asyncpg
import pytest

from models import consents
from models.communities import create_places, move_place
from models.store import Store, Tx
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_communities import GROUP, SUPERGROUP, arrive


async def test_what_was_said_last_holds(tx: Tx) -> None:
    """In each community for itself, with the date when it was made first; without a choice nothing is known."""
    await consents.put(tx, HOME, 7, "named", NOW)
    await consents.put(tx, HOME, 7, "named", NOW + 1)
    assert await consents.consent(tx, HOME, 7) == ("named", NOW)

    await consents.put(tx, HOME, 7, "none", NOW + 2)
    assert await consents.consent(tx, HOME, 7) == ("none", NOW + 2)
    assert await consents.consent(tx, HOME, 8) is None
    assert await consents.consent(tx, AWAY, 7) is None


async def test_nothing_else_can_be_said(store: Store) -> None:
    """The table refuses it itself."""
    with pytest.raises((sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)):
        async with store.write() as tx:
            await consents.put(tx, HOME, 7, "perhaps", NOW)


@pytest.mark.parametrize(("there", "holds"), [(NOW - 1, ("named", NOW)), (NOW + 1, ("none", NOW + 1))])
async def test_consent_comes_home(tx: Tx, there: int, holds: tuple[str, int]) -> None:
    """From a community founded by mistake, with its member; of two choices the later one holds."""
    await create_places(tx, [GROUP, replace(SUPERGROUP, community_id=AWAY)])
    await arrive(tx, HOME, 1, "ann")
    await arrive(tx, AWAY, 51, "ann")
    await arrive(tx, AWAY, 52, "bob")
    await consents.put(tx, HOME, 1, "named", NOW)
    await consents.put(tx, AWAY, 51, "none", there)
    await consents.put(tx, AWAY, 52, "anonymous", NOW)

    await move_place(tx, "telegram", "-5", "-100")

    assert await consents.consent(tx, HOME, 1) == holds
    assert await consents.consent(tx, HOME, 52) == ("anonymous", NOW)
    assert await consents.consent(tx, AWAY, 51) is None
