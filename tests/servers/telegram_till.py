"""Sales, payments and Stars of the bot on a Telegram of our own; other files have the methods."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from .telegram_members import MONTH
from .telegram_updates import Json

if TYPE_CHECKING:
    from .telegram_chats import Chat
    from .telegram_people import Person
    from .telegram_world import World

STARS = "XTR"
#: Seconds until the payment fails without the bot's answer.
PATIENCE = 10
SubscriptionState = Literal["canceled", "active", "failed"]


class DeclinedError(Exception):
    """What the buyer reads instead of a receipt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    title: str
    description: str
    payload: str
    currency: str
    amount: int
    start_parameter: str = ""
    #: The period of a subscription, in seconds.
    period: int | None = None

    def wire(self) -> Json:
        known = {"title": self.title, "description": self.description, "start_parameter": self.start_parameter}
        return known | {"currency": self.currency, "total_amount": self.amount}


@dataclass(eq=False, slots=True, kw_only=True)
class Order:
    """A buyer about to pay, who waits for the bot's answer."""

    id: str
    is_answered: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    charge_id: str
    buyer: Person
    invoice: Invoice
    chat: Chat
    #: Only for a subscription.
    expires_at: int | None = None
    is_first: bool = True

    def wire(self) -> Json:
        """The payment as its receipt shows it."""
        known = self.charge()
        if self.expires_at:
            known |= {"subscription_expiration_date": self.expires_at, "is_recurring": True}
        return known | ({"is_first_recurring": True} if self.expires_at and self.is_first else {})

    def charge(self) -> Json:
        invoice = self.invoice
        known: Json = {"currency": invoice.currency, "total_amount": invoice.amount}
        known |= {"invoice_payload": invoice.payload, "telegram_payment_charge_id": self.charge_id}
        return known | {"provider_payment_charge_id": "" if invoice.currency == STARS else f"provider_{self.charge_id}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """A sale and its refund have the same id."""

    purchase: Purchase
    date: int
    is_refund: bool = False

    def wire(self) -> Json:
        purchase = self.purchase
        partner: Json = {"type": "user", "transaction_type": "invoice_payment", "user": purchase.buyer.wire()}
        partner |= {"invoice_payload": purchase.invoice.payload}
        partner |= {"subscription_period": purchase.invoice.period} if purchase.invoice.period else {}
        known: Json = {"id": purchase.charge_id, "amount": purchase.invoice.amount, "date": self.date}
        return known | {"receiver" if self.is_refund else "source": partner}


@dataclass(slots=True)
class Till:
    world: World
    #: Invoices by their link.
    invoices: dict[str, Invoice] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    purchases: dict[str, Purchase] = field(default_factory=dict)
    #: The oldest first.
    transactions: list[Transaction] = field(default_factory=list)
    #: The charges of subscriptions the bot stopped.
    stopped: set[str] = field(default_factory=set)

    @property
    def balance(self) -> int:
        moved = (one.purchase.invoice.amount * (-1 if one.is_refund else 1) for one in self.transactions)
        return sum(moved)

    def offers(self, invoice: Invoice) -> str:
        link = f"https://t.me/${len(self.invoices):08x}"
        self.invoices[link] = invoice
        return link

    async def sells(self, buyer: Person, invoice: Invoice, chat: Chat, timeout: float) -> Purchase:
        order = Order(id=f"order{len(self.orders)}")
        self.orders[order.id] = order
        fact: Json = {"id": order.id, "from": buyer.wire(), "currency": invoice.currency}
        fact |= {"total_amount": invoice.amount, "invoice_payload": invoice.payload}
        self.world.feed.add("pre_checkout_query", fact)
        try:
            await self.world.until(lambda: order.is_answered, timeout, "the bot never agreed to the order")
        except AssertionError as silence:
            raise DeclinedError(str(silence)) from silence
        finally:
            order.is_answered = True  # a later answer is too late
        if order.error:
            raise DeclinedError(order.error)
        until = self.world.now() + invoice.period if invoice.period else None
        sold = Purchase(charge_id=self._charge(), buyer=buyer, invoice=invoice, chat=chat, expires_at=until)
        return self._charged(sold)

    def renews(self, earlier: Purchase) -> Purchase:
        """The next period begins when the last one ends, and has its own charge."""
        if not earlier.expires_at or earlier.charge_id in self.stopped:
            raise DeclinedError("nothing is left to renew")
        until = earlier.expires_at + MONTH
        return self._charged(replace(earlier, charge_id=self._charge(), expires_at=until, is_first=False))

    def _charge(self) -> str:
        return f"charge{len(self.purchases):06}"

    def _charged(self, sold: Purchase) -> Purchase:
        self.purchases[sold.charge_id] = sold
        if sold.invoice.currency == STARS:
            self.transactions.append(Transaction(purchase=sold, date=self.world.now()))
        told = {"successful_payment": sold.wire()}
        self.world.tell("message", self.world.post(sold.chat, sold.buyer, service=told))
        return sold

    def refunds(self, sold: Purchase) -> None:
        self.transactions.append(Transaction(purchase=sold, date=self.world.now(), is_refund=True))
        told = {"refunded_payment": {key: value for key, value in sold.charge().items() if value != ""}}
        self.world.tell("message", self.world.post(sold.chat, sold.buyer, service=told))

    def is_refunded(self, sold: Purchase) -> bool:
        return any(one.is_refund and one.purchase.charge_id == sold.charge_id for one in self.transactions)

    def changes(self, sold: Purchase, state: SubscriptionState) -> None:
        """Sent as in Bot API 10.2, which is newer than the description."""
        if self.world.feed.asks_for("subscription"):
            fact = {"user": sold.buyer.wire(), "invoice_payload": sold.invoice.payload, "state": state}
            self.world.feed.add_update({"subscription": fact}, is_raw=True)
