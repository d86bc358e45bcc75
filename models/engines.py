"""Opens a database by its address, on the engine that the address names."""

from models.store import Store, StoreBroken


async def open_store(url: str, *, make: bool = True) -> Store:
    """Open `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://user:password@host/database`.

    A missing file is made, unless the caller only wants to look.
    """
    # Each engine is imported only by the host that uses it.
    if url.startswith("sqlite:///") and url != "sqlite:///":
        from models.sqlite import open_sqlite  # noqa: PLC0415 - see above

        return await open_sqlite(url, make=make)
    if url.startswith(("postgresql://", "postgres://")):
        try:
            from models.postgres import open_postgres  # noqa: PLC0415 - see above
        except ModuleNotFoundError as error:
            raise StoreBroken('PostgreSQL needs its driver: install Hearth with the extra "postgres".') from error
        return await open_postgres(url)
    raise StoreBroken("A database address begins with sqlite:/// (and a path) or postgresql:// (and a host).")
