"""The items on sale, and buying them."""

from datetime import timedelta
from typing import Annotated

from bot.community.basics.settings import LANGUAGE, STAFF_PLACE
from bot.community.rewards import acts as rewards_acts
from bot.economy.points import acts as points_acts
from bot.economy.shop import acts, shop
from bot.economy.shop.acts import BOUGHT, PAGE, on_sale
from bot.economy.shop.rules import agreement, dear, objection
from bot.kit import (
    Button,
    Post,
    Range,
    Refusal,
    Remind,
    Reply,
    Rich,
    Style,
    Suggest,
    Tone,
    Work,
    command_line,
    join,
    read_number,
)
from models import communities, members
from models import shop as shop_store
from models.ledger import LATEST
from models.numbers import next_number
from models.shop import Item, Purchase

Page = Annotated[int, Range(1, 10_000)]


@shop.command("shop list", reads=True)
async def list_(work: Work, page: Page = 1) -> Reply:
    found = await shop_store.items(work.tx, work.community, PAGE + 1, (page - 1) * PAGE)
    if not found:
        return work.say("empty" if page == 1 else "beyond").but(private=True)
    buy = [Button(work.words("buy", item=each.name), command_line("buy", each.number)) for each in found[:PAGE]]
    around = [page - 1] * (page > 1) + [page + 1] * (len(found) > PAGE)
    turn = [Button("◀" if to < page else "▶", command_line("shop list", to)) for to in around]
    text = join([line for each in found[:PAGE] for line in acts.described(work, each)])
    return Reply(title=work.say("title").text, text=text, buttons=(*buy, *turn), replaces=True)


@shop.command("buy")
async def buy(work: Work, item: Annotated[str, Suggest(on_sale)], agreed: str = "") -> Reply:
    """Check balance, stock and limit together: nobody else moves points here before the transaction ends."""
    standing = await points_acts.look(work, work.member)
    wanted = await acts.find_item(work, item)
    bought = await shop_store.count_bought(work.tx, work.community, work.member.id, wanted.number)
    if refusal := objection(wanted, standing.balance, bought) or await _out_of_reach(work, wanted):
        raise refusal
    deal = agreement(wanted.price, bought)
    if dear(wanted.price, standing.balance) and agreed != deal:
        pay = work.button("pay", command_line("buy", wanted.number, deal), Style.MAIN)
        sure = work.say("sure", item=wanted.name, count=wanted.price, balance=standing.balance)
        return sure.but(private=True, buttons=(pay,))
    order = await _order(work, wanted)
    said = work.say("bought", item=wanted.name, count=wanted.price, left=standing.balance - wanted.price).text
    then = work.say("staff" if order.state == "open" else "role", number=order.number, role=wanted.role_name).text
    return Reply(text=join([said, then]), private=True, tone=Tone.GOOD, replaces=bool(agreed))


@shop.command("purchases", reads=True)
async def purchases(work: Work, before: str = "") -> Reply:
    """Shown page by page, newest first; a page has orders older than `before`."""
    start = read_number("before", before) if before else LATEST
    found = await shop_store.purchases_of(work.tx, work.community, work.member.id, start, PAGE + 1)
    if not found:
        return work.say("empty").but(private=True)
    lines = [await _state(work, each) for each in found[:PAGE]]
    older = [work.button("older", command_line("purchases", found[PAGE - 1].number))] if len(found) > PAGE else []
    title = work.say("title").text
    return Reply(title=title, text=join(lines), buttons=tuple(older), private=True, replaces=True)


async def _order(work: Work, item: Item) -> Purchase:
    """Write the payment, the stock, the order and its promises."""
    price = points_acts.entry(work, work.member, "spend", -item.price, BOUGHT, note=item.name)
    (paid,) = await points_acts.write(work, [price])
    await shop_store.restock(work.tx, work.community, item.number, -1)
    order = Purchase(
        community_id=work.community,
        number=await next_number(work.tx, work.community),
        item=item.number,
        member_id=work.member.id,
        price=item.price,
        entry_id=paid.id,
        at=work.now,
        until=await _until(work, item),
        state="held" if item.role_id else "open",
    )
    await shop_store.add_purchase(work.tx, order)
    await rewards_acts.change(work, acts.reasons(work, order, item), [])
    if order.until is not None:
        await work.promise(
            Remind(subject=f"purchase:{order.number}"), after=timedelta(milliseconds=order.until - work.now)
        )
    staff_place = work.setting(STAFF_PLACE)
    if order.state == "open" and staff_place is not None:
        theirs = work.speaking(work.setting(LANGUAGE).value)
        note = Reply(text=await acts.ordered(theirs, order), buttons=tuple(acts.deal_with(theirs, order)))
        await work.promise(Post(place=staff_place, reply=note))
    return order


async def _until(work: Work, item: Item) -> int | None:
    """A bought time begins when the one before it ends."""
    if item.lasts is None or item.role_id is None:
        return None
    held = await shop_store.held_purchases(work.tx, work.community, work.member.id, item.role_id)
    return max([work.now, *(each.until for each in held if each.until)]) + item.lasts


async def _out_of_reach(work: Work, item: Item) -> Refusal | None:
    """A role can be given only on a platform where the buyer has an account."""
    place = await communities.place(work.tx, work.community, item.place_id) if item.place_id else None
    if place is None:
        return None
    accounts = await members.accounts_of(work.tx, work.community, work.member.id)
    if any(each.platform == place.platform for each in accounts):
        return None
    return Refusal("buy.elsewhere", role=item.role_name, place=place)


async def _state(work: Work, order: Purchase) -> Rich:
    """A member's own order, as they see it."""
    key = "for_good" if order.state == "held" and order.until is None else order.state
    if order.state == "held" and order.number in await acts.refused(work, order.member_id):
        key = "refused"
    state = work.words(f"shop.state.{key}", until=acts.date(order.until))
    item = await acts.called(work, order)
    return work.say(
        "line", number=order.number, item=item, count=order.price, date=acts.date(order.at), state=state
    ).text
