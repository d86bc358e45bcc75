"""Copies a PostgreSQL database with its own pg_dump and restores it with its own psql, where they are installed."""

import asyncio
import os
import re
import shutil
from asyncio.subprocess import Process
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from models import copies
from models.copies import FORGETTING, Books, Restored
from models.migrate import MIGRATING, is_new, refuse_newer
from models.packing import CopyRefused, ToolMissing, aside, contents, pack, part_of, publish
from models.postgres import open_postgres
from models.store import Store

#: seconds between looks for connections: the server notices late that the process behind one was killed
GOING = (0, 0.2, 0.5, 1, 2)

#: the parts of an address, and the variables the server's tools read, so that no password is on a command line
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "database": "PGDATABASE",
    "dbname": "PGDATABASE",
    "passfile": "PGPASSFILE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}
#: finds the migrations in a dump, by the lines of their table
VERSIONS = re.compile(
    rb"^COPY (\S+)\.schema_version \(number, name, applied_at\) FROM stdin;\n((?:\d+\t\w+\t\d+\n)+)\\\.$", re.MULTILINE
)
END = b"-- PostgreSQL database dump complete"
#: bytes of each piece that are searched again with the next
SEAM = 1 << 16


async def back_up(url: str, file: Path) -> Books:
    """Copy the database; the books are proven in the same view that is copied."""
    tool = _tool("pg_dump")
    store = await open_postgres(url)
    try:
        async with store.read() as tx:
            row = await tx.one("SELECT pg_export_snapshot() AS snapshot, CURRENT_SCHEMA() AS schema")
            if row is None:
                raise CopyRefused(f"The database {store.url} gives no view of itself.")
            books = await copies.examine(tx)
            words = (f"--snapshot={row['snapshot']}", f"--table={_quoted(row['schema'])}.*")
            with part_of(file) as part:
                await _dump([tool, "--no-owner", "--no-privileges", "--no-password", *words], url, part)
                publish(part, file)
    finally:
        await store.close()
    return books


async def restore(url: str, file: Path, kinds: str, now: int) -> Restored:
    """Restore in one transaction: the current schema is renamed and the copy takes its place, or nothing happens."""
    tool = _tool("psql")
    schema, number, name = await aside(_versions, file)
    refuse_newer(number, name, "postgres")
    store = await open_postgres(url)
    try:
        kept = await _kept_as(store, schema, file, now)
        begin = ["BEGIN", MIGRATING]
        if kept:
            begin += [f"ALTER SCHEMA {_quoted(schema)} RENAME TO {_quoted(kept)}", f"CREATE SCHEMA {_quoted(schema)}"]
        end = [f"SET LOCAL search_path = {_quoted(schema)}", *FORGETTING, "COMMIT"]
        values = ["--set=ON_ERROR_STOP=1", f"--set=now={now}", f"--set=kinds='{kinds}'"]
        await _fill([tool, "--no-psqlrc", "--quiet", "--no-password", *values, "--file=-"], url, begin, file, end)
        async with store.read() as tx:
            books, void = await copies.examine(tx), await copies.count_void(tx, now)
    finally:
        await store.close()
    return Restored(books=books, kept=f"the schema {kept}" if kept else None, void=void)


def _tool(name: str) -> str:
    if found := shutil.which(name):
        return found
    raise ToolMissing(
        f"PostgreSQL is copied by pg_dump and put back by psql, and {name} is not installed here. Install the client"
        " programs of your server's version, or make the copy where they are."
    )


