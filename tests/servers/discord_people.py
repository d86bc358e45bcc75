"""What people do on Discord: say, react, join, command and press; the bot acts by its own requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.servers.discord_audit import Deed, noted
from tests.servers.discord_interactions import (
    BUTTON,
    COMMAND,
    COMPONENT,
    MODAL,
    SUGGESTIONS,
    Answer,
    File,
    Interactions,
    NotOfferedError,
    Resolved,
    button,
    submission,
)
from tests.servers.discord_parts import Json
from tests.servers.discord_records import (
    EPHEMERAL,
    EVERYDAY,
    FORUM,
    MANAGE_ROLES,
    MANAGE_THREADS,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    READ_HISTORY,
    TEXT,
    VIEW_CHANNEL,
    VOICE,
    WELCOME,
    Channel,
    Guild,
    Member,
    Message,
    Role,
)
from tests.servers.discord_scheduled import Scheduled, interest
from tests.servers.discord_world import World

BOT_PERMISSIONS = EVERYDAY | MANAGE_ROLES | MANAGE_THREADS | 1 << 13 | 1 << 14 | 1 << 15
BOT_POSITION = 50
#: the position of a role that a member has for its permissions
RIGHTS_POSITION = 49


@dataclass(slots=True, kw_only=True, eq=False)
class Person(Member):
    interactions: Interactions

    @property
    def world(self) -> World:
        return self.guild.world

    @property
    def dm(self) -> Channel:
        """The direct channel between this person and the bot."""
        return self.world.direct(self.user)

    def closes_dms(self) -> None:
        self.user.dms_open = False

    def opens_dms(self) -> None:
        self.user.dms_open = True

    def sees(self) -> list[Message]:
        """Every message this person can read now, the oldest first."""
        return sorted(
            (
                message
                for channel in self.world.channels.values()
                if channel.recipient is self.user or (channel.guild and self._enters(channel))
                for message in channel.messages
                if message.only_for in (None, self.user) and not message.loading
            ),
            key=lambda message: int(message.id),
        )

    def _enters(self, channel: Channel) -> bool:
        member = channel.guild.members.get(self.id) if channel.guild else None
        admitted = channel.kind != PRIVATE_THREAD or channel.owner is self.user
        return member is not None and admitted and bool(member.permissions(channel) & VIEW_CHANNEL)

    async def says(
        self, channel: Channel, content: str, *, reply_to: Message | None = None, files: Sequence[File] = ()
    ) -> Message:
        attached = [self.world.attachment(file.filename, file.content, file.content_type) for file in files]
        body: Json = {"content": content, "attachments": attached}
        message = self.world.post(channel, self.user, body, reply_to=reply_to)
        await self.world.wire.flush()
        return message

    async def edits(self, message: Message, content: str) -> Message:
        self.world.edit(message, {"content": content})
        await self.world.wire.flush()
        return message

    async def deletes(self, message: Message) -> None:
        self.world.delete(message)
        await self.world.wire.flush()

    async def reacts(self, message: Message, emoji: str) -> None:
        self.world.react(message, self.user, emoji, on=True)
        await self.world.wire.flush()

    async def unreacts(self, message: Message, emoji: str) -> None:
        self.world.react(message, self.user, emoji, on=False)
        await self.world.wire.flush()

    async def votes(self, message: Message, answer: int, *, on: bool = True) -> None:
        """Vote for an answer of a poll, counted from 1, or take the vote back."""
        self.world.vote(message, self.user, answer, on=on)
        await self.world.wire.flush()

    async def plans(self, event: Scheduled, *, on: bool = True) -> None:
        """Say that this person will come to a scheduled event, or will not after all."""
        interest(event, self.user, on=on)
        await self.world.wire.flush()

    async def opens_thread(self, place: Channel | Message, name: str, *, private: bool = False) -> Channel:
        """Start a thread in a channel, or on a message; a private one has only its author as a member."""
        channel = place.channel if isinstance(place, Message) else place
        key = place.id if isinstance(place, Message) else self.world.snowflake()
        kind = PRIVATE_THREAD if private else PUBLIC_THREAD
        thread = Channel(id=key, kind=kind, name=name, parent=channel, owner=self.user)
        self.world.channel(self.guild, thread)
        await self.world.wire.flush()
        return thread

    async def posts(self, forum: Channel, title: str, content: str, *, tags: Sequence[str] = ()) -> Message:
        """Open a forum post; its channel is the new thread."""
        applied = [forum.tags[tag] for tag in tags]
        thread = Channel(
            id=self.world.snowflake(),
            kind=PUBLIC_THREAD,
            name=title,
            parent=forum,
            owner=self.user,
            applied_tags=applied,
        )
        self.world.channel(self.guild, thread)
        message = self.world.post(thread, self.user, {"content": content}, id=thread.id)
        await self.world.wire.flush()
        return message

    async def voice(self, channel: Channel | None, *, muted: bool = False, deaf: bool = False) -> None:
        """Enter, leave (None) or stay in a voice channel, muted or deaf by own choice."""
        state: Json = {
            "guild_id": self.guild.id,
            "channel_id": channel.id if channel else None,
            "user_id": self.id,
            "session_id": f"voice{self.id}",
            "deaf": False,
            "mute": False,
            "self_deaf": deaf,
            "self_mute": muted,
            "self_video": False,
            "suppress": False,
            "request_to_speak_timestamp": None,
        }
        self.voice_state = {key: told for key, told in state.items() if key != "guild_id"} if channel else None
        self.world.wire.announce("VOICE_STATE_UPDATE", state | {"member": self.json()})
        await self.world.wire.flush()

    async def slash(self, channel: Channel, command: str, options: Mapping[str, Any] | None = None) -> Answer:
        """Give a registered command, such as `"points give"`, with its options by name."""
        data = self.interactions.line(self, channel, command, options or {})
        return await self.interactions.ask(COMMAND, self, channel, data)

    async def completes(
        self, channel: Channel, command: str, options: Mapping[str, Any], *, focused: str
    ) -> list[Json]:
        """Type into an option and return what the bot suggests."""
        data = self.interactions.line(self, channel, command, options, focused=focused)
        answer = await self.interactions.ask(SUGGESTIONS, self, channel, data)
        return (await answer.done()).choices

    async def uses(self, target: Member | Message, command: str, *, channel: Channel | None = None) -> Answer:
        """Choose a command from the menu of a message, or of a member met in a channel."""
        place = target.channel if isinstance(target, Message) else channel
        if place is None:
            raise NotOfferedError("a member's menu opens in a channel")
        return await self.interactions.ask(COMMAND, self, place, self.interactions.target(self, place, command, target))

    async def presses(self, where: Message | Answer | Channel | None, label: str, *, nth: int = 1) -> Answer:
        """Press the button with this label: in a message, an answer, a channel, or the newest message that has one."""
        message, found = button(reversed(self._pressable(where)), label, nth)
        data = {"custom_id": found["custom_id"], "component_type": BUTTON, "id": found["id"]}
        return await self.interactions.ask(COMPONENT, self, message.channel, data, source=message)

    def _pressable(self, where: Message | Answer | Channel | None) -> list[Message]:
        seen = self.sees()
        if isinstance(where, Answer):
            return [message for message in where.messages if message in seen]
        if isinstance(where, Message):
            return [message for message in seen if message is where]
        return [message for message in seen if where in (None, message.channel)]

    async def submits(self, answer: Answer, fields: Mapping[str, Any]) -> Answer:
        """Send the modal that an answer opened, each field by its label or custom id."""
        if answer.modal is None:
            raise NotOfferedError("no modal was opened")
        resolved = Resolved(self.world, self)
        filled = {name: [resolved.add(each)] if isinstance(each, File) else each for name, each in fields.items()}
        data = submission(answer.modal, filled) | resolved.json()
        return await self.interactions.ask(MODAL, self, answer.channel, data, opener=answer, source=answer.source)

    async def dismisses(self, message: Message) -> None:
        """Dismiss a private reply; the bot is not told."""
        if not message.flags & EPHEMERAL:
            raise NotOfferedError("only a private reply can be dismissed")
        message.channel.messages.remove(message)


@dataclass(slots=True, kw_only=True, eq=False)
class Community(Guild):
    """A guild to build and use: everything created in it is announced to all connected clients."""

    interactions: Interactions

    def member(self, name: str, *, locale: str = "en-US", permissions: int = 0, roles: Sequence[Role] = ()) -> Person:
        """Let a person in; the same name is the same user in every guild, and permissions come with a role."""
        user = self.world.user(name, locale=locale)
        rights = [self.role(f"{name}'s", permissions=permissions, position=RIGHTS_POSITION)] if permissions else []
        person = Person(
            user=user,
            guild=self,
            joined_at=self.world.clock(),
            roles=[*roles, *rights],
            interactions=self.interactions,
        )
        self.members[user.id] = person
        self.world.wire.announce("GUILD_MEMBER_ADD", person.event())
        if self.system_channel:
            self.world.post(self.system_channel, user, {"content": ""}, kind=WELCOME)
        return person

    async def joins(self, name: str, *, locale: str = "en-US", invite: str | None = None) -> Person:
        """Join, with an invite if one is named: it may bring roles, and may be for others only."""
        user, used = self.world.user(name, locale=locale), self.world.invites[invite] if invite else None
        if user.id in self.bans or (used and not used.admits(user, self.world.clock())):
            raise NotOfferedError(f"{name} is not let in")
        if used:
            used.uses += 1
        person = self.member(name, locale=locale, roles=used.roles if used else ())
        await self.world.wire.flush()
        return person

    async def leaves(self, member: Member) -> None:
        self.remove(member)
        await self.world.wire.flush()

    async def expels_bot(self) -> None:
        """Remove the bot; the guild goes on without telling it anything."""
        self.world.wire.announce("GUILD_DELETE", {"id": self.id})
        del self.world.guilds[self.id]
        await self.world.wire.flush()

    async def invites_bot(self) -> None:
        self.world.guilds[self.id] = self
        invited = self.event()
        invited.pop("unavailable", None)  # only sent for guilds that were there before
        self.world.wire.announce("GUILD_CREATE", invited)
        await self.world.wire.flush()

    def role(self, name: str, *, permissions: int = 0, position: int | None = None, managed: bool = False) -> Role:
        """Create a role, below the bot's unless told otherwise (the bot's is at 50)."""
        below = sum(role.position < BOT_POSITION for role in self.roles.values())
        place = below if position is None else position
        role = Role(id=self.world.snowflake(), name=name, position=place, permissions=permissions, managed=managed)
        self.roles[role.id] = role
        self.world.wire.announce("GUILD_ROLE_CREATE", {"guild_id": self.id, "role": role.json()})
        return role

    async def changes(self, role: Role, *, position: int | None = None, permissions: int | None = None) -> None:
        """Move a role, or change its permissions."""
        role.position = role.position if position is None else position
        role.permissions = role.permissions if permissions is None else permissions
        self.world.wire.announce("GUILD_ROLE_UPDATE", {"guild_id": self.id, "role": role.json()})
        await self.world.wire.flush()

    async def deletes(self, thing: Role | Channel) -> None:
        self.drop(thing)
        await self.world.wire.flush()

    async def grants(self, member: Member, role: Role) -> None:
        """Let an administrator give a role by hand."""
        await self._hands(member, role, on=True)

    async def takes(self, member: Member, role: Role) -> None:
        await self._hands(member, role, on=False)

    async def _hands(self, member: Member, role: Role, *, on: bool) -> None:
        changed = {"key": "$add" if on else "$remove", "new_value": [{"id": role.id, "name": role.name}]}
        noted(self, Deed.MEMBER_ROLES_CHANGED, member.id, self.owner, changes=[changed])
        self.assign(member, role, on=on)
        await self.world.wire.flush()

    def channel(
        self, name: str, *, kind: int = TEXT, overwrites: Mapping[Role | Member, tuple[int, int]] | None = None
    ) -> Channel:
        """Create a channel, or return the one of this name; overwrites are (allow, deny) bits for roles and members."""
        known = next((one for one in self.channels.values() if one.name == name and not one.is_thread), None)
        bits = {thing.id: pair for thing, pair in (overwrites or {}).items()}
        made = Channel(id="", kind=kind, name=name, position=len(self.channels), overwrites=bits)
        if known is None:
            made.id = self.world.snowflake()
            self.world.channel(self, made)
        return known or made

    async def shows(self, channel: Channel, *who: Role | Member) -> None:
        """Show it to these alone from now on; @everyone may be one of them."""
        channel.overwrites = {self.everyone.id: (0, VIEW_CHANNEL)}
        channel.overwrites |= dict.fromkeys((each.id for each in (*who, self.bot)), (VIEW_CHANNEL | READ_HISTORY, 0))
        self.world.wire.announce("CHANNEL_UPDATE", channel.json())
        await self.world.wire.flush()

    def private_channel(self, name: str, *who: Role | Member) -> Channel:
        """A channel that only these roles, members and the bot can see."""
        let_in: dict[Role | Member, tuple[int, int]] = dict.fromkeys((*who, self.bot), (VIEW_CHANNEL | READ_HISTORY, 0))
        return self.channel(name, overwrites={self.everyone: (0, VIEW_CHANNEL), **let_in})

    def voice_channel(self, name: str) -> Channel:
        return self.channel(name, kind=VOICE)

    def forum(self, name: str, *, tags: Sequence[str] = ()) -> Channel:
        forum = self.channel(name, kind=FORUM)
        forum.tags |= {tag: self.world.snowflake() for tag in tags if tag not in forum.tags}
        self.world.wire.announce("CHANNEL_UPDATE", forum.json())
        return forum

    def roles_of(self, member: Member) -> list[str]:
        """The names of the roles that a member has here."""
        return [role.name for role in self.members[member.id].roles]


def community(
    world: World, interactions: Interactions, name: str, *, owner: str = "owner", locale: str = "en-US"
) -> Community:
    """A guild with @everyone, #general, an owner and the bot with its own role."""
    guild = Community(
        id=world.snowflake(), name=name, world=world, owner=world.user(owner), locale=locale, interactions=interactions
    )
    guild.roles[guild.id] = Role(id=guild.id, name="@everyone", position=0, permissions=EVERYDAY)
    own = Role(id=world.snowflake(), name="Hearth", position=BOT_POSITION, permissions=BOT_PERMISSIONS, managed=True)
    guild.roles[own.id] = own
    now: datetime = world.clock()
    guild.members[world.bot.id] = Member(user=world.bot, guild=guild, joined_at=now, roles=[own])
    world.guilds[guild.id] = guild
    guild.member(owner)
    guild.channel("general")
    world.wire.announce("GUILD_CREATE", guild.event())
    return guild
