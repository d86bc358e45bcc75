"""Performs effects through Discord's HTTP API; its errors become Later, Refused, Unknown or Failed, nothing else."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp
import discord

from adapters.discord.events import DISCORD, interaction_cause, message_cause, person
from adapters.discord.replies import Payload, cut, message, parameters
from adapters.discord.rights import are_out
from adapters.discord.roles import unfit
from bot.core.metrics import UNREAD
from bot.kit import GrantRole, LookFor, OpenThread, Post, React, Reply, Retitle, TakeRole, Tell, Withdraw
from bot.kit.errors import Failed, Later, Refused, Unknown
from bot.kit.platform import Delivery, Receipt
from bot.kit.references import Spot

#: tries for a message that may have arrived: Discord remembers its nonce for some minutes, so we send it again at
#: once
TIMES = 3
#: Discord is down, or we cannot reach it
DOWN = 10.0
#: Discord demands a longer wait only after many refused requests
BANNED = 600.0
NOT_YET = 5.0
#: milliseconds by which clocks may differ
SKEW = 60_000
#: seconds to wait for an answer that is still on its way
SOON = 2.0
#: messages searched for what we may have said already; and the flag of one that shows "thinking…"
LOOKED_THROUGH, LOADING = 100, 128

UNKNOWN_MESSAGE, UNKNOWN_MEMBER, UNKNOWN_ROLE = 10008, 10007, 10011
#: we share no guild with the receiver
NOWHERE_TOGETHER = 50278
#: the message has as many different reactions as it can; its author has blocked us
TOO_MANY_REACTIONS, REACTION_BLOCKED = 30010, 90001
#: a message has one thread at most, and none in some kinds of channels
THREAD_EXISTS, NOT_HERE = 160004, 50024
#: characters of a thread's name
THREAD = 100
#: minutes of silence after which Discord archives a thread
WEEK: Final = 10_080
#: the thread is archived, and may be locked
ARCHIVED = 50083
MISSING_ACCESS, MISSING_PERMISSIONS, OPENING_DMS_TOO_FAST = 50001, 50013, 40003
REASONS = {
    10003: "place_gone",
    10004: "place_gone",
    UNKNOWN_MEMBER: "member_gone",
    UNKNOWN_ROLE: "role_gone",
    10013: "member_gone",
    MISSING_ACCESS: "missing_permission",
    50007: "closed_dm",
    MISSING_PERMISSIONS: "missing_permission",
    ARCHIVED: "missing_permission",
    NOWHERE_TOGETHER: "member_gone",
}


class Effects:
    def __init__(self, client: discord.Client, answering: Callable[[str], bool]) -> None:
        self._client = client
        #: whether the answer to a command is still on its way
        self._answering = answering
        self._http = client.http
        self._dms: dict[str, int] = {}

    async def perform(self, delivery: Delivery) -> Receipt:
        says = isinstance(delivery.effect, Post | Tell)
        try:
            return await self._perform(delivery)
        except discord.RateLimited as error:
            raise Later(error.retry_after) from None
        except discord.HTTPException as error:
            if says and error.status >= 500:  # noqa: PLR2004 - HTTP's own number
                raise Failed(f"{error.status} {error.code}") from None
            raise answered(error) from None
        except aiohttp.ClientConnectorError:
            raise Later(DOWN) from None
        except (aiohttp.ClientError, OSError, json.JSONDecodeError) as error:
            if says:
                raise Unknown(type(error).__name__) from None
            raise Later(DOWN) from None  # what comes to the same twice can simply be done again

    async def _perform(self, delivery: Delivery) -> Receipt:
        match delivery.effect:
            case Post() as post:
                return await self._post(delivery, post)
            case Tell(reply=reply):
                return await self._send(await self._dm(delivery), message(reply), reply, delivery)
            case Withdraw(message=number):
                await self._withdraw(self._channel(delivery), number)
            case OpenThread() as effect:
                return await self._open(delivery, effect)
            case Retitle(name=name):
                await self._retitle(self._channel(delivery), cut(name, THREAD))
            case React() as sign:
                await self._react(self._channel(delivery), sign)
            case GrantRole(role=role, why=why):
                await self._grant(self._guild(delivery), _member(delivery), _role(role), why)
            case TakeRole(role=role, why=why):
                await self._take(self._guild(delivery), _member(delivery), _role(role), why)
            case LookFor():
                return Receipt(met=person(await self._guild(delivery).fetch_member(int(_member(delivery)))))
            case effect:
                raise Refused("unsupported", type(effect).__name__)
        return Receipt()

    async def _post(self, delivery: Delivery, post: Post) -> Receipt:
        channel, payload = self._channel(delivery), message(post.reply)
        if post.shown_by and self._answering(post.shown_by):
            raise Later(SOON)
        if post.replaces:
            try:
                params = parameters(payload, post.reply.picture, post.reply.document)
                await self._http.edit_message(channel, post.replaces, params=params)
            except discord.NotFound as error:
                if error.code != UNKNOWN_MESSAGE:
                    raise
            else:
                return Receipt(message=post.replaces, cause=message_cause(post.replaces))
        if post.shown_by and (answer := await self._answer(channel, post.shown_by)):
            return answer
        if post.answers:
            payload["message_reference"] = {"message_id": post.answers, "fail_if_not_exists": False}
        return await self._send(channel, payload, post.reply, delivery)

    async def _answer(self, channel: int, cause: str) -> Receipt | None:
        """The answer that the command itself got, whatever outcome we saw."""
        return await self._find(channel, cause.rpartition(":")[2], lambda each: _is_answer(each, cause))

    async def _find(self, channel: int, after: int | str, is_it: Callable[[Payload], bool]) -> Receipt | None:
        """Find it among our messages there since then."""
        try:
            page: list[Any] = list(await self._http.logs_from(channel, LOOKED_THROUGH, after=after))
        except discord.Forbidden:
            return None
        us = str(self._client.user.id) if self._client.user else ""
        found = next((each["id"] for each in page if each["author"]["id"] == us and is_it(each)), None)
        return Receipt(message=str(found), cause=message_cause(found)) if found else None

    async def _send(self, channel: int, payload: Payload, reply: Reply, delivery: Delivery) -> Receipt:
        """Send; after some minutes Discord forgets a nonce, so first look for a message that may have arrived."""
        if delivery.since is not None:
            after = max(delivery.since - discord.utils.DISCORD_EPOCH - SKEW, 0) << 22
            if found := await self._find(channel, after, lambda each: _words(each) == _words(payload)):
                return found
        payload |= {"nonce": delivery.key, "enforce_nonce": True}
        for left in reversed(range(TIMES)):
            try:
                params = parameters(payload, reply.picture, reply.document)
                number = await _number(self._http.send_message(channel, params=params))
            except aiohttp.ClientConnectorError:
                raise
            except (aiohttp.ClientError, ConnectionError):
                if not left:
                    raise
                await asyncio.sleep(1 / (left + 1))
            else:
                return Receipt(message=number, cause=message_cause(number))
        raise Unknown("no answer came")

    async def _dm(self, delivery: Delivery) -> int:
        if delivery.account is None:
            raise Refused("bad_request", "nobody to tell")
        user = delivery.account.external_id
        if await are_out(self._client, delivery.chats, user):
            raise Refused("member_gone")
        if user not in self._dms:
            self._dms[user] = int(await _number(self._http.start_private_message(user)))
        return self._dms[user]

    async def _withdraw(self, channel: int, number: str) -> None:
        try:
            await self._http.delete_message(channel, number)
        except discord.NotFound as error:
            if error.code != UNKNOWN_MESSAGE:
                raise

    async def _open(self, delivery: Delivery, effect: OpenThread) -> Receipt:
        """Open a thread, with the id of the message it belongs to; if none can be there, nothing needs to be done."""
        channel, name = self._channel(delivery), cut(effect.name, THREAD)
        try:
            await self._http.start_thread_with_message(
                channel, effect.message, name=name, auto_archive_duration=WEEK, reason=effect.subject
            )
        except discord.HTTPException as error:
            if error.code in (UNKNOWN_MESSAGE, NOT_HERE):
                return Receipt()
            if error.code in (MISSING_PERMISSIONS, MISSING_ACCESS):
                raise Refused("no_threads", f"{error.status} {error.code}") from None
            if error.code != THREAD_EXISTS:
                raise
        parent = Spot(DISCORD, str(channel), "channel", str(channel))
        return Receipt(thread=Spot(DISCORD, effect.message, "thread", name, parent))

    async def _retitle(self, channel: int, name: str) -> None:
        """Rename it; an archived thread is opened to be renamed, then archived again."""
        try:
            if not await self._named(channel, name):
                await self._http.edit_channel(channel, name=name, archived=False)
                await self._http.edit_channel(channel, archived=True)
        except discord.HTTPException as error:
            if error.code in (MISSING_PERMISSIONS, MISSING_ACCESS):
                raise Refused("no_titles", f"{error.status} {error.code}") from None
            raise

    async def _named(self, channel: int, name: str) -> bool:
        """Rename it; return false if it is archived."""
        try:
            await self._http.edit_channel(channel, name=name)
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
            return False
        return True

    async def _react(self, channel: int, sign: React) -> None:
        """React; if the message is gone, or has no room for it, nothing needs to be done."""
        act = self._http.add_reaction if sign.shown else self._http.remove_own_reaction
        try:
            await act(channel, sign.message, sign.emoji)
        except discord.HTTPException as error:
            if error.code not in (UNKNOWN_MESSAGE, TOO_MANY_REACTIONS, REACTION_BLOCKED):
                raise

    async def _grant(self, guild: discord.Guild, member: str, number: int, why: str) -> None:
        role = guild.get_role(number)
        if role is None:
            raise Refused("role_gone")
        if reason := unfit(role):
            raise Refused(reason, role.name)
        await self._http.add_role(guild.id, member, number, reason=why)

    async def _take(self, guild: discord.Guild, member: str, number: int, why: str) -> None:
        """Take the role; if the role no longer exists, nobody holds it."""
        role = guild.get_role(number)
        if role and role >= guild.me.top_role:
            raise Refused("role_above", role.name)
        try:
            await self._http.remove_role(guild.id, member, number, reason=why)
        except discord.NotFound as error:
            if error.code != UNKNOWN_ROLE:
                raise

    def _channel(self, delivery: Delivery) -> int:
        """The channel of the place; for a whole guild, the channel where Discord itself greets."""
        if delivery.place is None:
            raise Refused("bad_request", "nowhere to post")
        if delivery.place.kind != "guild":
            return int(delivery.place.external_id)
        channel = self._guild(delivery).system_channel
        if channel is None:
            raise Refused("place_gone", "the server has no channel for system messages")
        return channel.id

    def _guild(self, delivery: Delivery) -> discord.Guild:
        if delivery.place is None:
            raise Refused("bad_request", "no place")
        number = int(delivery.place.external_id)
        channel = self._client.get_channel(number)
        guild = self._client.get_guild(number) or getattr(channel, "guild", None)
        if isinstance(guild, discord.Guild) and not guild.unavailable:
            return guild
        if guild or not self._client.is_ready():
            raise Later(NOT_YET)
        raise Refused("place_gone")


def answered(error: discord.HTTPException) -> Later | Refused:
    """The meaning of Discord's refusal for us."""
    detail = f"{error.status} {error.code}"
    if error.status == 429:  # noqa: PLR2004 - HTTP's own number; discord.py waits out all others itself
        return Later(BANNED)
    if error.status >= 500:  # noqa: PLR2004 - HTTP's own number
        return Later(DOWN)
    if error.status == 401:  # noqa: PLR2004 - HTTP's own number
        return Refused("token", detail)
    if error.code == OPENING_DMS_TOO_FAST:
        return Later(BANNED)
    return Refused(REASONS.get(error.code, "bad_request"), detail)


