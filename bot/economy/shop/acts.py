"""Items and orders, as buyers and shopkeepers see them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.community.endings import acts as endings_acts
from bot.community.endings.acts import Ending
from bot.community.rewards import acts as rewards_acts
from bot.kit import Button, Choice, OptionRefused, Rich, Style, Work, command_line, join, read_number
from bot.kit.calendar import moment
from models import members, roles, shop
from models import shop as shop_store
from models.roles import Reason, Reward
from models.shop import Item, Purchase

#: how many items or orders one page shows, each with its buttons
PAGE = 5
#: how many refused roles are read at once
REFUSED = 100
#: the reason of purchases in the ledger
BOUGHT = "shop"


async def on_sale(work: Work, typed: str) -> list[Choice]:
    found = await shop.items(work.tx, work.community, 500)
    near = [each for each in found if typed.casefold() in f"{each.number} {each.name}".casefold()]
    return [Choice(str(each.number), each.name) for each in near]


async def find_item(work: Work, typed: str) -> Item:
    """Find an item by its number, or by its name among what is sold."""
    found = await shop.items(work.tx, work.community, 500)
    named = next((each for each in found if each.name.casefold() == typed.strip().casefold()), None)
    if named:
        return named
    try:
        numbered = await shop.item(work.tx, work.community, read_number("item", typed))
    except OptionRefused:
        numbered = None
    if numbered is None:
        raise OptionRefused("item", "shop.unknown", so_far=command_line(work.path.replace(".", " ")))
    return numbered


def described(work: Work, item: Item) -> list[Rich]:
    lines = [work.say("shop.item", number=item.number, name=item.name, count=item.price).text]
    if item.role_id:
        lasts = timedelta(milliseconds=item.lasts) if item.lasts else None
        lines.append(work.say("shop.role_for" if lasts else "shop.role", role=item.role_name, lasts=lasts).text)
    if item.stock is not None:
        lines.append(work.say("shop.left" if item.stock else "shop.none_left", count=item.stock).text)
    if item.per_member is not None:
        lines.append(work.say("shop.limit", count=item.per_member).text)
    head = join(lines, " · ")
    return [head, work.say("shop.about_item", about=item.about).text] if item.about else [head]


async def called(work: Work, order: Purchase) -> str:
    """The name of the ordered item, even if it is no longer sold."""
    found = await shop.item(work.tx, work.community, order.item)
    return found.name if found else "?"


async def ordered(work: Work, order: Purchase) -> Rich:
    """An order, as staff see it."""
    buyer, item = await members.known(work.tx, work.community, order.member_id), await called(work, order)
    who = await work.mention(buyer)
    return work.say(
        "shop.ordered", number=order.number, item=item, member=who, count=order.price, date=date(order.at)
    ).text


def deal_with(work: Work, order: Purchase) -> list[Button]:
    done, back = work.words("shop.hand_over", number=order.number), work.words("shop.give_back", number=order.number)
    handing = [Button(done, command_line("shop done", order.number), Style.MAIN)] if order.state == "open" else []
    return [*handing, Button(back, command_line("shop refund", order.number))]


async def refused(work: Work, member_id: int | None = None) -> dict[int, Purchase]:
    """Orders whose role could not be given, by number; of one member or of all."""
    changes = (
        await roles.refused(work.tx, work.community, REFUSED)
        if member_id is None
        else [
            each for each in await roles.changes_of(work.tx, work.community, [member_id]) if each.outcome == "refused"
        ]
    )
    found = [
        order
        for each in changes
        if each.wanted
        for order in await shop.held_purchases(work.tx, work.community, each.member_id, each.role_id)
    ]
    return {each.number: each for each in found}


def reasons(work: Work, order: Purchase, item: Item | None) -> list[Reason]:
    """The reason for the buyer to hold the role, if the item is one."""
    if item is None or item.place_id is None or item.role_id is None or item.role_name is None:
        return []
    reward = Reward(item.place_id, item.role_id, item.role_name)
    return [rewards_acts.why(work, order.member_id, reward, BOUGHT, order.number, order.until)]


async def close(work: Work, order: Purchase, states: Sequence[str], state: str) -> bool:
    return await shop.close_purchase(
        work.tx, work.community, order.number, states, state, work.now, work.actor.id if work.actor else None
    )


def date(at: int | None) -> datetime | None:
    return None if at is None else moment(at)


#: how many orders are ended in one transaction
ENDED = 200


async def end_due(work: Work) -> None:
    """End orders whose time is over. The roles end with their reasons, and then the buyers are told."""
    if await endings_acts.may(work, Ending.ORDERS, await shop_store.due(work.tx, work.community, work.now)):
        for order in await shop_store.ended_purchases(work.tx, work.community, work.now, ENDED):
            await close(work, order, ("held",), "ended")
