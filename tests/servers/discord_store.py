"""What the application sells on Discord: SKUs and entitlements; discord_sales has the routes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.servers.discord_parts import Json
from tests.servers.discord_records import User
from tests.servers.discord_world import World

DURABLE, CONSUMABLE, SUBSCRIPTION = 2, 3, 5
BOUGHT, SUBSCRIBED = 1, 8
MONTH = timedelta(days=30)


@dataclass(slots=True, kw_only=True, eq=False)
class Sku:
    id: str
    name: str
    kind: int

    def json(self, application: str) -> Json:
        slug = self.name.lower().replace(" ", "-")
        return {
            "id": self.id,
            "type": self.kind,
            "application_id": application,
            "name": self.name,
            "slug": slug,
            "flags": 1 << 2 | (1 << 8 if self.kind == SUBSCRIPTION else 0),
        }


@dataclass(slots=True, kw_only=True, eq=False)
class Entitlement:
    id: str
    sku: Sku
    user: User | None
    guild_id: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_trial: bool = False
    is_consumed: bool = False
    is_deleted: bool = False

    def json(self, application: str) -> Json:
        kind = SUBSCRIBED if self.sku.kind == SUBSCRIPTION else BOUGHT
        data: Json = {"id": self.id, "sku_id": self.sku.id, "application_id": application, "type": kind}
        data |= {"deleted": self.is_deleted, "consumed": self.is_consumed}
        data |= {"user_id": self.user.id if self.user else "0"} | ({"guild_id": self.guild_id} if self.guild_id else {})
        starts, ends = (moment.isoformat() if moment else None for moment in (self.starts_at, self.ends_at))
        return data | {"starts_at": starts, "ends_at": ends}


@dataclass(slots=True)
class Store:
    """The items and the books, with the events that the gateway sends about them."""

    world: World
    skus: dict[str, Sku] = field(default_factory=dict)
    entitlements: dict[str, Entitlement] = field(default_factory=dict)

    def sells(self, name: str, kind: int = SUBSCRIPTION) -> Sku:
        sku = Sku(id=self.world.snowflake(), name=name, kind=kind)
        return self.skus.setdefault(sku.id, sku)

    async def buys(self, user: User, sku: Sku) -> Entitlement:
        """Let a member pay; a subscription has no end until it is cancelled."""
        return await self._told("CREATE", self.grant(sku, user=user, starts_at=self.world.clock()))

    async def cancels(self, entitlement: Entitlement) -> None:
        """The paid period still runs to its end."""
        entitlement.ends_at = self.world.clock() + MONTH
        await self._told("UPDATE", entitlement)

    async def refunds(self, entitlement: Entitlement) -> None:
        entitlement.is_deleted = True
        await self._told("DELETE", entitlement)

    def grant(self, sku: Sku, *, user: User | None, **facts: datetime | str | bool | None) -> Entitlement:
        made = Entitlement(id=self.world.snowflake(), sku=sku, user=user, **facts)  # type: ignore[arg-type]  # the fields are the entitlement's own
        return self.entitlements.setdefault(made.id, made)

    async def _told(self, what: str, entitlement: Entitlement) -> Entitlement:
        self.announce(what, entitlement)
        await self.world.wire.flush()
        return entitlement

    def announce(self, what: str, entitlement: Entitlement) -> None:
        self.world.wire.announce(f"ENTITLEMENT_{what}", entitlement.json(self.world.bot.id))
