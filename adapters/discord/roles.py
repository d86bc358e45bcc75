"""Which roles may be given as a reward: looked at when one is chosen, and again at each grant."""

import discord

#: what no reward may carry: whoever holds one of these can take the community over, or wake it up
DANGEROUS = discord.Permissions(
    administrator=True,
    ban_members=True,
    kick_members=True,
    manage_channels=True,
    manage_emojis_and_stickers=True,
    manage_events=True,
    manage_guild=True,
    manage_messages=True,
    manage_nicknames=True,
    manage_roles=True,
    manage_threads=True,
    manage_webhooks=True,
    mention_everyone=True,
    moderate_members=True,
    view_audit_log=True,
)


def unfit(role: discord.Role) -> str | None:
    """Why this role may not be given, as a path below `mend`; permissions and order change after it was chosen."""
    if role.managed:
        return "managed_role"
    if role.permissions.value & DANGEROUS.value:
        return "dangerous_role"
    if role >= role.guild.me.top_role:
        return "role_above"
    return None if role.guild.me.guild_permissions.manage_roles else "missing_permission"


def unfit_for(role: discord.Role, chooser: discord.User | discord.Member) -> str | None:
    """As `unfit`, and nobody lets us give what they could not give themselves."""
    if reason := unfit(role):
        return reason
    member = chooser if isinstance(chooser, discord.Member) else None
    above = member is None or (member.id != role.guild.owner_id and role >= member.top_role)
    return "role_above_you" if above else None
