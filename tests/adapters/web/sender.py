"""A test platform on our web server, as healthy as a test wants it."""

import asyncio
from collections.abc import Mapping, Sequence

from bot.kit.errors import Refused
from bot.kit.events import Event
from bot.kit.platform import Abilities, Delivery, Endpoint, Receipt

TOKEN = "123:very-secret"
#: nobody can guess the path; a caller who shows this may call
PATH, SIGNATURE = "/hooks/sender", "yes"


class Sender:
    name = "sender"
    abilities = Abilities(private_replies=False, roles=False, history=False, keyed=False)

    def __init__(self) -> None:
        self.report: dict[str, bool | int | str] = {"ok": True}
        self.got: list[tuple[str, bytes]] = []
        self.status = 200
        self.error: Exception | None = None
        self.release = asyncio.Event()
        self.release.set()

    def admits(self, headers: Mapping[str, str]) -> bool:
        return headers.get("x-signature") == SIGNATURE

    async def answer(self, headers: Mapping[str, str], body: bytes) -> int:
        await self.release.wait()
        if self.error:
            raise self.error
        self.got.append((headers["x-signature"], body))
        return self.status

    async def serve(self) -> None: ...

    async def stop(self) -> None: ...

    async def close(self) -> None: ...

    async def perform(self, delivery: Delivery) -> Receipt:
        raise Refused("unsupported", str(delivery))

    async def read(self, raw: str) -> Sequence[Event]:
        raise ValueError(raw)

    def endpoints(self) -> Sequence[Endpoint]:
        return (Endpoint(path=PATH, admits=self.admits, answer=self.answer),)

    async def check(self) -> Sequence[tuple[bool, str]]:
        return ()

    def health(self) -> Mapping[str, bool | int | str]:
        if not self.report:
            raise RuntimeError(TOKEN)
        return self.report
