"""Defines what goes between bot and worker: a head with outcome and length, then so many bytes."""

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

HEAD = struct.Struct("!BI")
#: outcomes: work requested, done, and not done, with the reason
ASKED, DONE, FAILED = range(3)
#: bytes, more than any picture has
LONGEST = 32 * 1024 * 1024


def pack(work: Mapping[str, Any]) -> bytes:
    return framed(ASKED, json.dumps(work).encode())


def framed(outcome: int, body: bytes) -> bytes:
    return HEAD.pack(outcome, len(body)) + body


def read(stream: BinaryIO) -> dict[str, Any] | None:
    """The next piece of work; None when the input has ended."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    _, length = HEAD.unpack(head)
    body = stream.read(length)
    if len(body) < length:
        return None
    work: dict[str, Any] = json.loads(body)
    return work
