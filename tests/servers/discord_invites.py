"""Invites: which users may use them, with which roles, and the routes that create, list, limit and delete them."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.servers.discord_audit import Deed, did
from tests.servers.discord_parts import Json
from tests.servers.discord_records import CREATE_INVITE, MANAGE_CHANNELS, MANAGE_GUILD, Channel, Guild, Role, User
from tests.servers.discord_rest import Call, RefusedError, refused, route
from tests.servers.discord_roles import giveable

A_DAY = 24 * 3600
PROCESSING, COMPLETED, FAILED = 1, 2, 3


@dataclass(slots=True, kw_only=True, eq=False)
class Aim:
    """The job that reads the list of allowed users; it is done at the second look."""

    users: list[str]
    created_at: datetime
    fault: str = ""
    looks: int = 0

    def json(self) -> Json:
        done = self.looks > 1
        return {
            "status": (FAILED if self.fault else COMPLETED) if done else PROCESSING,
            "total_users": len(self.users),
            "processed_users": len(self.users) if done and not self.fault else 0,
            "created_at": self.created_at.isoformat(),
            "completed_at": self.created_at.isoformat() if done and not self.fault else None,
            "error_message": (self.fault or None) if done else None,
        }


@dataclass(slots=True, kw_only=True, eq=False)
class Invite:
    code: str
    channel: Channel
    guild: Guild
    inviter: User
    created_at: datetime
    max_age: int = A_DAY
    max_uses: int = 0
    temporary: bool = False
    uses: int = 0
    roles: list[Role] = field(default_factory=list)
    aim: Aim | None = None

    @property
    def expires_at(self) -> datetime | None:
        return self.created_at + timedelta(seconds=self.max_age) if self.max_age else None

    def admits(self, user: User, now: datetime) -> bool:
        over = self.expires_at is not None and self.expires_at <= now
        full = 0 < self.max_uses <= self.uses
        return not (over or full) and (self.aim is None or (not self.aim.fault and user.id in self.aim.users))

    def json(self) -> Json:
        whole = self.guild.json()
        names = ("id", "name", "splash", "banner", "description", "icon", "features", "verification_level")
        more = ("vanity_url_code", "nsfw_level", "nsfw", "premium_subscription_count")
        shown = ("id", "name", "position", "color", "colors", "icon", "unicode_emoji")
        return {
            "type": 0,
            "guild": {name: whole[name] for name in (*names, *more)},
            "channel": {"id": self.channel.id, "type": self.channel.kind, "name": self.channel.name},
            "flags": 0,
            "roles": [{name: role.json()[name] for name in shown} for role in self.roles],
            **self._terms(),
        }

    def event(self) -> Json:
        """The invite as the gateway tells it."""
        return self._terms() | {"channel_id": self.channel.id, "role_ids": [role.id for role in self.roles]}

    def _terms(self) -> Json:
        return {
            "code": self.code,
            "guild_id": self.guild.id,
            "inviter": self.inviter.json(),
            "created_at": self.created_at.isoformat(),
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "max_age": self.max_age,
            "max_uses": self.max_uses,
            "temporary": self.temporary,
            "uses": self.uses,
        }


@route("POST", "/channels/*/invites")
async def make_invite(call: Call, key: str) -> Json:
    channel, body = call.rest.channel(key), call.body or {}
    call.rest.allow(channel, CREATE_INVITE)
    guild: Guild = channel.guild or refused(50001)
    terms = {name: body[name] for name in ("max_age", "max_uses", "temporary") if body.get(name) is not None}
    invite = Invite(
        code=secrets.token_urlsafe(6),
        channel=channel,
        guild=guild,
        inviter=call.rest.world.bot,
        created_at=call.rest.world.clock(),
        roles=[giveable(guild, str(one)) for one in body.get("role_ids") or ()],
        aim=_aimed(call),
        **terms,
    )
    call.rest.world.invites[invite.code] = invite
    call.rest.world.wire.announce("INVITE_CREATE", invite.event())
    did(call, guild, Deed.INVITE_MADE, None, {"key": "code", "new_value": invite.code})
    return invite.json()


def _aimed(call: Call) -> Aim | None:
    """Read the file of user ids sent with the request, one a line."""
    if not call.files:
        return None
    lines = [line.strip().strip('"') for line in call.files[0][1].decode().splitlines()]
    users = [line for line in lines if line and line.lower() != "users"]
    unknown = next((one for one in users if one not in call.rest.world.users), "")
    fault = f"Unknown user {unknown}" if unknown else ""
    return Aim(users=users, created_at=call.rest.world.clock(), fault=fault)


def _invite(call: Call, code: str) -> Invite:
    invite: Invite = call.rest.world.invites.get(code) or refused(10006)
    if invite.expires_at and invite.expires_at <= call.rest.world.clock():
        raise RefusedError(10006)
    return invite


@route("GET", "/invites/*")
async def get_invite(call: Call, code: str) -> Json:
    shown = _invite(call, code).json()
    if call.query.get("with_counts", "").lower() not in ("1", "true"):
        return shown
    members = _invite(call, code).guild.members
    return shown | {"approximate_member_count": len(members), "approximate_presence_count": 1}


@route("DELETE", "/invites/*")
async def delete_invite(call: Call, code: str) -> Json:
    invite = _invite(call, code)
    call.rest.allow(invite.channel, MANAGE_CHANNELS | MANAGE_GUILD)
    del call.rest.world.invites[code]
    gone = {"channel_id": invite.channel.id, "guild_id": invite.guild.id, "code": code}
    call.rest.world.wire.announce("INVITE_DELETE", gone)
    did(call, invite.guild, Deed.INVITE_DELETED, None, {"key": "code", "old_value": code})
    return invite.json()


@route("GET", "/guilds/*/invites")
async def guild_invites(call: Call, key: str) -> list[Json]:
    guild = call.rest.guild(key)
    call.rest.may(guild, MANAGE_GUILD)
    return [one.json() for one in call.rest.world.invites.values() if one.guild is guild]


@route("GET", "/channels/*/invites")
async def channel_invites(call: Call, key: str) -> list[Json]:
    channel = call.rest.channel(key)
    call.rest.allow(channel, MANAGE_CHANNELS)
    return [one.json() for one in call.rest.world.invites.values() if one.channel is channel]


@route("PUT", "/invites/*/target-users")
async def aim_invite(call: Call, code: str) -> None:
    invite = _invite(call, code)
    invite.aim = _aimed(call) or refused(50035)


@route("GET", "/invites/*/target-users/job-status")
async def aim_status(call: Call, code: str) -> Any:
    aim = _invite(call, code).aim
    if aim is None:
        raise RefusedError(10006)
    aim.looks += 1
    return aim.json()
