"""The shop: items are sold as often as there are any, to members who can pay, and never twice by one press."""

import asyncio
from typing import Any

import pytest

from bot.core.core import Core
from bot.kit import Access, Post, Reply, Tell, Tone
from bot.kit.events import MemberLeft
from bot.kit.references import Person, Raw
from models import shop
from models.shop import Item, Purchase
from tests.bot.conftest import home_of
from tests.bot.purses import ADMIN, balances, entries, id_of, meet, presses, proven, rules, says
from tests.bot.recorder import ANN, BOB, CAT, LOBBY, NAME, NOON, STAFF, Recorder, chosen, posted, typed


@pytest.fixture
async def ready(core: Core) -> Core:
    """Everybody has 100 points, and 3 mugs are sold for 10 each."""
    await meet(core)
    await rules(core, '/shop add Mug 10 "holds tea" 3 2')
    return core


async def item(core: Core, number: int = 1) -> Item:
    home = await home_of(core)
    async with core.store.read() as tx:
        found = await shop.item(tx, home, number)
    assert found
    return found


async def order(core: Core, number: int) -> Purchase:
    home = await home_of(core)
    async with core.store.read() as tx:
        found = await shop.purchase(tx, home, number)
    assert found
    return found


def lines(reply: Reply) -> list[str]:
    return reply.plain.splitlines()


async def test_what_is_sold_is_listed(ready: Core) -> None:
    """With number, price and stock; each has a button, and the rest is on the next page."""
    for number in range(5):
        await rules(ready, f"/shop add Thing{number} 5")

    first = await says(ready, "/shop list")
    second = await presses(ready, first, -1)

    assert lines(first)[:4] == [
        "The shop",
        "1 Mug · 10 points · 3 left · at most 2 each",
        "holds tea",
        "2 Thing0 · 5 points",
    ]
    assert [button.label for button in first.buttons] == [
        "Buy Mug", "Buy Thing0", "Buy Thing1", "Buy Thing2", "Buy Thing3", "▶",
    ]  # fmt: skip
    assert (first.private, first.replaces, second.replaces) == (False, False, True)
    assert lines(second) == ["The shop", "6 Thing4 · 5 points"]
    assert [button.label for button in second.buttons] == ["Buy Thing4", "◀"]
    assert (await says(ready, "/shop list 3")).plain.startswith("There is no such page.")


async def test_an_empty_shop_says_so(core: Core) -> None:
    """And it says what to do about it."""
    await meet(core)

    assert "/shop add" in (await says(core, "/shop list")).plain


async def test_a_purchase_is_paid_and_owed(ready: Core) -> None:
    """One entry says what for, the stock is one less, and an order has its own number."""
    done = await presses(ready, await says(ready, "/shop list"))

    assert lines(done) == [
        "You bought Mug for 10 points. Left: 90.", "Staff will hand it over. Your order is number 2.",
    ]  # fmt: skip
    assert (done.private, done.tone, done.replaces) == (True, Tone.GOOD, False)
    (paid, *_) = await entries(ready, ANN)
    assert (paid.kind, paid.amount, paid.counts, paid.reason, paid.note) == ("spend", -10, False, "shop", "Mug")
    found = await order(ready, 2)
    assert (found.item, found.state, found.entry_id, found.member_id) == (1, "open", paid.id, await id_of(ready, ANN))
    assert (await item(ready)).stock == 2
    await proven(ready)


@pytest.mark.parametrize("named", ["1", "#1", "１", "mug", "MUG"])
async def test_a_thing_is_named_by_number_or_name(ready: Core, named: str) -> None:
    """As it is shown, with digits as phones write them, in any case."""
    assert (await says(ready, f"/buy {named}")).tone is Tone.GOOD


async def test_what_is_dear_is_asked_about(ready: Core) -> None:
    """Half of the balance is not spent by one press; the second press buys, once."""
    await rules(ready, "/shop add Lamp 50")

    sure = await says(ready, "/buy Lamp")
    assert sure.plain == "Lamp costs 50 points, and you have 100. Shall I take them?"
    assert await balances(ready, ANN) == [100]
    done = await presses(ready, sure)
    assert (done.tone, done.replaces) == (Tone.GOOD, True)
    assert await balances(ready, ANN) == [50]

    again = await presses(ready, sure)
    assert again.plain == "Lamp costs 50 points, and you have 50. Shall I take them?"
    assert await balances(ready, ANN) == [50]


