"""Names the circle of readers of a channel, by the rules that decide who reads it, not by who is there now."""

from hashlib import blake2s

import discord
from discord.abc import GuildChannel

from bot.kit.access import OPEN


def circle(place: discord.Guild | GuildChannel | discord.Thread) -> str:
    """Channels with the same circle have the same readers; empty where everybody reads."""
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
    """The rights that every reader of a channel needs: to see a voice channel is not enough."""
    voice = isinstance(place, discord.VoiceChannel | discord.StageChannel)
    return ("view_channel", "read_message_history", *(("connect",) if voice else ()))


def _reads(place: GuildChannel, who: discord.Member | discord.Role) -> bool:
    may = place.permissions_for(who)
    return all(getattr(may, right) for right in _needs(place))


def alone(place: int) -> str:
    """The circle of a place that tells nothing about its readers."""
    return f"only:{place}"


def circles(member: discord.Member) -> frozenset[str]:
    """The circles a member is in, by the channels' rules at this moment."""
    closed = {name: channel for channel in member.guild.channels if (name := circle(channel))}
    return frozenset(name for name, channel in closed.items() if _reads(channel, member))
