"""A platform's endpoint as a handler: it gets the raw body, and whatever goes wrong makes the sender come again."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bot.platform import Endpoint

log = structlog.get_logger(__name__)

Handler = Callable[[web.Request], Awaitable[web.Response]]

FAILED = 500
TOO_LATE = 504


def answering(platform: str, endpoint: Endpoint, patience: float) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(patience):
                return web.Response(status=await endpoint.answer(request.headers, await request.read()))
        except web.HTTPException:
            raise
        except TimeoutError:
            log.warning("endpoint took too long", platform=platform)
            return web.Response(status=TOO_LATE)
        except Exception:
            log.exception("endpoint failed", platform=platform)
            return web.Response(status=FAILED)

    return answer
