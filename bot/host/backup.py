"""Makes backups of the database: where they lie, when one is due, and which are kept."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from bot.core.clock import Clock
from bot.host.config import Config
from models import copies
from models.copies import Books
from models.packing import CopyRefused, ToolMissing
from models.spans import DAY, HOUR
from models.store import StoreAway, StoreBroken

log = structlog.get_logger(__name__)

#: milliseconds into the day, in UTC
AT_NIGHT = 3 * HOUR + 40 * 60_000
#: how long to wait after a failed backup
PAUSE = HOUR
#: the folder for databases that have no folder of their own
FOLDER = Path("data")
NIGHTLY, BEFORE_MIGRATION, ASKED = "nightly", "migration", "asked"
#: the end of a backup's name, after the name of the database
_MADE = re.compile(r"(\d{8}T\d{6}\.\d{3})Z-(\w+)\.\w+\.gz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    file: Path
    at: int
    #: NIGHTLY, BEFORE_MIGRATION or ASKED
    why: str


class Backups:
    def __init__(self, config: Config, clock: Clock) -> None:
        self.url = config.store.url.get_secret_value()
        self.folder = _beside(self.url) / config.store.backups if config.store.backups else None
        self.keep = config.store.keep
        self.clock = clock
        self._not_before = 0

    async def ring(self) -> None:
        """Make the nightly backup when it is due; late rather than never."""
        now = self.clock.now()
        if not self.folder or now < self._not_before <= now + DAY or not self.due(now):
            return
        try:
            await self.make(NIGHTLY)
        except (CopyRefused, StoreBroken, StoreAway) as error:
            self._not_before = now + (DAY if isinstance(error, ToolMissing) else PAUSE)
            log.error("backup failed", error=str(error))  # noqa: TRY400 - the sentence says it all

    async def before_migration(self) -> None:
        """Make a backup before the schema changes; go on without one only if none can be made here at all."""
        if not self.folder:
            return
        try:
            await self.make(BEFORE_MIGRATION)
        except ToolMissing as error:
            log.warning("no backup before the migration", why=str(error))

    def due(self, now: int) -> bool:
        """Whether there is no backup since the last night; one dated in the future comes from a wrong clock."""
        night = (now - AT_NIGHT) // DAY * DAY + AT_NIGHT
        return not any(night <= backup.at <= now for backup in self.made() if backup.why == NIGHTLY)

    async def make(self, why: str, to: Path | None = None) -> tuple[Path, Books]:
        """Make a backup; remove older ones only if this one is sound."""
        file = to or self.name(why)
        books = await copies.back_up(self.url, file)
        log.info("backup made", file=str(file), bytes=file.stat().st_size, sound=books.sound)
        if not books.sound:
            log.error("the books do not add up; `hearth check --ledger` says where")
        elif why != ASKED:
            # A later date in a name comes from a wrong clock, and does not count.
            before = [each.file for each in self.made() if each.why == why and each.file.name < file.name]
            for old in before[: max(0, len(before) + 1 - self.keep)]:
                old.unlink(missing_ok=True)
        return file, books

    def made(self) -> list[Backup]:
        """The backups, oldest first."""
        ours = f"{_stem(self.url)}-"
        found = self.folder.iterdir() if self.folder and self.folder.is_dir() else ()
        named = [file for file in sorted(found) if file.name.startswith(ours)]
        matches = [(file, _MADE.fullmatch(file.name.removeprefix(ours))) for file in named]
        moments = [(file, _read(match[1]), match[2]) for file, match in matches if match]
        return [Backup(file=file, at=at, why=why) for file, at, why in moments if at is not None]

    def name(self, why: str) -> Path:
        ending = "db" if copies.dialect(self.url) == "sqlite" else "sql"
        moment = datetime.fromtimestamp(self.clock.now() / 1000, UTC).strftime("%Y%m%dT%H%M%S.%f")[:-3]
        return (self.folder or _beside(self.url)) / f"{_stem(self.url)}-{moment}Z-{why}.{ending}.gz"


def _read(moment: str) -> int | None:
    """The moment in a file's name; None if there is no such moment, since then it is no backup of ours."""
    try:
        return round(datetime.strptime(f"{moment}+0000", "%Y%m%dT%H%M%S.%f%z").timestamp() * 1000)
    except ValueError:
        return None


def _beside(url: str) -> Path:
    file = copies.file_of(url)
    return file.parent if file else FOLDER


def _stem(url: str) -> str:
    file = copies.file_of(url)
    return file.stem if file else Path(urlsplit(url).path).name
