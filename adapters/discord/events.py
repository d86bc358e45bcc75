"""Turns what discord.py tells into frozen events and invocations; it asks neither Discord nor the store."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import count

import discord
from discord.abc import GuildChannel

from adapters.discord.circles import alone, circle
from bot.core.writable import writable
from bot.kit import Access
from bot.kit.events import (
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    PlaceFound,
    PlaceLost,
    PlaceShown,
    ReachChanged,
    ReactionAdded,
    ReactionRemoved,
    Said,
)
from bot.kit.references import STAFF, Person, Spot

DISCORD = "discord"
#: kinds of messages that members write; Discord itself says the rest
WRITTEN = (discord.MessageType.default, discord.MessageType.reply)
#: places remembered before all are forgotten; threads come and go
REMEMBERED = 20_000


class Spots:
    """Gives the same object for a place while nothing about it changes, since most events repeat their place."""

    def __init__(self) -> None:
        self._known: dict[int, Spot] = {}
        self._read = count(1)

    def of(self, place: discord.Guild | GuildChannel | discord.Thread) -> Spot:
        match place:
            case discord.Guild():
                return self._spot(place.id, "guild", place.name or str(place.id), None, "")
            case discord.Thread():
                return self._spot(place.id, "thread", place.name, self.of(place.parent or place.guild), circle(place))
            case _:
                return self._spot(place.id, "channel", place.name, self.of(place.guild), circle(place))

    def within(self, guild: discord.Guild, number: int) -> Spot:
        """A channel or thread by its id; if discord.py does not know it, we only know that it is in this guild."""
        known = guild.get_channel_or_thread(number)
        return self.of(known) if known else self._spot(number, "channel", str(number), self.of(guild), alone(number))

    def _spot(self, number: int, kind: str, name: str, parent: Spot | None, circle: str) -> Spot:
        known = self._known.get(number)
        if known and (known.name, known.parent, known.circle) == (name, parent, circle):
            return known
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        found = Spot(DISCORD, str(number), kind, name, parent, circle, order=next(self._read))
        self._known[number] = found
        return found


def person(user: discord.User | discord.Member | discord.ClientUser) -> Person:
    inside = user if isinstance(user, discord.Member) else None
    roles = _roles(inside) if inside and is_known(inside.guild) else None
    since = milliseconds(inside.joined_at) if inside and inside.joined_at else 0
    return Person(DISCORD, str(user.id), user.display_name, user.name, user.bot, roles, since)


def _roles(member: discord.Member) -> frozenset[str]:
    held = (str(role.id) for role in member.roles if not role.is_default())
    return frozenset(held) | ({STAFF} if rights_in_guild(member) >= Access.STAFF else set())


def is_known(guild: discord.Guild) -> bool:
    """Whether we know its roles: not of an unavailable guild, nor of one that an interaction only mentions."""
    return not guild.unavailable and guild.get_role(guild.id) is not None


def rights_in_guild(user: discord.User | discord.Member) -> Access:
    """What the member's roles allow in the whole guild, as Discord told with this act.

    Commands act on the whole guild, so rights in a single channel do not count. Nobody has rights where the guild's
    roles are not known, nor in private.
    """
    if not isinstance(user, discord.Member) or not is_known(user.guild):
        return Access.MEMBER
    allowed = user.guild_permissions
    if allowed.administrator or allowed.manage_guild:
        return Access.ADMIN
    return Access.STAFF if allowed.manage_messages or allowed.moderate_members else Access.MEMBER


def posted(message: discord.Message, spots: Spots, *, numbered: bool = True) -> MessagePosted | None:
    """`numbered` says that everything before it in its channel was taken too."""
    if message.guild is None or message.author.bot or message.webhook_id or message.type not in WRITTEN:
        return None
    answered = message.reference.resolved if message.reference else None
    author = answered.author if isinstance(answered, discord.Message) else None
    reply = message.type is discord.MessageType.reply and message.reference and message.reference.message_id
    return MessagePosted(
        cause=message_cause(message.id),
        at=milliseconds(message.created_at),
        who=person(message.author),
        spot=spots.within(message.guild, message.channel.id),
        about=message_cause(reply) if reply else None,
        target=person(author) if author and not author.bot else None,
        length=len(message.content),
        text=writable(message.content),
        mentioned=tuple(person(each) for each in message.mentions if not each.bot),
        opens=message.id == message.channel.id,  # only the first message of a forum post has its thread's number
        pictured=is_pictured(each.content_type for each in message.attachments),
        number=message.id if numbered else None,
        message=str(message.id),
    )


def reached(message: discord.Message) -> ReachChanged | None:
    """A member who writes to us in private can be written to."""
    if message.guild or message.author.bot or message.type not in WRITTEN:
        return None
    return ReachChanged(
        cause=f"discord:reach:{message.id}",
        at=milliseconds(message.created_at),
        who=person(message.author),
        spot=Spot(DISCORD, str(message.channel.id), "dm", ""),
        reachable=True,
    )


def edited(message: discord.Message, spots: Spots) -> MessageEdited | None:
    """The event of an edit; an update without a time of editing is Discord's own, such as the preview of a link."""
    if message.guild is None or message.author.bot or message.webhook_id or message.edited_at is None:
        return None
    at = milliseconds(message.edited_at)
    return MessageEdited(
        cause=f"discord:edit:{message.id}:{at}",
        at=at,
        who=person(message.author),
        spot=spots.within(message.guild, message.channel.id),
        about=message_cause(message.id),
        length=len(message.content),
        text=writable(message.content),
    )


