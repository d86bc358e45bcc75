"""Rings as staff see them, with the evidence, until they say that all is well."""

from typing import Annotated

from bot.economy.rings import rings
from bot.kit.access import Access
from bot.kit.errors import OptionRefused, Refusal
from bot.kit.grammar import write
from bot.kit.markup import Rich, join
from bot.kit.options import Choice, Suggest
from bot.kit.replies import Button, Reply, Tone
from bot.kit.typed import read_number
from bot.kit.work import Work
from models import rings as rings_store
from models.rings import Ring

#: listed at once, and suggested
LISTED, CHOICES = 5, 25
#: members, and gifts between them, that are named for each ring
NAMED = 10


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
        lines += [work.say("rings.list.title", number=each.number).text, *await described(work, each)]
    if len(found) > LISTED:
        lines.append(work.say("further").text)
    buttons = tuple(close_button(work, each) for each in found[:LISTED])
    return Reply(text=join(lines), buttons=buttons, private=True)


@rings.command("rings close", access=Access.STAFF)
async def close(work: Work, ring: Annotated[str, Suggest(open_rings)]) -> Reply:
    """All is well, or was settled: it is told again only when there is more of it."""
    number = read_number("ring", ring)
    if await rings_store.ring(work.tx, work.community, number) is None:
        raise OptionRefused("ring", "rings.unknown")
    if not await rings_store.close(work.tx, work.community, number, work.now, work.member.id):
        raise Refusal("rings.close.before", number=number)
    return work.say("done", number=number).but(private=True, tone=Tone.GOOD)


async def described(work: Work, ring: Ring) -> list[Rich]:
    """What went round, how much of what each was given that is, and who gave whom how often."""
    size = await rings_store.size(work.tx, work.community, ring.number)
    shares = await rings_store.shares(work.tx, work.community, ring.number, NAMED)
    gifts = await rings_store.evidence(work.tx, work.community, ring.number, NAMED + 1)
    lines = [work.say("rings.list.size", count=size, amount=ring.amount).text]
    for each in shares:
        percent = 100 * each.inside // each.received
        said = work.say("rings.list.share", who=each.name, inside=each.inside, count=each.received, percent=percent)
        lines.append(said.text)
    for gift in gifts[:NAMED]:
        said = work.say("rings.list.gift", who=gift.giver, to=gift.receiver, amount=gift.amount, count=gift.times)
        lines.append(said.text)
    if len(gifts) > NAMED or size > NAMED:
        lines.append(work.say("rings.list.more").text)
    return lines


def close_button(work: Work, ring: Ring) -> Button:
    label = work.words("rings.close.press", number=ring.number)
    return Button(label, write("rings close", ring.number))


async def _names(work: Work, ring: Ring) -> list[str]:
    return [each.name for each in await rings_store.shares(work.tx, work.community, ring.number, NAMED)]
