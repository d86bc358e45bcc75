"""Compares Discord's wire with Discord's own description of it; without the description nothing is compared."""

import json
import re
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

Json = dict[str, Any]

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "specs" / "discord"
PERMISSIONS = {"permissions", "allow", "deny", "default_member_permissions"}
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
#: Fields that discord.py sends beyond the description, and that Discord accepts.
TAKEN = {"tts", "message.tts", "data.tts", "id", "nsfw", "embeds.flags", "message.embeds.flags", "data.embeds.flags"}
VARYING = (
    (re.compile(rb'"\d{15,20}"'), b'"1"'),
    (re.compile(rb"(?<=[:,\[])\d{15,20}"), b"1"),
    (re.compile(rb'"\d{4}-\d\d-\d\dT[^"]*"'), b'"T"'),
)
SNOWFLAKE = {"type": "string", "pattern": r"^\d{1,20}$"}
UNDESCRIBED = {"READY", "RESUMED", "THREAD_DELETE", "MESSAGE_POLL_VOTE_ADD", "MESSAGE_POLL_VOTE_REMOVE"}
#: An operation that the documentation has but not the description.
WITHOUT_OPERATION = re.compile(r"GET /applications/\d+/skus")
#: Operations that discord.py sends without the required body, and that Discord accepts.
WITHOUT_BODY = {"/guilds/{guild_id}/bans/{user_id}"}


def shape(body: Any) -> bytes:
    """A body without its ids and times, which no check reads."""
    told = orjson.dumps(body)
    for what, instead in VARYING:
        told = what.sub(instead, told)
    return blake2b(told).digest()


@cache
def spec() -> "DiscordSpec | None":
    """Read the description once a process; say once if it is absent."""
    if FOLDER.is_dir():
        return DiscordSpec()
    with warnings.catch_warnings():
        warnings.simplefilter("default")  # absence deserves a warning, never a failure
        warnings.warn("Discord's wire is not checked: its API description is not beside the checkout", stacklevel=2)
    return None


