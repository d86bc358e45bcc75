"""Runs the web server: one port for operators and another for webhooks; pages.py and webhooks.py give the answers."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog
from aiohttp import web

from adapters.web.door import HEADERS, Door, Handler, Limits, routing, welcome
from adapters.web.pages import Pages
from adapters.web.webhooks import Patience, answering
from bot.core.core import Core
from bot.host.config import Config
from bot.kit.errors import Refused, Unservable
from bot.kit.events import Event
from bot.kit.platform import Abilities, Delivery, Endpoint, Receipt

log = structlog.get_logger(__name__)

#: seconds that answers in progress get when the server stops
GRACE = 3.0


def open(core: Core, config: Config) -> "Web":  # noqa: A001 - the door every adapter has
    return Web(core, config)


class Web:
    name = "web"
    abilities = Abilities(private_replies=False, roles=False, history=False, keyed=False)

    def __init__(
        self, core: Core, config: Config, patience: Patience | None = None, limits: Limits | None = None
    ) -> None:
        self._core = core
        self._web = config.web
        self._patience = patience or Patience()
        self._limits = limits or Limits()
        self._pages = Pages(core, config.secrets)
        self._runners: list[web.ServerRunner] = []
        self._stopped = asyncio.Event()
        #: the bound ports: of the operator's pages, and of the webhooks if there are any
        self.port: int | None = None
        self.webhook_port: int | None = None

    async def serve(self) -> None:
        if self._stopped.is_set():
            return
        await self.start()
        try:
            await self._stopped.wait()
        finally:
            await self.stop()

    async def start(self) -> None:
        """Bind the ports; from now on, the endpoints of the platforms plugged by now are answered."""
        pages = {"/health": self._pages.health, "/ready": self._pages.readiness, "/metrics": self._pages.metrics}
        shown = routing(("GET", "HEAD"), {path: _shown(page) for path, page in pages.items()})
        self.port = await self._bind("health", self._web.health_host, self._web.pages_port, shown)
        log.info("health listens", host=self._web.health_host, port=self.port)
        if called := {
            endpoint.path: answering(platform.name, endpoint, self._patience)
            for platform in self._core.platforms.values()
            for endpoint in platform.endpoints()
        }:
            self.webhook_port = await self._bind("", self._web.host, self._web.port, routing(("POST",), called))
            log.info("webhooks listen", host=self._web.host, port=self.webhook_port)
        self._pages.ready = True

    async def _bind(self, which: str, host: str, port: int, handler: Handler) -> int:
        runner = web.ServerRunner(Door(handler, self._limits, self._web.proxies), shutdown_timeout=GRACE)
        await runner.setup()
        self._runners.append(runner)
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            await self.stop()
            keys = " and ".join(f"web.{which}_{key}" if which else f"web.{key}" for key in ("host", "port"))
            mend = f"{host} port {port} cannot be bound ({error.strerror}); set {keys} to a free one"
            raise Unservable(self.name, mend) from None
        bound: int = runner.addresses[0][1]
        return bound

    async def stop(self) -> None:
        self._pages.ready = False
        self._stopped.set()
        runners, self._runners = self._runners, []
        await asyncio.gather(*(runner.cleanup() for runner in runners))

    async def close(self) -> None:
        """Do nothing: stopping released everything."""

    async def perform(self, delivery: Delivery) -> Receipt:
        raise Refused("unsupported", type(delivery.effect).__name__)

    async def read(self, raw: str) -> Sequence[Event]:
        """Nothing arrives here except for some platform."""
        del raw
        return ()

    def endpoints(self) -> Sequence[Endpoint]:
        return ()

    async def check(self) -> Sequence[tuple[bool, str]]:
        return ()

    def health(self) -> Mapping[str, bool | int | str]:
        return {"ok": self._pages.ready, "port": self.port or 0}


def _shown(page: Handler) -> Handler:
    """A page for the operator; only the operator can reach the port."""

    async def show(request: web.BaseRequest) -> web.StreamResponse:
        welcome(request)
        response = await page(request)
        response.headers.update(HEADERS)
        return response

    return show
