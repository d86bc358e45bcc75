"""Whether a thing can be bought, and whether the buyer is asked once more, decided from what is known of both."""

from bot.kit import Refusal
from models.shop import Item


def objection(item: Item, balance: int, bought: int) -> Refusal | None:
    """The first thing that stands in the way; `bought` is how many of it the buyer has."""
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
    """Half of what one has, or more, is not spent by one press."""
    return 2 * price >= balance


def agreement(price: int, bought: int) -> str:
    """What the buyer agrees to: this price, for the next of them. Pressed again, or after a change, it is void."""
    return f"{price}:{bought + 1}"
