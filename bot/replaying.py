"""Dead letters told again, each in a transaction of its own: what succeeds now is no dead letter any more."""

from collections.abc import Sequence

import structlog

from bot.app import open_adapter
from bot.capability import Listener
from bot.config import Config
from bot.core import Core
from bot.events import Event, Unrecognised
from bot.telling import ABSORBING
from bot.wire import load_event
from bot.work import BulkWork
from models import activity, dead_letters
from models.dead_letters import DeadLetter
from models.store import Tx

log = structlog.get_logger(__name__)

#: letters read at a time
PAGE = 500


async def replay(core: Core, config: Config) -> tuple[int, int]:
    """How many could be done now, and how many still fail."""
    for name in config.platforms:
        core.plug(open_adapter(name, core, config))
    async with core.store.read() as tx:
        letters = await dead_letters.letters(tx, PAGE)
    done = 0
    for letter in letters:
        try:
            await _again(core, letter)
        except Exception:
            log.exception("still failing", cause=letter.cause, listener=letter.listener)
        else:
            done += 1
    for platform in core.platforms.values():
        await platform.close()
    return done, len(letters) - done


async def _again(core: Core, letter: DeadLetter) -> None:
    event = load_event(letter.kind, letter.body)
    if letter.listener == ABSORBING:
        await _absorb(core, event)
        async with core.store.write() as tx:
            await dead_letters.unbury(tx, letter)
        return
    listener = _listener(core, event, letter.listener)
    async with core.store.write() as tx:
        if listener:
            await _tell(core, tx, listener, event)
        await dead_letters.unbury(tx, letter)


async def _absorb(core: Core, event: Event) -> None:
    """What never reached a listener goes through the door again, read anew if it could not be read."""
    events: Sequence[Event] = [event]
    if isinstance(event, Unrecognised):
        events = core.platforms[event.platform].read(event.raw)
        if any(isinstance(each, Unrecognised) for each in events):
            raise LookupError(f"{event.platform} still sends something this version cannot read")
    absorbed = await core.absorb(events)
    if absorbed.dead:
        raise RuntimeError(f"{absorbed.dead} of its listeners failed")


def _listener(core: Core, event: Event, name: str) -> Listener | None:
    """None when this version no longer has it: then there is nothing left to do."""
    return next((each for each in core.house.listeners.get(type(event), ()) if each.name == name), None)


async def _tell(core: Core, tx: Tx, listener: Listener, event: Event) -> None:
    now = core.clock.now()
    (known,) = await core.dispatcher.identity.resolve(tx, [event], now)
    if known is None:
        raise LookupError(f"{event.cause} belongs to no community")
    if listener.bulk:
        undone = await activity.facts(tx, known.community, [event.undoes]) if event.undoes else []
        bulk = BulkWork(
            tx=tx,
            desk=core.desk,
            community=known.community,
            now=now,
            known={event.cause: known},
            retracted={fact.cause: fact for fact in undone},
        )
        await listener.handler(bulk, [event])
    else:
        await listener.handler(await core.answers.work(tx, known, event, now), event)
