"""Items and their prices; delivering orders, or giving the points back."""

from dataclasses import replace
from typing import Annotated

from bot.community.basics.settings import STAFF_PLACE
from bot.community.rewards import acts as rewards_acts
from bot.economy.points import acts as points_acts
from bot.economy.shop import acts as shop_acts
from bot.economy.shop.acts import PAGE, on_sale
from bot.economy.shopkeeping import shopkeeping
from bot.kit import (
    Access,
    Choice,
    Duration,
    OptionRefused,
    Range,
    Refusal,
    Reply,
    Suggest,
    Tail,
    Tell,
    Tone,
    Work,
    command_line,
    join,
    read_name,
    read_number,
)
from bot.kit.references import Role
from models import ledger, members, shop
from models.numbers import next_number
from models.shop import Item, Purchase

#: the longest name and description, in characters
NAME, ABOUT = 60, 300
#: the reason of refunds in the ledger
REFUND = "refund"

Name = Annotated[str, Range(1, NAME)]
About = Annotated[str, Range(0, ABOUT)]
Price = Annotated[int, Range(1, 1_000_000)]
Stock = Annotated[int, Range(0, 1_000_000)]
PerMember = Annotated[int, Range(0, 1000)]
Lasts = Annotated[Duration, Range(60, 36_525 * 86_400)]


async def orders_open(work: Work, typed: str) -> list[Choice]:
    found = await shop.open_purchases(work.tx, work.community, 0, 100)
    return [Choice(str(each.number), await shop_acts.called(work, each)) for each in found if typed in str(each.number)]


@shopkeeping.command("shop add", access=Access.ADMIN)
async def add(
    work: Work,
    name: Name,
    price: Price,
    about: About = "",
    stock: Annotated[int, Range(1, 1_000_000)] | None = None,
    per_member: PerMember = 0,
    role: Role | None = None,
    lasts: Lasts | None = None,
) -> Reply:
    """A member can buy a permanent role once. A role for a time they can buy again; its times follow one another."""
    if lasts and not role:
        raise OptionRefused("lasts", "shop.add.only_roles")
    reward = await rewards_acts.reward(work, role) if role else None
    once = 1 if role and not lasts else None
    new = Item(
        community_id=work.community,
        number=await next_number(work.tx, work.community),
        name=read_name("name", name, NAME),
        about=read_name("about", about, ABOUT) if about else "",
        price=price,
        place_id=reward.place_id if reward else None,
        role_id=reward.role_id if reward else None,
        role_name=reward.name if reward else None,
        lasts=round(lasts.total_seconds() * 1000) if lasts else None,
        stock=stock,
        per_member=per_member or once,
        added_at=work.now,
    )
    await shop.put_item(work.tx, new)
    lines = [work.say("done").text, *shop_acts.described(work, new)]
    if not role and work.setting(STAFF_PLACE) is None:
        lines.append(work.say("nobody_told").text)
    return Reply(text=join(lines), private=True, tone=Tone.GOOD)


@shopkeeping.command("shop edit", access=Access.ADMIN)
async def edit(
    work: Work,
    item: Annotated[str, Suggest(on_sale)],
    name: Name | None = None,
    price: Price | None = None,
    about: About | None = None,
    stock: Stock | None = None,
    per_member: PerMember | None = None,
    unlimited: bool = False,
) -> Reply:
    """Earlier purchases stay as they were."""
    await ledger.lock(work.tx, work.community)
    old = await shop_acts.find_item(work, item)
    new = replace(
        old,
        name=old.name if name is None else read_name("name", name, NAME),
        price=old.price if price is None else price,
        about=old.about if about is None else read_name("about", about, ABOUT),
        stock=None if unlimited else old.stock if stock is None else stock,
        per_member=old.per_member if per_member is None else per_member or None,
    )
    await shop.put_item(work.tx, new)
    return Reply(text=join([work.say("done").text, *shop_acts.described(work, new)]), private=True, tone=Tone.GOOD)


