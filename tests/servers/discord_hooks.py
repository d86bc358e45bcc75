"""Webhooks that post under their own name; discord_webhooks has the answers to interactions."""

import secrets
from dataclasses import dataclass

from tests.servers.discord_audit import Deed, did
from tests.servers.discord_parts import Json
from tests.servers.discord_records import MANAGE_WEBHOOKS, Channel, Message, User
from tests.servers.discord_rest import Call, RefusedError, Rest, refused, route


@dataclass(slots=True, kw_only=True, eq=False)
class Hook:
    id: str
    token: str
    name: str
    channel: Channel
    owner: User

    def json(self) -> Json:
        shown = {"id": self.id, "type": 1, "name": self.name, "avatar": None, "token": self.token}
        return {
            **shown,
            "application_id": self.owner.id,
            "channel_id": self.channel.id,
            "user": self.owner.json(),
            **self.channel.guild_key,
        }

    def author(self, name: str | None) -> User:
        return User(id=self.id, name=name or self.name, bot=True)


@route("POST", "/channels/*/webhooks")
async def make_hook(call: Call, key: str) -> Json:
    channel, name = call.rest.channel(key), call.body["name"]
    call.rest.allow(channel, MANAGE_WEBHOOKS)
    if not 1 <= len(name) <= 80 or "clyde" in name.lower() or "discord" in name.lower():
        raise RefusedError(50035)
    if sum(one.channel is channel for one in call.rest.world.hooks.values()) >= 15:
        raise RefusedError(30007)
    world = call.rest.world
    hook = Hook(id=world.snowflake(), token=secrets.token_urlsafe(24), name=name, channel=channel, owner=world.bot)
    world.hooks[hook.id] = hook
    _changed(call, hook, Deed.WEBHOOK_MADE)
    return hook.json()


def _changed(call: Call, hook: Hook, deed: Deed | None = None) -> None:
    if guild := hook.channel.guild:
        told = {"guild_id": guild.id, "channel_id": hook.channel.id}
        call.rest.world.wire.announce("WEBHOOKS_UPDATE", told)
        if deed:
            did(call, guild, deed, hook.id)


def _hook(call: Call, key: str, token: str | None = None) -> Hook:
    hook: Hook = call.rest.world.hooks.get(key) or refused(10015)
    if token is None:
        call.rest.allow(hook.channel, MANAGE_WEBHOOKS)
    elif token != hook.token:
        raise RefusedError(50027)
    return hook


@route("GET", "/channels/*/webhooks")
async def channel_hooks(call: Call, key: str) -> list[Json]:
    channel = call.rest.channel(key)
    call.rest.allow(channel, MANAGE_WEBHOOKS)
    return [one.json() for one in call.rest.world.hooks.values() if one.channel is channel]


@route("GET", "/guilds/*/webhooks")
async def guild_hooks(call: Call, key: str) -> list[Json]:
    guild = call.rest.guild(key)
    call.rest.may(guild, MANAGE_WEBHOOKS)
    return [one.json() for one in call.rest.world.hooks.values() if one.channel.guild is guild]


@route("GET", "/webhooks/*", "/webhooks/*/*")
async def get_hook(call: Call, key: str, token: str | None = None) -> Json:
    return _hook(call, key, token).json()


@route("PATCH", "/webhooks/*", "/webhooks/*/*")
async def edit_hook(call: Call, key: str, token: str | None = None) -> Json:
    hook = _hook(call, key, token)
    hook.name = call.body.get("name") or hook.name
    if call.body.get("channel_id"):
        hook.channel = call.rest.channel(str(call.body["channel_id"]))
    _changed(call, hook)
    return hook.json()


@route("DELETE", "/webhooks/*", "/webhooks/*/*")
async def delete_hook(call: Call, key: str, token: str | None = None) -> None:
    hook = _hook(call, key, token)
    del call.rest.world.hooks[key]
    _changed(call, hook, Deed.WEBHOOK_DELETED)


async def executed(call: Call, key: str, token: str) -> Json | None:
    """Post under the webhook's name, or under one given for this post."""
    hook = _hook(call, key, token)
    channel = call.rest.world.channels[call.query["thread_id"]] if "thread_id" in call.query else hook.channel
    body = call.rest.sendable(call, call.body)
    message = call.rest.world.post(channel, hook.author(body.get("username")), body, hook_id=hook.id)
    return message.json() if call.query.get("wait", "").lower() in ("1", "true") else None


def written_by(rest: Rest, key: str, token: str, message: str) -> Message:
    """A message that this webhook posted."""
    hook: Hook = rest.world.hooks.get(key) or refused(10015)
    if hook.token != token:
        raise RefusedError(50027)
    found = (one for channel in rest.world.channels.values() for one in channel.messages if one.id == message)
    return next((one for one in found if one.hook_id == key), None) or refused(10008)
