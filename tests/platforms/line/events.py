"""What a line from the server means, as events; it asks and says nothing."""

from collections.abc import Mapping
from typing import Any

from bot.kit import Access
from bot.kit.access import Standing
from bot.kit.events import Event, MessageEdited, MessagePosted, ReactionAdded, ReactionRemoved
from bot.kit.invocation import Invocation, Line
from bot.kit.references import Message, Person, Spot, Upload

PLATFORM = "line"
HALL = Spot(PLATFORM, "hall", "guild", "Hearth")

Json = Mapping[str, Any]


def cause_of(message: str) -> str:
    return f"{PLATFORM}:msg:{message}"


def person(name: str) -> Person:
    return Person(PLATFORM, name, name, name)


def spot(room: str) -> Spot:
    return Spot(PLATFORM, room, "dm", room) if room.startswith("@") else Spot(PLATFORM, room, "channel", room, HALL)


def standing(told: Json, community: int | None = None) -> Standing:
    return Standing(access=Access.ADMIN if told["admin"] else Access.MEMBER, community=community)


def invocation(told: Json, line: str) -> Invocation:
    """A command that was typed, pressed, or completed by an answer."""
    replied = told.get("answers")
    pressed = told["does"] == "presses"
    file = told.get("file")
    return Invocation(
        line=Line(
            pieces=(line,),
            replied=Message(cause_of(replied["id"]), person(replied["who"]), replied["text"]) if replied else None,
            file=Upload(told["id"], "points.csv", len(file), file.encode()) if file else None,
        ),
        author=person(told["who"]),
        standing=standing(told),
        spot=spot(told["room"]),
        locale=told["language"],
        cause=f"{PLATFORM}:press:{told['id']}" if pressed else cause_of(told["id"]),
        at=told["at"],
        message=told["on"] if pressed else told["id"],
        pressed=pressed,
        about=cause_of(told["on"]) if pressed else None,
    )


def event(told: Json) -> Event:
    """An event of a line that is no command."""
    facts: dict[str, Any] = {"at": told["at"], "who": person(told["who"]), "spot": spot(told["room"])}
    match told["does"]:
        case "edits":
            text = told["text"]
            cause = f"{PLATFORM}:edit:{told['id']}"
            return MessageEdited(cause=cause, about=cause_of(told["on"]), length=len(text), text=text, **facts)
        case "reacts" | "unreacts" as does:
            added = f"{PLATFORM}:react:{told['on']}:{told['who']}:{told['emoji']}"
            facts |= {"about": cause_of(told["on"]), "target": person(told["whose"]), "emoji": told["emoji"]}
            if does == "reacts":
                return ReactionAdded(cause=added, **facts)
            return ReactionRemoved(cause=f"{added}:gone", added=added, **facts)
    replied = told.get("answers")
    return MessagePosted(
        cause=cause_of(told["id"]),
        about=cause_of(replied["id"]) if replied else None,
        target=person(replied["who"]) if replied else None,
        length=len(told["text"]),
        text=told["text"],
        message=told["id"],
        **facts,
    )
