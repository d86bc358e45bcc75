"""Where and for which roles points count differently; the amount is decided where they are earned."""

from collections.abc import Iterable
from typing import Annotated

from bot.community.rewards import acts as rewards_acts
from bot.economy.multipliers import multipliers
from bot.kit import Access, Choice, OptionRefused, Range, Reply, Suggest, Tone, Work, command_line, join
from bot.kit.audit import note
from bot.kit.references import Role, clean
from models import multipliers as multipliers_store
from models.communities import Place
from models.multipliers import Multiplier

Percent = Annotated[int, Range(0, 1000)]
#: Discord's limit of suggestions
CHOICES = 25


async def known(work: Work, typed: str) -> list[Choice]:
    found = await multipliers_store.multipliers(work.tx, work.community)
    near = [each for each in found if typed.casefold() in each.name.casefold()]
    return [Choice(_key(each), f"{each.name} · {each.percent}%") for each in near[:CHOICES]]


@multipliers.command("multipliers list", reads=True)
async def list_(work: Work) -> Reply:
    every = await multipliers_store.multipliers(work.tx, work.community)
    found = [each for each in every if await work.knows(each.place_id)]
    if not found:
        return work.say("none").but(private=True)
    lines = [work.say(f"line.{_kind(each)}", name=each.name, percent=each.percent).text for each in found]
    private = not all([await work.known_here(each.place_id) for each in found])
    return Reply(title=work.say("title").text, text=join([*lines, work.say("rule").text]), private=private)


@multipliers.command("multipliers place", access=Access.ADMIN)
async def place_(work: Work, place: Place, percent: Percent) -> Reply:
    return await _put(work, Multiplier(work.community, place.id, "", place.name, percent))


@multipliers.command("multipliers role", access=Access.ADMIN)
async def role_(work: Work, role: Role, percent: Percent) -> Reply:
    """Also allowed for a role that we could never give."""
    named = await rewards_acts.of_guild(work, role)
    return await _put(work, Multiplier(work.community, named.place_id, named.role_id, clean(named.name), percent))


@multipliers.command("multipliers clear", access=Access.ADMIN)
async def clear(work: Work, which: Annotated[str, Suggest(known), Range(1, 200)]) -> Reply:
    """Takes a name, since members can no longer choose what was deleted on its platform."""
    found = _named(which, await multipliers_store.multipliers(work.tx, work.community))
    if found is None:
        raise OptionRefused("which", "multipliers.clear.not_there", name=clean(which))
    await multipliers_store.drop(work.tx, found)
    await note(work, (_key(found), found.percent, None))
    return work.say("done", name=found.name).but(private=True, tone=Tone.GOOD)


async def _put(work: Work, multiplier: Multiplier) -> Reply:
    before = _named(_key(multiplier), await multipliers_store.multipliers(work.tx, work.community))
    await multipliers_store.put(work.tx, multiplier)
    await note(work, (_key(multiplier), before.percent if before else None, multiplier.percent))
    said = work.say("done" if multiplier.percent else "nothing", name=multiplier.name, percent=multiplier.percent)
    clear_it = work.button("multipliers.clear.press", command_line("multipliers clear", _key(multiplier)))
    return said.but(private=True, tone=Tone.GOOD, buttons=(clear_it,))


def _named(typed: str, found: Iterable[Multiplier]) -> Multiplier | None:
    word = typed.lstrip("#@").casefold()
    fits = [each for each in found if typed == _key(each) or word == each.name.lstrip("#@").casefold()]
    return next(iter(sorted(fits, key=lambda each: typed != _key(each))), None)


def _key(multiplier: Multiplier) -> str:
    """The id that tells it from others of the same name."""
    return multiplier.role_id or str(multiplier.place_id)


def _kind(multiplier: Multiplier) -> str:
    """The path of its words."""
    return ("role" if multiplier.role_id else "place") + ("" if multiplier.percent else "_nothing")
