"""The routes of reactions: add, list, remove and clear."""

from tests.servers.discord_parts import Json, emoji
from tests.servers.discord_records import ADD_REACTIONS, MANAGE_MESSAGES, Message
from tests.servers.discord_rest import Call, RefusedError, refused, route


@route("PUT", "/channels/*/messages/*/reactions/*/@me")
async def react(call: Call, channel: str, key: str, name: str) -> None:
    call.rest.allow(call.rest.channel(channel), ADD_REACTIONS)
    call.rest.world.react(call.rest.message(channel, key), call.rest.world.bot, name, on=True)


@route("DELETE", "/channels/*/messages/*/reactions/*/@me")
async def unreact(call: Call, channel: str, key: str, name: str) -> None:
    call.rest.world.react(call.rest.message(channel, key), call.rest.world.bot, name, on=False)


@route("GET", "/channels/*/messages/*/reactions/*")
async def reactors(call: Call, channel: str, key: str, name: str) -> list[Json]:
    users = call.rest.message(channel, key).reactions.get(name, [])
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 25))
    later = sorted((user for user in users if int(user.id) > after), key=lambda user: int(user.id))
    return [user.json() for user in later[:limit]]


@route("DELETE", "/channels/*/messages/*/reactions/*/*")
async def remove_reaction(call: Call, channel: str, key: str, name: str, user: str) -> None:
    message = _cleared(call, channel, key)
    if user not in call.rest.world.users:
        raise RefusedError(10013)
    call.rest.world.react(message, call.rest.world.users[user], name, on=False)


@route("DELETE", "/channels/*/messages/*/reactions")
async def clear_reactions(call: Call, channel: str, key: str) -> None:
    message = _cleared(call, channel, key)
    message.reactions.clear()
    call.rest.world.wire.announce("MESSAGE_REACTION_REMOVE_ALL", _about(message))


@route("DELETE", "/channels/*/messages/*/reactions/*")
async def clear_reaction(call: Call, channel: str, key: str, name: str) -> None:
    message = _cleared(call, channel, key)
    if message.reactions.pop(name, None) is None:
        refused(10014)
    call.rest.world.wire.announce("MESSAGE_REACTION_REMOVE_EMOJI", _about(message) | {"emoji": emoji(name)})


def _cleared(call: Call, channel: str, key: str) -> Message:
    call.rest.allow(call.rest.channel(channel), MANAGE_MESSAGES)
    return call.rest.message(channel, key)


def _about(message: Message) -> Json:
    return {"channel_id": message.channel.id, "message_id": message.id} | message.channel.guild_key