class DiscordSpec:
    """REQ lines are faults of the bot, RES and EVT lines are faults of the server."""

    def __init__(self) -> None:
        raw = json.loads((FOLDER / "openapi.json").read_text())
        self._docs = json.loads((FOLDER / "docs_structures.schema.json").read_text())
        _corrected(raw, self._docs)
        self._asked, self._answered = _loosened(raw, asked=True), _loosened(raw, asked=False)
        documents = {"urn:asked": self._asked, "urn:answered": self._answered, "urn:told": self._docs}
        documents["urn:ordered"] = _loosened(self._docs, asked=True)
        resources = ((name, DRAFT202012.create_resource(each)) for name, each in documents.items())
        self._registry: Registry[Any] = Registry().with_resources(resources)
        self._validators: dict[str, Draft202012Validator] = {}
        #: Faults by the place and shape of the body.
        self._seen: dict[tuple[str, bytes], list[str]] = {}
        literal_first = sorted(self._asked["paths"], key=lambda path: path.count("{"))
        self._paths = [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), path) for path in literal_first]

    def request(self, method: str, path: str, body: Any) -> list[str]:
        template = self._template(method, path)
        if template is None:
            known = WITHOUT_OPERATION.fullmatch(f"{method} {path}")
            return [] if known else [f"REQ {method} {path}: no such operation"]
        return self._once(f"REQ {method} {template}", body, lambda: self._request(method, template, body))

    def _request(self, method: str, template: str, body: Any) -> list[str]:
        described = self._asked["paths"][template][method.lower()].get("requestBody")
        if described is None:
            return ["takes no body"] if body else []
        if body is None:
            return ["needs a body"] if described.get("required") and template not in WITHOUT_BODY else []
        kind = "application/json" if "application/json" in described["content"] else next(iter(described["content"]))
        place = ("paths", template, method.lower(), "requestBody", "content", kind, "schema")
        faults = [*self._faults("urn:asked", place, body), *self._house_rules(template, body)]
        return [*faults, *self._strangers([described["content"][kind]["schema"]], body)]

    def response(self, method: str, path: str, status: int, body: Any) -> list[str]:
        template = self._template(method, path)
        if template is None or status >= 500:
            return []
        where = f"RES {method} {template} {status}"
        return self._once(where, body, lambda: self._response(method, template, status, body))

    def _response(self, method: str, template: str, status: int, body: Any) -> list[str]:
        responses = self._answered["paths"][template][method.lower()]["responses"]
        key = str(status) if str(status) in responses else f"{str(status)[0]}XX"
        if key not in responses:
            return ["status is not described"]
        place: tuple[str, ...] = ("paths", template, method.lower(), "responses", key)
        found = responses[key]
        if "$ref" in found:
            place = tuple(found["$ref"].removeprefix("#/").split("/"))
            found = self._answered["components"]["responses"][place[-1]]
        if "application/json" not in found.get("content", {}):
            return [] if body is None else ["has a body"]
        return list(self._faults("urn:answered", (*place, "content", "application/json", "schema"), body))

    def event(self, name: str, data: Any) -> list[str]:
        return self._gateway(f"EVT {name}", "urn:told", name, data)

    def command(self, name: str, data: Any) -> list[str]:
        """Check what the client sends over the gateway."""
        return self._gateway(f"REQ {name}", "urn:ordered", name, data)

    def _gateway(self, where: str, document: str, name: str, data: Any) -> list[str]:
        if name not in self._docs["events"]:
            return [] if name in UNDESCRIBED else [f"{where}: no such event"]
        return self._once(where, data, lambda: list(self._faults(document, ("events", name), data)))

    def _once(self, where: str, body: Any, look: Callable[[], list[str]]) -> list[str]:
        """Check one body of each shape: nearly all bodies came before, with other ids."""
        key = where, shape(body)
        if key not in self._seen:
            self._seen[key] = [f"{where}: {fault}" for fault in look()]
        return self._seen[key]

    def _template(self, method: str, path: str) -> str | None:
        operations = self._asked["paths"]
        fits = (name for shape, name in self._paths if method.lower() in operations[name] and shape.fullmatch(path))
        return next(fits, None)

    def _faults(self, document: str, place: tuple[str, ...], body: Any) -> Iterator[str]:
        steps = "/".join(step.replace("~", "~0").replace("/", "~1") for step in place)
        reference = f"{document}#/{steps}".replace("{", "%7B").replace("}", "%7D")
        if reference not in self._validators:
            self._validators[reference] = Draft202012Validator({"$ref": reference}, registry=self._registry)
        for error in self._validators[reference].iter_errors(body):
            leaf = error
            while leaf.context:  # of several forms, the one that fits best says what is wrong
                leaf = max(leaf.context, key=lambda one: len(one.absolute_path))
            yield f"{'/'.join(map(str, leaf.absolute_path)) or 'body'}: {leaf.message[:160]}"

    @staticmethod
    def _house_rules(template: str, body: Any) -> Iterator[str]:
        """Check what Discord demands and its description does not say."""
        message = body.get("data") or body if isinstance(body, dict) else {}
        if isinstance(message, dict) and len(message.get("content") or "") > 2000:
            yield "content: longer than the 2000 characters a bot may send"
        if template.endswith("/commands"):
            for command in body if isinstance(body, list) else [body]:
                name = command.get("name", "")
                if command.get("type", 1) == 1 and not (COMMAND_NAME.fullmatch(name) and name == name.lower()):
                    yield f"name: {name!r} is no command name"

    def _strangers(self, schemas: list[Json], body: Any, where: str = "") -> Iterator[str]:
        """Name the fields of a body that no form of its schema has."""
        forms = [form for schema in schemas for form in self._forms(schema)]
        items = [form["items"] for form in forms if "items" in form]
        if isinstance(body, list) and items:
            for one in body:
                yield from self._strangers(items, one, where)
        objects = [form for form in forms if form.get("type") == "object" or "properties" in form]
        if not isinstance(body, dict) or not objects or not all("properties" in form for form in objects):
            return
        for key, told in body.items():
            path = f"{where}.{key}".removeprefix(".")
            known = [form["properties"][key] for form in objects if key in form["properties"]]
            if known:
                yield from self._strangers(known, told, path)
            elif path not in TAKEN:
                yield f"{path}: no such field"

    def _forms(self, schema: Json) -> Iterator[Json]:
        if "$ref" in schema:
            yield from self._forms(self._asked["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
            return
        inner = [*schema.get("anyOf", ()), *schema.get("allOf", ())]
        if not inner or "properties" in schema:
            yield schema
        for one in inner:
            yield from self._forms(one)


def _corrected(raw: Json, docs: Json) -> None:
    """Correct where it differs from the documentation: error codes, kinds of sales, changed values."""
    schemas = raw["components"]["schemas"]
    schemas["InnerErrors"]["properties"]["_errors"]["items"] = {"type": "object", "required": ["code", "message"]}
    schemas["EntitlementTypes"] = {"type": "integer", "minimum": 1, "maximum": 10}
    change = docs["$defs"]["resources/audit-log#audit-log-change-object-audit-log-change-structure"]["properties"]
    change |= {"new_value": {}, "old_value": {}}


def _loosened(node: Any, *, asked: bool) -> Any:
    """Relax the description where the real API is looser: several forms may fit, ids and permissions vary in type."""
    if isinstance(node, list):
        return [_loosened(each, asked=asked) for each in node]
    if asked and node == SNOWFLAKE:
        return {"type": ["string", "integer"]}
    if not isinstance(node, dict):
        return node
    loose = {key: _loosened(value, asked=asked) for key, value in node.items() if key != "discriminator"}
    if "oneOf" in loose:
        loose["anyOf"] = loose.pop("oneOf")
    if asked and isinstance(schemas := loose.get("schemas"), dict) and "SnowflakeType" in schemas:
        schemas["SnowflakeType"] = {"type": ["string", "integer"]}
    if asked and isinstance(properties := loose.get("properties"), dict):
        for key in PERMISSIONS & properties.keys():
            if "integer" in (properties[key].get("type") or ()):
                properties[key] = properties[key] | {"type": ["integer", "string", "null"]}
    return loose
