"""Members' commands and presses, and the bot's answers; members can do only what Discord's client would offer."""

import asyncio
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from tests.servers.discord_parts import Json, flat
from tests.servers.discord_records import ADMINISTRATOR, Channel, Member, Message, Role, User
from tests.servers.discord_world import World

IN_TIME = 3.0
TOKEN_LIFE = timedelta(minutes=15)
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE = range(1, 12)
BUTTON, LINK = 2, 5
COMMAND, COMPONENT, SUGGESTIONS, MODAL = 2, 3, 4, 5


class First(IntEnum):
    """The first responses that a bot may give."""

    REPLY = 4
    PROMISED_REPLY = 5
    PROMISED_UPDATE = 6
    UPDATE = 7
    SUGGEST = 8
    MODAL = 9


class NotOfferedError(LookupError):
    """Discord's client would not let a member do this."""


@dataclass(slots=True, kw_only=True, frozen=True)
class File:
    """A file a member attaches."""

    filename: str
    content: bytes
    content_type: str = "image/png"


@dataclass(slots=True, kw_only=True, eq=False)
class Answer:
    """All that the bot did about one interaction."""

    id: str
    token: str
    kind: int
    member: Member
    channel: Channel
    asked_at: datetime
    #: The message whose component was pressed.
    source: Message | None = None
    #: The answer that opened the submitted modal.
    opener: "Answer | None" = None
    #: The type of the first response; 0 while there is none.
    response: int = 0
    message: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)
    #: How often the bot acted on it after its first response.
    acts: int = 0
    began: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def failed(self) -> bool:
        """Whether the member reads "This interaction failed": no response came within three seconds."""
        return not self.response and asyncio.get_running_loop().time() - self.began > IN_TIME

    @property
    def deferred(self) -> bool:
        return self.response in (First.PROMISED_REPLY, First.PROMISED_UPDATE)

    @property
    def finished(self) -> bool:
        """Whether nothing promised is still missing."""
        if self.response == First.PROMISED_UPDATE:
            return self.acts > 0
        return bool(self.response) and not (self.message and self.message.loading)

    @property
    def messages(self) -> list[Message]:
        return [*([self.message] if self.message else []), *self.followups]

    @property
    def ephemeral(self) -> bool:
        return any(message.ephemeral for message in self.messages[:1])

    @property
    def content(self) -> str:
        return self.message.content if self.message else ""

    @property
    def embeds(self) -> list[Json]:
        return self.message.embeds if self.message else []

    @property
    def components(self) -> list[Json]:
        return self.message.components if self.message else []

    @property
    def text(self) -> str:
        """All words of the answer and its follow-ups."""
        return "\n".join(message.text for message in self.messages)

    async def done(self, timeout: float = 10) -> "Answer":
        """Wait for the final answer; a bot that stays silent for three seconds has failed."""
        async with asyncio.timeout(timeout):
            while not self.finished and not self.failed:
                self.changed.clear()
                silence = None if self.response else self.began + IN_TIME + 0.01 - asyncio.get_running_loop().time()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.changed.wait(), silence)
        return self

    def expired(self, now: datetime) -> bool:
        return now - self.asked_at > TOKEN_LIFE

    def json(self) -> Json:
        """The interaction part of the response to its callback."""
        data: Json = {"id": self.id, "type": self.kind, "channel_id": self.channel.id} | self.channel.guild_key
        if self.message:
            data |= {"response_message_id": self.message.id, "response_message_loading": self.message.loading}
            data["response_message_ephemeral"] = self.message.ephemeral
        return data


