"""A Telegram Bot API server on localhost: HTTP, faults and validation; its other files are the world behind it."""

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from types import TracebackType
from typing import Any, NamedTuple, Self

from aiohttp import web

from . import (
    telegram_copies,
    telegram_links,
    telegram_media,
    telegram_methods,
    telegram_moderation,
    telegram_payments,
    telegram_pins,
    telegram_profile,
    telegram_sending,
    telegram_settings,
    telegram_topics,
)
from .spec_telegram import description
from .telegram_account import Account
from .telegram_chats import GroupKind
from .telegram_parameters import decoded, parameters
from .telegram_updates import SOON, BotApiError, Feed, Json, Webhook
from .telegram_world import Chat, Group, Message, Person, World

SHELVES = (
    *(telegram_copies, telegram_links, telegram_media, telegram_methods, telegram_moderation, telegram_payments),
    *(telegram_pins, telegram_profile, telegram_sending, telegram_settings, telegram_topics),
)
METHODS = {name: answer for shelf in SHELVES for name, answer in shelf.METHODS.items()}
MAX_UPLOAD = 50 * 2**20


class Call(NamedTuple):
    method: str
    params: Json


@dataclass(eq=False, slots=True)
class Fault:
    """What goes wrong instead of, or after, one method's work; set times to 0 to end it."""

    method: str
    error_code: int
    description: str
    _: KW_ONLY
    #: math.inf lasts until it is ended.
    times: float = 1
    retry_after: int | None = None
    #: Never answers, until the client gives up or the server ends.
    hang: bool = False
    #: Cuts the connection instead of answering.
    cut: bool = False
    #: The work is done first; only the answer is lost.
    after_delivery: bool = False
    #: Only for this chat.
    chat: Chat | None = None
    #: The work is done and answered with success, but with this change of the result.
    spoil: Callable[[Any], Any] | None = None

    def takes(self, call: Call) -> bool:
        here = self.chat is None or call.params.get("chat_id") == self.chat.id
        return self.times > 0 and self.method.lower() in ("*", call.method.lower()) and here

    async def strike(self, request: web.Request) -> BotApiError:
        if self.hang:
            await asyncio.Event().wait()
        if self.cut and request.transport:
            request.transport.abort()
        if self.retry_after is None:
            return BotApiError(self.error_code, self.description)
        return BotApiError(self.error_code, self.description, retry_after=self.retry_after)


