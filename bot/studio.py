"""Where drawings become pictures: after the commit, within a time limit, never at the price of the words beside them.

Who draws is an artist's affair, in a process of its own; a reply whose picture cannot be had goes out without it.
"""

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import replace
from typing import Protocol

import structlog

from bot.effects import Effect, Post, Tell
from bot.replies import Drawing, Image, Reply

log = structlog.get_logger(__name__)

#: what a member waits for a picture, its turn included; well within the lease of a promise
PATIENCE = 8.0
#: pictures kept for whoever asks the same again, some 40 KiB each
KEPT = 64


class Undrawn(Exception):
    """It cannot be drawn, and asking again would not help."""


class Artist(Protocol):
    async def draw(self, drawing: Drawing) -> bytes:
        """The picture as PNG, or Undrawn; what it was doing when it is cancelled is left."""

    async def close(self) -> None:
        """Nothing of it is left behind."""


class Studio:
    def __init__(self) -> None:
        #: without one, as where nothing is ever shown, every reply is words alone
        self.artist: Artist | None = None
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()

    async def close(self) -> None:
        if self.artist:
            await self.artist.close()

    async def finish(self, reply: Reply) -> Reply:
        """The reply with its picture drawn, or without it."""
        return reply.but(image=await self._image(reply.image)) if isinstance(reply.image, Drawing) else reply

    async def finish_effect(self, effect: Effect) -> Effect:
        """The same for whatever says something."""
        return replace(effect, reply=await self.finish(effect.reply)) if isinstance(effect, Post | Tell) else effect

    async def _image(self, drawing: Drawing) -> Image | None:
        key = _content(drawing)
        png = self._kept.pop(key, None) or await self._draw(drawing)
        if png is None:
            return None
        self._kept[key] = png
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return Image(drawing.name, png, drawing.alt)

    async def _draw(self, drawing: Drawing) -> bytes | None:
        if self.artist is None:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.artist.draw(drawing)
        except (Undrawn, TimeoutError) as error:
            log.warning("not drawn", kind=drawing.kind, error=str(error) or "it took too long")
            return None


def _content(drawing: Drawing) -> bytes:
    told = repr((drawing.kind, sorted(drawing.values.items()))).encode(errors="backslashreplace")
    return hashlib.sha256(told).digest()
