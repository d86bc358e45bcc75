"""Asks Telegram for members' rights in a chat; the core decides which rights a command needs."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import structlog
from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberRestricted
from telegram.error import BadRequest, Forbidden, TelegramError, TimedOut

from adapters.telegram.reading import Haste, read
from bot.kit import Access

log = structlog.get_logger(__name__)

#: seconds an answer is valid, so that a burst of presses asks once; and seconds we trust that a member is still
#: inside
FRESH, INSIDE = 10.0, 3600.0
#: seconds we remember who administers a chat; it gives no rights
STAFF_FRESH = 3600.0
#: seconds for an answer, asked twice if need be: it comes in a tenth of one
ASKING = 3.0

#: kinds of update that tell of a member's status
CHANGES = ("chat_member", "my_chat_member")


class Rights:
    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._meeting, self._asking = Haste(ASKING), Haste(ASKING)
        self._known: dict[tuple[str, str], tuple[float, Access]] = {}
        self._swept = 0.0
        #: how often we forgot what we knew: an answer to an earlier question is then not kept
        self._forgotten = 0
        self._staff: dict[str, tuple[float, frozenset[str] | None]] = {}

    async def staff(self, chat: str) -> frozenset[str] | None:
        """The ids of its administrators; None when Telegram does not say."""
        now = time.monotonic()
        if (known := self._staff.get(chat)) and now - known[0] < STAFF_FRESH:
            return known[1]
        forgotten = self._forgotten
        try:
            async with self._meeting.about(chat):
                administrators = await read(self._bot.get_chat_administrators(chat))
            found = frozenset(str(each.user.id) for each in administrators)
        except TelegramError as error:
            log.info("administrators unknown", chat=chat, error=type(error).__name__)
            if isinstance(error, TimedOut):  # the next answer may come
                return None
            found = None
        if forgotten == self._forgotten:
            self._staff[chat] = now, found
        return found

    def known_staff(self, chat: str) -> frozenset[str] | None:
        """The administrators, as Telegram last told them."""
        known = self._staff.get(chat)
        return known[1] if known else None

    def expect_changes(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Forget what we know of a chat in which a member's status changed."""
        for update in updates:
            for told in CHANGES:
                with suppress(KeyError, TypeError):  # no such change, or one that is set aside when it is read
                    self._forget(str(update[told]["chat"]["id"]))
            with suppress(KeyError, TypeError):
                if "left_chat_member" in update["message"]:
                    self._forget(str(update["message"]["chat"]["id"]))

    def _forget(self, chat: str) -> None:
        self._forgotten += 1
        self._staff.pop(chat, None)
        self._known = {key: known for key, known in self._known.items() if key[0] != chat}

    async def inside(self, chat: str, user: str) -> Access | None:
        """Whether they are in it and may speak there; it never says more about their rights."""
        found = await self.of(chat, user, INSIDE if self._is_told(chat) else FRESH)
        return None if found is None else min(found, Access.MEMBER)

    def _is_told(self, chat: str) -> bool:
        """Whether Telegram tells us who comes and goes there, as it tells administrators only."""
        return self._bot.token.partition(":")[0] in (self.known_staff(chat) or ())

    async def are_out(self, chats: Sequence[str], user: str) -> bool:
        """Whether they are in none of these, as Telegram says at this moment."""
        for chat in chats:
            if await self.of(chat, user, 0.0) is not Access.STRANGER:
                return False
        return bool(chats)

    async def of(self, chat: str, user: str, fresh: float = FRESH) -> Access | None:
        """Their rights; None when Telegram does not say."""
        now = time.monotonic()
        if known := self._known.get((chat, user)):
            at, access = known
            if now - at < (fresh if access >= Access.MEMBER else FRESH):
                return access
        self._forget_old(now)
        forgotten = self._forgotten
        try:
            access = access_of(await self._ask(chat, user))
        except TelegramError as error:
            log.warning("rights unknown", chat=chat, error=type(error).__name__)
            return None
        if forgotten == self._forgotten:
            self._known[chat, user] = now, access
        return access

    def _forget_old(self, now: float) -> None:
        if now - self._swept > FRESH:
            self._swept = now
            self._known = {key: known for key, known in self._known.items() if now - known[0] < INSIDE}
            self._staff = {chat: known for chat, known in self._staff.items() if now - known[0] < STAFF_FRESH}

    async def _ask(self, chat: str, user: str) -> ChatMember:
        async with self._asking.about(chat):
            try:
                return await read(self._bot.get_chat_member(chat, int(user)))
            except (BadRequest, Forbidden):
                raise
            except TelegramError:
                return await read(self._bot.get_chat_member(chat, int(user)))


def access_of(member: ChatMember) -> Access:
    """Access from a membership; members who may promote others or change the group may also configure us."""
    if not is_inside(member):
        return Access.STRANGER
    if isinstance(member, ChatMemberRestricted) and not member.can_send_messages:
        return Access.SILENCED
    if member.status == ChatMember.OWNER:
        return Access.ADMIN
    if isinstance(member, ChatMemberAdministrator):
        return Access.ADMIN if member.can_promote_members or member.can_change_info else Access.STAFF
    return Access.MEMBER


def is_inside(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in (ChatMember.LEFT, ChatMember.BANNED)
