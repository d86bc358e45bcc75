"""Help, languages, a sign of life, and every setting there is: looked at, changed, and changed back."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Annotated, Any

from bot import __version__, setting
from bot.access import Access, authorize
from bot.answering import option_name
from bot.binding import read
from bot.calendar import calendar_in
from bot.capability import Command, Setting
from bot.community import community
from bot.community.settings import INVITE, Language, zones
from bot.errors import OptionRefused, Refusal
from bot.events import SettingChanged
from bot.markup import Rich, join
from bot.options import Choice, Kind, Option, Range, Rest, Suggest, Tail, read_whole, read_zone, write_duration
from bot.parsing import usage, write
from bot.replies import Block, Button, Reply, Tone
from bot.telling import happened
from bot.work import Work
from models import audit, choices, circles, communities, members, promises
from models.audit import Change

SETTING_CHANGED = "setting"
#: ids are longer than the whole numbers a platform can type
NUMBER = Option(name="change", kind=Kind.WHOLE, bounds=Range(0, 2**63 - 1))
ZONE = Option(name="zone", kind=Kind.ZONE)
#: what takes a member back to the community's time zone
COMMON = "off"
#: characters of a name on a button
LABEL = 60
#: a delay below this is none worth telling
SOON = timedelta(seconds=1)


async def command_names(work: Work, typed: str) -> list[Choice]:
    return [
        Choice(command.name, f"/{command.name}")
        for command in _allowed(work)
        if typed.removeprefix("/").casefold() in command.name
    ]


async def setting_keys(work: Work, typed: str) -> list[Choice]:
    near = [key for key in work.desk.house.settings if typed.casefold() in key]
    return [Choice(key, f"{key} · {work.words(f'setting.{key}')}"[:100]) for key in near]


async def setting_values(work: Work, typed: str) -> list[Choice]:
    """What the setting named before would take."""
    declared = work.desk.house.settings.get(str(work.given.get("key")))
    if declared is None:
        return []
    if declared.option.suggest:
        return list(await declared.option.suggest(work, typed))
    if declared.option.kind is Kind.PLACE:
        near = await communities.search_places(work.tx, work.community, typed.removeprefix("#"), 24)
        return [
            *(Choice(place.external_id, place.name) for place in near),
            Choice("none", work.words("settings.nothing")),
        ]
    words = ("on", "off") if declared.option.kind is Kind.YES_NO else declared.option.choices
    return [Choice(word, word) for word in words if typed.casefold() in word.casefold()]


async def own_communities(work: Work, typed: str) -> list[Choice]:
    """Those that who acts is a member of."""
    own = await members.communities_of(work.tx, work.platform, await _account(work))
    names = {each.id: each.name for each in await communities.communities(work.tx)}
    return [Choice(str(each), names[each]) for each in own if typed.casefold() in names[each].casefold()]


async def latest_changes(work: Work, typed: str) -> list[Choice]:
    return [
        Choice(str(change.id), f"{change.subject}: {change.before or '–'} → {change.after or '–'}"[:100])
        for change in await _undoable(work)
        if typed in change.subject or str(change.id).startswith(typed)
    ]


@community.command("help", access=Access.STRANGER, reads=True, varies=True)
async def help_(work: Work, command: Annotated[Tail, Suggest(command_names)] = "") -> Reply:
    wanted = " ".join(command.removeprefix("/").lower().split())
    if group := [each for each in work.desk.house.commands.values() if each.name.startswith(f"{wanted} ")]:
        authorize(work.access, min(each.access for each in group))
        return Reply(text=_listed(work, (each for each in group if work.access >= each.access)), private=True)
    if wanted:
        return _about(work, _find(work, wanted))
    blocks = tuple(
        Block(work.say(f"capability.{capability.name}.name").text, _listed(work, own))
        for capability in work.desk.house.capabilities
        if (own := [each for each in _allowed(work) if each.capability == capability.name])
    )
    return (await _greeting(work)).but(title=work.say("title").text, blocks=blocks, private=True)


def _listed(work: Work, commands: Iterable[Command]) -> Rich:
    return join(
        [work.say("help.line", command=each.name, about=work.words(f"{each.path}.about")).text for each in commands]
    )


async def _greeting(work: Work) -> Reply:
    if work.access > Access.STRANGER:
        return work.say("intro")
    link = work.setting(INVITE)
    return work.say("stranger_invited", link=link) if link else work.say("stranger")


@community.command("community", access=Access.STRANGER, varies=True)
async def choose(work: Work, which: Annotated[str, Rest(), Suggest(own_communities)] = "") -> Reply:
    """Members of several communities choose the one that they mean in private."""
    own = await own_communities(work, "")
    if not which:
        return (await _which(work, own)).but(private=True)
    meant = [each for each in own if which == each.value] or [each for each in own if _is_called(each, which)]
    if len(meant) != 1:
        raise OptionRefused("which", "community.unknown", so_far=write("community"))
    await choices.choose(work.tx, work.platform, await _account(work), int(meant[0].value))
    return work.say("chosen", name=meant[0].label).but(private=True, replaces=True, tone=Tone.GOOD)


def _is_called(community: Choice, typed: str) -> bool:
    return community.label.casefold() == " ".join(typed.split()).casefold()


async def _which(work: Work, own: Sequence[Choice]) -> Reply:
    match own:
        case []:
            return work.say("none")
        case [only]:
            return work.say("only", name=only.label)
    now = await choices.chosen(work.tx, work.platform, await _account(work))
    buttons = tuple(Button(each.label[:LABEL], write("community", each.value)) for each in own)
    holds = next((work.say("holds", name=each.label) for each in own if each.value == str(now)), None)
    return (holds or work.say("which")).but(buttons=buttons)


async def _account(work: Work) -> str:
    """What their platform calls who acts."""
    accounts = await members.accounts_of(work.tx, work.community, work.member.id)
    return next(each.external_id for each in accounts if each.platform == work.platform)


@community.command("ping")
async def ping(work: Work) -> Reply:
    """Also says how far behind the outbox and the store are, and what the platform does not tell us."""
    late = timedelta(milliseconds=await promises.lag(work.tx, work.now))
    outbox = work.say("late", lag=late) if late >= SOON else work.say("nothing_late")
    slow = timedelta(milliseconds=work.desk.pulse.commit)
    store = work.say("slow", lag=slow) if slow >= SOON else work.say("quick", milliseconds=work.desk.pulse.commit)
    tone = Tone.CAREFUL if max(late, slow) >= SOON else Tone.GOOD
    pong = work.say("pong", outbox=outbox.text, store=store.text).text
    able = work.desk.abilities.get(work.platform)
    name = work.platform.capitalize()
    unseen = [work.say("unseen", platform=name).text] if able and not able.leaves else []
    unread = [work.say("unread", platform=name).text] if able and not able.words else []
    return Reply(text=join([pong, *unseen, *unread]), tone=tone)


@community.command("about", access=Access.STRANGER, reads=True)
async def about(work: Work) -> Reply:
    return work.say("text", version=__version__)


@community.command("language")
async def language(work: Work, language: Language | None = None) -> Reply:
    if language is None:
        spoken = ", ".join(work.words(f"language_name.{each}") for each in work.desk.catalogue.languages)
        mine = work.words(f"language_name.{work.locale}")
        buttons = tuple(
            work.button(f"language_name.{each}", write("language", each)) for each in work.desk.catalogue.languages
        )
        return work.say("yours", language=mine, spoken=spoken).but(private=True, buttons=buttons)
    await members.set_language(work.tx, work.community, work.member.id, language.value)
    spoken_now = work.speaking(language.value)
    return spoken_now.say("set", language=spoken_now.words(f"language_name.{language.value}")).but(private=True)


@community.command("timezone")
async def timezone(work: Work, zone: Annotated[str, Suggest(zones)] = "") -> Reply:
    if not zone:
        theirs = work.calendar_of(work.member)
        said = work.say("own" if work.member.time_zone else "common", zone=theirs.zone.key, time=theirs.time(work.now))
        back = (work.button("back", write("timezone", COMMON)),) if work.member.time_zone else ()
        return said.but(private=True, buttons=back)
    chosen = None if zone.casefold() == COMMON else _zone(zone)
    await members.set_time_zone(work.tx, work.community, work.member.id, chosen)
    calendar = calendar_in(chosen) if chosen else work.calendar
    return work.say("set", zone=calendar.zone.key, time=calendar.time(work.now)).but(private=True)


@community.command("settings list", access=Access.ADMIN, reads=True)
async def settings_list(work: Work) -> Reply:
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


@community.command("settings get", access=Access.ADMIN, reads=True)
async def settings_get(work: Work, key: Annotated[str, Suggest(setting_keys)]) -> Reply:
    declared = _declared(work, key)
    value = await _shown(work, declared, work.settings.stored.get(declared.key))
    past = await audit.changes(work.tx, work.community, SETTING_CHANGED, declared.key, 5)
    history = [await _past(work, declared, change) for change in past]
    about = work.say("value", key=declared.key, value=value, about=work.words(f"setting.{declared.key}")).text
    about = join([about, *await _unread(work, declared)])
    blocks = (Block(work.say("history").text, join(history)),) if history else ()
    return Reply(text=about, blocks=blocks, private=True)


@community.command("settings set", access=Access.ADMIN)
async def settings_set(
    work: Work, key: Annotated[str, Suggest(setting_keys)], value: Annotated[str, Suggest(setting_values)]
) -> Reply:
    declared = _declared(work, key)
    new = await _encoded(work, declared, value)
    if new == work.settings.stored.get(declared.key):
        return work.say("same", key=declared.key, value=await _shown(work, declared, new)).but(private=True)
    change = await _change(work, declared, new)
    undo = work.button("undo", write("settings undo", change.id))
    done = work.say("done", key=declared.key, value=await _shown(work, declared, new))
    text = join([done.text, *await _unread(work, declared), *await _published(work, declared)])
    return done.but(text=text, private=True, tone=Tone.GOOD, buttons=(undo,))


@community.command("settings undo", access=Access.ADMIN)
async def settings_undo(work: Work, change: Annotated[str, Suggest(latest_changes)] = "") -> Reply:
    """Without a number, the latest change that was not undone and is no undoing itself."""
    found = await _to_undo(work, change)
    declared = _declared(work, found.subject)
    if work.settings.stored.get(declared.key) != found.after:
        raise Refusal("settings.undo.changed_since", key=declared.key)
    undoing = await _change(work, declared, found.before, undoes=found.id)
    if not await audit.mark_undone(work.tx, work.community, found.id, undoing.id):
        raise Refusal("settings.undo.undone_before")
    done = work.say("done", key=declared.key, value=await _shown(work, declared, found.before))
    return done.but(private=True, tone=Tone.GOOD)


async def _encoded(work: Work, declared: Setting, typed: str) -> str:
    if setting.may_be_empty(declared.option) and typed.strip().casefold() in setting.NOTHING:
        return setting.encode("" if declared.option.kind is Kind.TEXT else None)
    try:
        return setting.encode(await read(work, declared.option, typed))
    except Refusal as refusal:
        now = work.settings.stored.get(declared.key)
        empty = setting.may_be_empty(declared.option) and setting.decode(declared.option, now) in (None, "")
        right = write("settings set", declared.key, "none" if empty else await _shown(work, declared, now))
        raise OptionRefused("value", refusal.path, right=right, **refusal.values) from None


def _zone(typed: str) -> str:
    try:
        return read_zone(ZONE, typed).key
    except Refusal as refusal:
        raise OptionRefused("zone", refusal.path, **refusal.values) from None


async def _to_undo(work: Work, change: str) -> Change:
    if change:
        try:
            number = read_whole(NUMBER, change)
        except Refusal as refusal:
            raise OptionRefused("change", refusal.path, **refusal.values) from None
        found = await audit.change(work.tx, work.community, number)
    else:
        found = next(iter(await _undoable(work)), None)
    if found is None or found.action != SETTING_CHANGED:
        raise Refusal("settings.undo.nothing")
    if found.undone_by is not None:
        raise Refusal("settings.undo.undone_before")
    return found


async def _undoable(work: Work) -> list[Change]:
    latest = await audit.changes(work.tx, work.community, SETTING_CHANGED, None, 50)
    return [each for each in latest if each.undone_by is None and each.undoes is None]


async def _change(work: Work, declared: Setting, new: str | None, undoes: int | None = None) -> Change:
    """Write the value and who changed it, when, and what it was."""
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
    await audit.record(work.tx, change)
    changed = SettingChanged(cause=f"setting:{change.id}", at=work.now, home=work.community, key=declared.key)
    await happened(work, changed)
    return change


async def _published(work: Work, declared: Setting) -> list[Rich]:
    """That few read a place was forgotten, or is what an administrator means to change."""
    place = work.settings.common_place if declared.key == setting.COMMON_PLACE else None
    closed = place is not None and await circles.common(work.tx, work.community, place) != {""}
    return [work.say("settings.published").text] if closed else []


async def _unread(work: Work, declared: Setting) -> list[Rich]:
    """Where what a setting rests on is not shown to us."""
    blind = [name for name, able in sorted(work.desk.abilities.items()) if declared.words and not able.words]
    there = [name for name in blind if await communities.roots(work.tx, work.community, name)]
    return [work.say("settings.unread", platform=name.capitalize()).text for name in there]


async def _past(work: Work, declared: Setting, change: Change) -> Any:
    actor = await members.member(work.tx, work.community, change.actor_id) if change.actor_id else None
    before = await _shown(work, declared, change.before)
    after = await _shown(work, declared, change.after)
    ago = max(SOON, timedelta(milliseconds=work.now - change.at))
    return work.say("past", ago=ago, who=actor, before=before, after=after).text


async def _shown(work: Work, declared: Setting, stored: str | None) -> str:
    """The value as an admin would type it."""
    value = setting.decode(declared.option, stored)
    match value:
        case None | "":
            return work.words("settings.nothing")
        case bool():
            return "on" if value else "off"
        case timedelta():
            return write_duration(value)
        case int() if declared.option.kind is Kind.PLACE:
            place = await communities.place(work.tx, work.community, value)
            return f"#{place.name.removeprefix('#')}" if place else work.words("settings.nothing")
    return str(getattr(value, "value", getattr(value, "name", value)))


def _declared(work: Work, key: str) -> Setting:
    found = work.desk.house.settings.get(key.casefold())
    if found is None:
        raise Refusal("settings.unknown", key=key[:40])
    return found


def _allowed(work: Work) -> Iterable[Command]:
    return (each for each in work.desk.house.commands.values() if work.access >= each.access)


def _find(work: Work, name: str) -> Command:
    found = work.desk.house.commands.get(name)
    if found is None:
        raise Refusal("refusal.unknown", command=name[:40])
    authorize(work.access, found.access)
    return found


def _about(work: Work, command: Command) -> Reply:
    names = {option.name: option_name(work, command, option.name) for option in command.options}
    lines = [
        work.say("option", option=names[each.name], about=work.words(f"{command.path}.options.{each.name}.about")).text
        for each in command.options
    ]
    text = work.say("usage", about=work.words(f"{command.path}.about"), usage=usage(command, names)).text
    example = work.say("for_example", example=work.words(f"{command.path}.example")).text
    return Reply(text=join([text, *lines, example]), private=True)
