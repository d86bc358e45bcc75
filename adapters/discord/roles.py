"""Decides which roles may be a reward: checked when one is chosen, and again at each grant."""

import discord
from discord.abc import GuildChannel

#: every right in Discord, and whether a reward may carry it: with one of the others a member can take over the
#: community, speak for it, silence its members or notify them all
MAY_CARRY = {
    "create_instant_invite": True,
    "kick_members": False,
    "ban_members": False,
    "administrator": False,
    "manage_channels": False,
    "manage_guild": False,
    "add_reactions": True,
    "view_audit_log": False,
    "priority_speaker": False,
    "stream": True,
    "view_channel": True,
    "send_messages": True,
    "send_tts_messages": True,
    "manage_messages": False,
    "embed_links": True,
    "attach_files": True,
    "read_message_history": True,
    "mention_everyone": False,
    "external_emojis": True,
    "view_guild_insights": False,
    "connect": True,
    "speak": True,
    "mute_members": False,
    "deafen_members": False,
    "move_members": False,
    "use_voice_activation": True,
    "change_nickname": True,
    "manage_nicknames": False,
    "manage_roles": False,
    "manage_webhooks": False,
    "manage_expressions": False,
    "use_application_commands": True,
    "request_to_speak": True,
    "manage_events": False,
    "manage_threads": False,
    "create_public_threads": True,
    "create_private_threads": True,
    "external_stickers": True,
    "send_messages_in_threads": True,
    "use_embedded_activities": True,
    "moderate_members": False,
    "view_creator_monetization_analytics": False,
    "use_soundboard": True,
    "create_expressions": True,
    "create_events": False,
    "use_external_sounds": True,
    "send_voice_messages": True,
    "set_voice_channel_status": True,
    "create_polls": True,
    "use_external_apps": True,
    "pin_messages": False,
    "bypass_slowmode": False,
}
DANGEROUS = discord.Permissions(**{name: True for name, may in MAY_CARRY.items() if not may})


def unfit(role: discord.Role) -> str | None:
    """Why this role may not be given, as a path below `mend`; checked again later, as rights and order change."""
    if role.managed or role.is_default():
        return "managed_role"
    if _dangerous(role.permissions) or any(_dangerous(_allowed(role, channel)) for channel in role.guild.channels):
        return "dangerous_role"
    if role >= role.guild.me.top_role:
        return "role_above"
    return None if role.guild.me.guild_permissions.manage_roles else "missing_permission"


def unfit_for(role: discord.Role, chooser: discord.User | discord.Member) -> str | None:
    """As `unfit`; also, a member cannot have us give a role that they could not give themselves."""
    if reason := unfit(role):
        return reason
    member = chooser if isinstance(chooser, discord.Member) else None
    above = member is None or (member.id != role.guild.owner_id and role >= member.top_role)
    return "role_above_you" if above else None


def _dangerous(permissions: discord.Permissions) -> bool:
    return bool(permissions.value & DANGEROUS.value)


def _allowed(role: discord.Role, channel: GuildChannel) -> discord.Permissions:
    """What a channel allows this role in addition."""
    return channel.overwrites_for(role).pair()[0]
