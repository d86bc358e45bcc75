"""Does what `hearth check` does: each finding is a line, and each problem says exactly what to do."""

from dataclasses import dataclass
from tempfile import TemporaryDirectory

from bot.core.clock import SystemClock
from bot.core.core import Core
from bot.core.in_hand import Deadly
from bot.core.retelling import KEPT, MOST
from bot.host.app import open_adapter
from bot.host.backup import Backups
from bot.host.config import Config
from bot.host.registry import open_house
from bot.kit.errors import Unservable
from models import communities, dead_letters, integrity, proof, waiting
from models.dead_letters import DeadLetter
from models.engines import open_store
from models.migrate import born, pending
from models.spans import DAY, HOUR
from models.store import Store, StoreAway, StoreBroken, StoreMissing
from models.waiting import Waiting

#: the age at which a backup is too old
OLD = 2 * DAY
#: how many dead letters are named
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    ok: bool
    #: the finding, or what to do about it
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
    findings += await _house(config, ledger=ledger)
    with TemporaryDirectory() as folder:
        none = await open_store(f"sqlite:///{folder}/none.db")  # no store holds a token or a right
        for name in config.platforms:
            findings += await _platform(name, none, config)
        await none.close()
    return findings


async def _house(config: Config, *, ledger: bool) -> list[Finding]:
    try:
        store = await open_store(config.store.url.get_secret_value(), make=False)
    except StoreBroken as error:
        return [Finding("store", isinstance(error, StoreMissing), str(error))]
    try:
        return [
            *await _store(store),
            *await _pages(store),
            *await _backups(store, Backups(config, SystemClock())),
            *(await _ledger(store) if ledger else ()),
        ]
    finally:
        await store.close()


async def _store(store: Store) -> list[Finding]:
    try:
        if missing := await pending(store):
            names = ", ".join(missing)
            return [Finding("store", False, f"{store.url} has an older schema; run `hearth migrate` ({names})")]
        async with store.read() as tx:
            dead, oldest = await dead_letters.count(tx), await dead_letters.oldest(tx)
            much = await waiting.all_waiting(tx)
            deadly = await dead_letters.of_error(tx, Deadly.__name__, SHOWN)
    except (StoreAway, StoreBroken) as error:
        return [Finding("store", False, str(error))]
    letters = _letters(dead, SystemClock().now() - (oldest or 0))
    return [Finding("store", True, store.url), letters, *map(_deadly, deadly), *map(_late, much)]


def _deadly(letter: DeadLetter) -> Finding:
    word = (
        f"{letter.cause} ended the process whenever it was in hand, and was set aside unread; after an update"
        " `hearth replay` tries it again, the last of all"
    )
    return Finding("dead letters", False, word)


def _late(each: Waiting) -> Finding:
    word = (
        f"{each.due} of {each.total} {each.what} of community {each.community_id} would end at once, and wait; see that"
        f" the clock of the machine is right, or let an administrator say `/overdue {each.what}`"
    )
    return Finding("clock", False, word)


def _letters(dead: int, age: int) -> Finding:
    if not dead:
        return Finding("dead letters", True, "none")
    kept = f"they are kept for {KEPT.days} days, at most {MOST} of a community"
    mend = "see the log, update, and try again by `/failures list` in the chat or, with Hearth stopped, `hearth replay`"
    return Finding("dead letters", False, f"{dead} events failed, the first {_ago(age)}; {kept}; {mend}")


async def _pages(store: Store) -> list[Finding]:
    """Whether the engine finds its pages intact; without this check nobody would know before it is too late."""
    try:
        async with store.read() as tx:
            faults = await integrity.damage(tx)
    except (StoreAway, StoreBroken) as error:
        return [Finding("pages", False, str(error))]
    mend = "stop Hearth, keep what is there, and `hearth restore` the last backup made before"
    return [Finding("pages", False, f"{fault}; {mend}") for fault in faults] or [Finding("pages", True, "undamaged")]


async def _backups(store: Store, backups: Backups) -> list[Finding]:
    """How much would be lost if the disk failed now."""
    if not backups.folder:
        return [Finding("backup", True, "none is made by itself, since [store] backups is empty")]
    now = backups.clock.now()
    last = next((each for each in reversed(backups.made()) if each.at <= now), None)
    try:
        since = last.at if last else await born(store)
    except (StoreAway, StoreBroken) as error:
        return [Finding("backup", False, str(error))]
    told = f"the last was made {_ago(now - last.at)}: {last.file}" if last else f"none yet in {backups.folder}"
    if since is None or now - since <= OLD:
        return [Finding("backup", True, told)]
    return [Finding("backup", False, f"{told}; run `hearth backup`, and see the log for why none is made at night")]


def _ago(milliseconds: int) -> str:
    hours = milliseconds // HOUR
    if not hours:
        return "less than an hour ago"
    return f"{hours} h ago" if milliseconds < OLD else f"{hours // 24} days ago"


async def _ledger(store: Store) -> list[Finding]:
    """Compare every balance, score and escrow with the entries that made it."""
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
    """Check the token and the rights, as the platform itself tells them."""
    platform = open_adapter(name, Core(store, open_house(), SystemClock()), config)
    try:
        return [Finding(name, ok, word) for ok, word in await platform.check()]
    except Unservable as error:
        return [Finding(name, False, error.mend)]
    finally:
        await platform.close()
