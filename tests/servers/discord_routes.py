"""Discord's HTTP API for the bot itself, messages, threads and presence; other routes have their own files."""

from datetime import timedelta
from typing import Any

from tests.servers.discord_gateway import GUILD_MEMBERS, flags_of, wordless
from tests.servers.discord_parts import Json
from tests.servers.discord_records import (
    CREATE_THREADS,
    FORUM,
    MANAGE_MESSAGES,
    MANAGE_THREADS,
    PUBLIC_THREAD,
    SEND_IN_THREADS,
    SEND_MESSAGES,
    Channel,
    Message,
)
from tests.servers.discord_rest import Call, Created, RefusedError, Rest, refused, route

NONCE_MEMORY = timedelta(minutes=5)


@route("GET", "/gateway", "/gateway/bot")
async def gateway(call: Call) -> Json:
    limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
    return {"url": call.rest.gateway_url, "shards": 1, "session_start_limit": limit}


@route("GET", "/users/@me")
async def me(call: Call) -> Json:
    return call.rest.world.bot.json() | {"mfa_enabled": True, "locale": "en-US", "verified": True}


@route("GET", "/users/*")
async def user(call: Call, key: str) -> Json:
    found = call.rest.world.users.get(key) or refused(10013)
    return dict(found.json())


