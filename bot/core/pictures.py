"""Turns drawings into pictures after the commit, within a time limit, and never delays or loses the words.

An artist draws them in a process of its own; a reply whose picture cannot be drawn goes out without it.
"""

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import replace
from typing import Protocol

import structlog

from bot.kit import Effect, Post, Reply, Tell
from bot.kit.replies import DOCUMENT_BYTES, Document, Drawing, Image

log = structlog.get_logger(__name__)

#: what a member waits for a picture, its turn included; well within the lease of a promise
PATIENCE = 8.0
#: drawings kept for members who ask for the same again: most are cards of some 40 KiB, the largest documents some 300
KEPT = 64


class Undrawn(Exception):
    """The drawing cannot be made, and asking again does not help."""


class Artist(Protocol):
    async def draw(self, drawing: Drawing) -> bytes:
        """Draw it in the drawing's media type, or raise Undrawn; when cancelled, stop the work in progress."""

    async def close(self) -> None:
        """Stop it and leave nothing behind."""


class Studio:
    def __init__(self) -> None:
        #: without one, as where nothing is ever shown, every reply has words only
        self.artist: Artist | None = None
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()

    async def close(self) -> None:
        if self.artist:
            await self.artist.close()

    async def finish(self, reply: Reply) -> Reply:
        """The reply with its picture, or without it if it cannot be drawn."""
        if isinstance(reply.image, Drawing):
            png = await self._drawn(reply.image)
            reply = reply.but(image=Image(reply.image.name, png, reply.image.alt) if png else None)
        if isinstance(reply.file, Drawing):
            content = await self._drawn(reply.file)
            reply = reply.but(file=_document(reply.file, content) if content else None)
        return reply

    async def finish_effect(self, effect: Effect) -> Effect:
        """Do the same for every effect that says something."""
        return replace(effect, reply=await self.finish(effect.reply)) if isinstance(effect, Post | Tell) else effect

    async def _drawn(self, drawing: Drawing) -> bytes | None:
        key = _content(drawing)
        drawn = self._kept.pop(key, None) or await self._draw(drawing)
        if drawn is None:
            return None
        self._kept[key] = drawn
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return drawn

    async def _draw(self, drawing: Drawing) -> bytes | None:
        if self.artist is None:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.artist.draw(drawing)
        except (Undrawn, TimeoutError) as error:
            log.warning("not drawn", kind=drawing.kind, error=str(error) or "it took too long")
        except Exception:
            log.exception("not drawn", kind=drawing.kind)
        return None


def _document(drawing: Drawing, content: bytes) -> Document | None:
    if len(content) > DOCUMENT_BYTES:
        log.warning("not handed over", kind=drawing.kind, size=len(content))
        return None
    return Document(drawing.name, content, drawing.media)


def _content(drawing: Drawing) -> bytes:
    told = repr((drawing.kind, drawing.media, sorted(drawing.values.items()))).encode(errors="backslashreplace")
    return hashlib.sha256(told).digest()
