"""Whether a member can buy an item, and whether to ask them once more."""

from bot.kit import Refusal
from models.shop import Item


def objection(item: Item, balance: int, bought: int) -> Refusal | None:
    """The first reason against it; `bought` is how many of it the buyer has."""
    if item.gone_at is not None:
        return Refusal("buy.gone", item=item.name)
    if item.stock == 0:
        return Refusal("buy.sold_out", item=item.name)
    if item.per_member is not None and bought >= item.per_member:
        return Refusal("buy.enough", item=item.name, count=item.per_member)
    if balance < item.price:
        return Refusal("refusal.poor", count=balance, amount=item.price)
    return None


def dear(price: int, balance: int) -> bool:
    """Whether it costs half of the balance or more, which needs a second press."""
    return 2 * price >= balance


def agreement(price: int, bought: int) -> str:
    """What the buyer agrees to: this price, for the next one of them. A second press, or a change, makes it void."""
    return f"{price}:{bought + 1}"
