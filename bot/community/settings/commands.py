"""Commands for an administrator to look at settings, change them and change them back."""

from collections.abc import Sequence
from datetime import timedelta
from difflib import get_close_matches
from typing import Annotated, Any

from bot.community.settings import settings
from bot.kit import (
    Access,
    Block,
    Button,
    Choice,
    Example,
    OptionRefused,
    Refusal,
    Reply,
    Rest,
    Rich,
    Suggest,
    Tone,
    Work,
    command_line,
    happened,
    join,
    read_number,
    setting,
)
from bot.kit.binding import read
from bot.kit.capability import Setting
from bot.kit.events import SettingChanged
from bot.kit.grammar import CLOSE
from bot.kit.options import Kind, write_duration
from models import audit, circles, communities, members
from models.audit import Change

SETTING_CHANGED = "setting"
#: a younger change is shown as one second old
SOON = timedelta(seconds=1)
#: the longest suggestion that a platform shows
LABEL = 100


async def setting_keys(work: Work, typed: str) -> list[Choice]:
    near = [key for key in work.desk.house.settings if typed.casefold() in key]
    return [Choice(key, f"{key} · {work.words(f'setting.{key}')}"[:LABEL]) for key in near]


async def setting_values(work: Work, typed: str) -> list[Choice]:
    """The values that the setting named before accepts."""
    declared = work.desk.house.settings.get(str(work.given.get("key")))
    if declared is None:
        return []
    if declared.option.suggest:
        return list(await declared.option.suggest(work, typed))
    if declared.option.kind is Kind.PLACE:
        word, known = typed.removeprefix("#"), await work.knowing()
        near = await communities.search_places(work.tx, work.community, word, 24, known)
        return [
            *(Choice(place.external_id, place.name) for place in near),
            Choice("off", work.words("settings.off")),
        ]
    if declared.option.kind is Kind.YES_NO:
        words = {"on": work.words("settings.on"), "off": work.words("settings.off")}
        return [Choice(word, label) for word, label in words.items() if typed.casefold() in f"{word} {label}"]
    named = {each: work.choice(declared.option, each) for each in declared.option.choices}
    return [Choice(each, label) for each, label in named.items() if typed.casefold() in f"{each} {label}".casefold()]


async def right_value(work: Work) -> str:
    """A value that the setting named before accepts: its present one."""
    declared = work.desk.house.settings.get(str(work.given.get("key")))
    if declared is None:
        return ""
    if declared.option.kind is Kind.PLACE and work.place:
        return f"#{work.place.name.removeprefix('#')}"
    return await _shown(work, declared, work.settings.stored.get(declared.key))


async def latest_changes(work: Work, typed: str) -> list[Choice]:
    """The latest undoable change of each setting."""
    latest: dict[str, Change] = {}
    for change in await _undoable(work):
        latest.setdefault(change.subject, change)
    return [
        Choice(key, work.words("settings.undo.change", key=key, **await _sides(work, change))[:LABEL])
        for key, change in latest.items()
        if typed.casefold() in key
    ]


@settings.command("settings list", access=Access.ADMIN, reads=True)
async def list_(work: Work) -> Reply:
    stored = work.settings.stored
    blocks = []
    for capability in work.desk.house.capabilities:
        lines = [
            work.say(
                "line" if each.key in stored else "line_default",
                key=each.key,
                value=await _shown(work, each, stored.get(each.key)),
            ).text
            for each in capability.settings
        ]
        if lines:
            blocks.append(Block(work.say(f"capability.{capability.name}.name").text, join(lines)))
    return work.say("intro").but(title=work.say("title").text, blocks=tuple(blocks), private=True)


