"""Performs deliveries as API calls, and turns Telegram's errors into the core's own errors."""

import time
from collections.abc import Sequence

import httpx
from telegram import Bot, ForceReply, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from adapters.telegram.pace import Pace, Urgently
from adapters.telegram.people import message_cause
from adapters.telegram.reading import read
from adapters.telegram.replies import Letter, letters
from bot.kit import Post, React, Reply, Retitle, Tell, Withdraw
from bot.kit.errors import Failed, Later, Moved, Refused, Unknown
from bot.kit.platform import Delivery, Receipt

#: when the network is down, or there is no answer to a call that is safe to repeat
AGAIN = 5.0
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

#: words of Telegram's refusals, in lower case, and their meaning; the first match counts
REASONS = (
    ("blocked by the user", "blocked"),
    ("can't initiate conversation", "closed_dm"),
    ("user is deactivated", "member_gone"),
    ("user not found", "member_gone"),
    ("kicked from", "place_gone"),
    ("not a member of", "place_gone"),
    ("chat not found", "place_gone"),
    ("thread not found", "place_gone"),
    ("topic_deleted", "place_gone"),
    ("topic_id_invalid", "place_gone"),
    ("not enough rights", "missing_permission"),
    ("no rights", "missing_permission"),
    ("need administrator rights", "missing_permission"),
    ("write_forbidden", "missing_permission"),
    ("chat_restricted", "missing_permission"),
    ("topic_closed", "missing_permission"),
    ("can't be deleted", "missing_permission"),
    ("reaction_invalid", "reactions_off"),
)
RIGHTS = ("not enough rights", "need administrator rights")
SAME_NAME = "topic_not_modified"
UNCHANGED = "message is not modified"
NOT_EDITABLE = ("message to edit not found", "message can't be edited", "there is no text in the message")
GONE = ("message to delete not found", "message to react not found", "message identifier is not specified")


