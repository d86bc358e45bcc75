"""The routes of channels and threads: create, change, restrict, archive, delete."""

from tests.servers.discord_audit import Deed, did
from tests.servers.discord_parts import Json
from tests.servers.discord_records import FORUM, MANAGE_CHANNELS, MANAGE_ROLES, MANAGE_THREADS, Channel, Guild
from tests.servers.discord_rest import Call, Created, RefusedError, refused, route

#: A category, which holds other channels.
CATEGORY = 4


@route("GET", "/guilds/*/channels")
async def channels(call: Call, guild: str) -> list[Json]:
    return [channel.json() for channel in call.rest.guild(guild).channels.values() if not channel.is_thread]


@route("POST", "/guilds/*/channels")
async def make_channel(call: Call, key: str) -> Created:
    guild, body = call.rest.guild(key), call.body
    call.rest.may(guild, MANAGE_CHANNELS)
    made = Channel(id=call.rest.world.snowflake(), kind=body.get("type") or 0, name=body["name"])
    made.position = len(guild.channels)
    made.guild = guild
    _furnish(call, made, body)
    call.rest.world.channel(guild, made)
    did(call, guild, Deed.CHANNEL_MADE, made.id, {"key": "name", "new_value": made.name})
    return Created(made.json())


def _furnish(call: Call, channel: Channel, body: Json) -> None:
    channel.name = body.get("name", channel.name)
    channel.topic = body.get("topic", channel.topic)
    channel.slowmode = body.get("rate_limit_per_user") or 0 if "rate_limit_per_user" in body else channel.slowmode
    channel.position = body.get("position", channel.position)
    channel.is_nsfw = body.get("nsfw", channel.is_nsfw)
    if "parent_id" in body:
        channel.parent = call.rest.channel(str(body["parent_id"])) if body["parent_id"] else None
    if "permission_overwrites" in body:
        said = body["permission_overwrites"] or ()
        channel.overwrites = {str(one["id"]): (int(one["allow"]), int(one["deny"])) for one in said}
    if "available_tags" in body:
        fresh = call.rest.world.snowflake
        channel.tags = {tag["name"]: str(tag.get("id") or fresh()) for tag in body["available_tags"]}


@route("PATCH", "/channels/*")
async def edit_channel(call: Call, key: str) -> Json:
    channel, body = call.rest.channel(key), call.body
    if channel.is_thread:
        _edit_thread(call, channel, body)
    elif "available_tags" not in body or channel.kind != FORUM:
        call.rest.allow(channel, MANAGE_CHANNELS)
    _furnish(call, channel, body)
    call.rest.world.wire.announce("THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE", channel.json())
    if channel.guild and not channel.is_thread:
        did(call, channel.guild, Deed.CHANNEL_CHANGED, channel.id)
    return channel.json()


def _edit_thread(call: Call, thread: Channel, body: Json) -> None:
    if thread.owner is not call.rest.world.bot or "locked" in body or thread.locked:
        call.rest.allow(thread, MANAGE_THREADS)
    if thread.archived and body.get("archived", True):
        raise RefusedError(50083)
    thread.archived, thread.locked = body.get("archived", thread.archived), body.get("locked", thread.locked)
    thread.applied_tags = [str(tag) for tag in body.get("applied_tags", thread.applied_tags)]


@route("DELETE", "/channels/*")
async def delete_channel(call: Call, key: str) -> Json:
    channel = call.rest.channel(key)
    guild: Guild = channel.guild or refused(50001)
    call.rest.allow(channel, MANAGE_THREADS if channel.is_thread else MANAGE_CHANNELS)
    did(call, guild, Deed.CHANNEL_DELETED, channel.id)
    guild.drop(channel)
    return channel.json()


@route("PATCH", "/guilds/*/channels")
async def move_channels(call: Call, key: str) -> None:
    guild = call.rest.guild(key)
    call.rest.may(guild, MANAGE_CHANNELS)
    for moved in call.body:
        channel = call.rest.channel(str(moved["id"]))
        _furnish(call, channel, {name: value for name, value in moved.items() if value is not None})
        call.rest.world.wire.announce("CHANNEL_UPDATE", channel.json())


@route("PUT", "/channels/*/permissions/*")
async def overwrite(call: Call, key: str, whom: str) -> None:
    channel, body = call.rest.channel(key), call.body
    call.rest.allow(channel, MANAGE_ROLES)
    channel.overwrites[whom] = (int(body.get("allow") or 0), int(body.get("deny") or 0))
    call.rest.world.wire.announce("CHANNEL_UPDATE", channel.json())


@route("DELETE", "/channels/*/permissions/*")
async def lift_overwrite(call: Call, key: str, whom: str) -> None:
    channel = call.rest.channel(key)
    call.rest.allow(channel, MANAGE_ROLES)
    if channel.overwrites.pop(whom, None) is None:
        raise RefusedError(10009)
    call.rest.world.wire.announce("CHANNEL_UPDATE", channel.json())


@route("GET", "/guilds/*/threads/active")
async def active_threads(call: Call, guild: str) -> Json:
    threads = [thread.json() for thread in call.rest.guild(guild).threads]
    return {"threads": threads, "members": [], "has_more": False}


@route("GET", "/channels/*/threads/archived/public")
async def archived_threads(call: Call, key: str) -> Json:
    """The latest archived first."""
    parent, limit = call.rest.channel(key), int(call.query.get("limit", 50))
    threads = [one for one in call.rest.world.channels.values() if one.parent is parent and one.archived]
    if before := call.query.get("before"):
        threads = [one for one in threads if one.created_at.isoformat() < before]
    threads.sort(key=lambda one: int(one.id), reverse=True)
    shown = [thread.json() for thread in threads[:limit]]
    return {"threads": shown, "members": [], "has_more": len(threads) > limit}


def _thread(call: Call, key: str) -> Channel:
    thread = call.rest.channel(key)
    return thread if thread.is_thread else refused(50024)


@route("GET", "/channels/*/thread-members")
async def thread_members(call: Call, key: str) -> list[Json]:
    thread = _thread(call, key)
    return [thread.membership(one) for one in thread.joined]


@route("GET", "/channels/*/thread-members/*")
async def thread_member(call: Call, key: str, whom: str) -> Json:
    thread = _thread(call, key)
    return thread.membership(whom) if whom in thread.joined else refused(10007)


@route("PUT", "/channels/*/thread-members/*")
async def join_thread(call: Call, key: str, whom: str) -> None:
    thread, whom = _thread(call, key), _own(call, whom)
    if thread.archived:
        raise RefusedError(50083)
    if whom not in call.rest.world.users:
        raise RefusedError(10013)
    if whom not in thread.joined:
        thread.joined.append(whom)
        _gathered(call, thread, added_members=[thread.membership(whom)])


@route("DELETE", "/channels/*/thread-members/*")
async def leave_thread(call: Call, key: str, whom: str) -> None:
    thread, whom = _thread(call, key), _own(call, whom)
    if whom != call.rest.world.bot.id:
        call.rest.allow(thread, MANAGE_THREADS)
    if whom in thread.joined:
        thread.joined.remove(whom)
        _gathered(call, thread, removed_member_ids=[whom])


def _own(call: Call, whom: str) -> str:
    return call.rest.world.bot.id if whom == "@me" else whom


def _gathered(call: Call, thread: Channel, **change: list[Json] | list[str]) -> None:
    told: Json = {"id": thread.id, "member_count": len(thread.joined), **thread.guild_key, **change}
    call.rest.world.wire.announce("THREAD_MEMBERS_UPDATE", told)
