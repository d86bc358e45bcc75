"""Serves Telegram: takes updates by polling or webhook, absorbs them, and only then confirms them."""

import asyncio
import hmac
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar

import structlog
from telegram import Bot
from telegram.constants import CallbackQueryLimit
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from adapters.telegram import commands
from adapters.telegram.config import Section
from adapters.telegram.effects import Effects, later
from adapters.telegram.events import Json, next_after, update_of
from adapters.telegram.hearing import Ears
from adapters.telegram.pace import Pace, Urgently
from adapters.telegram.people import PLATFORM
from adapters.telegram.reading import Unreadable, read
from bot.core.core import Core
from bot.core.metrics import unread
from bot.host.config import Config, shown
from bot.kit.allowance import Limit
from bot.kit.errors import Refused, Unservable
from bot.kit.events import Event
from bot.kit.platform import Abilities, Delivery, Endpoint, Platform, Receipt

log = structlog.get_logger(__name__)

#: the library's own switch for durations as timedelta; without it the library warns
os.environ.setdefault("PTB_TIMEDELTA", "true")

Result = TypeVar("Result")

#: some kinds come only if named, and without a list the earlier list stays valid
ALLOWED = (
    *("message", "edited_message", "callback_query", "chat_member", "my_chat_member", "chat_join_request"),
    *("message_reaction", "message_reaction_count", "poll_answer", "pre_checkout_query", "subscription"),
)
AT_ONCE = 100
#: what one member may ask: other members need their share of the twenty messages a minute in a group
ASKED = Limit(8, 6.0)
#: seconds that Telegram holds an empty poll open, and how much longer we wait for it
POLL, GRACE = 30, 10
#: milliseconds, just under a week: after a week without updates their numbers start again, perhaps below ours
IDLE = 6 * 86_400_000
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
#: pauses: before we send refused menus again, and after a poll with nothing that we can confirm to Telegram
SLOWLY = 300.0
STUCK = 10.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header, not what it holds
NEW_TOKEN = (
    "Telegram refuses the token. Get the current one from @BotFather (/mybots, then API Token), "  # noqa: S105 - words
    "put it in telegram.token and start again."
)
BAD_WEBHOOK = (
    "Telegram refuses the webhook ({reason}). web.public_url must be https and reachable from outside, "
    "and telegram.webhook_secret may hold letters, digits, _ and - only."
)


class UpdatesBot(Bot):
    """The library's bot, which can also return raw updates, so that an unreadable one does not hide the others."""

    async def updates(self, offset: int | None) -> Sequence[Json]:
        asked = {"offset": offset, "limit": AT_ONCE, "timeout": POLL, "allowed_updates": ALLOWED}
        updates = await read(self._post("getUpdates", asked, read_timeout=POLL + GRACE))
        if not isinstance(updates, list):
            raise Unreadable(type(updates).__name__)
        return updates


