"""Writes folders and files beside their place and then moves them in whole, so that nobody reads half of one."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bot.knowledge.archive.views import ExportRefused

#: marks a folder that an export made, unlike one in which somebody keeps things
MARKER = ".hearth-export"


@contextmanager
def replacing_folder(folder: Path, ours: re.Pattern[str]) -> Iterator[Path]:
    """A new folder, which replaces the old one if all goes well.

    `ours` matches the names an export uses there, folders with a slash at the end: everything else belongs to
    somebody, and stays untouched.
    """
    folder = folder.resolve()
    _must_be_ours(folder, ours)
    folder.parent.mkdir(parents=True, exist_ok=True)
    new, old = (folder.with_name(f".{folder.name}.{age}") for age in ("new", "old"))
    with _alone(folder.parent):
        for left in (new, old):
            _refuse_foreign(left, ours)
            _remove(left)
        new.mkdir()
        try:
            (new / MARKER).touch()
            yield new
            _must_be_ours(folder, ours)
            if folder.exists():
                folder.rename(old)
            new.rename(folder)
        finally:
            for left in (new, old):
                _remove(left)


@contextmanager
def replacing_file(file: Path) -> Iterator[BinaryIO]:
    file = file.resolve()
    if file.is_dir():
        raise ExportRefused(f"{file} is a folder; name a file")
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.new")
    with _alone(file.parent):
        try:
            with new.open("wb") as opened:
                yield opened
            new.replace(file)
        finally:
            new.unlink(missing_ok=True)


def _must_be_ours(folder: Path, ours: re.Pattern[str]) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ExportRefused(f"{folder} is a file; name a folder")
    found = sorted(each for each in folder.iterdir() if each.name != MARKER)
    if found and not (folder / MARKER).exists():
        raise ExportRefused(f"{folder} is not empty, and no export of ours; name another folder, or empty it")
    _refuse_foreign(folder, ours)


def _refuse_foreign(folder: Path, ours: re.Pattern[str]) -> None:
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    foreign = [
        each.name for each in found if each.name != MARKER and not ours.fullmatch(each.name + "/" * each.is_dir())
    ]
    if foreign:
        raise ExportRefused(f"{folder} holds {foreign[0]}, which no export put there; move it away first")


@contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """Make a second export into the same folder wait for the first."""
    opened = os.open(parent, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _remove(left: Path) -> None:
    """Remove what a stopped export left there."""
    if left.exists():
        shutil.rmtree(left)
