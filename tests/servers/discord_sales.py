"""The routes that list what the application sells, grant a trial of it, and use it up."""

from tests.servers.discord_parts import Json
from tests.servers.discord_rest import Call, RefusedError, refused, route
from tests.servers.discord_store import CONSUMABLE, Entitlement


@route("GET", "/applications/*/skus")
async def skus(call: Call, application: str) -> list[Json]:
    return [one.json(application) for one in call.rest.store.skus.values()]


@route("GET", "/applications/*/entitlements")
async def entitlements(call: Call, application: str) -> list[Json]:
    """Deleted ones are listed only on request, ended ones always."""
    limit = int(call.query.get("limit", 100))
    after, before = int(call.query.get("after", 0)), int(call.query.get("before", 1 << 63))
    found = [one for one in call.rest.store.entitlements.values() if _wanted(call, one)]
    page = [one for one in found if after < int(one.id) < before]
    page = page[-limit:] if "before" in call.query else page[:limit]
    return [one.json(application) for one in page]


def _wanted(call: Call, one: Entitlement) -> bool:
    def asks(name: str, *, otherwise: bool) -> bool:
        return call.query.get(name, str(otherwise)).lower() in ("1", "true")

    skus, user = call.query.get("sku_ids"), one.user.id if one.user else "0"
    ended = one.ends_at is not None and one.ends_at <= call.rest.world.clock()
    return (
        not (one.is_deleted and asks("exclude_deleted", otherwise=True))
        and not (ended and asks("exclude_ended", otherwise=False))
        and call.query.get("user_id", user) == user
        and call.query.get("guild_id", one.guild_id) == one.guild_id
        and (not skus or one.sku.id in skus.split(","))
    )


def _found(call: Call, key: str) -> Entitlement:
    return call.rest.store.entitlements.get(key) or refused(10124)


@route("GET", "/applications/*/entitlements/*")
async def get_entitlement(call: Call, application: str, key: str) -> Json:
    return _found(call, key).json(application)


@route("POST", "/applications/*/entitlements")
async def grant_test(call: Call, application: str) -> Json:
    """A test entitlement has neither begin nor end."""
    body, store = call.body, call.rest.store
    sku = store.skus.get(str(body["sku_id"])) or refused(50035)
    is_guild, owner = body["owner_type"] == 1, str(body["owner_id"])
    user = None if is_guild else call.rest.world.users.get(owner) or refused(10013)
    made = store.grant(sku, user=user, is_trial=True, guild_id=owner if is_guild else None)
    store.announce("CREATE", made)
    return made.json(application)


@route("DELETE", "/applications/*/entitlements/*")
async def delete_test(call: Call, _application: str, key: str) -> None:
    entitlement = _found(call, key)
    if not entitlement.is_trial:
        raise RefusedError(50001)
    del call.rest.store.entitlements[key]
    entitlement.is_deleted = True
    call.rest.store.announce("DELETE", entitlement)


@route("POST", "/applications/*/entitlements/*/consume")
async def consume(call: Call, _application: str, key: str) -> None:
    entitlement = _found(call, key)
    if entitlement.sku.kind != CONSUMABLE:
        raise RefusedError(50035)
    entitlement.is_consumed = True
    call.rest.store.announce("UPDATE", entitlement)
