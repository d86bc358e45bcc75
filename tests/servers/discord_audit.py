"""The audit log of a guild: who did what to which member, and why; a bot with the right can read and hear it."""

from collections.abc import Iterable
from enum import IntEnum

from tests.servers.discord_parts import Json
from tests.servers.discord_records import VIEW_AUDIT_LOG, Guild, User
from tests.servers.discord_rest import Call, RefusedError, route


class Deed(IntEnum):
    CHANNEL_MADE = 10
    CHANNEL_CHANGED = 11
    CHANNEL_DELETED = 12
    MEMBER_KICKED = 20
    MEMBER_BANNED = 22
    MEMBER_UNBANNED = 23
    MEMBER_CHANGED = 24
    MEMBER_ROLES_CHANGED = 25
    ROLE_MADE = 30
    ROLE_CHANGED = 31
    ROLE_DELETED = 32
    INVITE_MADE = 40
    INVITE_DELETED = 42
    WEBHOOK_MADE = 50
    WEBHOOK_DELETED = 52
    MESSAGES_DELETED = 73
    MESSAGE_PINNED = 74
    MESSAGE_UNPINNED = 75
    EVENT_MADE = 100
    EVENT_CHANGED = 101
    EVENT_DELETED = 102


def noted(
    guild: Guild, deed: Deed, target: str | None, by: User, *, reason: str | None = None, changes: Iterable[Json] = ()
) -> None:
    """Record a deed; a bot that may read the log is told."""
    entry: Json = {"id": guild.world.snowflake(), "action_type": int(deed), "user_id": by.id, "target_id": target}
    entry |= {"changes": list(changes)} | ({"reason": reason} if reason else {})
    guild.audit_log.append(entry)
    if guild.has_bot and guild.bot.permissions() & VIEW_AUDIT_LOG:
        guild.world.wire.announce("GUILD_AUDIT_LOG_ENTRY_CREATE", entry | {"guild_id": guild.id})


def did(call: Call, guild: Guild, deed: Deed, target: str | None, *changes: Json) -> None:
    """Record what the bot did, with the reason it gave."""
    noted(guild, deed, target, guild.world.bot, reason=call.reason, changes=changes)


@route("GET", "/guilds/*/audit-logs")
async def audit_log(call: Call, key: str) -> Json:
    """Newest first, except when the client asks for entries after another."""
    guild = call.rest.guild(key)
    if not guild.bot.permissions() & VIEW_AUDIT_LOG:
        raise RefusedError(50013)
    entries = [entry for entry in guild.audit_log if _wanted(entry, call)]
    limit = int(call.query.get("limit", 50))
    page = entries[:limit] if "after" in call.query else entries[::-1][:limit]
    named = dict.fromkeys(one for entry in page for one in (entry["user_id"], entry["target_id"]))
    users = [guild.world.users[one].json() for one in named if one in guild.world.users]
    shelves = ("integrations", "webhooks", "guild_scheduled_events", "threads", "application_commands")
    return {"audit_log_entries": page, "users": users, "auto_moderation_rules": []} | {name: [] for name in shelves}


def _wanted(entry: Json, call: Call) -> bool:
    query, number = call.query, int(entry["id"])
    return (
        query.get("user_id", entry["user_id"]) == entry["user_id"]
        and int(query.get("action_type", entry["action_type"])) == entry["action_type"]
        and int(query.get("after", 0)) < number < int(query.get("before", 1 << 63))
    )
