"""A network between a client and a server of ours, whose conditions can change at any moment."""

import asyncio
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

CHUNK = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """What happens to bytes on their way, in both directions."""

    #: seconds each piece takes
    delay: float = 0
    #: nothing gets through while it lasts; the bytes come late, as if sent again
    stalls: bool = False
    #: connections that exist, or begin, while it lasts never carry a byte again, and nobody is told
    hole: bool = False
    #: connections are reset, new ones at once
    resets: bool = False
    #: a connection is reset after it carried so many bytes of answers
    carries: int | None = None
    #: the server seems to have finished after so many bytes of answers: the client may go on sending
    half: int | None = None


FAIR = Weather()


class Proxy:
    """Use it as `async with Proxy(url) as proxy`; `proxy.url` is the same address through it."""

    def __init__(self, url: str) -> None:
        self._scheme, _, rest = url.partition("://")
        self._there, _, self._path = rest.partition("/")
        self.weather = FAIR
        self.url = ""
        #: how many connections came
        self.came = 0
        self._changed = asyncio.Event()
        self._lines: dict[asyncio.Task[None], list[asyncio.StreamWriter]] = {}
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"{self._scheme}://127.0.0.1:{port}/{self._path}".rstrip("/")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server:
            self._server.close()
        for task in list(self._lines):
            task.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    def turns(self, weather: Weather) -> None:
        self.weather = weather
        self._changed.set()
        self._changed = asyncio.Event()
        if weather.resets:
            for ends in self._lines.values():
                for end in ends:
                    reset(end)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self.came += 1
        if self.weather.resets or task is None:
            reset(writer)
            return
        self._lines[task] = [writer]
        try:
            host, _, port = self._there.partition(":")
            there, back = await asyncio.open_connection(host, int(port))
            self._lines[task].append(back)
            await asyncio.gather(self._carry(reader, back, asks=True), self._carry(there, writer, asks=False))
        except (OSError, asyncio.CancelledError):  # either end left, or the test is over
            for end in self._lines[task]:
                reset(end)
        finally:
            for end in self._lines.pop(task):
                end.close()

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, asks: bool) -> None:
        carried, dead = 0, False
        while piece := await source.read(CHUNK):
            while self.weather.stalls:
                await self._changed.wait()
            dead = dead or self.weather.hole
            if dead:
                continue
            await asyncio.sleep(self.weather.delay)
            most = None if asks else self.weather.carries
            target.write(piece if most is None else piece[: max(most - carried, 0)])
            carried += len(piece)
            await target.drain()
            if most is not None and carried > most:
                raise ConnectionResetError
            if self.weather.half is not None and not asks and carried > self.weather.half:
                break
        with suppress(OSError):
            target.write_eof()


def reset(end: asyncio.StreamWriter) -> None:
    """Reset without a message: the other end reads "connection reset by peer"."""
    if line := end.get_extra_info("socket"):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.transport.abort()
