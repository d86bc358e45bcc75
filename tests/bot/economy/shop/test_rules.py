"""Whether a thing can be bought."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.economy.shop.rules import agreement, dear, objection
from models.shop import Item

MUG = Item(community_id=1, number=3, name="Mug", about="", price=50, added_at=0)


@pytest.mark.parametrize(
    ("item", "balance", "bought", "path"),
    [
        (MUG, 50, 9, None),
        (MUG, 49, 0, "refusal.poor"),
        (replace(MUG, gone_at=1), 50, 0, "buy.gone"),
        (replace(MUG, stock=0), 50, 0, "buy.sold_out"),
        (replace(MUG, stock=1), 50, 0, None),
        (replace(MUG, per_member=2), 50, 1, None),
        (replace(MUG, per_member=2), 50, 2, "buy.enough"),
        (replace(MUG, per_member=2, stock=0, gone_at=1), 0, 2, "buy.gone"),
    ],
)
def test_the_first_obstacle_is_told(item: Item, balance: int, bought: int, path: str | None) -> None:
    """One reason at a time: first the one that waiting cannot change."""
    refusal = objection(item, balance, bought)

    assert (refusal.path if refusal else None) == path


@given(price=st.integers(1, 1_000_000), balance=st.integers(0, 10**12))
def test_half_of_what_one_has_is_dear(price: int, balance: int) -> None:
    """A member who could buy it twice and keep something is not asked."""
    assert dear(price, balance) == (balance <= 2 * price)


def test_an_agreement_holds_for_one_purchase_at_one_price() -> None:
    """A second press is another agreement; so is one after a change of price."""
    assert len({agreement(50, 0), agreement(50, 1), agreement(51, 0)}) == 3