class Effects:
    def __init__(self, bot: Bot, pace: Pace | Urgently) -> None:
        self._bot = bot
        self._pace = pace

    async def perform(self, delivery: Delivery) -> Receipt:
        chat, topic = _address(delivery)
        try:
            match delivery.effect:
                case Post() as post:
                    return await self._post(post, chat, topic)
                case Tell(reply=reply):
                    return await self._send(letters(reply), chat)
                case Withdraw(message=message):
                    return await self._withdraw(chat, int(message))
                case React() as sign:
                    return await self._react(chat, sign)
                case Retitle(name=name) if topic:
                    return await self._retitle(chat, topic, name)
        except TelegramError as error:
            raise self._translated(error, chat) from None
        raise Refused("unsupported", type(delivery.effect).__name__)

    async def say(self, chat: int, reply: Reply) -> Receipt:
        return await self._send(letters(reply), chat)

    async def _post(self, post: Post, chat: int, topic: int | None) -> Receipt:
        pages = letters(post.reply)
        alone = len(pages) == 1 and not (pages[0].image or pages[0].file)
        if post.replaces and alone and not isinstance(pages[0].markup, ForceReply):
            try:
                return await self._edit(pages[0], chat, int(post.replaces))
            except BadRequest as error:
                if not _says(error, *NOT_EDITABLE):
                    raise
        return await self._send(pages, chat, topic, post.answers)

    async def _send(
        self, pages: Sequence[Letter], chat: int, topic: int | None = None, answers: str | None = None
    ) -> Receipt:
        """Send a reply; the receipt names the last message, which has the buttons. Once begun, it is not put off."""
        for _ in pages:
            await self._pace.turn(chat)
        sent = ""
        for letter in pages:
            replied = ReplyParameters(int(answers), allow_sending_without_reply=True) if answers and not sent else None
            try:
                sent = await self._say(letter, chat, topic, replied)
            except TelegramError as error:
                if sent:
                    raise Unknown(f"a part was said: {type(error).__name__}") from None
                raise
        return Receipt(message=sent, cause=message_cause(chat, sent))

    async def _say(self, letter: Letter, chat: int, topic: int | None, replied: ReplyParameters | None) -> str:
        if letter.image:
            sending = self._bot.send_photo(
                chat,
                letter.image.png,
                caption=letter.html,
                parse_mode=ParseMode.HTML,
                filename=letter.image.name,
                message_thread_id=topic,
                reply_parameters=replied,
                reply_markup=letter.markup,
            )
        elif letter.file:
            sending = self._bot.send_document(
                chat,
                letter.file.content,
                caption=letter.html or None,
                parse_mode=ParseMode.HTML,
                filename=letter.file.name,
                # By itself Telegram would show a file that looks like a picture or a song as one.
                disable_content_type_detection=True,
                message_thread_id=topic,
                reply_parameters=replied,
                reply_markup=letter.markup,
            )
        else:
            sending = self._bot.send_message(
                chat,
                letter.html,
                parse_mode=ParseMode.HTML,
                message_thread_id=topic,
                reply_parameters=replied,
                reply_markup=letter.markup,
                link_preview_options=NO_PREVIEW,
            )
        return str((await read(sending)).message_id)

    async def _edit(self, letter: Letter, chat: int, message: int) -> Receipt:
        await self._pace.turn(chat)
        markup = None if isinstance(letter.markup, ForceReply) else letter.markup
        try:
            await read(
                self._bot.edit_message_text(
                    letter.html,
                    chat,
                    message,
                    parse_mode=ParseMode.HTML,
                    reply_markup=markup,
                    link_preview_options=NO_PREVIEW,
                )
            )
        except BadRequest as error:
            if not _says(error, UNCHANGED):
                raise
        except NetworkError:
            raise Later(AGAIN) from None
        return Receipt(message=str(message), cause=message_cause(chat, message))

    async def _react(self, chat: int, sign: React) -> Receipt:
        """React; if the message is gone, nothing needs to be done."""
        await self._pace.turn(chat)
        try:
            await read(self._bot.set_message_reaction(chat, int(sign.message), sign.emoji if sign.shown else None))
        except BadRequest as error:
            if not _says(error, *GONE):
                raise
        except NetworkError:
            raise Later(AGAIN) from None
        return Receipt()

    async def _retitle(self, chat: int, topic: int, name: str) -> Receipt:
        await self._pace.turn(chat)
        try:
            await read(self._bot.edit_forum_topic(chat, topic, name=name))
        except BadRequest as error:
            if _says(error, *RIGHTS):
                raise Refused("no_titles", error.message) from None
            if not _says(error, SAME_NAME):
                raise
        except NetworkError:
            raise Later(AGAIN) from None
        return Receipt()

    async def _withdraw(self, chat: int, message: int) -> Receipt:
        await self._pace.turn(chat)
        try:
            await read(self._bot.delete_message(chat, message))
        except BadRequest as error:
            if not _says(error, *GONE):
                raise
        except NetworkError:
            raise Later(AGAIN) from None
        return Receipt()

    def _translated(self, error: TelegramError, chat: int) -> Later | Refused | Unknown | Failed | Moved:
        """The core's error, with Telegram's own words; the library's may hold the token, and are not repeated."""
        match error:
            case BadRequest() | Forbidden():
                return Refused(_reason(error, chat), error.message)
            case RetryAfter():
                put_off = later(error)
                self._pace.hold(chat, put_off.seconds, time.monotonic())
                return put_off
            case ChatMigrated(new_chat_id=new):
                return Moved(str(chat), str(new))
            case InvalidToken():
                return Refused("token")
            case NetworkError(__cause__=httpx.ConnectError() | httpx.ConnectTimeout() | httpx.PoolTimeout()):
                return Later(AGAIN)  # the request was never sent
            case NetworkError(__cause__=TelegramError() | None) if not isinstance(error, TimedOut):
                return Failed("Telegram answered that it broke")
        return Unknown(type(error).__name__)


def _address(delivery: Delivery) -> tuple[int, int | None]:
    if delivery.place:
        chat, _, topic = delivery.place.external_id.partition("/")
        return int(chat), int(topic) if topic else None
    if delivery.account:
        return int(delivery.account.external_id), None
    raise Refused("unsupported", "an effect without a place or an account")


def _says(error: TelegramError, *words: str) -> bool:
    return any(word in error.message.lower() for word in words)


def _reason(error: BadRequest | Forbidden, chat: int) -> str:
    for words, reason in REASONS:
        if _says(error, words):
            return "closed_dm" if reason == "place_gone" and chat > 0 else reason
    if isinstance(error, Forbidden):
        return "place_gone" if chat < 0 else "blocked"
    return "bad_request"


def later(error: RetryAfter) -> Later:
    wait = error.retry_after
    return Later(wait if isinstance(wait, int) else wait.total_seconds())
