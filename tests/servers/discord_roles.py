"""The routes of roles: create, change, move, delete, give and take."""

from collections import Counter

from tests.servers.discord_audit import Deed, did
from tests.servers.discord_parts import Json
from tests.servers.discord_records import MANAGE_ROLES, Guild, Role
from tests.servers.discord_rest import Call, RefusedError, refused, route


@route("GET", "/guilds/*/roles")
async def roles(call: Call, guild: str) -> list[Json]:
    return [role.json() for role in call.rest.guild(guild).roles.values()]


@route("GET", "/guilds/*/roles/member-counts")
async def member_counts(call: Call, guild: str) -> Json:
    return dict(Counter(role.id for member in call.rest.guild(guild).members.values() for role in member.roles))


@route("GET", "/guilds/*/roles/*")
async def get_role(call: Call, guild: str, key: str) -> Json:
    role: Role = call.rest.guild(guild).roles.get(key) or refused(10011)
    return role.json()


@route("POST", "/guilds/*/roles")
async def make_role(call: Call, key: str) -> Json:
    """A new role is at the bottom, above @everyone."""
    guild, body = call.rest.guild(key), call.body
    call.rest.may(guild, MANAGE_ROLES)
    allowed = int(body.get("permissions") or guild.everyone.permissions)
    _grantable(guild, allowed)
    for other in (one for one in guild.roles.values() if one is not guild.everyone):
        other.position += 1
        call.rest.world.wire.announce("GUILD_ROLE_UPDATE", {"guild_id": guild.id, "role": other.json()})
    role = Role(id=call.rest.world.snowflake(), name=body.get("name") or "new role", position=1, permissions=allowed)
    guild.roles[role.id] = role
    _dress(role, body)
    call.rest.world.wire.announce("GUILD_ROLE_CREATE", {"guild_id": guild.id, "role": role.json()})
    did(call, guild, Deed.ROLE_MADE, role.id, {"key": "name", "new_value": role.name})
    return role.json()


def _grantable(guild: Guild, allowed: int) -> None:
    """Nobody gives a permission that they lack."""
    if allowed & ~guild.bot.permissions():
        raise RefusedError(50013)


def _dress(role: Role, body: Json) -> None:
    role.name = body.get("name") or role.name
    role.hoist = body.get("hoist", role.hoist)
    role.mentionable = body.get("mentionable", role.mentionable)
    color: int | None = (body.get("colors") or {}).get("primary_color", body.get("color"))
    role.color = role.color if color is None else color


@route("PATCH", "/guilds/*/roles/*")
async def edit_role(call: Call, guild: str, key: str) -> Json:
    role, body = _below(call.rest.guild(guild), key), call.body
    if "permissions" in body:
        _grantable(call.rest.guild(guild), int(body["permissions"]) & ~role.permissions)
        role.permissions = int(body["permissions"])
    _dress(role, body)
    call.rest.world.wire.announce("GUILD_ROLE_UPDATE", {"guild_id": guild, "role": role.json()})
    did(
        call, call.rest.guild(guild), Deed.ROLE_CHANGED, key, *({"key": name, "new_value": body[name]} for name in body)
    )
    return role.json()


@route("PATCH", "/guilds/*/roles")
async def move_roles(call: Call, key: str) -> list[Json]:
    guild = call.rest.guild(key)
    for moved in call.body:
        role = _below(guild, str(moved["id"]))
        if moved["position"] >= guild.bot.top:
            raise RefusedError(50013)
        role.position = moved["position"]
        call.rest.world.wire.announce("GUILD_ROLE_UPDATE", {"guild_id": guild.id, "role": role.json()})
    return [role.json() for role in guild.roles.values()]


@route("DELETE", "/guilds/*/roles/*")
async def delete_role(call: Call, key: str, role: str) -> None:
    guild = call.rest.guild(key)
    giveable(guild, role)
    did(call, guild, Deed.ROLE_DELETED, role)
    guild.drop(guild.roles[role])


@route("PUT", "/guilds/*/members/*/roles/*")
async def grant(call: Call, guild: str, key: str, role: str) -> None:
    member, given = call.rest.member(guild, key), giveable(call.rest.guild(guild), role)
    changed = {"key": "$add", "new_value": [{"id": given.id, "name": given.name}]}
    if given not in member.roles:
        did(call, member.guild, Deed.MEMBER_ROLES_CHANGED, member.id, changed)
    member.guild.assign(member, given, on=True)


@route("DELETE", "/guilds/*/members/*/roles/*")
async def take(call: Call, guild: str, key: str, role: str) -> None:
    member, given = call.rest.member(guild, key), giveable(call.rest.guild(guild), role)
    changed = {"key": "$remove", "new_value": [{"id": given.id, "name": given.name}]}
    if given in member.roles:
        did(call, member.guild, Deed.MEMBER_ROLES_CHANGED, member.id, changed)
    member.guild.assign(member, given, on=False)


def giveable(guild: Guild, key: str) -> Role:
    role = _below(guild, key)
    if role.managed:
        raise RefusedError(50013)
    return role


def _below(guild: Guild, key: str) -> Role:
    role: Role = guild.roles.get(key) or refused(10011)
    if role.position >= guild.bot.top or not guild.bot.permissions() & MANAGE_ROLES:
        raise RefusedError(50013)
    return role
