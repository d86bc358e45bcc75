"""What is sold, buying it, and handing it over or giving the points back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from bot import purse, roles
from bot.access import Access
from bot.calendar import moment
from bot.community.settings import LANGUAGE, STAFF_PLACE
from bot.effects import Post, Remind, Tell
from bot.errors import OptionRefused, Refusal
from bot.markup import Rich, join
from bot.naming import read_name, read_number
from bot.options import Choice, Duration, Range, Suggest, Tail
from bot.parsing import write
from bot.people import Role
from bot.replies import Button, Reply, Style, Tone
from bot.shop import shop
from bot.shop.rules import agreement, dear, objection
from bot.work import Work
from models import communities, ledger, members
from models import roles as given
from models import shop as shelf
from models.ledger import LATEST
from models.numbers import next_number
from models.roles import Reason, Reward
from models.shop import Item, Purchase

#: items or orders of one page, each with its buttons
PAGE = 5
#: characters
NAME, ABOUT = 60, 300
#: roles that could not be given, looked at once
REFUSED = 100
#: under which the ledger keeps what was bought, and what was given back
BOUGHT, REFUND = "shop", "refund"

Name = Annotated[str, Range(1, NAME)]
About = Annotated[str, Range(0, ABOUT)]
Price = Annotated[int, Range(1, 1_000_000)]
Stock = Annotated[int, Range(0, 1_000_000)]
PerMember = Annotated[int, Range(0, 1000)]
Lasts = Annotated[Duration, Range(60, 36_525 * 86_400)]
Page = Annotated[int, Range(1, 10_000)]


async def on_sale(work: Work, typed: str) -> list[Choice]:
    found = await shelf.items(work.tx, work.community, 500)
    near = [each for each in found if typed.casefold() in f"{each.number} {each.name}".casefold()]
    return [Choice(str(each.number), each.name) for each in near]


async def orders_open(work: Work, typed: str) -> list[Choice]:
    found = await shelf.open_purchases(work.tx, work.community, 0, 100)
    return [Choice(str(each.number), await _called(work, each)) for each in found if typed in str(each.number)]


@shop.command("shop list")
async def list_(work: Work, page: Page = 1) -> Reply:
    found = await shelf.items(work.tx, work.community, PAGE + 1, (page - 1) * PAGE)
    if not found:
        return work.say("empty" if page == 1 else "beyond").but(private=True)
    buy = [Button(work.words("buy", item=each.name), write("buy", each.number)) for each in found[:PAGE]]
    around = [page - 1] * (page > 1) + [page + 1] * (len(found) > PAGE)
    turn = [Button("◀" if to < page else "▶", write("shop list", to)) for to in around]
    text = join([line for each in found[:PAGE] for line in _described(work, each)])
    return Reply(title=work.say("title").text, text=text, buttons=(*buy, *turn), replaces=True)


@shop.command("buy")
async def buy(work: Work, item: Annotated[str, Suggest(on_sale)], agreed: str = "") -> Reply:
    """Balance, stock and limit are decided together: nobody else moves points here before the transaction ends."""
    standing = await purse.look(work, work.member)
    wanted = await _item(work, item)
    bought = await shelf.count_bought(work.tx, work.community, work.member.id, wanted.number)
    if refusal := objection(wanted, standing.balance, bought) or await _out_of_reach(work, wanted):
        raise refusal
    deal = agreement(wanted.price, bought)
    if dear(wanted.price, standing.balance) and agreed != deal:
        pay = work.button("pay", write("buy", wanted.number, deal), Style.MAIN)
        sure = work.say("sure", item=wanted.name, count=wanted.price, balance=standing.balance)
        return sure.but(private=True, buttons=(pay,))
    order = await _order(work, wanted)
    said = work.say("bought", item=wanted.name, count=wanted.price, left=standing.balance - wanted.price).text
    then = work.say("staff" if order.state == "open" else "role", number=order.number, role=wanted.role_name).text
    return Reply(text=join([said, then]), private=True, tone=Tone.GOOD, replaces=bool(agreed))


@shop.command("purchases", reads=True)
async def purchases(work: Work, before: str = "") -> Reply:
    """Page by page, the newest first; a page is told by the order before which it begins."""
    start = read_number("before", before) if before else LATEST
    found = await shelf.purchases_of(work.tx, work.community, work.member.id, start, PAGE + 1)
    if not found:
        return work.say("empty").but(private=True)
    lines = [await _state(work, each) for each in found[:PAGE]]
    older = [work.button("older", write("purchases", found[PAGE - 1].number))] if len(found) > PAGE else []
    title = work.say("title").text
    return Reply(title=title, text=join(lines), buttons=tuple(older), private=True, replaces=True)


@shop.command("shop add", access=Access.ADMIN)
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
    """A role for ever can be had once; for a time, as often as one likes, one time after the other."""
    if lasts and not role:
        raise OptionRefused("lasts", "shop.add.only_roles")
    reward = await roles.reward(work, role) if role else None
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
    await shelf.put_item(work.tx, new)
    lines = [work.say("done").text, *_described(work, new)]
    if not role and await work.setting(STAFF_PLACE) is None:
        lines.append(work.say("nobody_told").text)
    return Reply(text=join(lines), private=True, tone=Tone.GOOD)


@shop.command("shop edit", access=Access.ADMIN)
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
    """What was bought before stays as it was bought."""
    await ledger.lock(work.tx, work.community)
    old = await _item(work, item)
    new = replace(
        old,
        name=old.name if name is None else read_name("name", name, NAME),
        price=old.price if price is None else price,
        about=old.about if about is None else read_name("about", about, ABOUT),
        stock=None if unlimited else old.stock if stock is None else stock,
        per_member=old.per_member if per_member is None else per_member or None,
    )
    await shelf.put_item(work.tx, new)
    return Reply(text=join([work.say("done").text, *_described(work, new)]), private=True, tone=Tone.GOOD)


@shop.command("shop remove", access=Access.ADMIN)
async def remove(work: Work, item: Annotated[str, Suggest(on_sale)]) -> Reply:
    await ledger.lock(work.tx, work.community)
    old = await _item(work, item)
    await shelf.put_item(work.tx, replace(old, gone_at=work.now))
    return work.say("done", item=old.name).but(private=True)


@shop.command("shop orders", access=Access.STAFF, reads=True)
async def orders(work: Work, after: str = "") -> Reply:
    """The oldest first, for whoever waits longest is served first."""
    start = read_number("after", after) if after else 0
    found = await shelf.open_purchases(work.tx, work.community, start, PAGE + 1)
    stuck = [] if after else list((await _refused(work)).values())[:PAGE]
    if not found and not stuck:
        return work.say("empty").but(private=True)
    lines = [work.say("stuck", order=await _asked(work, each)).text for each in stuck]
    lines += [await _asked(work, each) for each in found[:PAGE]]
    buttons = [button for each in [*stuck, *found[:PAGE]] for button in _deal_with(work, each)]
    if len(found) > PAGE:
        buttons.append(work.button("newer", write("shop orders", found[PAGE - 1].number)))
    title = work.say("title").text
    return Reply(title=title, text=join(lines), buttons=tuple(buttons), private=True, replaces=True)


@shop.command("shop done", access=Access.STAFF)
async def done(work: Work, order: Annotated[str, Suggest(orders_open)]) -> Reply:
    await ledger.lock(work.tx, work.community)
    found = await _purchase(work, order)
    if not await _close(work, found, ("open",), "done"):
        raise Refusal(f"shop.closed.{found.state}", number=found.number)
    buyer, item = await members.known(work.tx, work.community, found.member_id), await _called(work, found)
    told = work.speaking(buyer.language).say("told", item=item, number=found.number)
    await work.promise(Tell(member=buyer.id, reply=told))
    said = work.say("done", number=found.number, item=item, member=buyer, staff=work.member)
    return said.but(tone=Tone.GOOD, private=True, replaces=True)


@shop.command("shop refund", access=Access.STAFF)
async def refund(
    work: Work, order: Annotated[str, Suggest(orders_open)], why: Annotated[Tail, Range(0, 200)] = ""
) -> Reply:
    """The entry is taken back, so that the books say what happened; the thing goes back on the shelf."""
    await ledger.lock(work.tx, work.community)
    found = await _purchase(work, order)
    if not await _close(work, found, ("open", "done", "held", "ended"), "refunded"):
        raise Refusal(f"shop.closed.{found.state}", number=found.number)
    paid = await ledger.entry(work.tx, work.community, found.entry_id)
    await purse.reverse(work, [paid] if paid else [], REFUND)
    await shelf.restock(work.tx, work.community, found.item, 1)
    await roles.change(work, [], _reasons(work, found, await shelf.item(work.tx, work.community, found.item)))
    buyer, item = await members.known(work.tx, work.community, found.member_id), await _called(work, found)
    theirs = work.speaking(buyer.language)
    told = theirs.say("told_why" if why else "told", item=item, number=found.number, count=found.price, why=why)
    await work.promise(Tell(member=buyer.id, reply=told))
    said = work.say("done", number=found.number, item=item, member=buyer, count=found.price)
    return said.but(tone=Tone.GOOD, private=True, replaces=True)


async def end(work: Work, order: Purchase) -> None:
    """The time that was bought is over; the role itself ends with its reason, and who had it is told then."""
    if order.until is not None and order.until <= work.now:
        await _close(work, order, ("held",), "ended")


async def _order(work: Work, item: Item) -> Purchase:
    """Paid, taken from the shelf, and owed."""
    price = purse.entry(work, work.member, "spend", -item.price, BOUGHT, note=item.name)
    (paid,) = await purse.write(work, [price])
    await shelf.restock(work.tx, work.community, item.number, -1)
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
    await shelf.add_purchase(work.tx, order)
    await roles.change(work, _reasons(work, order, item), [])
    if order.until is not None:
        await work.promise(
            Remind(subject=f"purchase:{order.number}"), after=timedelta(milliseconds=order.until - work.now)
        )
    staff_place = await work.setting(STAFF_PLACE)
    if order.state == "open" and staff_place is not None:
        theirs = work.speaking((await work.setting(LANGUAGE)).value)
        note = Reply(text=await _asked(theirs, order), buttons=tuple(_deal_with(theirs, order)))
        await work.promise(Post(place=staff_place, reply=note))
    return order


async def _until(work: Work, item: Item) -> int | None:
    """A time that was bought begins when the one before it ends."""
    if item.lasts is None or item.role_id is None:
        return None
    held = await shelf.held_purchases(work.tx, work.community, work.member.id, item.role_id)
    return max([work.now, *(each.until for each in held if each.until)]) + item.lasts


def _reasons(work: Work, order: Purchase, item: Item | None) -> list[Reason]:
    """Why the buyer holds the role, where it is one."""
    if item is None or item.place_id is None or item.role_id is None or item.role_name is None:
        return []
    reward = Reward(item.place_id, item.role_id, item.role_name)
    return [roles.why(work, order.member_id, reward, BOUGHT, order.number, order.until)]


async def _out_of_reach(work: Work, item: Item) -> Refusal | None:
    """A role can be given only where the buyer has an account."""
    place = await communities.place(work.tx, work.community, item.place_id) if item.place_id else None
    if place is None:
        return None
    accounts = await members.accounts_of(work.tx, work.community, work.member.id)
    if any(each.platform == place.platform for each in accounts):
        return None
    return Refusal("buy.elsewhere", role=item.role_name, place=place)


async def _close(work: Work, order: Purchase, states: Sequence[str], state: str) -> bool:
    return await shelf.close_purchase(
        work.tx, work.community, order.number, states, state, work.now, work.actor.id if work.actor else None
    )


async def _item(work: Work, typed: str) -> Item:
    """By its number, or by its name among what is sold."""
    found = await shelf.items(work.tx, work.community, 500)
    named = next((each for each in found if each.name.casefold() == typed.strip().casefold()), None)
    if named:
        return named
    try:
        numbered = await shelf.item(work.tx, work.community, read_number("item", typed))
    except OptionRefused:
        numbered = None
    if numbered is None:
        raise OptionRefused("item", "shop.unknown", so_far=write(work.path.replace(".", " ")))
    return numbered


async def _purchase(work: Work, typed: str) -> Purchase:
    found = await shelf.purchase(work.tx, work.community, read_number("order", typed))
    if found is None:
        raise Refusal("shop.no_order")
    return found


async def _called(work: Work, order: Purchase) -> str:
    """What was ordered, also when it is no longer sold."""
    found = await shelf.item(work.tx, work.community, order.item)
    return found.name if found else "?"


def _described(work: Work, item: Item) -> list[Rich]:
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


async def _state(work: Work, order: Purchase) -> Rich:
    """One's own order, as one sees it."""
    key = "for_good" if order.state == "held" and order.until is None else order.state
    if order.state == "held" and order.number in await _refused(work, order.member_id):
        key = "refused"
    state = work.words(f"shop.state.{key}", until=_date(order.until))
    item = await _called(work, order)
    return work.say("line", number=order.number, item=item, count=order.price, date=_date(order.at), state=state).text


