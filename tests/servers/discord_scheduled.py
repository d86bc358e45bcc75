"""Scheduled events: plans, interested users, and the routes that plan, change and cancel them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.servers.discord_audit import Deed, did
from tests.servers.discord_parts import Json
from tests.servers.discord_records import CREATE_EVENTS, MANAGE_EVENTS, Channel, Guild, User
from tests.servers.discord_rest import Call, RefusedError, refused, route

STAGE, VOICE, EXTERNAL = 1, 2, 3
PLANNED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4
#: The statuses that may follow each status.
NEXT = {PLANNED: (PLANNED, ACTIVE, CANCELED), ACTIVE: (ACTIVE, COMPLETED), COMPLETED: (), CANCELED: ()}


@dataclass(slots=True, kw_only=True, eq=False)
class Scheduled:
    id: str
    guild: Guild
    creator: User
    name: str
    starts_at: datetime
    kind: int
    ends_at: datetime | None = None
    description: str | None = None
    channel: Channel | None = None
    location: str = ""
    status: int = PLANNED
    interested: list[User] = field(default_factory=list)

    def json(self) -> Json:
        return {
            "id": self.id,
            "guild_id": self.guild.id,
            "name": self.name,
            "description": self.description,
            "channel_id": self.channel.id if self.channel else None,
            "creator_id": self.creator.id,
            "creator": self.creator.json(),
            "image": None,
            "scheduled_start_time": self.starts_at.isoformat(),
            "scheduled_end_time": self.ends_at.isoformat() if self.ends_at else None,
            "status": self.status,
            "entity_type": self.kind,
            "entity_id": None,
            "entity_metadata": {"location": self.location} if self.kind == EXTERNAL else None,
            "recurrence_rule": None,
            "privacy_level": 2,
            "user_count": len(self.interested),
            "guild_scheduled_event_exceptions": [],
        }


@route("GET", "/guilds/*/scheduled-events")
async def list_scheduled(call: Call, key: str) -> list[Json]:
    return [one.json() for one in call.rest.guild(key).scheduled.values()]


@route("POST", "/guilds/*/scheduled-events")
async def schedule(call: Call, key: str) -> Json:
    guild, body = call.rest.guild(key), call.body
    call.rest.may(guild, CREATE_EVENTS)
    made = Scheduled(
        id=call.rest.world.snowflake(),
        guild=guild,
        creator=call.rest.world.bot,
        name=body["name"],
        starts_at=_moment(body["scheduled_start_time"]),
        kind=body["entity_type"],
    )
    _fill(call, made, body)
    guild.scheduled[made.id] = made
    call.rest.world.wire.announce("GUILD_SCHEDULED_EVENT_CREATE", made.json())
    did(call, guild, Deed.EVENT_MADE, made.id)
    return made.json()


def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said).astimezone(UTC)


def _fill(call: Call, event: Scheduled, body: Json) -> None:
    """Take the bot's fields, and refuse a combination that does not fit."""
    event.name, event.description = body.get("name", event.name), body.get("description", event.description)
    event.kind = body.get("entity_type", event.kind)
    if "scheduled_start_time" in body:
        event.starts_at = _moment(body["scheduled_start_time"])
    if body.get("scheduled_end_time"):
        event.ends_at = _moment(body["scheduled_end_time"])
    if body.get("channel_id"):
        event.channel = call.rest.channel(str(body["channel_id"]))
    if "status" in body:
        _turn(event, body["status"])
    event.location = (body.get("entity_metadata") or {}).get("location", event.location)
    placed = bool(event.location and event.ends_at) if event.kind == EXTERNAL else event.channel is not None
    late = event.status == PLANNED and event.starts_at <= call.rest.world.clock()
    if not placed or late or (event.ends_at and event.ends_at <= event.starts_at):
        raise RefusedError(50035)


def _turn(event: Scheduled, status: int) -> None:
    if status not in NEXT[event.status]:
        raise RefusedError(180000)
    event.status = status


def _event(call: Call, guild: str, key: str) -> Scheduled:
    return call.rest.guild(guild).scheduled.get(key) or refused(10070)


@route("GET", "/guilds/*/scheduled-events/*")
async def get_scheduled(call: Call, guild: str, key: str) -> Json:
    return _event(call, guild, key).json()


@route("PATCH", "/guilds/*/scheduled-events/*")
async def edit_scheduled(call: Call, guild: str, key: str) -> Json:
    event = _event(call, guild, key)
    if event.creator is not call.rest.world.bot:
        call.rest.may(event.guild, MANAGE_EVENTS)
    _fill(call, event, call.body)
    call.rest.world.wire.announce("GUILD_SCHEDULED_EVENT_UPDATE", event.json())
    did(call, event.guild, Deed.EVENT_CHANGED, event.id)
    return event.json()


@route("DELETE", "/guilds/*/scheduled-events/*")
async def delete_scheduled(call: Call, guild: str, key: str) -> None:
    event = _event(call, guild, key)
    if event.creator is not call.rest.world.bot:
        call.rest.may(event.guild, MANAGE_EVENTS)
    del event.guild.scheduled[key]
    call.rest.world.wire.announce("GUILD_SCHEDULED_EVENT_DELETE", event.json())
    did(call, event.guild, Deed.EVENT_DELETED, event.id)


@route("GET", "/guilds/*/scheduled-events/*/users")
async def interested(call: Call, guild: str, key: str) -> list[Json]:
    event = _event(call, guild, key)
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 100))
    before = int(call.query.get("before", 1 << 63))
    shown = sorted((one for one in event.interested if after < int(one.id) < before), key=lambda one: int(one.id))
    facts = {"guild_scheduled_event_id": event.id, "response": 1}
    return [facts | {"user_id": one.id, "user": one.json()} for one in shown[:limit]]


def interest(event: Scheduled, user: User, *, on: bool) -> None:
    """Let a user say that they will come, or take it back."""
    if (user in event.interested) != on:
        (event.interested.append if on else event.interested.remove)(user)
        told = {"guild_scheduled_event_id": event.id, "user_id": user.id, "guild_id": event.guild.id}
        event.guild.world.wire.announce(f"GUILD_SCHEDULED_EVENT_USER_{'ADD' if on else 'REMOVE'}", told)
