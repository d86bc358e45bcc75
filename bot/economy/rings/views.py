"""Rings, as staff see them."""

from bot.kit import Button, Rich, Work, command_line
from models import rings as rings_store
from models.rings import Ring

#: how many members, and how many gifts, are named for each ring
NAMED = 10


async def described(work: Work, ring: Ring) -> list[Rich]:
    """How much went round, what share of each member's gifts that is, and who gave to which member how often."""
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
    return Button(label, command_line("rings close", ring.number))
