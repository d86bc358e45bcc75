"""The routes for moderation: change, time out, remove and ban members, delete many messages."""

from datetime import UTC, datetime, timedelta

from tests.servers.discord_audit import Deed, did
from tests.servers.discord_parts import Json
from tests.servers.discord_records import (
    ADMINISTRATOR,
    BAN_MEMBERS,
    KICK_MEMBERS,
    MANAGE_MESSAGES,
    MANAGE_NICKNAMES,
    MODERATE_MEMBERS,
    Guild,
    Member,
    User,
)
from tests.servers.discord_rest import Call, RefusedError, refused, route
from tests.servers.discord_roles import giveable

LONGEST_TIMEOUT = timedelta(days=28)
OLDEST_SWEPT = timedelta(days=14)


def above(member: Member) -> None:
    """Refuse what the bot does to a member who ranks higher."""
    if member.top >= member.guild.bot.top or member.user is member.guild.owner:
        raise RefusedError(50013)


@route("PATCH", "/guilds/*/members/@me")
async def edit_self(call: Call, guild: str) -> Json:
    own = call.rest.guild(guild).bot
    own.nick = call.body.get("nick", own.nick)
    return own.changed().json()


@route("PATCH", "/guilds/*/members/*")
async def edit_member(call: Call, guild: str, key: str) -> Json:
    member, body = call.rest.member(guild, key), call.body
    above(member)
    if "nick" in body:
        call.rest.may(member.guild, MANAGE_NICKNAMES)
        member.nick = body["nick"] or None
    if "communication_disabled_until" in body:
        call.rest.may(member.guild, MODERATE_MEMBERS)
        member.timed_out_until = _until(call, member, body["communication_disabled_until"])
    if "roles" in body:
        _set_roles(member, [str(one) for one in body["roles"]])
    changes = ({"key": name, "new_value": value} for name, value in body.items())
    did(call, member.guild, Deed.MEMBER_CHANGED, member.id, *changes)
    return member.changed().json()


def _until(call: Call, member: Member, said: str | None) -> datetime | None:
    until = datetime.fromisoformat(said).astimezone(UTC) if said else None
    if member.permissions() & ADMINISTRATOR:
        raise RefusedError(50013)
    if until and until > call.rest.world.clock() + LONGEST_TIMEOUT:
        fault = {"code": "COMMUNICATION_DISABLED_UNTIL_TOO_FAR", "message": "Must be within 28 days."}
        raise RefusedError(50035, errors={"communication_disabled_until": {"_errors": [fault]}})
    return until


def _set_roles(member: Member, wanted: list[str]) -> None:
    held = {role.id for role in member.roles}
    for key in held.symmetric_difference(wanted):
        giveable(member.guild, key)
    member.roles = [member.guild.roles[key] for key in dict.fromkeys(wanted)]


@route("DELETE", "/guilds/*/members/*")
async def kick(call: Call, guild: str, key: str) -> None:
    member = call.rest.member(guild, key)
    call.rest.may(member.guild, KICK_MEMBERS)
    above(member)
    did(call, member.guild, Deed.MEMBER_KICKED, member.id)
    member.guild.remove(member)


@route("GET", "/guilds/*/members/search")
async def search(call: Call, guild: str) -> list[Json]:
    start, limit = call.query["query"].lower(), int(call.query.get("limit", 1))
    found = [one for one in call.rest.guild(guild).members.values() if one.is_called(start)]
    return [member.json() for member in found[:limit]]


def _ban(call: Call, guild: Guild, user: User) -> None:
    if member := guild.members.get(user.id):
        above(member)
    seconds = int(call.query.get("delete_message_seconds", (call.body or {}).get("delete_message_seconds", 0)))
    guild.bans[user.id] = call.reason
    did(call, guild, Deed.MEMBER_BANNED, user.id)
    if member:
        guild.remove(member)
    call.rest.world.wire.announce("GUILD_BAN_ADD", {"guild_id": guild.id, "user": user.json()})
    since = call.rest.world.clock() - timedelta(seconds=seconds)
    for channel in guild.channels.values():
        for message in [one for one in channel.messages if one.author is user and one.sent_at > since]:
            call.rest.world.delete(message)


@route("PUT", "/guilds/*/bans/*")
async def ban(call: Call, key: str, user: str) -> None:
    """A user who was never a member can be banned too."""
    guild = call.rest.guild(key)
    call.rest.may(guild, BAN_MEMBERS)
    _ban(call, guild, call.rest.world.users.get(user) or refused(10013))


@route("POST", "/guilds/*/bulk-ban")
async def bulk_ban(call: Call, key: str) -> Json:
    guild, keys = call.rest.guild(key), [str(one) for one in call.body["user_ids"]]
    call.rest.may(guild, BAN_MEMBERS)
    done: list[str] = []
    for user in (call.rest.world.users.get(one) for one in keys):
        if user and user is not guild.owner and user.id not in guild.bans:
            _ban(call, guild, user)
            done.append(user.id)
    if not done:
        raise RefusedError(500000)
    return {"banned_users": done, "failed_users": [one for one in keys if one not in done]}


@route("GET", "/guilds/*/bans")
async def bans(call: Call, key: str) -> list[Json]:
    guild = call.rest.guild(key)
    call.rest.may(guild, BAN_MEMBERS)
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 1000))
    later = sorted((one for one in guild.bans if int(one) > after), key=int)
    return [_banned(guild, one) for one in later[:limit]]


@route("GET", "/guilds/*/bans/*")
async def get_ban(call: Call, key: str, user: str) -> Json:
    guild = call.rest.guild(key)
    call.rest.may(guild, BAN_MEMBERS)
    return _banned(guild, user) if user in guild.bans else refused(10026)


def _banned(guild: Guild, key: str) -> Json:
    return {"user": guild.world.users[key].json(), "reason": guild.bans[key]}


@route("DELETE", "/guilds/*/bans/*")
async def unban(call: Call, key: str, user: str) -> None:
    guild = call.rest.guild(key)
    call.rest.may(guild, BAN_MEMBERS)
    if user not in guild.bans:
        raise RefusedError(10026)
    del guild.bans[user]
    did(call, guild, Deed.MEMBER_UNBANNED, user)
    told = {"guild_id": guild.id, "user": guild.world.users[user].json()}
    guild.world.wire.announce("GUILD_BAN_REMOVE", told)


@route("POST", "/channels/*/messages/bulk-delete")
async def bulk_delete(call: Call, key: str) -> None:
    channel, keys = call.rest.channel(key), [str(one) for one in call.body["messages"]]
    call.rest.allow(channel, MANAGE_MESSAGES)
    if not 2 <= len(keys) <= 100:
        raise RefusedError(50016)
    found = [message for message in channel.messages if message.id in keys]
    if any(message.sent_at < call.rest.world.clock() - OLDEST_SWEPT for message in found):
        raise RefusedError(50034)
    channel.messages = [message for message in channel.messages if message not in found]
    gone = {"ids": [message.id for message in found], "channel_id": channel.id}
    call.rest.world.wire.announce("MESSAGE_DELETE_BULK", gone | channel.guild_key)
    if channel.guild:
        did(call, channel.guild, Deed.MESSAGES_DELETED, channel.id)
