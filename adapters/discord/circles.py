"""Who reads a channel where not everybody in the server does: by what decides about it, not by who is there now."""

from hashlib import blake2s

import discord
from discord.abc import GuildChannel

from bot.kit.access import OPEN


def circle(place: discord.Guild | GuildChannel | discord.Thread) -> str:
    """Channels with the same are read by the same members; empty where everybody reads."""
    match place:
        case discord.Guild():
            return ""
        case discord.Thread():
            channel = None if place.is_private() else place.parent
            return circle(channel) if channel else alone(place.id)
    everybody = place.guild.get_role(place.guild.id)
    if everybody is None:
        return alone(place.id)
    rules = {who.id: [getattr(each, right) for right in _needs(place)] for who, each in place.overwrites.items()}
    rules = {who: told for who, told in rules.items() if told.count(None) < len(told)}
    name = blake2s(f"{place.guild.id}:{sorted(rules.items())}".encode(), digest_size=8).hexdigest()
    if not _reads(place, everybody):
        return name
    return f"{OPEN}:{name}" if any(False in told for told in rules.values()) else ""


def _needs(place: GuildChannel) -> tuple[str, ...]:
    """The rights without which nobody reads what was said there: in a voice channel to see it is not enough."""
    voice = isinstance(place, discord.VoiceChannel | discord.StageChannel)
    return ("view_channel", "read_message_history", *(("connect",) if voice else ()))


def _reads(place: GuildChannel, who: discord.Member | discord.Role) -> bool:
    may = place.permissions_for(who)
    return all(getattr(may, right) for right in _needs(place))


def alone(place: int) -> str:
    """Of a place that tells nothing about who else reads it."""
    return f"only:{place}"


def circles(member: discord.Member) -> frozenset[str]:
    """Those a member is in, as channels are read at this moment."""
    closed = {name: channel for channel in member.guild.channels if (name := circle(channel))}
    return frozenset(name for name, channel in closed.items() if _reads(channel, member))
