"""Shows rings to staff, with the evidence, until staff close them."""

from typing import Annotated

from bot.economy.rings import rings, views
from bot.kit import Access, Choice, OptionRefused, Refusal, Reply, Rich, Suggest, Tone, Work, join, read_number
from models import rings as rings_store
from models.rings import Ring

#: how many are listed, and how many suggested
LISTED, CHOICES = 5, 25


async def open_rings(work: Work, typed: str) -> list[Choice]:
    found = await rings_store.open_rings(work.tx, work.community, CHOICES)
    labels = {each.number: ", ".join(await _names(work, each)) for each in found}
    near = [each for each in found if typed.casefold() in f"{each.number} {labels[each.number]}".casefold()]
    return [Choice(str(each.number), labels[each.number]) for each in near]


@rings.command("rings list", access=Access.STAFF, reads=True)
async def list_(work: Work) -> Reply:
    found = await rings_store.open_rings(work.tx, work.community, LISTED + 1)
    if not found:
        return work.say("none").but(private=True)
    lines: list[Rich] = []
    for each in found[:LISTED]:
        lines += [work.say("rings.list.title", number=each.number).text, *await views.described(work, each)]
    if len(found) > LISTED:
        lines.append(work.say("further").text)
    buttons = tuple(views.close_button(work, each) for each in found[:LISTED])
    return Reply(text=join(lines), buttons=buttons, private=True)


@rings.command("rings close", access=Access.STAFF)
async def close(work: Work, ring: Annotated[str, Suggest(open_rings)]) -> Reply:
    """Close a ring that is harmless or settled; staff hear of it again only when it grows."""
    number = read_number("ring", ring)
    if await rings_store.ring(work.tx, work.community, number) is None:
        raise OptionRefused("ring", "rings.unknown")
    if not await rings_store.close(work.tx, work.community, number, work.now, work.member.id):
        raise Refusal("rings.close.before", number=number)
    return work.say("done", number=number).but(private=True, tone=Tone.GOOD)


async def _names(work: Work, ring: Ring) -> list[str]:
    return [each.name for each in await rings_store.shares(work.tx, work.community, ring.number, views.NAMED)]