@settings.command("settings get", access=Access.ADMIN, reads=True)
async def get(work: Work, key: Annotated[str, Suggest(setting_keys)]) -> Reply:
    declared = _declared(work, key)
    value = await _shown(work, declared, work.settings.stored.get(declared.key))
    past = await audit.changes(work.tx, work.community, SETTING_CHANGED, declared.key, 5)
    history = [await _past(work, change) for change in past]
    about = work.say("value", key=declared.key, value=value, about=work.words(f"setting.{declared.key}")).text
    about = join([about, *await _unread(work, declared), *await _published(work, declared)])
    blocks = (Block(work.say("history").text, join(history)),) if history else ()
    standing = [each for each in past if _stands(each)]
    return Reply(text=about, blocks=blocks, buttons=tuple(_undo(work, each) for each in standing[:1]), private=True)


@settings.command("settings set", access=Access.ADMIN)
async def set_(
    work: Work,
    key: Annotated[str, Suggest(setting_keys)],
    value: Annotated[str, Rest(), Suggest(setting_values), Example(right_value)],
) -> Reply:
    declared = _declared(work, key)
    before, new = work.settings.stored.get(declared.key), await _encoded(work, declared, value)
    if new == before or (before is None and new == setting.encode(declared.default)):
        await _remember_circle(work, declared)
        same = work.say("same", key=declared.key, value=await _shown(work, declared, new))
        return same.but(text=join([same.text, *await _published(work, declared)]), private=True)
    change = await _change(work, declared, new)
    done = work.say("done", key=declared.key, value=await _shown(work, declared, new))
    text = join([done.text, *await _unread(work, declared), *await _published(work, declared)])
    return done.but(text=text, private=True, tone=Tone.GOOD, buttons=(_undo(work, change),))


@settings.command("settings reset", access=Access.ADMIN)
async def reset(work: Work, key: Annotated[str, Suggest(setting_keys)]) -> Reply:
    declared = _declared(work, key)
    if declared.key not in work.settings.stored:
        return work.say("same", key=declared.key, value=await _shown(work, declared, None)).but(private=True)
    change = await _change(work, declared, None)
    done = work.say("done", key=declared.key, value=await _shown(work, declared, None))
    text = join([done.text, *await _published(work, declared)])
    return done.but(text=text, private=True, tone=Tone.GOOD, buttons=(_undo(work, change),))


@settings.command("settings undo", access=Access.ADMIN)
async def undo(work: Work, change: Annotated[str, Suggest(latest_changes)] = "") -> Reply:
    """Undo the latest change of a setting, or of all; skip changes already undone, and undoings themselves."""
    found = await _to_undo(work, change)
    declared = _declared(work, found.subject)
    if work.settings.stored.get(declared.key) != found.after:
        raise Refusal("settings.undo.changed_since", key=declared.key)
    undoing = await _change(work, declared, found.before, undoes=found.id)
    if not await audit.mark_undone(work.tx, work.community, found.id, undoing.id):
        raise Refusal("settings.undo.undone_before")
    done = work.say("done", key=declared.key, value=await _shown(work, declared, found.before))
    return done.but(text=join([done.text, *await _published(work, declared)]), private=True, tone=Tone.GOOD)


def _undo(work: Work, change: Change) -> Button:
    return work.button("settings.set.undo", command_line("settings undo", change.id))


async def _encoded(work: Work, declared: Setting, typed: str) -> str:
    if setting.may_be_off(declared.option) and typed.strip().casefold() in setting.OFF:
        return setting.encode(setting.when_off(declared.option))
    try:
        return setting.encode(await read(work, declared.option, typed))
    except Refusal as refusal:
        raise OptionRefused("value", refusal.path, **refusal.values) from None


async def _to_undo(work: Work, change: str) -> Change:
    """Find a change by its number, which its button has, or by its setting."""
    if change.isdigit():
        found = await audit.change(work.tx, work.community, read_number("change", change))
    else:
        key = _declared(work, change).key if change else None
        found = next((each for each in await _undoable(work, key)), None)
    if found is None or found.action != SETTING_CHANGED:
        raise Refusal("settings.undo.nothing")
    if found.undone_by is not None:
        raise Refusal("settings.undo.undone_before")
    return found


