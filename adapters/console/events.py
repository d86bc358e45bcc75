"""Turns acts into events and invocations, each with a cause that no other run of the console repeats."""

from dataclasses import dataclass
from pathlib import Path

from adapters.console.acts import (
    DM,
    GENERAL,
    Act,
    Deletes,
    Edits,
    Joins,
    Leaves,
    Misstep,
    Presses,
    Reacts,
    Replies,
    Says,
    Sends,
    Unreacts,
)
from adapters.console.replies import harmless
from adapters.console.scene import HOME, OURSELVES, Scene, cause_of, channel, person, private
from bot.kit.events import (
    Event,
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionAdded,
    ReactionRemoved,
)
from bot.kit.invocation import Invocation, Line
from bot.kit.references import UPLOAD_BYTES, Message, Spot, Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    #: number of this act among all acts on this database
    number: str
    at: int


def translate(act: Act, scene: Scene, stamp: Stamp) -> Event | Invocation:
    match act:
        case Says(who=who, text=text, place=place):
            spot = private(who) if place == DM else channel(place)
            return _said(scene, stamp, who, spot, Line.of(text))
        case Sends(who=who, text=text, file=file):
            return _said(scene, stamp, who, channel(GENERAL), Line(pieces=(text,), file=_upload(file)))
        case Replies():
            return _replied(act, scene, stamp)
        case Presses(who=who, label=label):
            said, button = scene.button(label, who)
            return _invocation(scene, stamp, who, said.spot, Line.of(button.line), pressed=said.id)
        case Reacts() | Unreacts():
            return _reacted(act, scene, stamp)
        case Edits() | Deletes():
            return _changed(act, scene, stamp)
        case Joins(who=who):
            return MemberJoined(cause=f"console:join:{stamp.number}", at=stamp.at, who=scene.person(who), spot=HOME)
        case Leaves(who=who):
            return MemberLeft(cause=f"console:leave:{stamp.number}", at=stamp.at, who=scene.person(who), spot=HOME)
    raise Misstep(f"{type(act).__name__} is nothing the core is told")


def _replied(act: Replies, scene: Scene, stamp: Stamp) -> Event | Invocation:
    said = scene.newest(act.to, seen_by=act.who)
    if said.reply.so_far and said.to == act.who:
        return _invocation(scene, stamp, act.who, said.spot, Line.of(f"{said.reply.so_far} {act.text}"))
    replied = Message(cause_of(said.id), person(said.who) if said.who else None, said.text)
    return _said(scene, stamp, act.who, said.spot, Line(pieces=(act.text,), replied=replied))


def _upload(file: str) -> Upload:
    """Read the file up to just above the limit, which is enough to refuse it."""
    try:
        with Path(file).open("rb") as opened:
            content = opened.read(UPLOAD_BYTES + 1)
    except OSError as error:
        raise Misstep(f"{harmless(file)} cannot be read: {error.strerror}") from None
    return Upload(file, Path(file).name, len(content), content)


def _said(scene: Scene, stamp: Stamp, who: str, spot: Spot, line: Line) -> MessagePosted | Invocation:
    (text,) = (str(piece) for piece in line.pieces)
    if text.startswith("/"):
        return _invocation(scene, stamp, who, spot, line)
    return MessagePosted(
        cause=cause_of(stamp.number),
        at=stamp.at,
        who=scene.person(who),
        spot=spot,
        about=line.replied.cause if line.replied else None,
        target=line.replied.author if line.replied else None,
        length=len(text),
        text=text,
        message=stamp.number,
    )


def _invocation(
    scene: Scene, stamp: Stamp, who: str, spot: Spot, line: Line, *, pressed: str | None = None
) -> Invocation:
    return Invocation(
        line=line,
        author=scene.person(who),
        standing=scene.standing(who, private=spot.kind == "dm"),
        spot=spot,
        locale=scene.languages.get(who),
        cause=f"console:command:{stamp.number}",
        at=stamp.at,
        message=pressed or stamp.number,
        pressed=pressed is not None,
        about=cause_of(pressed) if pressed else None,
    )


def _reacted(act: Reacts | Unreacts, scene: Scene, stamp: Stamp) -> ReactionAdded | ReactionRemoved:
    said = scene.newest(act.to, seen_by=act.who)
    added = f"console:react:{said.id}:{act.who}:{act.emoji}"
    about, who = cause_of(said.id), scene.person(act.who)
    target = person(said.who) if said.who else None
    if isinstance(act, Reacts):
        return ReactionAdded(
            cause=added, at=stamp.at, who=who, spot=said.spot, about=about, target=target, emoji=act.emoji
        )
    return ReactionRemoved(
        cause=f"{added}:gone",
        at=stamp.at,
        who=who,
        spot=said.spot,
        about=about,
        target=target,
        emoji=act.emoji,
        added=added,
    )


def _changed(act: Edits | Deletes, scene: Scene, stamp: Stamp) -> MessageEdited | MessageDeleted:
    if act.who == OURSELVES:
        raise Misstep(f"{OURSELVES} speaks for itself")
    said = scene.newest(act.who, seen_by=act.who)
    about, who = cause_of(said.id), scene.person(act.who)
    if isinstance(act, Deletes):
        cause = f"console:delete:{said.id}"
        return MessageDeleted(cause=cause, at=stamp.at, who=who, spot=said.spot, about=about)
    return MessageEdited(
        cause=f"console:edit:{stamp.number}",
        at=stamp.at,
        who=who,
        spot=said.spot,
        about=about,
        length=len(act.text),
        text=act.text,
    )
