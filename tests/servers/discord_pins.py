"""The routes that pin messages, list pins and remove them."""

from tests.servers.discord_audit import Deed, did
from tests.servers.discord_parts import Json
from tests.servers.discord_records import PIN_MESSAGES, Channel
from tests.servers.discord_rest import Call, RefusedError, route

MOST_PINS = 250


@route("GET", "/channels/*/messages/pins")
async def pins(call: Call, key: str) -> Json:
    """The newest pin first, in pages that end at a time."""
    channel, limit = call.rest.channel(key), int(call.query.get("limit", 50))
    found = [message for message in channel.messages if message.pinned_at]
    shown = sorted(found, key=lambda one: (one.pinned_at, int(one.id)), reverse=True)
    if before := call.query.get("before"):
        shown = [one for one in shown if one.pinned_at and one.pinned_at.isoformat() < before]
    items = [{"pinned_at": one.pinned_at.isoformat(), "message": one.json()} for one in shown[:limit] if one.pinned_at]
    return {"items": items, "has_more": len(shown) > limit}


@route("PUT", "/channels/*/messages/pins/*")
async def pin(call: Call, channel: str, key: str) -> None:
    message = call.rest.message(channel, key)
    call.rest.allow(message.channel, PIN_MESSAGES)
    if sum(one.pinned_at is not None for one in message.channel.messages) >= MOST_PINS:
        raise RefusedError(30003)
    if message.pinned_at is None:
        message.pinned_at = call.rest.world.clock()
        _told(call, message.channel, Deed.MESSAGE_PINNED, message.author.id)
        said: Json = {"kind": 6, "reply_to": message}
        call.rest.world.post(message.channel, call.rest.world.bot, {"content": ""}, **said)


@route("DELETE", "/channels/*/messages/pins/*")
async def unpin(call: Call, channel: str, key: str) -> None:
    message = call.rest.message(channel, key)
    call.rest.allow(message.channel, PIN_MESSAGES)
    if message.pinned_at is not None:
        message.pinned_at = None
        _told(call, message.channel, Deed.MESSAGE_UNPINNED, message.author.id)


def _told(call: Call, channel: Channel, deed: Deed, target: str) -> None:
    latest = max((one.pinned_at for one in channel.messages if one.pinned_at), default=None)
    told = {"channel_id": channel.id, "last_pin_timestamp": latest.isoformat() if latest else None}
    call.rest.world.wire.announce("CHANNEL_PINS_UPDATE", told | channel.guild_key)
    if channel.guild:
        did(call, channel.guild, deed, target)
