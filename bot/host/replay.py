"""Replays all dead letters for the operator, each in a transaction of its own, also those without a community."""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.core.core import Core
from bot.core.in_hand import Deadly
from bot.core.retelling import retell
from bot.host.app import open_adapter
from bot.host.config import Config
from bot.kit import Access
from bot.kit.access import Standing
from bot.kit.codec import load_event
from bot.kit.events import CommandGiven, Event, Unrecognised
from bot.kit.listening import ABSORBING
from models import dead_letters, in_hand
from models.dead_letters import DeadLetter

log = structlog.get_logger(__name__)


async def replay(core: Core, config: Config) -> tuple[int, int]:
    """How many succeeded now, and how many still fail."""
    for name in config.platforms:
        core.plug(open_adapter(name, core, config))
    async with core.store.read() as tx:
        letters = await dead_letters.letters(tx, await dead_letters.count(tx))
    done = 0
    # An event that ended the process may end it again, so nothing else waits behind it.
    for letter in sorted(letters, key=lambda each: each.error.startswith(f"{Deadly.__name__}:")):
        try:
            await _again(core, letter)
        except Exception:
            core.dispatcher.identity.forget()
            log.exception("still failing", cause=letter.cause, listener=letter.listener)
        else:
            done += 1
    for platform in core.platforms.values():
        await platform.close()
    return done, len(letters) - done


async def _again(core: Core, letter: DeadLetter) -> None:
    if letter.listener == ABSORBING:
        await _absorb(core, load_event(letter.kind, letter.body))
        async with core.store.write() as tx:
            await dead_letters.unbury(tx, letter)
            await in_hand.forget(tx, [letter.cause])
        return
    async with core.store.write() as tx:
        await retell(tx, core.desk, core.dispatcher.identity, letter, core.clock.now())


async def _absorb(core: Core, event: Event) -> None:
    """Absorb an event that never reached a listener; read it again if it could not be read before."""
    events: Sequence[Event] = [event]
    if isinstance(event, Unrecognised):
        events = await core.platforms[event.platform].read(event.raw)
        if any(isinstance(each, Unrecognised) for each in events):
            raise LookupError(f"{event.platform} still sends something this version cannot read")
    elif isinstance(event, CommandGiven):  # the author's rights at that time say nothing about now
        events = [replace(event, invocation=replace(event.invocation, standing=Standing(access=Access.UNKNOWN)))]
    absorbed = await core.absorb(events)
    if absorbed.dead:
        raise RuntimeError(f"{absorbed.dead} of its listeners failed")
