"""Payments on the localhost Telegram: offered, agreed, paid, renewed, refunded and listed as by the real one."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from telegram import Bot, LabeledPrice, PreCheckoutQuery
from telegram.error import BadRequest

from tests.servers.telegram import TelegramServer
from tests.servers.telegram_client import news, posts
from tests.servers.telegram_members import MONTH
from tests.servers.telegram_people import Person
from tests.servers.telegram_till import DeclinedError, Purchase

OFFER: Mapping[str, Any] = {
    "title": "Gold",
    "description": "A month of gold",
    "payload": "tier:gold",
    "currency": "XTR",
}
PRICE = [LabeledPrice("Gold", 50)]


@pytest.fixture
async def ann(telegram: TelegramServer) -> Person:
    ann = telegram.user("ann")
    await ann.says(ann.private, "/start")
    return ann


async def asked(bot: Bot) -> PreCheckoutQuery:
    (update,) = await news(bot, "pre_checkout_query", timeout=2)
    assert update.pre_checkout_query is not None
    return update.pre_checkout_query


async def bought(bot: Bot, ann: Person, **more: Any) -> Purchase:
    await posts(bot)
    link = await bot.create_invoice_link(**OFFER, prices=PRICE, provider_token="", **more)
    paying = asyncio.create_task(ann.pays(link))
    await (await asked(bot)).answer(ok=True)
    return await paying


async def test_a_payment_is_agreed_to_first(telegram: TelegramServer, bot: Bot, ann: Person) -> None:
    """The bot is asked before the money moves, and gets a message after it did."""
    group = telegram.group()
    group.add(ann)
    await posts(bot)
    sent = await bot.send_invoice(group.id, **OFFER, prices=PRICE, provider_token="", start_parameter="gold")
    paying = asyncio.create_task(ann.pays(group.messages[-1]))
    query = await asked(bot)
    assert (query.from_user.id, query.total_amount, query.invoice_payload) == (ann.id, 50, "tier:gold")
    await query.answer(ok=True)
    sold = await paying

    (receipt,) = [one.successful_payment for one in await posts(bot)]
    assert receipt is not None
    assert (receipt.telegram_payment_charge_id, receipt.is_recurring) == (sold.charge_id, None)
    assert sent.invoice is not None
    assert sent.invoice.total_amount == 50


async def test_a_refused_or_forgotten_order_is_not_paid(bot: Bot, ann: Person) -> None:
    """The buyer reads why the bot refused; a silent bot sells nothing, and its late answer is an error."""
    await posts(bot)
    link = await bot.create_invoice_link(**OFFER, prices=PRICE, provider_token="")
    paying = asyncio.create_task(ann.pays(link))
    await (await asked(bot)).answer(ok=False, error_message="Sold out")
    with pytest.raises(DeclinedError, match="Sold out"):
        await paying

    waiting = asyncio.create_task(ann.pays(link, timeout=0.1))
    query = await asked(bot)
    with pytest.raises(DeclinedError):
        await waiting
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await query.answer(ok=True)
    assert (await bot.get_my_star_balance()).amount == 0


async def test_stars_are_refunded_once(bot: Bot, ann: Person) -> None:
    """A refund is announced, has the id of its sale, and is not given twice."""
    sold = await bought(bot, ann)
    await posts(bot)
    assert await bot.refund_star_payment(ann.id, sold.charge_id)

    (told,) = [one.refunded_payment for one in await posts(bot)]
    assert told is not None
    assert (told.telegram_payment_charge_id, told.invoice_payload) == (sold.charge_id, "tier:gold")
    listed = (await bot.get_star_transactions()).transactions
    assert [(one.id, bool(one.source), bool(one.receiver)) for one in listed] == [
        (sold.charge_id, True, False),
        (sold.charge_id, False, True),
    ]
    assert (await bot.get_my_star_balance()).amount == 0
    with pytest.raises(BadRequest, match=r"(?i)charge_already_refunded"):
        await bot.refund_star_payment(ann.id, sold.charge_id)
    with pytest.raises(BadRequest, match=r"(?i)charge_not_found"):
        await bot.refund_star_payment(ann.id, "another")


async def test_transactions_are_paged_from_the_oldest(bot: Bot, ann: Person) -> None:
    """The offset counts transactions; it is no cursor."""
    sold = [await bought(bot, ann) for _ in range(3)]

    page = await bot.get_star_transactions(offset=1, limit=1)
    assert [one.id for one in page.transactions] == [sold[1].charge_id]
    assert page.transactions[0].to_dict()["source"]["transaction_type"] == "invoice_payment"


async def test_a_subscription_renews_until_it_is_stopped(telegram: TelegramServer, bot: Bot, ann: Person) -> None:
    """Each month has its own charge and starts at the end of the last; a stopped subscription has none."""
    first = await bought(bot, ann, subscription_period=MONTH)
    second = telegram.world.till.renews(first)
    told = [one.successful_payment for one in await posts(bot) if one.successful_payment]
    ends = [one.to_dict()["subscription_expiration_date"] for one in told]

    assert [one.is_first_recurring for one in told] == [True, None]
    assert ends[1] - ends[0] == MONTH
    assert first.charge_id != second.charge_id
    assert await bot.edit_user_star_subscription(ann.id, second.charge_id, is_canceled=True)
    with pytest.raises(DeclinedError):
        telegram.world.till.renews(second)


async def test_a_changed_subscription_is_told(telegram: TelegramServer, bot: Bot, ann: Person) -> None:
    """A kind of update newer than the library reaches the bot with its fields."""
    sold = await bought(bot, ann, subscription_period=MONTH)
    await posts(bot)
    telegram.world.till.changes(sold, "canceled")

    told = (await bot.get_updates())[-1].api_kwargs["subscription"]
    assert (told["user"]["id"], told["invoice_payload"], told["state"]) == (ann.id, "tier:gold", "canceled")


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"prices": [*PRICE, *PRICE]}, "stars_invoice_invalid"),
        ({"prices": [LabeledPrice("Gold", 10_001)]}, "stars_invoice_invalid"),
        ({"provider_token": "123:TEST:abc"}, "payment_provider_invalid"),
        ({"currency": "EUR"}, "payment_provider_invalid"),
        ({"payload": "x" * 129}, "invoice_payload_invalid"),
        ({"title": "x" * 33}, "invoice_title_invalid"),
        ({"subscription_period": 7 * 24 * 3600}, "subscription_period_invalid"),
    ],
)
async def test_wrong_invoices_are_refused(bot: Bot, wrong: Mapping[str, Any], complaint: str) -> None:
    """An invoice that Telegram would refuse is refused here."""
    with pytest.raises(BadRequest, match=f"(?i){complaint}"):
        await bot.create_invoice_link(**{**OFFER, "prices": PRICE, "provider_token": "", **wrong})


async def test_money_goes_through_a_provider(bot: Bot, ann: Person) -> None:
    """An invoice in euros is charged by its provider, and no Stars move."""
    await posts(bot)
    offer = {**OFFER, "currency": "EUR", "provider_token": "123:TEST:abc"}
    link = await bot.create_invoice_link(**offer, prices=[LabeledPrice("Mug", 900), LabeledPrice("Post", 100)])
    paying = asyncio.create_task(ann.pays(link))
    await (await asked(bot)).answer(ok=True)
    await paying

    (receipt,) = [one.successful_payment for one in await posts(bot)]
    assert receipt is not None
    assert (receipt.total_amount, receipt.provider_payment_charge_id) == (1000, "provider_charge000000")
    assert (await bot.get_star_transactions()).transactions == ()
