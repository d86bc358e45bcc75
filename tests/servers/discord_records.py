"""The records of Discord, from users to guilds, and the JSON of each; the world changes them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.servers.discord_parts import Json, emoji, words

if TYPE_CHECKING:
    from tests.servers.discord_polls import Poll
    from tests.servers.discord_scheduled import Scheduled
    from tests.servers.discord_world import World

CREATE_INVITE, BAN_MEMBERS, MANAGE_CHANNELS, MANAGE_GUILD, VIEW_AUDIT_LOG = 1 << 0, 1 << 2, 1 << 4, 1 << 5, 1 << 7
MANAGE_NICKNAMES, MANAGE_WEBHOOKS, MANAGE_EVENTS, MODERATE_MEMBERS = 1 << 27, 1 << 29, 1 << 33, 1 << 40
CREATE_EVENTS, PIN_MESSAGES = 1 << 44, 1 << 51
KICK_MEMBERS, ADMINISTRATOR, ADD_REACTIONS, VIEW_CHANNEL, SEND_MESSAGES = 1 << 1, 1 << 3, 1 << 6, 1 << 10, 1 << 11
MANAGE_MESSAGES, READ_HISTORY, MANAGE_ROLES, USE_COMMANDS = 1 << 13, 1 << 16, 1 << 28, 1 << 31
MANAGE_THREADS, CREATE_THREADS, SEND_IN_THREADS = 1 << 34, 1 << 35, 1 << 38
CONNECT, SPEAK = 1 << 20, 1 << 21
READ_AND_WRITE = VIEW_CHANNEL | SEND_MESSAGES | READ_HISTORY | ADD_REACTIONS | CREATE_THREADS | SEND_IN_THREADS
EVERYDAY = READ_AND_WRITE | USE_COMMANDS | CONNECT | SPEAK
EVERYTHING = (1 << 53) - 1
#: Fields of a guild that no code here sets.
UNSET = (
    "icon",
    "description",
    "home_header",
    "splash",
    "discovery_splash",
    "banner",
    "application_id",
    "afk_channel_id",
    "vanity_url_code",
    "widget_channel_id",
    "max_presences",
    "rules_channel_id",
    "safety_alerts_channel_id",
    "public_updates_channel_id",
    "incidents_data",
)
ZERO = (
    "system_channel_flags",
    "verification_level",
    "default_message_notifications",
    "mfa_level",
    "explicit_content_filter",
    "premium_tier",
    "premium_subscription_count",
    "nsfw_level",
)
#: the type of the message that a member joined
WELCOME = 7
TEXT, DIRECT, VOICE, PUBLIC_THREAD, PRIVATE_THREAD, FORUM = 0, 1, 2, 11, 12, 15
EPHEMERAL, LOADING = 1 << 6, 1 << 7


@dataclass(slots=True, kw_only=True, eq=False)
class User:
    id: str
    name: str
    bot: bool = False
    locale: str = "en-US"
    dms_open: bool = True

    def json(self) -> Json:
        return {
            "id": self.id,
            "username": self.name,
            "global_name": self.name.title(),
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
            "flags": 0,
            "primary_guild": None,
        }


@dataclass(slots=True, kw_only=True, eq=False)
class Role:
    id: str
    name: str
    position: int
    permissions: int = 0
    managed: bool = False
    color: int = 0
    hoist: bool = False
    mentionable: bool = False

    def json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "position": self.position,
            "permissions": str(self.permissions),
            "managed": self.managed,
            "color": self.color,
            "colors": {"primary_color": self.color, "secondary_color": None, "tertiary_color": None},
            "hoist": self.hoist,
            "icon": None,
            "unicode_emoji": None,
            "mentionable": self.mentionable,
            "flags": 0,
        }


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    id: str
    channel: "Channel"
    author: User
    content: str
    sent_at: datetime
    edited_at: datetime | None = None
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[str] = field(default_factory=list)
    mention_everyone: bool = False
    flags: int = 0
    reply_to: "Message | None" = None
    nonce: str | int | None = None
    reactions: dict[str, list[User]] = field(default_factory=dict)
    only_for: User | None = None
    interaction: Json | None = None
    #: for messages of Discord itself
    kind: int | None = None
    pinned_at: datetime | None = None
    poll: "Poll | None" = None
    #: The webhook that posted it.
    hook_id: str | None = None

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """Every word a reader sees: content, cards and text displays, one a line."""
        return "\n".join(word for word in (self.content, *words(self.embeds), *words(self.components)) if word)

    def json(self, *, nested: bool = False) -> Json:
        data: Json = {
            "id": self.id,
            "channel_id": self.channel.id,
            "author": self.author.json(),
            "content": self.content,
            "timestamp": self.sent_at.isoformat(),
            "edited_timestamp": self.edited_at.isoformat() if self.edited_at else None,
            "tts": False,
            "mention_everyone": self.mention_everyone,
            "mentions": [user.json() for user in self.mentions],
            "mention_roles": self.mention_roles,
            "attachments": self.attachments,
            "embeds": self.embeds,
            "components": self.components,
            "pinned": self.pinned_at is not None,
            "type": self.kind or (19 if self.reply_to else 20 if self.interaction else 0),
            "flags": self.flags,
        }
        if self.poll:
            data["poll"] = self.poll.json()
        if self.hook_id:
            data["webhook_id"] = self.hook_id
        if self.nonce is not None:
            data["nonce"] = self.nonce
        if self.interaction:
            data |= {"interaction_metadata": self.interaction, "application_id": self.author.id}
        if self.reactions:
            data["reactions"] = [self._reaction(name, users) for name, users in self.reactions.items()]
        if self.reply_to and not nested:
            reference = {"type": 0, "message_id": self.reply_to.id, "channel_id": self.channel.id}
            data["message_reference"] = reference | self.channel.guild_key
            data["referenced_message"] = self.reply_to.json(nested=True)
        return data

    def event(self) -> Json:
        member = self.channel.guild.members.get(self.author.id) if self.channel.guild else None
        return self.json() | self.channel.guild_key | ({"member": member.json(user=False)} if member else {})

    @staticmethod
    def _reaction(name: str, users: list[User]) -> Json:
        return {
            "emoji": emoji(name),
            "count": len(users),
            "count_details": {"burst": 0, "normal": len(users)},
            "burst_colors": [],
            "me": any(user.bot for user in users),
            "me_burst": False,
        }


@dataclass(slots=True, kw_only=True, eq=False)
class Channel:
    id: str
    kind: int
    name: str = ""
    guild: "Guild | None" = None
    parent: "Channel | None" = None
    owner: User | None = None
    recipient: User | None = None
    position: int = 0
    overwrites: dict[str, tuple[int, int]] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    applied_tags: list[str] = field(default_factory=list)
    archived: bool = False
    locked: bool = False
    topic: str | None = None
    slowmode: int = 0
    is_nsfw: bool = False
    #: Ids of the users who joined a thread.
    joined: list[str] = field(default_factory=list)
    created_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    messages: list[Message] = field(default_factory=list)

    @property
    def is_thread(self) -> bool:
        return self.kind in (PUBLIC_THREAD, PRIVATE_THREAD)

    @property
    def guild_key(self) -> Json:
        return {"guild_id": self.guild.id} if self.guild else {}

    def message(self, message_id: str) -> Message | None:
        return next((message for message in self.messages if message.id == message_id), None)

    def json(self) -> Json:
        last = next((message.id for message in reversed(self.messages) if not message.only_for), None)
        data: Json = {"id": self.id, "type": self.kind, "flags": 0, "last_message_id": last, **self.guild_key}
        if self.recipient:
            return data | {"recipients": [self.recipient.json()]}
        data |= {"name": self.name, "parent_id": self.parent.id if self.parent else None}
        data["rate_limit_per_user"] = self.slowmode
        return data | (self._thread() if self.is_thread else self._place())

    def _place(self) -> Json:
        overwrites = [
            {"id": key, "type": int(key in (self.guild.members if self.guild else ())), "allow": str(a), "deny": str(d)}
            for key, (a, d) in self.overwrites.items()
        ]
        place: Json = {"position": self.position, "nsfw": self.is_nsfw, "permission_overwrites": overwrites}
        if self.kind == FORUM:
            tag = {"moderated": False, "emoji_id": None, "emoji_name": None}
            place["available_tags"] = [tag | {"id": key, "name": name} for name, key in self.tags.items()]
        if self.kind == VOICE:
            return place | {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
        return place | {"topic": self.topic}

    def membership(self, user: str) -> Json:
        """A user as a member of this thread."""
        return {"id": self.id, "user_id": user, "join_timestamp": self.created_at.isoformat(), "flags": 0}

    def _thread(self) -> Json:
        return {
            "owner_id": self.owner.id if self.owner else "0",
            "message_count": len(self.messages),
            "total_message_sent": len(self.messages),
            "member_count": 1,
            "applied_tags": self.applied_tags,
            "thread_metadata": {
                "archived": self.archived,
                "locked": self.locked,
                "auto_archive_duration": 1440,
                "archive_timestamp": self.created_at.isoformat(),
                "create_timestamp": self.created_at.isoformat(),
            },
        }


@dataclass(slots=True, kw_only=True, eq=False)
class Member:
    user: User
    guild: "Guild"
    joined_at: datetime
    roles: list[Role] = field(default_factory=list)
    timed_out_until: datetime | None = None
    voice_state: Json | None = None
    nick: str | None = None

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def mention(self) -> str:
        return f"<@{self.user.id}>"

    @property
    def top(self) -> int:
        return max((role.position for role in self.roles), default=0)

    def is_called(self, start: str) -> bool:
        """Whether one of their names begins so, in lower case."""
        return any(name.lower().startswith(start) for name in (self.name, self.nick or "", self.name.title()) if name)

    def permissions(self, channel: Channel | None = None) -> int:
        if self.guild.owner is self.user:
            return EVERYTHING
        allowed = self.guild.everyone.permissions
        for role in self.roles:
            allowed |= role.permissions
        if allowed & ADMINISTRATOR:
            return EVERYTHING
        if self.timed_out_until and self.timed_out_until > self.guild.world.clock():
            return allowed & (VIEW_CHANNEL | READ_HISTORY)
        overwrites = (channel.parent if channel and channel.is_thread and channel.parent else channel) or None
        for key in (self.guild.id, *(role.id for role in self.roles), self.id) if overwrites else ():
            allow, deny = overwrites.overwrites.get(key, (0, 0)) if overwrites else (0, 0)
            allowed = allowed & ~deny | allow
        return allowed

    def json(self, *, user: bool = True) -> Json:
        data: Json = {
            "roles": [role.id for role in self.roles],
            "joined_at": self.joined_at.isoformat(),
            "nick": self.nick,
            "avatar": None,
            "banner": None,
            "premium_since": None,
            "communication_disabled_until": self.timed_out_until.isoformat() if self.timed_out_until else None,
            "pending": False,
            "deaf": False,
            "mute": False,
            "flags": 0,
        }
        return data | ({"user": self.user.json()} if user else {})

    def event(self) -> Json:
        return self.json() | {"guild_id": self.guild.id}

    def changed(self) -> "Member":
        """Announce the changes of this member."""
        self.guild.world.wire.announce("GUILD_MEMBER_UPDATE", self.event())
        return self


@dataclass(slots=True, kw_only=True, eq=False)
class Guild:
    id: str
    name: str
    world: "World"
    owner: User
    locale: str = "en-US"
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    #: The reason of each ban, by the user's id.
    bans: dict[str, str | None] = field(default_factory=dict)
    scheduled: "dict[str, Scheduled]" = field(default_factory=dict)
    audit_log: list[Json] = field(default_factory=list)
    #: the channel where joins are announced
    system_channel: Channel | None = None

    @property
    def everyone(self) -> Role:
        return self.roles[self.id]

    @property
    def bot(self) -> Member:
        return self.members[self.world.bot.id]

    @property
    def threads(self) -> list[Channel]:
        return [channel for channel in self.channels.values() if channel.is_thread and not channel.archived]

    def json(self) -> Json:
        absent, none = dict.fromkeys(UNSET), dict.fromkeys(ZERO, 0)
        return absent | none | self._facts()

    def _facts(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "owner_id": self.owner.id,
            "system_channel_id": self.system_channel.id if self.system_channel else None,
            "roles": [role.json() for role in self.roles.values()],
            "emojis": [],
            "stickers": [],
            "features": [],
            "region": "deprecated",
            "afk_timeout": 300,
            "widget_enabled": False,
            "max_members": 500000,
            "max_video_channel_users": 25,
            "max_stage_video_channel_users": 50,
            "preferred_locale": self.locale,
            "premium_progress_bar_enabled": False,
            "nsfw": False,
        }

    def assign(self, member: Member, role: Role, *, on: bool) -> None:
        if (role in member.roles) != on:
            (member.roles.append if on else member.roles.remove)(role)
            member.changed()

    def drop(self, thing: Role | Channel) -> None:
        """Remove a role from everybody, or a channel with its threads from the guild."""
        if isinstance(thing, Role):
            del self.roles[thing.id]
            for member in self.members.values():
                member.roles = [role for role in member.roles if role is not thing]
            self.world.wire.announce("GUILD_ROLE_DELETE", {"guild_id": self.id, "role_id": thing.id})
            return
        for thread in [one for one in self.channels.values() if one.parent is thing and one.is_thread]:
            self.drop(thread)
        del self.channels[thing.id], self.world.channels[thing.id]
        self.world.wire.announce("THREAD_DELETE" if thing.is_thread else "CHANNEL_DELETE", thing.json())

    @property
    def has_bot(self) -> bool:
        return self.id in self.world.guilds

    def remove(self, member: Member) -> None:
        del self.members[member.id]
        self.world.wire.announce("GUILD_MEMBER_REMOVE", {"guild_id": self.id, "user": member.user.json()})

    def event(self) -> Json:
        """GUILD_CREATE; without the presence intent Discord sends only the bot and members in voice."""
        talking = [member for member in self.members.values() if member.voice_state]
        return self.json() | {
            "joined_at": self.bot.joined_at.isoformat(),
            "large": False,
            "member_count": len(self.members),
            "voice_states": [member.voice_state for member in talking],
            "members": [member.json() for member in {self.bot, *talking}],
            "channels": [channel.json() for channel in self.channels.values() if not channel.is_thread],
            "threads": [thread.json() for thread in self.threads],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [one.json() for one in self.scheduled.values()],
            "soundboard_sounds": [],
        }