async def _kept_as(store: Store, schema: str, file: Path, now: int) -> str | None:
    """The new name for the current tables; None if there are none."""
    row = None
    for pause in GOING:
        await asyncio.sleep(pause)
        async with store.read() as tx:
            row = await tx.one(
                """
                SELECT CURRENT_SCHEMA() AS schema, COUNT(*) AS others
                FROM pg_stat_activity
                WHERE datname = CURRENT_DATABASE() AND application_name = 'hearth' AND pid <> pg_backend_pid()
                """
            )
        if row and not row["others"]:
            break
    if row and row["others"]:
        raise CopyRefused(f"{store.url} is in use: Hearth has {row['others']} connections to it. Stop it first.")
    if row is None or row["schema"] != schema:
        raise CopyRefused(f"{file} holds the schema {schema}, and the tables of {store.url} are in another.")
    if await is_new(store):
        return None
    return f"{schema[:30]}_replaced_{datetime.fromtimestamp(now / 1000, UTC):%Y%m%dt%H%M%S%fz}"


def _versions(stop: Event, file: Path) -> tuple[str, int, str]:
    """The schema, and the newest migration, of a complete dump."""
    found = None
    text = b""
    for chunk in contents(stop, file):
        if not text:
            copies.look_at(chunk, "postgres", file)
        text = text[-SEAM:] + chunk
        found = found or VERSIONS.search(text)
    if found is None or END not in text:
        raise CopyRefused(f"{file} is no backup of Hearth.")
    number, name, _ = found[2].decode().splitlines()[-1].split("\t")
    return found[1].decode().strip('"'), int(number), name


async def _dump(command: Sequence[str], url: str, part: Path) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as out:
        process = await _start(command, url, stdin=asyncio.subprocess.DEVNULL, stdout=writing)
        os.close(writing)
        await _see_through(process, aside(pack, out, part))


async def _fill(command: Sequence[str], url: str, begin: Sequence[str], file: Path, end: Sequence[str]) -> None:
    reading, writing = os.pipe()
    process = await _start(command, url, stdin=reading, stdout=asyncio.subprocess.DEVNULL)
    os.close(reading)
    await _see_through(process, aside(_feed, writing, _script(begin), file, _script(end)))


def _feed(stop: Event, into: int, begin: bytes, file: Path, end: bytes) -> None:
    """Send the copy to psql; the final COMMIT follows only after all of it was read."""
    with suppress(BrokenPipeError), os.fdopen(into, "wb") as script:  # psql tells why it stopped listening
        script.write(begin)
        for chunk in contents(stop, file):
            script.write(chunk)
        script.write(end)


async def _start(command: Sequence[str], url: str, *, stdin: int, stdout: int) -> Process:
    surroundings = {**os.environ, **_variables(url)}
    return await asyncio.create_subprocess_exec(
        *command, stdin=stdin, stdout=stdout, stderr=asyncio.subprocess.PIPE, env=surroundings
    )


async def _see_through(process: Process, work: Coroutine[Any, Any, None]) -> None:
    """Run both to their end: if one fails, the other ends too; what the program says about its failure is passed on."""
    working, saying = asyncio.create_task(work), asyncio.create_task(_said(process))
    try:
        await asyncio.wait([working, saying], return_when=asyncio.FIRST_EXCEPTION)
        await working
        code = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
        await asyncio.wait([working, saying])
        await process.wait()
    if code:
        raise CopyRefused(f"The database was not copied: {await saying or f'its program ended with {code}'}.")


async def _said(process: Process) -> str:
    return (await process.stderr.read()).decode(errors="replace").strip() if process.stderr else ""


def _script(statements: Sequence[str]) -> bytes:
    return "".join(f"{statement};\n" for statement in statements).encode()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _variables(url: str) -> dict[str, str]:
    """The address as environment variables for the server's tools."""
    parts = urlsplit(url)
    who, _, where = parts.netloc.rpartition("@")
    user, _, password = who.partition(":")
    hosts = [re.fullmatch(r"\[?(.*?)\]?(?::(\d+))?", each) for each in where.split(",")]
    told = {
        "user": unquote(user),
        "password": unquote(password),
        "host": ",".join(unquote(each[1]) for each in hosts if each),
        "port": ",".join(each[2] for each in hosts if each and each[2]),
        "database": unquote(parts.path.lstrip("/")),
        **dict(parse_qsl(parts.query)),
    }
    return {VARIABLES[key]: value for key, value in told.items() if value and key in VARIABLES}
