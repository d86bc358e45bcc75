"""Handles a platform's endpoint: reads only callers that may call, and on errors makes the sender try again."""

import asyncio
from dataclasses import dataclass

import structlog
from aiohttp import web

from adapters.web.door import Handler, refusal, reply, welcome
from bot.kit.platform import Endpoint

log = structlog.get_logger(__name__)

#: the largest body of a call, which is also the library's own limit
BODY_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds that a call may take."""

    #: until its body has arrived
    body: float = 10.0
    #: until the platform answers it
    answer: float = 30.0


def answering(platform: str, endpoint: Endpoint, patience: Patience) -> Handler:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if not endpoint.admits(request.headers):
            return refusal(403)
        welcome(request)
        body = await _body(request, patience.body)
        if isinstance(body, int):
            return refusal(body)
        try:
            async with asyncio.timeout(patience.answer):
                return reply(await endpoint.answer(request.headers, body))
        except TimeoutError:
            log.warning("endpoint took too long", platform=platform)
            return refusal(504)
        except Exception:
            log.exception("endpoint failed", platform=platform)
            return refusal(500)

    return answer


async def _body(request: web.BaseRequest, patience: float) -> bytes | int:
    """The body as it was sent, or the status that refuses it."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        return 415
    if (request.content_length or 0) > BODY_BYTES:
        return 413
    try:
        async with asyncio.timeout(patience):
            if request.headers.get("Expect", "").lower() == "100-continue":
                await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                request.writer.output_size = 0
            return await request.read()
    except TimeoutError:
        return 408
    except web.HTTPRequestEntityTooLarge:
        return 413
    except (web.RequestPayloadError, ConnectionError):
        return 400
