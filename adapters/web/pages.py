"""Serves the operator's pages: whether it is healthy, whether it is ready, and the metrics; none tells a secret."""

import asyncio
from collections.abc import Sequence

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.core.core import Core
from bot.core.metrics import OUTBOX_LAG
from bot.host.logs import STRUCK
from bot.kit.platform import Platform

log = structlog.get_logger(__name__)

#: seconds the store has for the simplest query
STORE_PATIENCE = 2.0
UNWELL = 503

Health = dict[str, bool | int | str]


class Pages:
    def __init__(self, core: Core, secrets: Sequence[str]) -> None:
        self._core = core
        self._secrets = secrets
        #: Ready while the port is bound and nobody has asked us to stop.
        self.ready = False

    async def health(self, _request: web.BaseRequest) -> web.Response:
        platforms = {name: self._of(platform) for name, platform in self._core.platforms.items()}
        lag = await self._lag()
        store: Health = {"ok": False} if lag is None else {"ok": True, "lag_ms": lag}
        well = all(bool(part.get("ok")) for part in (store, *platforms.values()))
        report = {"ok": well, "store": store, "platforms": platforms}
        return web.json_response(report, status=200 if well else UNWELL)

    async def readiness(self, _request: web.BaseRequest) -> web.Response:
        ready = self.ready and await self._lag() is not None
        return web.json_response({"ready": ready}, status=200 if ready else UNWELL)

    async def metrics(self, _request: web.BaseRequest) -> web.Response:
        """The metrics; if the store does not answer, its lag is unknown, and the others are still shown."""
        lag = await self._lag()
        OUTBOX_LAG.set(float("nan") if lag is None else lag / 1000)
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _lag(self) -> int | None:
        try:
            async with asyncio.timeout(STORE_PATIENCE):
                return await self._core.lag()
        except Exception as error:  # noqa: BLE001 - operators look here when anything is wrong with the store
            log.warning("store does not answer", error=type(error).__name__)
            return None

    def _of(self, platform: Platform) -> Health:
        try:
            return {key: self._struck(value) for key, value in platform.health().items()}
        except Exception:
            log.exception("platform has no health", platform=platform.name)
            return {"ok": False}

    def _struck(self, value: bool | int | str) -> bool | int | str:
        if isinstance(value, str):
            for secret in self._secrets:
                value = value.replace(secret, STRUCK)
        return value
