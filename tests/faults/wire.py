"""A connection between asyncpg and a real PostgreSQL that can be cut at the very moment of a commit."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import parse_qs, urlsplit


class Cut(Enum):
    """Where the connection is cut, seen from the COMMIT that travels over it."""

    #: the server never gets it
    BEFORE = "before"
    #: the server has done it, and its answer is lost
    AFTER = "after"
    #: the server gets it long after we were cut off
    LATE = "late"


#: how long a late COMMIT travels
LATE = 0.4


@dataclass(slots=True)
class Wire:
    """`choose` is asked at each COMMIT of a writing transaction; None lets it through."""

    server: str
    choose: Callable[[], Cut | None] = lambda: None
    cuts: list[Cut] = field(default_factory=list)
    _lines: set["_Line"] = field(default_factory=set)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self.server)
        line = _Line(self, writer, back)
        pumps = [asyncio.create_task(line.ask(reader)), asyncio.create_task(line.answer(there))]
        self._lines.add(line)
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        line.drop()
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        self._lines.discard(line)

    async def close(self) -> None:
        while self._lines:
            for line in self._lines:
                line.drop()
            await asyncio.sleep(0.01)


@dataclass(slots=True, eq=False)
class _Line:
    wire: Wire
    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    #: the open transaction only reads
    reading: bool = False
    #: the server's answers are dropped from now on
    deaf: bool = False
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    def drop(self) -> None:
        for end in (self.client, self.server):
            end.transport.abort()

    async def ask(self, reader: asyncio.StreamReader) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            self.server.write(await _rest(reader, await reader.readexactly(4)))  # only the greeting has no type
            while True:
                kind, length = await reader.readexactly(1), await reader.readexactly(4)
                message = kind + await _rest(reader, length)
                if kind == b"Q" and message[5:].startswith(b"BEGIN"):
                    self.reading = b"READ ONLY" in message
                commits = kind == b"Q" and message[5:].startswith(b"COMMIT")
                if commits and not self.reading and (cut := self.wire.choose()):
                    await self._cut(cut, message)
                    return
                self.server.write(message)

    async def answer(self, reader: asyncio.StreamReader) -> None:
        with suppress(ConnectionError):
            while heard := await reader.read(65_536):
                if self.deaf:
                    self.answered.set()
                else:
                    self.client.write(heard)

    async def _cut(self, cut: Cut, message: bytes) -> None:
        self.wire.cuts.append(cut)
        if cut is Cut.BEFORE:
            return
        self.deaf = True
        if cut is Cut.LATE:
            self.client.transport.abort()
            await asyncio.sleep(LATE)
        self.server.write(message)
        await self.answered.wait()


async def _rest(reader: asyncio.StreamReader, length: bytes) -> bytes:
    return length + await reader.readexactly(int.from_bytes(length) - 4)


@asynccontextmanager
async def wired(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """The connection, and the address of the same database through it."""
    parts = urlsplit(url)
    wire = Wire(f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.5432")
    server = await asyncio.start_server(wire.take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield wire, f"postgresql://{parts.username}@127.0.0.1:{port}{parts.path}?sslmode=disable"
    finally:
        server.close()
        await wire.close()
        await server.wait_closed()