class Telegram(Platform):
    name = PLATFORM
    abilities = Abilities(
        private_replies=False,
        roles=False,
        history=False,
        keyed=False,
        greets=False,
        proves_presses=False,
        pace=ASKED,
        asides=CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH,
    )

    def __init__(self, core: Core, *, token: str, api_url: str, hook: str | None, secret: str, pace: Pace) -> None:
        self.core = core
        self._api_url = api_url
        self.bot = UpdatesBot(
            token, f"{api_url}/bot", f"{api_url}/file/bot", request=HTTPXRequest(32, read_timeout=GRACE)
        )
        self._effects, self._first = Effects(self.bot, pace), Effects(self.bot, Urgently(pace))
        self.ears = Ears(core, self.bot, self._effects, pace)
        #: the address that Telegram calls; None when we poll
        self._hook = hook
        self._path = f"/{PLATFORM}/{secrets.token_urlsafe(24)}"
        self._secret = secret
        self._stopping = asyncio.Event()
        #: the task that sends menus later if Telegram did not take them at once
        self._menus: asyncio.Task[None] | None = None
        #: the number to poll from, and when we learned it
        self._next: int | None = None
        self._heard = core.clock.now()
        self._served = False
        #: what is wrong now, in one word
        self._trouble = ""
        self._unread = unread(PLATFORM)

    async def serve(self) -> None:
        await self._patiently(self._greet)
        if self._hook is None:
            await self._poll()
            return
        await self._patiently(partial(self._ask_for_calls, self._hook + self._path))
        await self._stopping.wait()

    async def stop(self) -> None:
        """Finish what is in hand; updates not absorbed are not confirmed, so they come again."""
        self._stopping.set()
        if self._menus:
            self._menus.cancel()
        await self.ears.finish()

    async def close(self) -> None:
        await self.bot.shutdown()

    async def perform(self, delivery: Delivery) -> Receipt:
        if delivery.account and await self.ears.rights.are_out(delivery.chats, delivery.account.external_id):
            raise Refused("member_gone")
        return await (self._first if delivery.urgent else self._effects).perform(delivery)

    async def read(self, raw: str) -> Sequence[Event]:
        """Read a kept update; ask Telegram again for the rights of members who gave a command."""
        await read(self.bot.initialize())
        self.ears.reader.me = self.bot.bot
        return await self.ears.again(raw)

    def endpoints(self) -> Sequence[Endpoint]:
        return [Endpoint(path=self._path, admits=self._admits, answer=self._called)] if self._hook else []

    async def check(self) -> Sequence[tuple[bool, str]]:
        try:
            await read(self.bot.initialize())
            hook = await read(self.bot.get_webhook_info())
        except InvalidToken:
            raise Unservable(PLATFORM, NEW_TOKEN) from None
        except TelegramError as error:
            return [(False, f"{shown(self._api_url)} does not answer ({type(error).__name__})")]
        finally:
            if not self._served:
                await self.close()
        me = self.bot.bot
        seen = "every message" if me.can_read_all_group_messages else "every message only where it is an administrator"
        called = not (self._hook and hook.last_error_message)
        return [
            (True, f"the token is that of @{me.username}, which sees {seen}"),
            (called, f"webhook: {hook.last_error_message}" if not called else "updates arrive"),
        ]

    def health(self) -> Mapping[str, bool | int | str]:
        mode = "webhook" if self._hook else "poll"
        unreadable = unread(PLATFORM) - self._unread
        return {"ok": self._served and not self._trouble, "mode": mode, "trouble": self._trouble, "unread": unreadable}

    async def _greet(self) -> None:
        await read(self.bot.initialize())
        self.ears.reader.me = self.bot.bot
        if self._hook is None:
            await read(self.bot.delete_webhook())
        if not await self._show_menus():
            self._menus = asyncio.create_task(self._show_menus_later())
        log.info("telegram greeted", username=self.bot.username)

    async def _show_menus(self) -> bool:
        """Whether no further try is needed; a failure here does not stop the service."""
        try:
            if await commands.sync(self.bot, self.core):
                log.info("menus sent")
        except InvalidToken:
            raise
        except BadRequest as error:
            log.error("menus refused", reason=error.message)  # noqa: TRY400 - the reason says it all
        except Exception as error:  # noqa: BLE001 - Telegram or the store: either comes back
            log.warning("menus not sent", error=type(error).__name__, again_in=SLOWLY)
            return False
        return True

    async def _show_menus_later(self) -> None:
        done = False
        while not done:
            await asyncio.sleep(SLOWLY)
            with suppress(InvalidToken):  # every poll reports that too
                done = await self._show_menus()

    async def _poll(self) -> None:
        """Poll; the first poll names no number, so Telegram begins with the earliest update that was not confirmed."""
        while not self._stopping.is_set():
            updates = await self._patiently(self._next_updates) or ()
            taken = await self._patiently(partial(self.ears.take, updates))
            following = next_after(updates, self._next)
            if following is not None and taken:
                self._next, self._heard = following, self.core.clock.now()
            elif updates:  # they come again at once, since they have no number to confirm
                await self._pause(STUCK)

    async def _next_updates(self) -> Sequence[Json]:
        """The next updates; nothing if we are stopped meanwhile."""
        if self.core.clock.now() - self._heard > IDLE:
            self._next = None
        polling = asyncio.create_task(self.bot.updates(self._next))
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
            updates = polling.result() if polling.done() else ()
        finally:
            polling.cancel()
            stopping.cancel()
        self._served = True
        return updates

    async def _ask_for_calls(self, url: str) -> None:
        try:
            await self.bot.set_webhook(url, secret_token=self._secret, allowed_updates=ALLOWED)
        except BadRequest as error:
            raise Unservable(PLATFORM, BAD_WEBHOOK.format(reason=error.message)) from None
        self._served = True

    def _admits(self, headers: Mapping[str, str]) -> bool:
        shown = headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        return hmac.compare_digest(shown, self._secret.encode())

    async def _called(self, _headers: Mapping[str, str], body: bytes) -> int:
        """Answer Telegram's call; any status but success makes Telegram call again."""
        update = update_of(body)
        if update is None:
            return 400
        if self._stopping.is_set():
            return 503
        try:
            await self.ears.take([update])
        except Exception as error:  # noqa: BLE001 - on any error Telegram must call again
            log.warning("update not absorbed", error=type(error).__name__)
            return 503
        return 200

    async def _patiently(self, act: Callable[[], Awaitable[Result]]) -> Result | None:
        """Try with growing pauses until it succeeds; None if we are stopped before."""
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                result = await act()
            except InvalidToken:
                self._trouble = "token"
                raise Unservable(PLATFORM, NEW_TOKEN) from None
            except Unservable:
                raise
            except Exception as error:  # noqa: BLE001 - network, flood, conflict or a busy store: all pass with time
                wait = later(error).seconds if isinstance(error, RetryAfter) else pause
                self._tell_trouble(error, wait)
                await self._pause(wait)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                self._trouble = ""
                return result
        return None

    def _tell_trouble(self, error: Exception, pause: float) -> None:
        self._trouble = "conflict" if isinstance(error, Conflict) else type(error).__name__
        if isinstance(error, Conflict):
            log.error("another process uses this bot's token; stop one of the two", again_in=pause)
        else:
            log.warning("telegram has to wait", error=self._trouble, again_in=pause)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return


def open(core: Core, config: Config, pace: Pace | None = None) -> Telegram:  # noqa: A001 - the door every adapter has
    telegram, public = config.of(Section), config.web.public_url
    secret = telegram.webhook_secret
    return Telegram(
        core,
        token=telegram.secret,
        api_url=str(telegram.api_url).rstrip("/"),
        hook=str(public).rstrip("/") if telegram.mode == "webhook" else None,
        secret=secret.get_secret_value() if secret else secrets.token_urlsafe(32),
        pace=pace or Pace(),
    )