@dataclass(slots=True)
class Interactions:
    """The commands that the bot registered, and the interactions of members."""

    world: World
    commands: dict[str, list[Json]] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    syncs: int = 0
    #: what Discord leaves out of the next interactions
    leaves_out: set[str] = field(default_factory=set)

    def register(self, scope: str, commands: Iterable[Json]) -> list[Json]:
        """Overwrite the commands of one guild, or all guilds (scope ""); known names keep their ids."""
        self.syncs += 1
        known = {(command["type"], command["name"]): command["id"] for command in self.commands.get(scope, ())}
        self.commands[scope] = [self._registered(scope, command, known) for command in commands]
        return self.commands[scope]

    def _registered(self, scope: str, command: Json, known: Mapping[tuple[int, str], str]) -> Json:
        kind = command.get("type") or 1
        permissions = command.get("default_member_permissions")
        return {
            "description": "",
            "nsfw": False,
            **{key: said for key, said in command.items() if said is not None and key not in ("id", "dm_permission")},
            "type": kind,
            "id": known.get((kind, command["name"]), self.world.snowflake()),
            "application_id": self.world.bot.id,
            "version": self.world.snowflake(),
            "default_member_permissions": None if permissions is None else str(permissions),
        } | ({"guild_id": scope} if scope else {})

    async def ask(
        self,
        kind: int,
        member: Member,
        channel: Channel,
        data: Json,
        *,
        opener: Answer | None = None,
        source: Message | None = None,
    ) -> Answer:
        """Send an interaction to the connected clients."""
        world = self.world
        answer = Answer(
            id=world.snowflake(),
            token=secrets.token_hex(16),
            kind=kind,
            member=member,
            channel=channel,
            asked_at=world.clock(),
            source=source,
            opener=opener,
        )
        self.answers[answer.token] = answer
        payload = self._payload(answer, data)
        told = {key: value for key, value in payload.items() if key not in self.leaves_out}
        world.wire.announce("INTERACTION_CREATE", told, kept=False)
        await world.wire.flush()
        return answer

    def _payload(self, answer: Answer, data: Json) -> Json:
        member, channel, guild = answer.member, answer.channel, answer.channel.guild
        payload: Json = {
            "id": answer.id,
            "application_id": self.world.bot.id,
            "type": answer.kind,
            "token": answer.token,
            "version": 1,
            "data": data,
            "channel": channel.json() | {"permissions": str(member.permissions(channel))},
            "channel_id": channel.id,
            "locale": member.user.locale,
            "entitlements": [],
            "attachment_size_limit": 10_485_760,
            "app_permissions": str(member.guild.bot.permissions(channel)),
        }
        if answer.source:
            payload["message"] = answer.source.json()
        if guild is None:
            return payload | {"user": member.user.json(), "authorizing_integration_owners": {"0": "0"}}
        return payload | {
            "guild_id": guild.id,
            "guild": {"id": guild.id, "preferred_locale": guild.locale, "features": []},
            "guild_locale": guild.locale,
            "member": member.json() | {"permissions": str(member.permissions(channel))},
            "authorizing_integration_owners": {"0": guild.id},
        }

    def command(self, member: Member, channel: Channel, name: str, kind: int = 1) -> Json:
        """Find a registered command offered to this member here; a guild's own come before global ones."""
        scopes = [channel.guild.id, ""] if channel.guild else [""]
        offered = [command for scope in scopes for command in self.commands.get(scope, ()) if command["type"] == kind]
        found = next((command for command in offered if command["name"] == name), None)
        if found is None:
            raise NotOfferedError(f"no command {name!r}; offered: {sorted(one['name'] for one in offered)}")
        needed, held = int(found["default_member_permissions"] or 0), member.permissions(channel)
        if channel.guild and needed & ~held and not held & ADMINISTRATOR:
            raise NotOfferedError(f"{name!r} is hidden from {member.name}")
        contexts = found.get("contexts") or [0, 1, 2]
        if (0 if channel.guild else 1) not in contexts:
            raise NotOfferedError(f"{name!r} is not offered here")
        return found

    def line(
        self, member: Member, channel: Channel, path: str, given: Mapping[str, Any], *, focused: str | None = None
    ) -> Json:
        """Build a command's data from what the member filled in, as the client builds it from the registration."""
        first, *rest = path.split()
        command = self.command(member, channel, first)
        resolved = Resolved(self.world, member)
        leaf = command
        for name in rest:
            below = [one for one in leaf.get("options", ()) if one["type"] in (SUBCOMMAND, GROUP)]
            leaf = chosen(below, name, f"subcommand of {leaf['name']!r}")
        if any(one["type"] in (SUBCOMMAND, GROUP) for one in leaf.get("options", ())):
            raise NotOfferedError(f"{path!r} needs a subcommand")
        options = list(filled(leaf.get("options", ()), given, resolved, focused))
        for depth in range(len(rest), 0, -1):
            inner_kind = SUBCOMMAND if depth == len(rest) else GROUP
            options = [{"type": inner_kind, "name": rest[depth - 1], "options": options}]
        data: Json = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
        return data | resolved.json() | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})

    def target(self, member: Member, channel: Channel, name: str, target: Member | Message) -> Json:
        """Build a context menu command's data."""
        command = self.command(member, channel, name, kind=3 if isinstance(target, Message) else 2)
        resolved = Resolved(self.world, member)
        key = resolved.add(target)
        return {"id": command["id"], "name": name, "type": command["type"], "target_id": key} | resolved.json()


class Resolved:
    """The users, roles, channels and files that an interaction names."""

    def __init__(self, world: World, member: Member) -> None:
        self._world, self._member = world, member
        self._found: dict[str, dict[str, Json]] = {}

    def json(self) -> Json:
        return {"resolved": self._found} if self._found else {}

    def add(self, thing: Any) -> str:
        if isinstance(thing, File):
            made = self._world.attachment(thing.filename, thing.content, thing.content_type)
            return self._keep("attachments", made["id"], made | {"ephemeral": True})
        if isinstance(thing, Member | User):
            inside = self._member.guild.members.get(thing.id)
            if inside:
                facts = {key: value for key, value in inside.json(user=False).items() if key not in ("deaf", "mute")}
                whole = facts | {"permissions": str(inside.permissions()), "deaf": False, "mute": False}
                self._keep("members", thing.id, whole)
            return self._keep("users", thing.id, (thing.user if isinstance(thing, Member) else thing).json())
        if isinstance(thing, Channel):
            return self._keep(
                "channels", thing.id, thing.json() | {"permissions": str(self._member.permissions(thing))}
            )
        if isinstance(thing, Role):
            return self._keep("roles", thing.id, thing.json())
        if isinstance(thing, Message):
            return self._keep("messages", thing.id, thing.json())
        raise NotOfferedError(f"{thing!r} is nothing a member can pick")

    def _keep(self, shelf: str, key: str, data: Json) -> str:
        self._found.setdefault(shelf, {})[key] = data
        return key