async def test_a_price_that_changed_meanwhile_is_asked_about_again(ready: Core) -> None:
    """Nobody pays a price that they did not see."""
    await rules(ready, "/shop add Lamp 50")
    sure = await says(ready, "/buy Lamp")
    await rules(ready, "/shop edit Lamp Lamp 90")

    again = await presses(ready, sure)

    assert again.plain == "Lamp costs 90 points, and you have 100. Shall I take them?"
    assert await balances(ready, ANN) == [100]


async def test_two_presses_are_two_and_two_deliveries_are_one(ready: Core) -> None:
    """A platform may deliver a press twice; a member may want two."""
    press = typed("/buy 1", cause="recorder:press:1", pressed=True)

    assert (await ready.invoke(press)).tone is Tone.GOOD
    assert (await ready.invoke(press)).plain == "This was done already."
    assert await balances(ready, ANN) == [90]
    assert (await says(ready, "/buy 1")).tone is Tone.GOOD
    assert await balances(ready, ANN) == [80]


async def test_what_cannot_be_bought_is_refused(ready: Core) -> None:
    """The member gets one private sentence each, and nothing moves."""
    await rules(ready, "/shop add Car 101")
    await rules(ready, "/shop add Moon 5")
    await rules(ready, "/shop remove Moon")
    old = [await says(ready, "/buy 1"), await says(ready, "/buy 1")]
    assert {each.tone for each in old} == {Tone.GOOD}

    said = {
        "/buy 1": "You already have Mug 2 times, as often as a member can.",
        "/buy 2": "You have 80 points, which is less than 101.",
        "/buy 3": "Moon is no longer sold. /shop list shows what there is.",
        "/buy Moon": "item: The shop has nothing like that.",
        "/buy 99": "item: The shop has nothing like that.",
        "/buy": "item: this is missing.",
    }
    for line, sentence in said.items():
        refused = await says(ready, line)
        assert refused.plain.startswith(sentence), line
        assert (refused.private, refused.tone) == (True, Tone.CAREFUL)
    await says(ready, "/buy 1", BOB)
    assert (await says(ready, "/buy 1", CAT)).plain == "Mug is sold out. /shop list shows what there is."
    assert await balances(ready, ANN, BOB, CAT) == [80, 90, 100]
    await proven(ready)


async def test_an_unknown_thing_is_answered_with_what_there_is(ready: Core) -> None:
    """The answer has the items as buttons that complete the line."""
    refused = await says(ready, "/buy kettle")

    assert [button.line for button in refused.buttons] == ["/buy 1"]


@pytest.mark.parametrize("price", ["0", "-1", "1.5", "1e309", str(2**63), "1000001", "٣", '""', "half"])
async def test_a_bad_price_is_refused(ready: Core, price: str) -> None:
    """The refusal says which option, why, and gives an example; nothing is added."""
    refused = await rules(ready, f"/shop add Lamp {price}")

    assert refused.plain.startswith("price: ")
    assert "For example: /shop add Sticker 50" in refused.plain
    assert lines(await says(ready, "/shop list"))[1:] == ["1 Mug · 10 points · 3 left · at most 2 each", "holds tea"]


@pytest.mark.parametrize("price", [0, -1, 2**63, 1.5, float("inf"), float("nan"), ""])
async def test_a_bad_typed_price_is_refused(ready: Core, price: Raw) -> None:
    """Although a platform promises whole numbers within bounds."""
    refused = await ready.invoke(chosen("shop add", ADMIN, access=Access.ADMIN, name="Lamp", price=price))

    assert refused.plain.startswith("price: ")


async def test_full_width_digits_are_digits(ready: Core) -> None:
    """As Chinese keyboards write them."""
    assert "2 Lamp · 10 points" in (await rules(ready, "/shop add Lamp １０")).plain


