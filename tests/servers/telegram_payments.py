"""The methods for invoices, payments and Stars; telegram_till has the books."""

from collections.abc import Iterator

from .telegram_account import Account, Methods, refuse
from .telegram_members import MONTH
from .telegram_till import STARS, Invoice, Purchase
from .telegram_updates import Json

MOST_STARS = 10_000
METHODS = Methods()


@METHODS.answers("sendInvoice")
def send_invoice(account: Account, asked: Json) -> Json:
    account.open_chat(asked)
    return account.send(asked, {"invoice": _invoice(asked)})


@METHODS.answers("createInvoiceLink")
def create_invoice_link(account: Account, asked: Json) -> str:
    return account.world.till.offers(_invoice(asked))


def _invoice(asked: Json) -> Invoice:
    amount = sum(price["amount"] for price in asked["prices"])
    for is_wrong, refusal in _faults(asked, amount):
        if is_wrong:
            raise refuse(refusal)
    facts = {name: asked[name] for name in ("title", "description", "payload", "currency")}
    return Invoice(
        **facts,
        amount=amount,
        start_parameter=asked.get("start_parameter", ""),
        period=asked.get("subscription_period"),
    )


def _faults(asked: Json, amount: int) -> Iterator[tuple[bool, str]]:
    in_stars = asked["currency"] == STARS
    yield not 1 <= len(asked["title"]) <= 32, "INVOICE_TITLE_INVALID"
    yield not 1 <= len(asked["description"]) <= 255, "INVOICE_DESCRIPTION_INVALID"
    yield not 1 <= len(asked["payload"].encode()) <= 128, "INVOICE_PAYLOAD_INVALID"
    yield in_stars == bool(asked.get("provider_token")), "PAYMENT_PROVIDER_INVALID"
    yield in_stars and (len(asked["prices"]) != 1 or not 1 <= amount <= MOST_STARS), "STARS_INVOICE_INVALID"
    yield not in_stars and "subscription_period" in asked, "CURRENCY_INVALID"
    yield asked.get("subscription_period", MONTH) != MONTH, "SUBSCRIPTION_PERIOD_INVALID"


@METHODS.answers("answerPreCheckoutQuery")
def answer_pre_checkout_query(account: Account, asked: Json) -> bool:
    order = account.world.till.orders.get(asked["pre_checkout_query_id"])
    if order is None or order.is_answered:
        raise refuse("query is too old and response timeout expired or query ID is invalid")
    if not asked["ok"] and not asked.get("error_message"):
        raise refuse("error message must be non-empty")
    order.error, order.is_answered = "" if asked["ok"] else asked["error_message"], True
    return True


@METHODS.answers("getMyStarBalance")
def get_my_star_balance(account: Account, _: Json) -> Json:
    return {"amount": account.world.till.balance}


@METHODS.answers("getStarTransactions")
def get_star_transactions(account: Account, asked: Json) -> Json:
    """The offset counts transactions from the oldest."""
    start, limit = asked.get("offset", 0), asked.get("limit", 100)
    if not 1 <= limit <= 100:
        raise refuse("LIMIT_INVALID")
    return {"transactions": [one.wire() for one in account.world.till.transactions[start : start + limit]]}


@METHODS.answers("refundStarPayment")
def refund_star_payment(account: Account, asked: Json) -> bool:
    sold, till = _charge(account, asked), account.world.till
    if till.is_refunded(sold):
        raise refuse("CHARGE_ALREADY_REFUNDED")
    till.refunds(sold)
    return True


@METHODS.answers("editUserStarSubscription")
def edit_user_star_subscription(account: Account, asked: Json) -> bool:
    sold, till = _charge(account, asked), account.world.till
    if not sold.expires_at or sold.expires_at <= account.world.now():
        raise refuse("SUBSCRIPTION_NOT_ACTIVE")
    (till.stopped.add if asked["is_canceled"] else till.stopped.discard)(sold.charge_id)
    return True


def _charge(account: Account, asked: Json) -> Purchase:
    person = account.person(asked)
    sold = account.world.till.purchases.get(asked["telegram_payment_charge_id"])
    if sold is None or sold.buyer is not person or sold.invoice.currency != STARS:
        raise refuse("CHARGE_NOT_FOUND")
    return sold
