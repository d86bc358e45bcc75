"""Packs a copy into one file: gzip, read back to its end, and named only when it is whole and on the disk.

Level 1, because the next levels save a twentieth for twice the time; xz would halve the file in three times the time,
but not every Python can read it, and an operator in trouble has gunzip.
"""

import asyncio
import gzip
import os
import re
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import BinaryIO, Concatenate, ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")

CHUNK = 1 << 20
LEVEL = 1
#: the end of an unfinished file's name, after the number of the process that makes it
PART = ".hearth-part"
#: files of an SQLite database, which it reads together with any file of the same name
BESIDE = ("-wal", "-shm", "-journal")
_LEFT = re.compile(rf"\..+\.\d+{re.escape(PART)}(?:{'|'.join(BESIDE)})?")
#: seconds after which such a file has no owner any more
FORSAKEN = 86_400


class CopyRefused(Exception):
    """A copy cannot be made or used; str() is a sentence for the operator, without secrets."""


class ToolMissing(CopyRefused):
    """The program that makes the copy is not installed here."""


class Stopped(Exception):
    """The caller no longer wants the copy."""


async def aside(work: Callable[Concatenate[Event, Given], Result], *given: Given.args, **named: Given.kwargs) -> Result:
    """Run work in a thread; when cancelled, tell the work and wait for it, since it holds files."""
    stop = Event()
    running = asyncio.ensure_future(asyncio.to_thread(work, stop, *given, **named))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([running])
        raise


@contextmanager
def part_of(file: Path) -> Iterator[Path]:
    """A hidden file beside it that only its owner reads; removed at the end, like old ones that a kill left."""
    file.parent.mkdir(parents=True, exist_ok=True)
    for left in file.parent.glob(f".*{PART}*"):
        with suppress(OSError):
            if _LEFT.fullmatch(left.name) and time.time() - left.stat().st_mtime > FORSAKEN:
                left.unlink()
    if file.is_dir() or not file.name:
        raise CopyRefused(f"{file} is a folder. Name a file in it that is not there yet.")
    part = file.with_name(f".{file.name}.{os.getpid()}{PART}")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield part
    except OSError as error:
        error.filename = error.filename or str(file)  # a full disk does not say which file it had no room for
        raise
    finally:
        for ending in ("", *BESIDE):
            part.with_name(part.name + ending).unlink(missing_ok=True)


def pack(stop: Event, source: BinaryIO, part: Path) -> None:
    with part.open("wb") as raw:
        with gzip.GzipFile("", "wb", LEVEL, raw) as packed:
            for chunk in _chunks(stop, source):
                packed.write(chunk)
        raw.flush()
        os.fsync(raw.fileno())
    for _ in contents(stop, part):
        """What cannot be read back now cannot be restored later."""


def pack_file(stop: Event, file: Path, part: Path) -> None:
    with file.open("rb") as source:
        pack(stop, source, part)


def unpack(stop: Event, file: Path, part: Path) -> None:
    with part.open("wb") as raw:
        for chunk in contents(stop, file):
            raw.write(chunk)
        raw.flush()
        os.fsync(raw.fileno())


def contents(stop: Event, file: Path) -> Iterator[bytes]:
    """The packed bytes, piece by piece; a damaged copy is refused, at its end at the latest."""
    try:
        with gzip.open(file) as packed:
            yield from _chunks(stop, packed)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise CopyRefused(f"{file} is damaged, cut off, or no backup of Hearth ({error}).") from None
    except OSError as error:
        error.filename = error.filename or str(file)  # nor does a broken disk say which file it could not read
        raise


def publish(part: Path, file: Path) -> None:
    """Give the file its name, unless that name exists already."""
    try:
        os.link(part, file)
    except FileExistsError:
        raise _taken(file) from None
    except OSError:  # a disk on which a file has only one name
        if file.exists():
            raise _taken(file) from None
        part.rename(file)
    flush_folder(file.parent)


def flush_folder(folder: Path) -> None:
    """Flush a folder, because a file's name is on the disk only when its folder is."""
    with suppress(OSError):  # not every system can open a folder
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _chunks(stop: Event, source: BinaryIO | gzip.GzipFile) -> Iterator[bytes]:
    while chunk := source.read(CHUNK):
        if stop.is_set():
            raise Stopped
        yield chunk


def _taken(file: Path) -> CopyRefused:
    return CopyRefused(f"{file} exists already, and nothing is overwritten. Name another file.")