@pytest.mark.parametrize("name", ["", "\u200b", "\u202e\u2066", "\0", "x" * 61, "x" * 4000])
async def test_a_name_that_cannot_be_shown_is_refused(ready: Core, name: str) -> None:
    """A name is refused if it is empty, if nothing in it is visible, or if it is too long."""
    refused = await ready.invoke(chosen("shop add", ADMIN, access=Access.ADMIN, name=name, price=5))

    assert refused.plain.startswith("name: ")
    assert (await says(ready, "/buy 2")).plain.startswith("item: ")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("\u202eevil\u202c", "evil"),
        ("zero\u200bwidth", "zerowidth"),
        ("nul\0led", "nulled"),
        ("two\nlines", "two lines"),
        ("@everyone", "@everyone"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("**bold**", "**bold**"),
        ("贴纸", "贴纸"),
    ],
)
async def test_a_name_is_kept_as_it_can_be_shown(ready: Core, name: str, kept: str) -> None:
    """Invisible characters are removed; the renderer escapes what a platform could interpret."""
    await ready.invoke(chosen("shop add", ADMIN, access=Access.ADMIN, name=name, price=5, about=name))

    found = await item(ready, 2)
    assert (found.name, found.about) == (kept, kept)


async def test_a_thing_is_changed(ready: Core) -> None:
    """Only what was named changes; an order stays as it was."""
    await says(ready, "/buy 1")

    async def edited(**options: Any) -> str:
        return lines(await ready.invoke(chosen("shop edit", ADMIN, access=Access.ADMIN, item="1", **options)))[1]

    assert await edited(price=20, stock=9) == "1 Mug · 20 points · 9 left · at most 2 each"
    assert await edited(name="Cup", per_member=0) == "1 Cup · 20 points · 9 left"
    assert await edited(stock=0) == "1 Cup · 20 points · sold out"
    assert await edited(unlimited=True) == "1 Cup · 20 points"
    assert (await order(ready, 2)).price == 10


async def test_only_staff_deal_with_orders(ready: Core) -> None:
    """And only administrators change what is sold."""
    await says(ready, "/buy 1", BOB)

    for line in ("/shop done 2", "/shop refund 2", "/shop orders"):
        assert "Only moderators" in (await says(ready, line)).plain
    for line in ("/shop add Lamp 5", "/shop edit 1", "/shop remove 1"):
        assert "Only administrators" in (await says(ready, line)).plain


async def test_staff_are_told_and_hand_it_over(ready: Core, recorder: Recorder) -> None:
    """Staff get a note with buttons, in the community's language; the buyer is told when it is done, once."""
    await ready.absorb([posted("s", ADMIN, spot=STAFF)])
    await rules(ready, "/settings set community.staff_place #staff")
    await ready.invoke(typed("/language zh-CN", ANN))
    await says(ready, "/buy 1")
    await ready.settle()

    (note,) = [effect for effect in recorder.effects if isinstance(effect, Post)]
    assert note.reply.plain.startswith("Order 2: Mug for Ann, 10 points, Jan 5, 2026")
    done = await presses(ready, note.reply, 0, ADMIN)
    assert done.plain == "Order 2 is done: Root handed Mug over to Ann."
    assert done.replaces
    await ready.settle()
    (told,) = [effect for effect in recorder.effects if isinstance(effect, Tell)]
    assert told.reply.plain == "🎁 你的订单 2 到了：Mug。祝你喜欢！"
    assert (await presses(ready, note.reply, 0, ADMIN)).plain == "Order 2 was handed over before."
    assert (await rules(ready, "/shop orders")).plain == "Nobody is waiting for anything."


async def test_whoever_waits_longest_is_served_first(ready: Core) -> None:
    """Open orders are listed with their buttons, page by page."""
    await rules(ready, "/shop add Tea 1")
    for who in (ANN, BOB, CAT):
        for _ in range(2):
            await says(ready, "/buy Tea", who)

    first = await rules(ready, "/shop orders")
    second = await presses(ready, first, -1, ADMIN)

    assert [line.split()[1] for line in lines(first)[1:]] == ["3:", "4:", "5:", "6:", "7:"]
    assert [button.line for button in first.buttons[:2]] == ["/shop done 3", "/shop refund 3"]
    assert [line.split()[1] for line in lines(second)[1:]] == ["8:"]


async def test_a_refund_gives_back_what_was_paid(ready: Core, recorder: Recorder) -> None:
    """Once: the entry is reversed, stock and limit are restored, and the member hears why."""
    await says(ready, "/buy 1")
    (paid, *_) = await entries(ready, ANN)

    done = await rules(ready, "/shop refund 2 it broke")
    again = await rules(ready, "/shop refund 2")

    assert done.plain == "Order 2 is refunded: Ann has 10 points back for Mug."
    assert again.plain == "Order 2 was refunded before."
    (back, *_) = await entries(ready, ANN)
    assert (back.kind, back.reverses, back.reason) == ("reverse", paid.id, "refund")
    assert await balances(ready, ANN) == [100]
    assert (await item(ready)).stock == 3
    assert (await rules(ready, "/shop done 2")).plain == "Order 2 was refunded before."
    await ready.settle()
    assert recorder.said[-1] == "Your order 2 for Mug was refunded: you have 10 points back. it broke"
    await proven(ready)


