"""Talks to the worker: one child process, started when there is work and stopped when there is none."""

import asyncio
import os
import sys
from asyncio import TimerHandle
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path

import structlog

from adapters.worker.lines import DONE, HEAD, LONGEST, pack
from bot.core.core import Core
from bot.core.pictures import Undrawn
from bot.host.config import Config
from bot.kit.replies import Drawing

log = structlog.get_logger(__name__)

#: seconds without work before it is stopped
IDLE = 120.0
#: it may die once over a piece of work; work that kills two is given up
TIMES = 2
#: seconds for an orderly end
GRACE = 2.0
ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "adapters.worker.process")
#: all of the environment that it gets: no token, no password
KNOWN = ("PATH", "SYSTEMROOT", "TMPDIR", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
#: one thread, for a worker with a thread on each core would take the bot's computing time
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def open(core: Core, config: Config) -> "Worker":  # noqa: A001 - the door every adapter has
    del core, config
    return Worker()


class Worker:
    def __init__(self, program: Sequence[str] = PROGRAM, idle: float = IDLE) -> None:
        self._program = program
        self._idle = idle
        self._process: Process | None = None
        self._letting_go: TimerHandle | None = None
        #: one piece of work at a time
        self._turn = asyncio.Lock()
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process for the next piece of work; None if it is not started yet."""
        return self._process.pid if self._process else None

    async def draw(self, drawing: Drawing) -> bytes:
        return await self._work(pack({"kind": drawing.kind, "values": {**drawing.values, "media": drawing.media}}))

    async def close(self) -> None:
        """Stop the worker: it ends when its input ends; if it does not, kill it."""
        self._closed = True
        self._stay()
        process, self._process = self._process, None
        if process is None:
            return
        _hang_up(process)
        try:
            async with asyncio.timeout(GRACE):
                await process.wait()
        except TimeoutError:
            await _end(process)

    async def _work(self, asked: bytes) -> bytes:
        async with self._turn:
            self._stay()
            try:
                return await self._ask(asked)
            finally:
                self._letting_go = asyncio.get_running_loop().call_later(self._idle, self._let_go)

    async def _ask(self, asked: bytes) -> bytes:
        for _ in range(TIMES):
            if self._closed:
                raise Undrawn("the worker was closed")
            try:
                return await self._told(asked)
            except (OSError, EOFError) as error:
                log.warning("worker died", error=str(error))
        raise Undrawn("the worker died over it")

    async def _told(self, asked: bytes) -> bytes:
        """Its answer; after anything else it could be at any point of its work, so it is killed."""
        process = await self._started()
        if process.stdin is None or process.stdout is None:
            raise BrokenPipeError("no pipes")
        try:
            process.stdin.write(asked)
            await process.stdin.drain()
            outcome, length = HEAD.unpack(await process.stdout.readexactly(HEAD.size))
            answer = await process.stdout.readexactly(min(length, LONGEST))
        except BaseException:
            self._process = None
            await _end(process)
            raise
        if outcome != DONE:
            raise Undrawn(answer.decode(errors="replace"))
        return answer

    async def _started(self) -> Process:
        """The process, in a session of its own, so that a Ctrl-C in the terminal reaches only the bot."""
        if self._process is None or self._process.returncode is not None:
            there = {name: os.environ[name] for name in KNOWN if name in os.environ}
            environment = there | ONE_THREAD | {"PYTHONPATH": str(ROOT)}
            self._process = await asyncio.create_subprocess_exec(
                *self._program, stdin=PIPE, stdout=PIPE, env=environment, start_new_session=True
            )
        return self._process

    def _stay(self) -> None:
        if self._letting_go:
            self._letting_go.cancel()
            self._letting_go = None

    def _let_go(self) -> None:
        process, self._process = self._process, None
        if process:
            _hang_up(process)


def _hang_up(process: Process) -> None:
    if process.stdin:
        process.stdin.close()


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()
