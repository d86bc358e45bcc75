"""What `hearth check` looks at: each finding is a line, and one that is not well says exactly what to do."""

from dataclasses import dataclass

from bot.app import open_adapter
from bot.capabilities import open_house
from bot.clock import SystemClock
from bot.config import Config
from bot.core import Core
from bot.errors import Unservable
from models import communities, dead_letters, proof
from models.migrate import pending
from models.store import Store, StoreBroken, StoreBusy, open_store


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    ok: bool
    #: what was found, or what to do about it
    word: str

    @property
    def line(self) -> str:
        return f"{'ok  ' if self.ok else 'FIX '} {self.what}: {self.word}"


async def check_all(config: Config, *, ledger: bool = False) -> list[Finding]:
    findings = [Finding("config", True, "every key is known and has the right type")]
    if not config.platforms:
        findings.append(
            Finding("platforms", True, "none configured; `hearth run` opens the console. Add [discord] or [telegram].")
        )
    try:
        store = await open_store(config.store.url.get_secret_value())
    except StoreBroken as error:
        return [*findings, Finding("store", False, str(error))]
    try:
        findings += await _store(store)
        if ledger:
            findings += await _ledger(store)
        for name in config.platforms:
            findings += await _platform(name, store, config)
    finally:
        await store.close()
    return findings


async def _store(store: Store) -> list[Finding]:
    try:
        if waiting := await pending(store):
            names = ", ".join(waiting)
            return [Finding("store", False, f"{store.url} has an older schema; run `hearth migrate` ({names})")]
        async with store.read() as tx:
            dead = await dead_letters.count(tx)
    except (StoreBroken, StoreBusy) as error:
        return [Finding("store", False, str(error))]
    letters = (
        Finding("dead letters", True, "none")
        if not dead
        else Finding("dead letters", False, f"{dead} events failed; see the log, then run `hearth replay`")
    )
    return [Finding("store", True, store.url), letters]


async def _ledger(store: Store) -> list[Finding]:
    """Every balance, score and escrow against the entries that made it."""
    findings = []
    async with store.read() as tx:
        for community in await communities.communities(tx):
            faults = await proof.prove(tx, community.id)
            findings += [
                Finding(
                    "ledger",
                    False,
                    f"{community.name}: {fault.what} {fault.key} is {fault.found}, not {fault.expected}",
                )
                for fault in faults
            ]
            if not faults:
                findings.append(Finding("ledger", True, f"{community.name}: the books add up"))
    return findings


async def _platform(name: str, store: Store, config: Config) -> list[Finding]:
    """The token and the rights, as the platform itself tells them."""
    platform = open_adapter(name, Core(store, open_house(), SystemClock()), config)
    try:
        return [Finding(name, ok, word) for ok, word in await platform.check()]
    except Unservable as error:
        return [Finding(name, False, error.mend)]
    finally:
        await platform.close()