async def test_a_refund_pays_a_debt_off_first(ready: Core) -> None:
    """Points taken back after they were spent are owed, and a refund pays that first."""
    await rules(ready, "/shop add Lamp 100")
    await presses(ready, await says(ready, "/buy Lamp"))
    (gift,) = [entry for entry in await entries(ready, ANN) if entry.reason == "give"]
    await rules(ready, f"/points undo {gift.id}")
    assert await balances(ready, ANN) == [-99]

    await rules(ready, "/shop refund 3")

    assert await balances(ready, ANN) == [1]
    await proven(ready)


async def test_whoever_left_keeps_the_order(ready: Core) -> None:
    """It can be delivered or refunded like any other."""
    await says(ready, "/buy 1", CAT)
    await ready.absorb([MemberLeft(cause="gone", at=NOON, who=CAT, spot=LOBBY)])

    assert "Order 2: Mug for Cat" in (await rules(ready, "/shop orders")).plain
    assert (await rules(ready, "/shop refund 2")).tone is Tone.GOOD
    assert await balances(ready, CAT) == [100]


async def test_members_see_what_became_of_it(ready: Core) -> None:
    """Only their own orders, newest first, page by page."""
    await rules(ready, "/shop add Tea 1")
    for _ in range(6):
        await says(ready, "/buy Tea")
    await says(ready, "/buy 1", BOB)
    await rules(ready, "/shop done 3")
    await rules(ready, "/shop refund 8")

    first = await says(ready, "/purchases")
    second = await presses(ready, first, -1)

    assert lines(first)[0] == "What you bought"
    assert lines(first)[1].startswith("8 Tea · 1 point · Jan 5, 2026")
    assert lines(first)[1].endswith("· refunded")
    assert lines(first)[2].endswith("· staff will hand it over")
    assert lines(second)[1].endswith("· handed over")
    assert len(lines(first)) + len(lines(second)) == 8
    assert (await says(ready, "/purchases", CAT)).plain.startswith("You have not bought anything yet.")
    assert (await says(ready, "/purchases before")).plain.startswith("before: ")


async def test_suggestions_are_what_there_is(ready: Core) -> None:
    """Items by number or name, orders by number."""
    await says(ready, "/buy 1", BOB)

    things = await ready.suggest(chosen("buy", ANN, item="mu"), "item")
    orders = await ready.suggest(chosen("shop done", ADMIN, access=Access.ADMIN, order=""), "order")

    assert [(each.value, each.label) for each in things] == [("1", "Mug")]
    assert [(each.value, each.label) for each in orders] == [("2", "Mug")]


async def a_rush(core: Core, others: list[Core]) -> None:
    """Forty members with a hundred points each want one of 15 items at once, more than once."""
    crowd = [Person(NAME, str(number), f"M{number}", f"m{number}") for number in range(40)]
    await core.absorb([posted(each.id, each) for each in crowd] + [posted("r", ADMIN)])
    for each in crowd:
        await rules(core, f"/points give @{each.username} 99 welcome")
    await rules(core, "/shop add Rare 30 one 15")
    cores = [core, *others]

    done = await asyncio.gather(*(says(cores[n % len(cores)], "/buy 1", crowd[n % 40]) for n in range(100)))

    assert sum(reply.tone is Tone.GOOD for reply in done) == 15
    assert {reply.plain for reply in done if reply.tone is not Tone.GOOD} == {
        "Rare is sold out. /shop list shows what there is."
    }
    assert (await item(core)).stock == 0
    assert sum(await balances(core, *crowd)) == 40 * 100 - 15 * 30
    await proven(core)


async def test_a_rush_sells_exactly_the_stock(core: Core) -> None:
    """A hundred purchases come at once, for 15 items."""
    await a_rush(core, [])


async def test_a_rush_on_two_processes_sells_exactly_the_stock(two: tuple[Core, Core]) -> None:
    """Neither process sees the other's uncommitted sales, and yet nothing is sold twice."""
    await a_rush(two[0], [two[1]])
