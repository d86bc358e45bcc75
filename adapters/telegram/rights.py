"""What somebody may do in a chat, asked of Telegram afresh; what a command takes is the core's to say."""

import time

import structlog
from telegram import Bot, ChatMember, ChatMemberAdministrator
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.access import Access

log = structlog.get_logger(__name__)

#: how long an answer holds, so that a burst of presses asks once
FRESH = 10.0


class Rights:
    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._known: dict[tuple[str, str], tuple[float, Access]] = {}

    async def of(self, chat: str, user: str) -> Access:
        """Nobody is more than a member when Telegram does not say so."""
        now = time.monotonic()
        self._known = {key: known for key, known in self._known.items() if now - known[0] < FRESH}
        if known := self._known.get((chat, user)):
            return known[1]
        try:
            access = access_of(await self._ask(chat, user))
        except TelegramError as error:
            log.warning("rights unknown", chat=chat, error=type(error).__name__)
            return Access.MEMBER
        self._known[chat, user] = now, access
        return access

    async def _ask(self, chat: str, user: str) -> ChatMember:
        try:
            return await self._bot.get_chat_member(chat, int(user))
        except (BadRequest, Forbidden):
            raise
        except TelegramError:
            return await self._bot.get_chat_member(chat, int(user))


def access_of(member: ChatMember) -> Access:
    """Who may promote others or change the group itself may configure us."""
    if member.status == ChatMember.OWNER:
        return Access.ADMIN
    if isinstance(member, ChatMemberAdministrator):
        return Access.ADMIN if member.can_promote_members or member.can_change_info else Access.STAFF
    return Access.MEMBER
