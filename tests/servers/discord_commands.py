"""The routes of registered commands: list, overwrite all, add, change and delete one by one."""

from tests.servers.discord_parts import Json
from tests.servers.discord_rest import Call, Created, refused, route


@route("GET", "/applications/*/commands")
async def global_commands(call: Call, _application: str) -> list[Json]:
    return call.rest.interactions.commands.get("", [])


@route("PUT", "/applications/*/commands")
async def sync_global_commands(call: Call, _application: str) -> list[Json]:
    return call.rest.interactions.register("", call.body)


@route("GET", "/applications/*/guilds/*/commands")
async def guild_commands(call: Call, _application: str, guild: str) -> list[Json]:
    return call.rest.interactions.commands.get(call.rest.guild(guild).id, [])


@route("PUT", "/applications/*/guilds/*/commands")
async def sync_guild_commands(call: Call, _application: str, guild: str) -> list[Json]:
    return call.rest.interactions.register(call.rest.guild(guild).id, call.body)


@route("POST", "/applications/*/commands")
async def add_command(call: Call, _application: str) -> Created:
    """A command with a known name replaces the old one."""
    kept = [one for one in call.rest.interactions.commands.get("", []) if one["name"] != call.body["name"]]
    return Created(call.rest.interactions.register("", [*kept, call.body])[-1])


def _registered(call: Call, key: str) -> Json:
    found = (one for one in call.rest.interactions.commands.get("", []) if one["id"] == key)
    return next(found, None) or refused(10063)


@route("GET", "/applications/*/commands/*")
async def get_command(call: Call, _application: str, key: str) -> Json:
    return _registered(call, key)


@route("PATCH", "/applications/*/commands/*")
async def edit_command(call: Call, _application: str, key: str) -> Json:
    old = _registered(call, key)
    others = [one for one in call.rest.interactions.commands[""] if one["id"] != key]
    return call.rest.interactions.register("", [*others, old | call.body])[-1]


@route("DELETE", "/applications/*/commands/*")
async def delete_command(call: Call, _application: str, key: str) -> None:
    call.rest.interactions.commands[""].remove(_registered(call, key))