class TelegramServer:
    """Use it as `async with TelegramServer() as server`; leaving raises on violations when strict."""

    def __init__(
        self,
        *,
        strict: bool = True,
        username: str = "hearth_bot",
        first_update_id: int = 700_000_001,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.strict, self.username = strict, username
        #: Another value here revokes the old token.
        self.token = ""
        self.api_url = ""
        #: In words: REQ is a fault of the bot; RES and UPD are faults of this server.
        self.violations: list[str] = []
        #: Seconds between two bytes of a file.
        self.dribbles = 0.0
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self._description = description()
        self._feed = Feed(on_delivery=self._check_update, next_id=first_update_id)
        self.world = World(self._feed, now, username)
        self.account = Account(self.world)
        self.token = f"{self.bot.id}:AAHearth-on-localhost_0123456789abc"
        app = web.Application(client_max_size=MAX_UPLOAD)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/{file_id}", self._file)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.api_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._feed.set_webhook(None)
        await self._runner.cleanup()
        if self.strict and error is None and self.violations:
            raise AssertionError("\n".join(["the wire differs from the Bot API's description:", *self.violations]))

    @property
    def bot(self) -> Person:
        return self.world.bot

    @property
    def commands(self) -> dict[tuple[str, str], dict[str, str]]:
        return self.account.commands

    @property
    def confirmed(self) -> int:
        return self._feed.confirmed

    @property
    def pending(self) -> list[Json]:
        return [one.update for one in self._feed.pending]

    @property
    def webhook(self) -> Webhook | None:
        return self._feed.webhook

    def user(self, name: str, *, username: str | None = None, language: str | None = None) -> Person:
        return self.world.person(name, username=username, language=language)

    def group(
        self,
        title: str = "Hearth",
        *,
        forum: bool = False,
        kind: GroupKind = "supergroup",
        bot_admin: bool = True,
    ) -> Group:
        """A group where the bot has been for long: its arrival is not announced."""
        return self.world.group(title, kind, "administrator" if bot_admin else "member", forum=forum)

    def visible_to(self, person: Person) -> list[Message]:
        return list(self.world.seen_by(person))

    async def heard(self, person: Person, text: str, *, timeout: float = SOON, after: Message | None = None) -> Message:
        """The first message of another sender that the person can read and that contains the text."""
        deadline = asyncio.get_running_loop().time() + timeout
        while True:
            seen = [one for one in self.visible_to(person) if one.sender is not person and not one.is_deleted]
            if after in seen:
                seen = seen[seen.index(after) + 1 :]
            if found := next((one for one in seen if text in one.text), None):
                return found
            if not await self._feed.bell.wait(deadline):
                raise AssertionError(f"{person.name} never heard {text!r} in {[one.text for one in seen]}")

    def fault(
        self,
        method: str,
        error_code: int = 500,
        description: str = "Internal Server Error",
        *,
        times: float = 1,
        retry_after: int | None = None,
        hang: bool = False,
        cut: bool = False,
        after_delivery: bool = False,
        chat: Chat | None = None,
        spoil: Callable[[Any], Any] | None = None,
    ) -> Fault:
        """Adds a Fault; "*" is any method, and the first fault added applies first."""
        how = {"hang": hang, "cut": cut, "after_delivery": after_delivery}
        fault = Fault(
            method, error_code, description, times=times, retry_after=retry_after, chat=chat, spoil=spoil, **how
        )
        self.faults.append(fault)
        return fault

    def raw_update(self, update: Json) -> int:
        """Sends an update as it is, without validation and even if the bot did not ask for it."""
        return self._feed.add_update(update, is_raw=True)

    async def push(self, update: Json, *, timeout: float = SOON) -> int:
        """Sends a validated update and waits until the bot has confirmed it."""
        number = self._feed.add_update(update)
        await self._feed.until_confirmed(number, timeout)
        return number

    async def settled(self, timeout: float = SOON) -> None:
        """Waits until the bot has confirmed everything."""
        await self.world.until(lambda: not self._feed.pending, timeout, f"not all of {self.pending} was confirmed")

    def jump_update_ids(self, to: int) -> None:
        """What Telegram does after a week without updates; `to` may be lower."""
        self._feed.next_id = to

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        raw = await parameters(request)
        call = Call(request.match_info["method"], decoded(raw))
        if request.match_info["token"] != self.token:
            return _answer(BotApiError(401, "Unauthorized"))
        self._note("REQ", call.method, self._description.request(call.method, raw) if self._description else ())
        self.calls.append(call)
        fault = next((one for one in self.faults if one.takes(call)), None)
        if fault:
            fault.times -= 1
        if fault and not (fault.after_delivery or fault.spoil):
            return _answer(await fault.strike(request))
        outcome = await self._outcome(call)
        self._feed.bell.ring()
        if fault and fault.spoil:
            return _answer(fault.spoil(outcome))
        response = _answer(await fault.strike(request) if fault else outcome)
        if self._description and call.method.lower() != "getupdates":
            body = json.loads(response.text or "")
            self._note("RES", call.method, self._description.response(call.method, response.status, body))
        return response

    async def _outcome(self, call: Call) -> Any:
        try:
            if answer := getattr(self, f"_{call.method.lower()}", None):
                return await answer(call.params)
            if call.method.lower() not in METHODS:
                self._note("RES", call.method, ["not served here"])
                return BotApiError(404, "Not Found: method not found")
            return METHODS[call.method.lower()](self.account, call.params)
        except BotApiError as error:
            return error

    async def _file(self, request: web.Request) -> web.StreamResponse:
        content = self.world.file(request.match_info["file_id"])
        if content and self.dribbles:
            return await _dribbled(request, content, self.dribbles)
        return web.Response(body=content, status=404 if content is None else 200)

    async def _getupdates(self, asked: Json) -> list[Json]:
        self._feed.allow(asked.get("allowed_updates"))
        limit = min(max(asked.get("limit", 100), 1), 100)
        return await self._feed.poll(offset=asked.get("offset", 0), limit=limit, seconds=asked.get("timeout", 0))

    async def _setwebhook(self, asked: Json) -> bool:
        secret = asked.get("secret_token")
        if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise BotApiError(400, "Bad Request: secret token contains unallowed characters")
        self._feed.allow(asked.get("allowed_updates"))
        self._drop(asked)
        await self._feed.set_webhook(_webhook(asked) if asked.get("url") else None)
        return True

    async def _deletewebhook(self, asked: Json) -> bool:
        self._drop(asked)
        await self._feed.set_webhook(None)
        return True

    def _drop(self, asked: Json) -> None:
        if asked.get("drop_pending_updates"):
            self._feed.pending.clear()

    async def _getwebhookinfo(self, _: Json) -> Json:
        hook = self._feed.webhook or Webhook(url="")
        known = {
            "url": hook.url,
            "has_custom_certificate": hook.has_certificate,
            "ip_address": hook.ip_address,
            "max_connections": hook.max_connections if hook.url else None,
            "pending_update_count": len(self._feed.pending),
            "last_error_date": hook.last_error_date,
            "last_error_message": hook.last_error_message,
            "allowed_updates": sorted(self._feed.allowed) if self._feed.allowed else None,
        }
        return {name: value for name, value in known.items() if value is not None}

    def _check_update(self, update: Json) -> None:
        self._note("UPD", "", self._description.update(update) if self._description else ())

    def _note(self, side: str, method: str, faults: Iterable[str]) -> None:
        self.violations += [f"{side} {method}: {fault}" for fault in faults]


def _webhook(asked: Json) -> Webhook:
    return Webhook(
        url=asked["url"],
        secret_token=asked.get("secret_token"),
        max_connections=asked.get("max_connections", 40),
        ip_address=asked.get("ip_address", "127.0.0.1"),
        has_certificate="certificate" in asked,
    )


async def _dribbled(request: web.Request, content: bytes, seconds: float) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": str(len(content))})
    await response.prepare(request)
    for byte in content:
        await response.write(bytes([byte]))
        await asyncio.sleep(seconds)
    return response


def _answer(outcome: Any) -> web.Response:
    if not isinstance(outcome, BotApiError):
        return web.json_response({"ok": True, "result": outcome})
    body: Json = {"ok": False, "error_code": outcome.code, "description": outcome.description}
    if outcome.parameters:
        body["parameters"] = outcome.parameters
    return web.json_response(body, status=outcome.code)
