"""The web server's life: which address it binds and what stands at which path; what is answered is pages.py's."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog
from aiohttp import web

from adapters.web.pages import Pages
from adapters.web.webhooks import answering
from bot.config import Config
from bot.core import Core
from bot.errors import Refused, Unservable
from bot.events import Event
from bot.platform import Abilities, Delivery, Endpoint, Receipt

log = structlog.get_logger(__name__)

#: the most a platform may send at once
BODY_BYTES = 1024 * 1024
#: seconds an answer may take, the body's arrival included
PATIENCE = 30.0
#: seconds that answers under way are given when the server stops
GRACE = 3.0
HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


def open(core: Core, config: Config) -> "Web":  # noqa: A001 - the door every adapter has
    return Web(core, config)


class Web:
    name = "web"
    abilities = Abilities(private_replies=False, roles=False, history=False, keyed=False)

    def __init__(self, core: Core, config: Config, patience: float = PATIENCE) -> None:
        self._core = core
        self._config = config
        self._patience = patience
        self._pages = Pages(core, config.secrets)
        self._runner: web.AppRunner | None = None
        self._stopped = asyncio.Event()
        #: the port that is bound, once it is
        self.port: int | None = None

    async def serve(self) -> None:
        if self._stopped.is_set():
            return
        await self.start()
        try:
            await self._stopped.wait()
        finally:
            await self.stop()

    async def start(self) -> None:
        """Bind the port; what the platforms plugged by now want answered is answered from here on."""
        # No access log: the paths of webhooks may be secrets.
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=GRACE)
        await runner.setup()
        host, port = self._config.web.host, self._config.web.port
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            await runner.cleanup()
            mend = f"{host} port {port} cannot be bound ({error.strerror}); set web.host and web.port to a free one"
            raise Unservable(self.name, mend) from None
        self._runner = runner
        self.port = runner.addresses[0][1]
        self._pages.ready = True
        log.info("web listens", host=host, port=self.port)

    async def stop(self) -> None:
        self._pages.ready = False
        self._stopped.set()
        runner, self._runner = self._runner, None
        if runner:
            await runner.cleanup()

    async def close(self) -> None:
        """Stopping let go of everything."""

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=BODY_BYTES)
        application.on_response_prepare.append(_headers)
        application.add_routes(
            [
                web.get("/health", self._pages.health),
                web.get("/ready", self._pages.readiness),
                web.get("/metrics", self._pages.metrics),
                *(
                    web.post(endpoint.path, answering(platform.name, endpoint, self._patience))
                    for platform in self._core.platforms.values()
                    for endpoint in platform.endpoints()
                ),
            ]
        )
        return application

    async def perform(self, delivery: Delivery) -> Receipt:
        raise Refused("unsupported", type(delivery.effect).__name__)

    def read(self, raw: str) -> Sequence[Event]:
        """Nothing arrives here that is not some platform's."""
        del raw
        return ()

    def endpoints(self) -> Sequence[Endpoint]:
        return ()

    async def check(self) -> Sequence[tuple[bool, str]]:
        return ()

    def health(self) -> Mapping[str, bool | int | str]:
        return {"ok": self._pages.ready, "port": self.port or 0}


async def _headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Nobody needs to know what answers, nor to guess what the answer is."""
    response.headers.popall("Server", None)
    response.headers.update(HEADERS)
