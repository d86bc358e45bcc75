"""The routes that list the voters of a message's poll, and end it."""

from tests.servers.discord_parts import Json
from tests.servers.discord_polls import Poll
from tests.servers.discord_records import Message
from tests.servers.discord_rest import Call, RefusedError, refused, route


def poll_of(message: Message) -> Poll:
    return message.poll or refused(520001)


@route("GET", "/channels/*/polls/*/answers/*")
async def voters(call: Call, channel: str, key: str, answer: str) -> Json:
    users = poll_of(call.rest.message(channel, key)).votes.get(int(answer), [])
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 25))
    later = sorted((user for user in users if int(user.id) > after), key=lambda user: int(user.id))
    return {"users": [user.json() for user in later[:limit]]}


@route("POST", "/channels/*/polls/*/expire")
async def expire(call: Call, channel: str, key: str) -> Json:
    message = call.rest.message(channel, key)
    poll = poll_of(message)
    if message.author is not call.rest.world.bot:
        raise RefusedError(50005)
    if poll.is_over:
        raise RefusedError(520001)
    poll.is_over, poll.expires_at = True, call.rest.world.clock()
    return call.rest.world.edit(message, {}).json()
