"""Embeds, components and emoji as Discord returns them, and their words."""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


def emoji(name: str) -> Json:
    label, _, key = name.partition(":")
    return {"id": key or None, "name": label}


def card(embed: Json) -> Json:
    """An embed as Discord returns it."""
    fields = [{"inline": False, **one} for one in embed.get("fields", ())]
    return {**embed, "type": "rich"} | ({"fields": fields} if "fields" in embed else {})


DEFAULTS: dict[int, Json] = {
    3: {"min_values": 1, "max_values": 1},
    11: {"spoiler": False},
    14: {"spacing": 1, "divider": True},
    17: {"accent_color": None, "spoiler": False},
}


def numbered(components: Iterable[Json], start: int = 1) -> list[Json]:
    """Components as Discord returns them: each with an id, counted through the message."""
    done: list[Json] = []
    count = start
    for component in components:
        whole: Json = {**DEFAULTS.get(component["type"], {}), "id": count, **component}
        count += 1
        if "components" in whole:
            whole["components"] = numbered(whole["components"], count)
            count += sum(1 for _ in flat(whole["components"]))
        for key in whole.keys() & {"accessory", "component"}:
            whole[key] = numbered([whole[key]], count)[0]
            count += 1
        done.append(whole)
    return done


def flat(components: Iterable[Json]) -> Iterable[Json]:
    """Every component, with the nested ones."""
    for component in components:
        yield component
        inner = [component[key] for key in ("accessory", "component") if key in component]
        yield from flat([*component.get("components", ()), *inner])


def words(parts: Iterable[Json]) -> Iterable[str]:
    """The words of embeds and text components, in reading order."""
    for part in parts:
        yield from (part[key] for key in ("title", "description", "content") if part.get(key))
        for one in part.get("fields", ()):
            yield f"{one['name']}: {one['value']}"
        if footer := part.get("footer"):
            yield footer["text"]
        yield from words(part.get("components", ()))
