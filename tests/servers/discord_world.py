"""Every change of Discord's records, with the event that tells of it; other files decide who makes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from tests.servers.discord_parts import Json, card, emoji, numbered
from tests.servers.discord_polls import Poll
from tests.servers.discord_records import DIRECT, Channel, Guild, Message, User

if TYPE_CHECKING:
    from tests.servers.discord_hooks import Hook
    from tests.servers.discord_invites import Invite

EPOCH_MS = 1_420_070_400_000


class Wire(Protocol):
    """Brings events to the connected clients."""

    def announce(self, name: str, data: Json, *, kept: bool = True) -> None: ...

    async def flush(self) -> None: ...


class World:
    """Everything there is, with one clock and one source of ids."""

    def __init__(self, clock: Callable[[], datetime], wire: Wire) -> None:
        self.clock, self.wire = clock, wire
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.invites: dict[str, Invite] = {}
        self.hooks: dict[str, Hook] = {}
        #: files handed in from now on disappear before anybody fetches them
        self.forgets_files = False
        self.base_url = ""
        self._last = 0
        self.bot = self.user("hearth", bot=True)

    def snowflake(self) -> str:
        """A new id of this moment, larger than every earlier one even when the clock stands still."""
        moment = int(self.clock().timestamp() * 1000) - EPOCH_MS
        self._last = max(self._last + 1, moment << 22)
        return str(self._last)

    def user(self, name: str, *, bot: bool = False, locale: str = "en-US") -> User:
        known = next((user for user in self.users.values() if user.name == name), None)
        user = known or User(id=self.snowflake(), name=name, bot=bot, locale=locale)
        return self.users.setdefault(user.id, user)

    def direct(self, user: User) -> Channel:
        known = next((channel for channel in self.channels.values() if channel.recipient is user), None)
        channel = known or Channel(id=self.snowflake(), kind=DIRECT, recipient=user)
        return self.channels.setdefault(channel.id, channel)

    def channel(self, guild: Guild, channel: Channel) -> Channel:
        channel.guild, channel.created_at = guild, self.clock()
        self.channels[channel.id] = guild.channels[channel.id] = channel
        created = channel.json() | ({"newly_created": True} if channel.is_thread else {})
        self.wire.announce("THREAD_CREATE" if channel.is_thread else "CHANNEL_CREATE", created)
        return channel

    def attachment(self, filename: str, content: bytes, content_type: str) -> Json:
        key = self.snowflake()
        if not self.forgets_files:
            self.files[key] = content_type, content
        url = f"{self.base_url}/attachments/{key}/{filename}"
        about = {"id": key, "filename": filename, "size": len(content), "url": url, "proxy_url": url}
        return about | {"content_type": content_type}

    def post(self, channel: Channel, author: User, body: Json, **more: Any) -> Message:
        """Add a message as its author wrote it; only public ones are announced."""
        key = more.pop("id", None) or self.snowflake()
        message = Message(id=key, channel=channel, author=author, content="", sent_at=self.clock(), **more)
        self.write(message, body)
        channel.messages.append(message)
        if channel.archived:
            channel.archived = False
            self.wire.announce("THREAD_UPDATE", channel.json())
        if not message.only_for:
            self.wire.announce("MESSAGE_CREATE", message.event())
        return message

    def edit(self, message: Message, body: Json) -> Message:
        message.edited_at = self.clock()
        self.write(message, body)
        if not message.only_for:
            self.wire.announce("MESSAGE_UPDATE", message.event())
        return message

    def write(self, message: Message, body: Json) -> None:
        message.content = (body["content"] or "") if "content" in body else message.content
        message.embeds = [card(embed) for embed in body["embeds"] or ()] if "embeds" in body else message.embeds
        if "components" in body:
            message.components = numbered(body["components"] or ())
        if "attachments" in body:
            message.attachments = [one for one in body["attachments"] or () if "url" in one]
        if body.get("poll"):
            message.poll = Poll.asked(body["poll"], self.clock())
        self._mention(message, body.get("allowed_mentions"))

    def _mention(self, message: Message, allowed: Json | None) -> None:
        parse = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse", ()))
        users = {str(key) for key in (allowed or {}).get("users", ())}
        found = dict.fromkeys(re.findall(r"<@!?(\d+)>", message.content))
        pinged = [key for key in found if key in self.users and ("users" in parse or key in users)]
        if message.reply_to and (allowed is None or allowed.get("replied_user", "users" in parse)):
            pinged.append(message.reply_to.author.id)
        message.mentions = [self.users[key] for key in dict.fromkeys(pinged)]
        message.mention_roles = re.findall(r"<@&(\d+)>", message.content) if "roles" in parse else []
        message.mention_everyone = "everyone" in parse and bool(re.search("@everyone|@here", message.content))

    def delete(self, message: Message) -> None:
        message.channel.messages.remove(message)
        if not message.only_for:
            gone = {"id": message.id, "channel_id": message.channel.id} | message.channel.guild_key
            self.wire.announce("MESSAGE_DELETE", gone)

    def react(self, message: Message, user: User, name: str, *, on: bool) -> None:
        users = message.reactions.setdefault(name, [])
        if (user in users) == on:
            return
        (users.append if on else users.remove)(user)
        if not users:
            del message.reactions[name]
        data: Json = {"user_id": user.id, "channel_id": message.channel.id, "message_id": message.id}
        data |= {"emoji": emoji(name), "burst": False, "type": 0} | message.channel.guild_key
        if on:
            data |= {"message_author_id": message.author.id, "burst_colors": []}
            if message.channel.guild and (member := message.channel.guild.members.get(user.id)):
                data["member"] = member.json()
        self.wire.announce(f"MESSAGE_REACTION_{'ADD' if on else 'REMOVE'}", data)

    def vote(self, message: Message, user: User, answer: int, *, on: bool) -> None:
        if message.poll is None:
            raise LookupError("no poll is in this message")
        users = message.poll.votes.setdefault(answer, [])
        if (user in users) != on:
            (users.append if on else users.remove)(user)
            told: Json = {"user_id": user.id, "channel_id": message.channel.id, "message_id": message.id}
            told |= {"answer_id": answer} | message.channel.guild_key
            self.wire.announce(f"MESSAGE_POLL_VOTE_{'ADD' if on else 'REMOVE'}", told)
