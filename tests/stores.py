"""SQLite files with all tables: migrated once in each process, then copied for each test."""

import tempfile
from pathlib import Path

from models.engines import open_store
from models.migrate import migrate
from models.store import Store

_migrated: list[bytes] = []


async def opened(folder: Path, name: str = "hearth.db") -> Store:
    """The store in this folder, as a process finds it when it starts again; a new one is empty."""
    file = folder / name
    if not file.exists():
        file.write_bytes(await _copy())
    return await open_store(f"sqlite:///{file}")


async def _copy() -> bytes:
    if not _migrated:
        with tempfile.TemporaryDirectory(prefix="hearth-") as folder:
            file = Path(folder) / "hearth.db"
            store = await open_store(f"sqlite:///{file}")
            await migrate(store)
            await store.close()
            _migrated.append(file.read_bytes())
    return _migrated[0]