def _role(role: str) -> int:
    """The role's number; a typed role may be any text, and becomes 0, which no role has."""
    return int(role) if role.isascii() and role.isdigit() else 0


async def _number(asked: Awaitable[Any]) -> str:
    """The id of what was made; if the answer is unreadable, it was made, but its id is unknown."""
    answer = await asked
    try:
        return str(int(answer["id"]))
    except (KeyError, TypeError, ValueError) as error:
        UNREAD.labels(DISCORD, "answer").inc()
        raise Unknown(f"unreadable: {type(error).__name__}") from None


def _is_answer(each: Payload, cause: str) -> bool:
    """Whether it is the answer; a message that shows "thinking…" is not one yet."""
    asked = each.get("interaction_metadata") or {}
    return interaction_cause(asked.get("id", "")) == cause and not each.get("flags", 0) & LOADING


def _words(each: Payload) -> tuple[str, list[tuple[str, str]]]:
    """The words that identify a message of ours; Discord removes the spaces around them."""
    cards = [(str(card.get("title") or ""), str(card.get("description") or "")) for card in each.get("embeds") or ()]
    return str(each.get("content") or "").strip(), [(title.strip(), text.strip()) for title, text in cards]


def _member(delivery: Delivery) -> str:
    if delivery.account is None:
        raise Refused("bad_request", "no member")
    return delivery.account.external_id
