"""Tells a dead letter again to the listener that failed at it, within an open transaction."""

from dataclasses import replace
from datetime import timedelta

import structlog

from bot.core.identity import Identity
from bot.core.invoker import Invoker
from bot.kit import BulkWork
from bot.kit.capability import House, Listener
from bot.kit.codec import load_event
from bot.kit.events import Event
from bot.kit.listening import JOB, excuse
from bot.kit.setting import configured
from bot.kit.work import Desk, Known
from models import activity, dead_letters, in_hand
from models.dead_letters import DeadLetter
from models.store import Fenced, StoreBusy, Tx

log = structlog.get_logger(__name__)

#: how long a letter waits until somebody fixes the cause, and how many of one community wait at most
KEPT, MOST = timedelta(days=90), 10_000
#: of the letters whose time is over, the percentage removed each night, and the least number removed: a clock that
#: jumped ahead removes no more
SHARE, LEAST = 5, 10


async def try_again(tx: Tx, desk: Desk, identity: Identity, letter: DeadLetter, now: int) -> bool:
    """Whether it succeeded now; if not, its changes are undone, and the letter waits on with its newest error."""
    try:
        async with tx.savepoint():
            await retell(tx, desk, identity, letter, now)
    except (StoreBusy, Fenced):
        raise
    except Exception as error:
        log.exception("still failing", cause=letter.cause, listener=letter.listener)
        identity.forget()
        await dead_letters.bury(tx, [replace(letter, error=excuse(error), attempts=1, at=now)])
        return False
    return True


async def retell(tx: Tx, desk: Desk, identity: Identity, letter: DeadLetter, now: int) -> None:
    """Tell it; do nothing if this version no longer has that listener. A job falls due again by itself."""
    if letter.kind == JOB:
        await dead_letters.unbury(tx, letter)
        await in_hand.forget(tx, [letter.cause])
        return
    event = load_event(letter.kind, letter.body)
    if listener := _listener(desk.house, event, letter.listener):
        (known,) = await identity.resolve(tx, [event], now)
        if known is None or known.community != letter.community_id:
            raise LookupError(f"{event.cause} belongs to another community, or to none")
        await _tell(tx, desk, known, listener, event, now)
    await dead_letters.unbury(tx, letter)


async def forget(tx: Tx, community: int, now: int) -> None:
    gone = await dead_letters.forget(tx, community, now - round(KEPT.total_seconds() * 1000), SHARE, LEAST, MOST)
    if gone:
        log.warning("dead letters forgotten", community=community, letters=gone)


def _listener(house: House, event: Event, name: str) -> Listener | None:
    return next((each for each in house.listeners.get(type(event), ()) if each.name == name), None)


async def _tell(tx: Tx, desk: Desk, known: Known, listener: Listener, event: Event, now: int) -> None:
    if not listener.bulk:
        await listener.handler(await Invoker(desk).work(tx, known, event, now), event)
        return
    undone = await activity.facts(tx, known.community, [event.undoes]) if event.undoes else []
    bulk = BulkWork(
        tx=tx,
        desk=desk,
        community=known.community,
        now=now,
        settings=await configured(tx, known.community),
        known={event.cause: known},
        retracted={fact.cause: fact for fact in undone},
    )
    await listener.handler(bulk, [event])