PICKED: dict[int, tuple[type, ...]] = {
    USER: (Member, User),
    CHANNEL: (Channel,),
    ROLE: (Role,),
    MENTIONABLE: (Member, User, Role),
    FILE: (File,),
}


def chosen(options: Iterable[Json], name: str, what: str) -> Json:
    options = list(options)
    found = next((option for option in options if option["name"] == name), None)
    if found is None:
        raise NotOfferedError(f"{name!r} is no {what}; there are {[one['name'] for one in options]}")
    return found


def filled(
    options: Sequence[Json], given: Mapping[str, Any], resolved: Resolved, focused: str | None
) -> Iterator[Json]:
    """Yield each option the member filled in; refuse what the client would refuse."""
    for name in given:
        chosen(options, name, "option")
    for option in options:
        name, kind = option["name"], option["type"]
        if name == focused:
            if not option.get("autocomplete"):
                raise NotOfferedError(f"{name!r} suggests nothing")
            yield {"type": kind, "name": name, "value": str(given[name]), "focused": True}
        elif name in given:
            yield {"type": kind, "name": name, "value": value(option, given[name], resolved)}
        elif option.get("required") and focused is None:
            raise NotOfferedError(f"{name!r} must be filled in")


def value(option: Json, said: Any, resolved: Resolved) -> Any:
    kind = option["type"]
    if kind in PICKED:
        if not isinstance(said, PICKED[kind]):
            raise NotOfferedError(f"{option['name']!r} cannot be {said!r}")
        return resolved.add(said)
    if choices := option.get("choices"):
        picked = next((one["value"] for one in choices if said in (one["name"], one["value"])), None)
        if picked is None:
            raise NotOfferedError(f"{said!r} is no choice of {option['name']!r}: {[one['name'] for one in choices]}")
        return picked
    wanted: tuple[type, ...] = {STRING: (str,), INTEGER: (int,), BOOLEAN: (bool,), NUMBER: (int, float)}[kind]
    if not isinstance(said, wanted) or (isinstance(said, bool) and kind != BOOLEAN):
        raise NotOfferedError(f"{option['name']!r} cannot be {said!r}")
    size = len(said) if isinstance(said, str) else said
    low, high = ("min_length", "max_length") if isinstance(said, str) else ("min_value", "max_value")
    if not option.get(low, size) <= size <= option.get(high, size):
        raise NotOfferedError(f"{option['name']!r} is out of bounds: {said!r}")
    return said


def button(messages: Iterable[Message], label: str, nth: int) -> tuple[Message, Json]:
    """Find the nth button with this label, in the first message that has one."""
    seen: list[str] = []
    for message in messages:
        buttons = [one for one in flat(message.components) if one["type"] == BUTTON]
        seen += [one.get("label", "") for one in buttons]
        named = [one for one in buttons if one.get("label") == label]
        if not named:
            continue
        if len(named) < nth or named[nth - 1].get("disabled") or named[nth - 1]["style"] == LINK:
            raise NotOfferedError(f"button {label!r} (number {nth}) cannot be pressed")
        return message, named[nth - 1]
    raise NotOfferedError(f"no button {label!r}; there are {seen}")


#: the component of a modal that takes files
UPLOADS = 19


def submission(modal: Json, given: Mapping[str, Any]) -> Json:
    """Fill in a modal, each field by its label or custom id, in the form it was shown."""
    left = dict(given)

    def entry(field: Json, label: str) -> Json:
        empty = [] if field["type"] == UPLOADS else field.get("value", "")
        said = left.pop(label, left.pop(field["custom_id"], empty))
        if field["type"] == 4 and not (
            field.get("min_length", 0) <= len(said) <= field.get("max_length", 4000)
            and (said or not field.get("required", True))
        ):
            raise NotOfferedError(f"{label!r} cannot be {said!r}")
        key = "values" if isinstance(said, list) else "value"
        return {"type": field["type"], "id": field["id"], "custom_id": field["custom_id"], key: said}

    def row(part: Json) -> Json:
        shown: Json = {"type": part["type"], "id": part["id"]}
        if "component" in part:
            return shown | {"component": entry(part["component"], part["label"])}
        if "components" in part:
            return shown | {"components": [entry(one, one.get("label", "")) for one in part["components"]]}
        return shown

    rows = [row(part) for part in modal["components"]]
    if left:
        raise NotOfferedError(f"the modal has no field {sorted(left)}")
    return {"custom_id": modal["custom_id"], "components": rows, "resolved": {}}
