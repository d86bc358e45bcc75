"""Tells listeners what happened, each in its own savepoint: an event that fails is kept aside, the rest goes on."""

from collections.abc import Sequence

import structlog

from bot.kit.capability import Listener
from bot.kit.codec import dump
from bot.kit.events import Event
from bot.kit.wordless import wordless
from bot.kit.work import BulkWork, Known, Work, open_work
from models import dead_letters
from models.dead_letters import DeadLetter
from models.members import Member
from models.store import Fenced, StoreBusy, Tx

log = structlog.get_logger(__name__)

#: the listener that a dead letter names when the event never reached one
ABSORBING = "absorb"
#: the kind of a letter that holds a run of a job, not an event
JOB = "Job"
#: the longest cause; a longer one is wrong, and is kept aside under its beginning
CAUSE = 400


async def happened(work: Work | BulkWork, event: Event, who: Member | None = None) -> None:
    """Tell the listeners at once, in the same transaction, of something we did or noticed ourselves."""
    for listener in work.desk.house.listeners.get(type(event), ()):
        if not listener.hears(event):
            continue
        if listener.bulk:
            bulk = BulkWork(
                tx=work.tx,
                desk=work.desk,
                community=work.community,
                now=work.now,
                settings=work.settings,
                known={event.cause: Known(work.community, None, who.id if who else None, None)},
            )
            await tell_bulk(bulk, listener, [event])
        else:
            alone = await open_work(
                work.tx,
                work.desk,
                work.community,
                work.now,
                cause=event.cause,
                actor=who,
                settings=work.settings,
            )
            await tell(alone, listener, event)


async def tell(work: Work, listener: Listener, event: Event) -> bool:
    """Tell one listener, and return whether it succeeded."""
    error = await _try(work, listener, event)
    if error:
        await _set_aside(work, listener, event, error)
    return error is None


async def tell_bulk(work: BulkWork, listener: Listener, events: Sequence[Event]) -> int:
    """Tell the batch at once; if that fails, each event alone. Returns how many were kept aside."""
    error = await _try(work, listener, events)
    if error is None:
        return 0
    if len(events) == 1:
        await _set_aside(work, listener, events[0], error)
        return 1
    return sum([await tell_bulk(work, listener, [event]) for event in events])


async def bury(tx: Tx, event: Event, error: Exception, now: int, community: int = 0, listener: str = ABSORBING) -> None:
    """Keep aside an event, with its error."""
    letter = DeadLetter(
        community_id=community,
        cause=event.cause[:CAUSE],
        listener=listener,
        kind=type(event).__name__,
        body=dump(event),
        error=excuse(error),
        attempts=1,
        at=now,
    )
    await dead_letters.bury(tx, [letter])


async def bury_job(tx: Tx, cause: str, job: str, error: Exception, now: int, community: int) -> None:
    """Keep aside a run of a job; when an operator takes up the letter, the run is due again in the next process."""
    letter = DeadLetter(
        community_id=community, cause=cause, listener=job, kind=JOB, body="", error=excuse(error), attempts=1, at=now
    )
    await dead_letters.bury(tx, [letter])


def excuse(error: Exception) -> str:
    """The error as a dead letter tells it."""
    return wordless(error)[:1000]


async def _try(work: Work | BulkWork, listener: Listener, what: Event | Sequence[Event]) -> Exception | None:
    try:
        async with work.tx.savepoint():
            await listener.handler(work, what)
    except (StoreBusy, Fenced):
        raise
    except Exception as error:  # noqa: BLE001 - whatever a handler raises, the others are told
        return error
    return None


async def _set_aside(work: Work | BulkWork, listener: Listener, event: Event, error: Exception) -> None:
    log.error("listener failed", listener=listener.name, cause=event.cause, exc_info=error)
    await bury(work.tx, event, error, work.now, work.community, listener.name)