async def _refused(work: Work, member_id: int | None = None) -> dict[int, Purchase]:
    """Orders for roles that could not be given, by number; of one member or of all."""
    changes = (
        await given.refused(work.tx, work.community, REFUSED)
        if member_id is None
        else [
            each for each in await given.changes_of(work.tx, work.community, [member_id]) if each.outcome == "refused"
        ]
    )
    found = [
        order
        for each in changes
        if each.wanted
        for order in await shelf.held_purchases(work.tx, work.community, each.member_id, each.role_id)
    ]
    return {each.number: each for each in found}


async def _asked(work: Work, order: Purchase) -> Rich:
    """An order as staff see it."""
    buyer, item = await members.known(work.tx, work.community, order.member_id), await _called(work, order)
    who = await work.mention(buyer)
    return work.say(
        "shop.ordered", number=order.number, item=item, member=who, count=order.price, date=_date(order.at)
    ).text


def _deal_with(work: Work, order: Purchase) -> list[Button]:
    done, back = work.words("shop.hand_over", number=order.number), work.words("shop.give_back", number=order.number)
    handing = [Button(done, write("shop done", order.number), Style.MAIN)] if order.state == "open" else []
    return [*handing, Button(back, write("shop refund", order.number))]


def _date(at: int | None) -> datetime | None:
    return None if at is None else moment(at)
