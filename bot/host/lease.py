"""Holds the leases of this process: the store records which process is the only one; it renews and releases them."""

import asyncio

import structlog

from bot.core.clock import Clock
from bot.core.incarnation import gone, shown
from models import leases
from models.leases import Lease
from models.spans import HOUR
from models.store import Fenced, Store, StoreAway

log = structlog.get_logger(__name__)

#: a lease ends this long after its last renewal
LENGTH = 20_000
#: a lease that ends further ahead was written by a wrong clock
AHEAD = HOUR
#: seconds between renewals
BEAT = 5.0
#: on SQLite there is one process, and this is its lease
STORE = "store"


class AlreadyHeld(Exception):
    """Another process serves this store."""


class Holding:
    def __init__(self, store: Store, clock: Clock, holder: str) -> None:
        self._store = store
        self._clock = clock
        self._holder = holder
        self._leases: dict[str, Lease] = {}
        #: a process that held one of our leases before did not give it back
        self.unclean = False

    async def take(self) -> None:
        """Become the only process on SQLite, or name the process that is; then only our writes reach the store."""
        if self._store.dialect != "sqlite" or STORE in self._leases:
            return
        other = await self._try(STORE)
        if other:
            raise _held(self._store, other)

    async def alone(self) -> None:
        """Make sure that no other process plays any part here, on either engine; otherwise name it."""
        await self.take()
        now = self._clock.now()
        async with self._store.read() as tx:
            others = [lease for lease in await leases.held(tx, now) if lease.holder != self._holder]
        if other := next((each for each in others if not gone(each.holder)), None):
            raise _held(self._store, other)

    async def hold(self, name: str) -> None:
        """Wait until we hold the lease of this part."""
        while not await self._is_ours(name):  # noqa: ASYNC110 - we wait for a row, not for an event of ours
            await asyncio.sleep(BEAT)

    async def keep(self) -> None:
        """Renew until cancelled; a lost lease ends the process, whose writes are refused already."""
        while True:
            await asyncio.sleep(BEAT)
            try:
                await self._renew()
            except StoreAway:
                log.warning("leases not renewed: the store is away")

    async def release(self) -> None:
        try:
            async with self._store.write() as tx:
                for lease in self._leases.values():
                    await leases.release(tx, lease)
        except (Fenced, StoreAway):
            log.warning("leases not given back; they end by themselves")
        for name in self._leases:
            self._store.fence(name, None)
        self._leases.clear()

    async def _renew(self) -> None:
        until = self._clock.now() + LENGTH
        async with self._store.write() as tx:
            for name, lease in self._leases.items():
                if not await leases.renew(tx, lease, until):
                    raise Fenced(f"the lease {name} was taken by another process")

    async def _is_ours(self, name: str) -> bool:
        try:
            return await self._try(name) is None
        except StoreAway:
            log.warning("lease not taken yet: the store is away", lease=name)
            return False

    async def _try(self, name: str) -> Lease | None:
        """Take the lease and write under its number from now on; if another process holds it, return that lease."""
        lease = await self._take(name, force=False)
        if lease.holder != self._holder and gone(lease.holder):
            lease = await self._take(name, force=True)
        if lease.holder != self._holder:
            return lease
        self._leases[name] = lease
        self._store.fence(name, lease.number)
        return None

    async def _take(self, name: str, *, force: bool) -> Lease:
        now = self._clock.now()
        async with self._store.write() as tx:
            before = await leases.look(tx, name)
            # No right clock writes so long a lease: it was written while a clock was ahead.
            ahead = before is not None and before.until > now + AHEAD
            lease = await leases.take(tx, name, self._holder, now, now + LENGTH, force=force or ahead)
        self.unclean |= lease.holder == self._holder and before is not None and before.until > 0
        return lease


def _held(store: Store, lease: Lease) -> AlreadyHeld:
    return AlreadyHeld(
        f"{store.url} is in use by {shown(lease.holder)}, which holds the lease. Stop it first, or give this Hearth a"
        " database of its own."
    )
