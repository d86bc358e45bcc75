"""Who reads a channel where not everybody in the server does: by what decides about it, not by who is there now."""

from hashlib import blake2s

import discord
from discord.abc import GuildChannel

from bot.access import OPEN


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
    views = {who.id: each.view_channel for who, each in place.overwrites.items() if each.view_channel is not None}
    name = blake2s(f"{place.guild.id}:{sorted(views.items())}".encode(), digest_size=8).hexdigest()
    if not place.permissions_for(everybody).view_channel:
        return name
    return f"{OPEN}:{name}" if False in views.values() else ""


def alone(place: int) -> str:
    """Of a place that tells nothing about who else reads it."""
    return f"only:{place}"


def circles(member: discord.Member) -> frozenset[str]:
    """Those a member is in, as channels are read at this moment."""
    closed = {name: channel for channel in member.guild.channels if (name := circle(channel))}
    return frozenset(name for name, channel in closed.items() if channel.permissions_for(member).view_channel)
