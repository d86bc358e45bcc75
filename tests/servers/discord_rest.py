"""How a request to Discord's HTTP API is matched, checked and refused; other files have the routes."""

import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.servers.discord_interactions import Answer, Interactions
from tests.servers.discord_parts import Json
from tests.servers.discord_records import VIEW_CHANNEL, Channel, Guild, Member, Message
from tests.servers.discord_store import Store
from tests.servers.discord_world import World

REFUSALS: dict[int, tuple[int, str]] = {
    0: (404, "404: Not Found"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10006: (404, "Unknown Invite"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10009: (404, "Unknown Overwrite"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (404, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10026: (404, "Unknown Ban"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    10070: (404, "Unknown Guild Scheduled Event"),
    10124: (404, "Unknown Entitlement"),
    30003: (400, "Maximum number of pins reached"),
    30007: (400, "Maximum number of webhooks reached"),
    40001: (401, "401: Unauthorized"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50016: (400, "Provided too few or too many messages to delete. Must provide at least 2 and at most 100 messages."),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50034: (400, "A message provided was too old to bulk delete"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    160004: (400, "A thread has already been created for this message"),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    180000: (400, "Cannot update a finished event"),
    500000: (400, "Failed to ban users"),
    520001: (400, "Poll expired"),
}


class RefusedError(Exception):
    """Discord's refusal: an error code, with its status and words."""

    def __init__(self, code: int, *, errors: Json | None = None) -> None:
        self.status, message = REFUSALS[code]
        self.body: Json = {"code": code, "message": message} | ({"errors": errors} if errors else {})
        super().__init__(message)


class Created(NamedTuple):
    """An answer of status 201."""

    body: Json


@dataclass(slots=True, kw_only=True)
class Call:
    """One request, taken apart."""

    rest: "Rest"
    method: str
    path: str
    query: Mapping[str, str]
    body: Any = None
    files: list[tuple[str, bytes, str]] = field(default_factory=list)
    #: the reason, for the audit log
    reason: str | None = None


@dataclass(slots=True, kw_only=True)
class Rest:
    """What the requests are answered from."""

    world: World
    interactions: Interactions
    store: Store
    gateway_url: str = ""
    reads_content: bool = True
    #: the privileged intents enabled for the application
    intents: int = 0

    def channel(self, key: str) -> Channel:
        channel = self.world.channels.get(key) or refused(10003)
        if channel.guild and not channel.guild.has_bot:
            raise RefusedError(50001)
        if channel.guild and not channel.guild.bot.permissions(channel) & VIEW_CHANNEL:
            raise RefusedError(50001)
        return channel

    def message(self, channel: str, key: str) -> Message:
        found = self.channel(channel).message(key)
        return found if found and not found.only_for else refused(10008)

    def guild(self, key: str) -> Guild:
        return self.world.guilds.get(key) or refused(10004)

    def member(self, guild: str, key: str) -> Member:
        return self.guild(guild).members.get(key) or refused(10007)

    def allow(self, channel: Channel, permission: int) -> None:
        if channel.guild and not channel.guild.bot.permissions(channel) & permission:
            raise RefusedError(50013)

    def may(self, guild: Guild, permission: int) -> None:
        if not guild.bot.permissions() & permission:
            raise RefusedError(50013)

    def answer(self, token: str) -> Answer:
        answer = self.interactions.answers.get(token) or refused(10015)
        if answer.expired(self.world.clock()):
            raise RefusedError(50027)
        return answer

    def written(self, call: Call, body: Json | None) -> Json:
        """A message body, checked as Discord checks it, with its uploaded files attached."""
        whole = dict(body or {})
        if len(whole.get("content") or "") > 2000:
            fault = {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."}
            raise RefusedError(50035, errors={"content": {"_errors": [fault]}})
        if call.files:
            made = [self.world.attachment(*each) for each in call.files]
            whole["attachments"] = [*(one for one in whole.get("attachments", ()) if "url" in one), *made]
        return whole

    def sendable(self, call: Call, body: Json | None) -> Json:
        whole = self.written(call, body)
        if not any(whole.get(key) for key in ("content", "embeds", "components", "attachments", "poll")):
            raise RefusedError(50006)
        return whole


def refused(code: int) -> Any:
    raise RefusedError(code)


Handler = Callable[..., Coroutine[Any, Any, Json | list[Json] | Created | None]]
ROUTES: list[tuple[str, re.Pattern[str], Handler]] = []


def route(method: str, *paths: str) -> Callable[[Handler], Handler]:
    """Serve a path; each `*` in it is passed to the handler."""

    def keep(handler: Handler) -> Handler:
        ROUTES.extend((method, re.compile(re.escape(path).replace(r"\*", "([^/]+)")), handler) for path in paths)
        ROUTES.sort(key=lambda one: one[1].groups)  # a more specific path is tried first
        return handler

    return keep


def served(method: str, path: str) -> tuple[Handler, tuple[str, ...]] | None:
    for verb, shape, handler in ROUTES:
        if verb == method and (found := shape.fullmatch(path)):
            return handler, found.groups()
    return None