@route("GET", "/oauth2/applications/@me", "/applications/@me")
async def application(call: Call) -> Json:
    owner = next(iter(call.rest.world.guilds.values())).owner if call.rest.world.guilds else call.rest.world.bot
    flags = flags_of(call.rest.intents)
    return {
        "id": call.rest.world.bot.id,
        "name": "Hearth",
        "icon": None,
        "description": "",
        "type": None,
        "verify_key": "0" * 64,
        "flags": flags,
        "flags_new": str(flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": owner.json(),
        "approximate_guild_count": len(call.rest.world.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
        "bot_public": False,
        "bot_require_code_grant": False,
        "bot": call.rest.world.bot.json(),
    }


@route("POST", "/users/@me/channels")
async def open_direct(call: Call) -> Json:
    return call.rest.world.direct(call.rest.world.users.get(str(call.body["recipient_id"])) or refused(10013)).json()


@route("GET", "/channels/*")
async def get_channel(call: Call, key: str) -> Json:
    return call.rest.channel(key).json()


@route("POST", "/channels/*/typing")
async def typing(call: Call, key: str) -> None:
    call.rest.channel(key)


@route("GET", "/channels/*/messages")
async def history(call: Call, key: str) -> list[Json]:
    """Always newest first; `after` gives the page nearest to its id."""
    limit = int(call.query.get("limit", 50))
    shown = [message for message in call.rest.channel(key).messages if not message.only_for]
    if "around" in call.query:
        near = sorted(shown, key=lambda one: abs(int(one.id) - int(call.query["around"])))[:limit]
        page = [one for one in shown if one in near]
    elif "after" in call.query:
        page = [one for one in shown if int(one.id) > int(call.query["after"])][:limit]
    else:
        page = [one for one in shown if int(one.id) < int(call.query.get("before", 1 << 63))][-limit:]
    return [seen(call.rest, message) for message in reversed(page)]


@route("GET", "/channels/*/messages/*")
async def get_message(call: Call, channel: str, key: str) -> Json:
    return seen(call.rest, call.rest.message(channel, key))


def seen(rest: Rest, message: Message) -> Json:
    if rest.reads_content or not message.channel.guild:
        return message.json()
    return wordless(message.json() | message.channel.guild_key, rest.world.bot.id)


@route("POST", "/channels/*/messages")
async def send(call: Call, key: str) -> Json:
    channel = call.rest.channel(key)
    writable(call.rest, channel)
    nonce = call.body.get("nonce")
    if call.body.get("enforce_nonce") and (earlier := sent(call.rest, channel, nonce)):
        return earlier.json()
    reference = call.body.get("message_reference")
    reply_to = channel.message(str(reference["message_id"])) if reference else None
    if reference and not reply_to and reference.get("fail_if_not_exists", True):
        fault = {"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}
        raise RefusedError(50035, errors={"message_reference": {"_errors": [fault]}})
    more: Json = {"reply_to": reply_to, "nonce": nonce, "flags": call.body.get("flags", 0)}
    return call.rest.world.post(channel, call.rest.world.bot, call.rest.sendable(call, call.body), **more).json()


def writable(rest: Rest, channel: Channel) -> None:
    if channel.recipient:
        if not channel.recipient.dms_open:
            raise RefusedError(50007)
        if not any(channel.recipient.id in guild.members for guild in rest.world.guilds.values()):
            raise RefusedError(50278)
    rest.allow(channel, SEND_IN_THREADS if channel.is_thread else SEND_MESSAGES)
    if channel.locked and channel.guild and not channel.guild.bot.permissions(channel) & MANAGE_THREADS:
        raise RefusedError(50083)


def sent(rest: Rest, channel: Channel, nonce: Any) -> Message | None:
    """The message already sent under this nonce, as long as Discord remembers nonces."""
    since = rest.world.clock() - NONCE_MEMORY
    own = (one for one in channel.messages if one.author is rest.world.bot and one.sent_at > since)
    return next((one for one in own if nonce is not None and one.nonce == nonce), None)


@route("PATCH", "/channels/*/messages/*")
async def edit_message(call: Call, channel: str, key: str) -> Json:
    message = call.rest.message(channel, key)
    if message.author is not call.rest.world.bot:
        raise RefusedError(50005)
    return call.rest.world.edit(message, call.rest.written(call, call.body)).json()


@route("DELETE", "/channels/*/messages/*")
async def delete_message(call: Call, channel: str, key: str) -> None:
    message = call.rest.message(channel, key)
    if message.author is not call.rest.world.bot:
        call.rest.allow(message.channel, MANAGE_MESSAGES)
    call.rest.world.delete(message)


@route("POST", "/channels/*/threads")
async def open_thread(call: Call, key: str) -> Created:
    parent = call.rest.channel(key)
    thread = started(call.rest, parent, call.body, call.rest.world.snowflake())
    if parent.kind != FORUM:
        return Created(thread.json())
    message = call.rest.world.post(
        thread, call.rest.world.bot, call.rest.sendable(call, call.body["message"]), id=thread.id
    )
    return Created(thread.json() | {"message": message.json()})


@route("POST", "/channels/*/messages/*/threads")
async def open_thread_on(call: Call, channel: str, key: str) -> Created:
    message = call.rest.message(channel, key)
    call.rest.allow(message.channel, CREATE_THREADS)
    if message.id in call.rest.world.channels:
        raise RefusedError(160004)
    return Created(started(call.rest, message.channel, call.body, message.id).json())


def started(rest: Rest, parent: Channel, body: Json, key: str) -> Channel:
    tags = [str(tag) for tag in body.get("applied_tags") or ()]
    thread = Channel(
        id=key, kind=PUBLIC_THREAD, name=body["name"], parent=parent, owner=rest.world.bot, applied_tags=tags
    )
    return rest.world.channel(parent.guild or refused(50001), thread)


@route("GET", "/guilds/*")
async def get_guild(call: Call, guild: str) -> Json:
    found = call.rest.guild(guild)
    counts = {"approximate_member_count": len(found.members), "approximate_presence_count": 1}
    return found.json() | (counts if call.query.get("with_counts", "").lower() in ("1", "true") else {})


@route("GET", "/guilds/*/members")
async def members(call: Call, guild: str) -> list[Json]:
    if not call.rest.intents & GUILD_MEMBERS:
        raise RefusedError(50001)
    after = int(call.query.get("after", 0))
    later = sorted(
        (one for one in call.rest.guild(guild).members.values() if int(one.id) > after), key=lambda m: int(m.id)
    )
    return [member.json() for member in later[: int(call.query.get("limit", 1))]]


@route("GET", "/guilds/*/members/*")
async def get_member(call: Call, guild: str, key: str) -> Json:
    return call.rest.member(guild, key).json()
