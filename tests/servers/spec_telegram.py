"""Compares Telegram's wire with the Bot API's description; the server decides what follows from a fault."""

import json
import logging
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

SPECS = Path(__file__).resolve().parents[2].parent / "shared" / "specs"
ABSENT = "no Bot API description at ../shared/specs/telegram/api.json: nothing is validated"

_SCALARS: Mapping[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "Boolean": (bool,),
    "True": (bool,),
    "String": (str,),
}
_LITERAL = re.compile(r'(?:always|must be) [“"]?(\w+)', re.IGNORECASE)
_TOLD_APART_BY = frozenset({"type", "status", "source"})


class Upload(bytes):
    """A file of a multipart request; the name of its part is the parameter it belongs to."""

    #: its name, as its sender calls it
    name = ""

    @classmethod
    def of(cls, name: str, content: bytes) -> "Upload":
        made = cls(content)
        made.name = name
        return made


class Description:
    """Every method and type of the API; each check returns the faults it found, in words."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.version: str = document["version"]
        self._methods = {name.lower(): method for name, method in document["methods"].items()}
        self._types: Mapping[str, Any] = document["types"]

    def request(self, method: str, parameters: Mapping[str, Any]) -> list[str]:
        known = self._methods.get(method.lower())
        if known is None:
            return ["unknown method"]
        fields = {field["name"]: field for field in known.get("fields", ())}
        faults = [f"{name}: required parameter missing" for name in _required(fields) if name not in parameters]
        for name, value in parameters.items():
            if name in fields:
                faults += self._any_of(value, fields[name]["types"], name, encoded=True)
            elif not isinstance(value, Upload):  # a part named by attach:// has its own name
                faults.append(f"{name}: unknown parameter")
        return faults

    def response(self, method: str, status: int, body: Mapping[str, Any]) -> list[str]:
        if body.get("ok") is True:
            known = self._methods.get(method.lower())
            return self._any_of(body.get("result"), known["returns"], method) if known else []
        faults = [] if body.get("error_code") == status else [f"error_code {body.get('error_code')} with HTTP {status}"]
        return faults if isinstance(body.get("description"), str) else [*faults, "description missing"]

    def update(self, update: Mapping[str, Any]) -> list[str]:
        return self._any_of(update, ["Update"], "update")

    def _any_of(self, value: Any, types: Sequence[str], where: str, *, encoded: bool = False) -> list[str]:
        found = [self._one(value, name, where, encoded=encoded) for name in types]
        return min(found, key=lambda faults: (len(faults), any(fault.endswith("another kind") for fault in faults)))

    def _one(self, value: Any, name: str, where: str, *, encoded: bool) -> list[str]:
        if encoded and isinstance(value, str) and name not in ("String", "InputFile"):
            try:
                value = json.loads(value)
            except ValueError:
                return [f"{where}: {value[:40]!r} is no JSON of {name}"]
        if name == "InputFile":
            return [] if isinstance(value, str | Upload) else [f"{where}: {value!r:.40} is no file"]
        if name.startswith("Array of "):
            return self._array(value, name.removeprefix("Array of "), where)
        if name in _SCALARS:
            fits = isinstance(value, _SCALARS[name]) and (name in ("Boolean", "True") or not isinstance(value, bool))
            return [] if fits else [f"{where}: {value!r:.40} is no {name}"]
        known = self._types[name]
        if known.get("subtypes"):
            return self._any_of(value, known["subtypes"], where)
        return self._object(value, name, where)

    def _array(self, value: Any, item: str, where: str) -> list[str]:
        if not isinstance(value, list):
            return [f"{where}: {value!r:.40} is no array"]
        return [fault for index, each in enumerate(value) for fault in self._any_of(each, [item], f"{where}[{index}]")]

    def _object(self, value: Any, name: str, where: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{where}: {value!r:.40} is no {name}"]
        fields = {field["name"]: field for field in self._types[name].get("fields", ())}
        faults = [f"{where}.{field}: missing in {name}" for field in _required(fields) if field not in value]
        faults += [f"{where}.{field}: unknown field of {name}" for field in value if field not in fields]
        for field in fields.keys() & value.keys():
            faults += self._field(value[field], fields[field], f"{where}.{field}")
        return faults

    def _field(self, value: Any, field: Mapping[str, Any], where: str) -> list[str]:
        if value is None:
            return [f"{where}: null where the real API omits the field"]
        literal = _LITERAL.search(field["description"]) if field["name"] in _TOLD_APART_BY else None
        if literal and literal[1] not in ("one", value):
            return [f"{where}: {value!r:.40} is another kind"]
        return self._any_of(value, field["types"], where)


@cache
def description() -> Description | None:
    """The description beside this checkout, or None, reported once."""
    path = SPECS / "telegram" / "api.json"
    if not path.exists():
        logging.getLogger(__name__).warning(ABSENT)
        return None
    return Description(json.loads(path.read_text("utf-8")))


def _required(fields: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [name for name, field in fields.items() if field["required"]]
