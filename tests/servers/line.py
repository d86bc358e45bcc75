"""The server of a platform that does not exist: chat rooms, one JSON object a line, each message with its readers."""

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

TOKEN = "line-of-tests"
BOT = "hearth"


@dataclass
class Said:
    id: str
    who: str
    room: str
    text: str
    #: the only person who sees it; None when everybody in the room does
    only: str | None = None
    buttons: list[list[str]] = field(default_factory=list)
    picture: bytes = b""
    file: bytes = b""
    signs: set[str] = field(default_factory=set)


class LineServer:
    """Sends each line again until it is confirmed, and does nothing twice under one key."""

    def __init__(self, now: Callable[[], int]) -> None:
        self.now = now
        self.said: list[Said] = []
        self.admins: set[str] = set()
        self.languages: dict[str, str] = {}
        self._numbers = count(1)
        self._unreceived: dict[str, asyncio.Event] = {}
        self._done: dict[str, dict[str, Any]] = {}
        self._bot: asyncio.StreamWriter | None = None
        self._connected = asyncio.Event()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        async with await asyncio.start_server(self._serve, "127.0.0.1", 0) as server:
            yield server.sockets[0].getsockname()[1]

    async def acts(self, who: str, does: str, room: str, **more: Any) -> Said | None:
        """Wait until the bot has stored it."""
        await self._connected.wait()
        number = str(next(self._numbers))
        told = {"id": number, "does": does, "who": who, "room": room, "at": self.now(), **more}
        told |= {"admin": who in self.admins, "language": self.languages.get(who, "en")}
        said = Said(number, who, room, more["text"]) if does == "says" else None
        if said:
            self.said.append(said)
        self._unreceived[number] = asyncio.Event()
        self._write(told)
        await self._unreceived[number].wait()
        return said

    def newest(self, who: str, *, seen_by: str | None = None) -> Said:
        seen = [each for each in self.said if each.who == who and (seen_by is None or self.sees(seen_by, each))]
        return seen[-1]

    def sees(self, name: str, said: Said) -> bool:
        return said.only in (None, name) and (not said.room.startswith("@") or said.room == f"@{name}")

    def _write(self, told: dict[str, Any]) -> None:
        assert self._bot
        self._bot.write(json.dumps(told).encode() + b"\n")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if json.loads(await reader.readline()) != {"token": TOKEN}:
            writer.close()
            return
        self._bot = writer
        self._connected.set()
        while line := await reader.readline():
            asked = json.loads(line)
            if received := asked.get("received"):
                self._unreceived.pop(received).set()
            elif asked["key"] not in self._done:
                self._done[asked["key"]] = {"key": asked["key"], **self._do(asked)}
            if "key" in asked:
                self._write(self._done[asked["key"]])
        writer.close()

    def _do(self, asked: dict[str, Any]) -> dict[str, Any]:
        match asked["do"]:
            case "say":
                old = next((each for each in self.said if each.id == asked["replaces"]), None)
                said = old or Said(str(next(self._numbers)), BOT, asked["room"], "", asked["only"])
                if old is None:
                    self.said.append(said)
                said.text, said.buttons = asked["text"], asked["buttons"]
                said.picture, said.file = b64decode(asked["picture"]), b64decode(asked["file"])
                return {"message": said.id}
            case "withdraw":
                self.said = [each for each in self.said if each.id != asked["on"]]
            case "sign":
                said = next(each for each in self.said if each.id == asked["on"])
                (said.signs.add if asked["shown"] else said.signs.discard)(asked["emoji"])
        return {}