async def _undoable(work: Work, key: str | None = None) -> Sequence[Change]:
    """The changes that can be undone, newest first."""
    latest = await audit.changes(work.tx, work.community, SETTING_CHANGED, key, 50)
    return [each for each in latest if _stands(each)]


def _stands(change: Change) -> bool:
    return change.undone_by is None and change.undoes is None


async def _change(work: Work, declared: Setting, new: str | None, undoes: int | None = None) -> Change:
    """Store the value, and record who changed it, when, and the value before."""
    change = Change(
        community_id=work.community,
        id=work.desk.ids.new(work.now),
        at=work.now,
        actor_id=work.member.id,
        action=SETTING_CHANGED,
        subject=declared.key,
        before=work.settings.stored.get(declared.key),
        after=new,
        cause=work.cause,
        undoes=undoes,
    )
    await work.settings.put(work.tx, work.community, declared.key, new, work.now)
    await _remember_circle(work, declared, undone=undoes is not None)
    await audit.record(work.tx, change)
    changed = SettingChanged(cause=f"setting:{change.id}", at=work.now, home=work.community, key=declared.key)
    await happened(work, changed)
    return change


async def _remember_circle(work: Work, declared: Setting, *, undone: bool = False) -> None:
    """Remember who reads the common place now. To undo a change says nothing of who reads it now, so forget it then."""
    if declared.key != setting.COMMON_PLACE:
        return
    place, _ = work.settings.common
    circle = await circles.circle_of(work.tx, work.community, place) if place is not None and not undone else None
    value = None if circle is None else setting.encode(circle)
    await work.settings.put(work.tx, work.community, setting.COMMON_CIRCLE, value, work.now)


async def _published(work: Work, declared: Setting) -> list[Rich]:
    """Warn that few members read a place: the administrator may have forgotten it, or may want to change it."""
    place, circle = work.settings.common
    if declared.key != setting.COMMON_PLACE or place is None:
        return []
    if await circles.circle_of(work.tx, work.community, place) != circle:
        return [work.say("settings.changed_circle").text]
    return [work.say("settings.published").text] if circle else []


async def _unread(work: Work, declared: Setting) -> list[Rich]:
    """Name the platforms that do not show us what this setting needs."""
    blind = [name for name, able in sorted(work.desk.abilities.items()) if declared.words and not able.words]
    there = [name for name in blind if await communities.roots(work.tx, work.community, name)]
    return [work.say("settings.unread", platform=name.capitalize()).text for name in there]


async def _past(work: Work, change: Change) -> Rich:
    actor = await members.member(work.tx, work.community, change.actor_id) if change.actor_id else None
    ago = max(SOON, timedelta(milliseconds=work.now - change.at))
    return work.say("past", ago=ago, who=actor, **await _sides(work, change)).text


async def _sides(work: Work, change: Change) -> dict[str, Any]:
    """The two values of a change; for a setting that no longer exists, as they were stored."""
    declared = work.desk.house.settings.get(change.subject)
    sides = {"before": change.before, "after": change.after}
    return {name: await _shown(work, declared, side) if declared else side or "" for name, side in sides.items()}


async def _shown(work: Work, declared: Setting, stored: str | None) -> str:
    """The value as an administrator would type it."""
    value = setting.decode(declared.option, stored)
    if setting.may_be_off(declared.option) and value == setting.when_off(declared.option):
        return work.words("settings.off")
    match value:
        case bool():
            return work.words("settings.on")
        case timedelta():
            return write_duration(value)
        case int() if declared.option.kind is Kind.PLACE:
            place = await communities.place(work.tx, work.community, value)
            return f"#{place.name.removeprefix('#')}" if place else work.words("settings.off")
    return str(getattr(value, "value", getattr(value, "name", value)))


def _declared(work: Work, key: str) -> Setting:
    found = work.desk.house.settings.get(key.casefold())
    if found is None:
        close = get_close_matches(key.casefold(), work.desk.house.settings, 1, cutoff=CLOSE)
        raise Refusal("settings.unknown_close" if close else "settings.unknown", key=key[:40], close=close[:1])
    return found