@shopkeeping.command("shop remove", access=Access.ADMIN)
async def remove(work: Work, item: Annotated[str, Suggest(on_sale)]) -> Reply:
    await ledger.lock(work.tx, work.community)
    old = await shop_acts.find_item(work, item)
    await shop.put_item(work.tx, replace(old, gone_at=work.now))
    return work.say("done", item=old.name).but(private=True)


@shopkeeping.command("shop orders", access=Access.STAFF, reads=True)
async def orders(work: Work, after: str = "") -> Reply:
    """The oldest first, so that the buyer who waited longest is served first."""
    start = read_number("after", after) if after else 0
    found = await shop.open_purchases(work.tx, work.community, start, PAGE + 1)
    stuck = [] if after else list((await shop_acts.refused(work)).values())[:PAGE]
    if not found and not stuck:
        return work.say("empty").but(private=True)
    lines = [work.say("stuck", order=await shop_acts.ordered(work, each)).text for each in stuck]
    lines += [await shop_acts.ordered(work, each) for each in found[:PAGE]]
    buttons = [button for each in [*stuck, *found[:PAGE]] for button in shop_acts.deal_with(work, each)]
    if len(found) > PAGE:
        buttons.append(work.button("newer", command_line("shop orders", found[PAGE - 1].number)))
    title = work.say("title").text
    return Reply(title=title, text=join(lines), buttons=tuple(buttons), private=True, replaces=True)


@shopkeeping.command("shop done", access=Access.STAFF)
async def done(work: Work, order: Annotated[str, Suggest(orders_open)]) -> Reply:
    await ledger.lock(work.tx, work.community)
    found = await _purchase(work, order)
    if not await shop_acts.close(work, found, ("open",), "done"):
        raise Refusal(f"shop.closed.{found.state}", number=found.number)
    buyer, item = await members.known(work.tx, work.community, found.member_id), await shop_acts.called(work, found)
    told = work.speaking(buyer.speaks).say("told", item=item, number=found.number)
    await work.promise(Tell(member=buyer.id, reply=told))
    said = work.say("done", number=found.number, item=item, member=buyer, staff=work.member)
    return said.but(tone=Tone.GOOD, private=True, replaces=True)


@shopkeeping.command("shop refund", access=Access.STAFF)
async def refund(
    work: Work, order: Annotated[str, Suggest(orders_open)], why: Annotated[Tail, Range(0, 200)] = ""
) -> Reply:
    """Reverse the entry, so that the books say what happened; the item goes back to the stock."""
    await ledger.lock(work.tx, work.community)
    found = await _purchase(work, order)
    if not await shop_acts.close(work, found, ("open", "done", "held", "ended"), "refunded"):
        raise Refusal(f"shop.closed.{found.state}", number=found.number)
    paid = await ledger.entry(work.tx, work.community, found.entry_id)
    await points_acts.reverse(work, [paid] if paid else [], REFUND)
    await shop.restock(work.tx, work.community, found.item, 1)
    await rewards_acts.change(
        work, [], shop_acts.reasons(work, found, await shop.item(work.tx, work.community, found.item))
    )
    buyer, item = await members.known(work.tx, work.community, found.member_id), await shop_acts.called(work, found)
    theirs = work.speaking(buyer.speaks)
    told = theirs.say("told_why" if why else "told", item=item, number=found.number, count=found.price, why=why)
    await work.promise(Tell(member=buyer.id, reply=told))
    said = work.say("done", number=found.number, item=item, member=buyer, count=found.price)
    return said.but(tone=Tone.GOOD, private=True, replaces=True)


async def _purchase(work: Work, typed: str) -> Purchase:
    found = await shop.purchase(work.tx, work.community, read_number("order", typed))
    if found is None:
        raise Refusal("shop.no_order")
    return found
