"""Help, languages, time zones, which community is meant, and a sign of life."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Annotated

from bot import __version__
from bot.community.basics import basics
from bot.community.basics.settings import INVITE, Language, zones
from bot.core.continuing import NAME, own_communities
from bot.core.invoker import option_name, permitted
from bot.kit import (
    Access,
    Block,
    Button,
    Choice,
    OptionRefused,
    Refusal,
    Reply,
    Rest,
    Rich,
    Suggest,
    Tail,
    Tone,
    Work,
    command_line,
    join,
)
from bot.kit.access import authorize
from bot.kit.calendar import calendar_in
from bot.kit.capability import Command
from bot.kit.grammar import usage
from bot.kit.options import Kind, Option, read_zone
from models import choices, members, promises

ZONE = Option(name="zone", kind=Kind.ZONE)
#: takes a member back to the community's time zone
COMMON = "off"
#: a shorter delay is not worth telling
SOON = timedelta(seconds=1)


async def command_names(work: Work, typed: str) -> list[Choice]:
    return [
        Choice(command.name, f"/{command.name}")
        for command in await permitted(work, work.desk.house.commands.values())
        if typed.removeprefix("/").casefold() in command.name
    ]


async def own(work: Work, typed: str) -> list[Choice]:
    """The communities that the author is a member of; told only in private, since others need not know."""
    if work.place:
        return []
    named = await own_communities(work.tx, work.platform, await _account(work))
    return [Choice(str(each), name) for each, name in named.items() if typed.casefold() in name.casefold()]


@basics.command("help", access=Access.STRANGER, reads=True, varies=True)
async def help_(work: Work, command: Annotated[Tail, Suggest(command_names)] = "") -> Reply:
    wanted = " ".join(command.removeprefix("/").lower().split())
    if group := [each for each in work.desk.house.commands.values() if each.name.startswith(f"{wanted} ")]:
        return Reply(text=_listed(work, await _permitted(work, group)), private=True)
    if wanted:
        return _about(work, await _find(work, wanted))
    allowed = await permitted(work, work.desk.house.commands.values())
    blocks = tuple(
        Block(work.say(f"capability.{capability.name}.name").text, _listed(work, own))
        for capability in work.desk.house.capabilities
        if (own := [each for each in allowed if each.capability == capability.name])
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


@basics.command("community", access=Access.STRANGER, varies=True)
async def choose(work: Work, which: Annotated[str, Rest(), Suggest(own)] = "") -> Reply:
    """A member of several communities chooses the one that their private messages mean."""
    if work.place:
        raise Refusal("community.in_place")
    known = await own(work, "")
    if not which:
        return (await _which(work, known)).but(private=True)
    meant = [each for each in known if which == each.value] or [each for each in known if _is_called(each, which)]
    if len(meant) != 1:
        raise OptionRefused("which", "community.unknown", so_far=command_line("community"))
    await choices.choose(work.tx, work.platform, await _account(work), int(meant[0].value))
    return work.say("chosen", name=meant[0].label).but(private=True, replaces=True, tone=Tone.GOOD)


def _is_called(community: Choice, typed: str) -> bool:
    """Whether this is its name, in full or shortened."""
    name = " ".join(typed.split()).casefold()
    return community.label.casefold() in (name, name[:NAME])


async def _which(work: Work, known: Sequence[Choice]) -> Reply:
    now = await choices.chosen(work.tx, work.platform, await _account(work))
    match known:
        case []:
            return work.say("none")
        case [only] if now is None or str(now) == only.value:
            return work.say("only", name=only.label)
    buttons = tuple(Button(each.label, command_line("community", each.value)) for each in known)
    holds = next((work.say("holds", name=each.label) for each in known if each.value == str(now)), None)
    return (holds or work.say("which" if now is None else "left")).but(buttons=buttons)


async def _account(work: Work) -> str:
    """The platform's id for the author."""
    accounts = await members.accounts_of(work.tx, work.community, work.member.id)
    return next(each.external_id for each in accounts if each.platform == work.platform)


@basics.command("ping")
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


@basics.command("about", access=Access.STRANGER, reads=True)
async def about(work: Work) -> Reply:
    return work.say("text", version=__version__)


@basics.command("language")
async def language(work: Work, language: Language | None = None) -> Reply:
    if language is None:
        spoken = [work.words(f"choice.language.{each}") for each in work.desk.catalogue.languages]
        mine = work.words(f"choice.language.{work.locale}")
        buttons = tuple(
            work.button(f"choice.language.{each}", command_line("language", each))
            for each in work.desk.catalogue.languages
        )
        return work.say("yours", language=mine, spoken=spoken).but(private=True, buttons=buttons)
    await members.set_language(work.tx, work.community, work.member.id, language.value)
    spoken_now = work.speaking(language.value)
    return spoken_now.say("set", language=spoken_now.words(f"choice.language.{language.value}")).but(private=True)


@basics.command("timezone")
async def timezone(work: Work, zone: Annotated[str, Suggest(zones)] = "") -> Reply:
    if not zone:
        theirs = work.calendar_of(work.member)
        said = work.say("own" if work.member.time_zone else "common", zone=theirs.zone.key, time=theirs.time(work.now))
        back = (work.button("back", command_line("timezone", COMMON)),) if work.member.time_zone else ()
        return said.but(private=True, buttons=back)
    chosen = None if zone.casefold() == COMMON else _zone(zone)
    await members.set_time_zone(work.tx, work.community, work.member.id, chosen)
    calendar = calendar_in(chosen) if chosen else work.calendar
    return work.say("set", zone=calendar.zone.key, time=calendar.time(work.now)).but(private=True)


def _zone(typed: str) -> str:
    try:
        return read_zone(ZONE, typed).key
    except Refusal as refusal:
        raise OptionRefused("zone", refusal.path, **refusal.values) from None


async def _permitted(work: Work, named: Sequence[Command]) -> Sequence[Command]:
    """The commands of `named` that the author may give; refused if there are none."""
    least = min(named, key=lambda each: each.access)
    authorize(work.access, least.access)
    may = await permitted(work, named)
    if not may and (objection := await least.objection(work)):
        raise objection
    return may


async def _find(work: Work, name: str) -> Command:
    found = work.desk.house.commands.get(name)
    if found is None:
        raise Refusal("refusal.unknown", command=name[:40])
    await _permitted(work, [found])
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