def deleted(message: int, spot: Spot, now: int) -> MessageDeleted:
    return MessageDeleted(cause=f"{message_cause(message)}:gone", at=now, spot=spot, about=message_cause(message))


def reacted(raw: discord.RawReactionActionEvent, spot: Spot, now: int) -> ReactionAdded | None:
    if raw.member is None or raw.member.bot:
        return None
    return ReactionAdded(
        cause=_reaction(raw),
        at=now,
        who=person(raw.member),
        spot=spot,
        about=message_cause(raw.message_id),
        emoji=writable(raw.emoji.name),
    )


def unreacted(raw: discord.RawReactionActionEvent, spot: Spot, now: int) -> ReactionRemoved:
    """The event of a removed reaction; Discord does not describe the user, but the event that it undoes knows them."""
    cause = _reaction(raw)
    return ReactionRemoved(
        cause=f"{cause}:gone",
        at=now,
        spot=spot,
        about=message_cause(raw.message_id),
        emoji=writable(raw.emoji.name),
        added=cause,
    )


def said(message: str, subject: str, spot: Spot, now: int) -> Said:
    return Said(cause=message_cause(message), at=now, spot=spot, subject=subject, message=message)


def lost(spot: Spot, now: int) -> PlaceLost:
    return PlaceLost(cause=f"{DISCORD}:lost:{spot.id}:{now}", at=now, spot=spot)


def found(spot: Spot, now: int) -> PlaceFound:
    return PlaceFound(cause=f"{DISCORD}:found:{spot.id}:{now}", at=now, spot=spot)


def seen(spot: Spot, now: int) -> PlaceShown:
    return PlaceShown(cause=f"{DISCORD}:seen:{spot.id}:{now}", at=now, spot=spot)


def joined(member: discord.Member, spots: Spots, now: int) -> MemberJoined | None:
    if member.bot:
        return None
    at = milliseconds(member.joined_at) if member.joined_at else now
    cause = f"discord:join:{member.guild.id}:{member.id}:{at}"
    return MemberJoined(cause=cause, at=at, who=person(member), spot=spots.of(member.guild))


def welcomed(message: discord.Message, spots: Spots) -> MemberJoined | None:
    """The join that a server's welcome message shows, for servers where Discord does not tell who joins."""
    if message.guild is None or message.type is not discord.MessageType.new_member or message.author.bot:
        return None
    who, at = person(message.author), milliseconds(message.created_at)
    cause = f"discord:join:{message.guild.id}:{message.id}"
    return MemberJoined(cause=cause, at=who.since or at, who=who, spot=spots.of(message.guild))


def left(user: discord.User | discord.Member, guild: discord.Guild, spots: Spots, now: int) -> MemberLeft | None:
    if user.bot:
        return None
    return MemberLeft(cause=f"discord:leave:{guild.id}:{user.id}:{now}", at=now, who=person(user), spot=spots.of(guild))


def company(guild: discord.Guild, spots: Spots) -> dict[Person, Spot]:
    """Members who listen together at this moment; without roles, which may change before the event is recorded."""
    found: dict[Person, Spot] = {}
    for channel in (*guild.voice_channels, *guild.stage_channels):
        listening = [each for each in channel.members if not each.bot and _listens(each)]
        if channel != guild.afk_channel and len(listening) > 1:
            found |= {replace(person(each), roles=None): spots.of(channel) for each in listening}
    return found


def _listens(member: discord.Member) -> bool:
    return member.voice is not None and not (member.voice.deaf or member.voice.self_deaf)


def is_pictured(types: Iterable[str | None]) -> bool:
    """Whether any attachment of a message is a picture."""
    return any((each or "").startswith("image/") for each in types)


def interaction_cause(number: int | str) -> str:
    return f"discord:interaction:{number}"


def message_cause(number: int | str) -> str:
    return f"discord:msg:{number}"


def _reaction(raw: discord.RawReactionActionEvent) -> str:
    return f"discord:react:{raw.message_id}:{raw.user_id}:{raw.emoji.id or writable(raw.emoji.name)}"


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
