"""Members buy things with their points, and staff hand them over."""

import pytest

from tests.stories.stage import Stage


async def test_a_thing_is_sold_and_handed_over(stage: Stage) -> None:
    """Everybody sees the shop; the purchase, and its delivery, are told to the buyer only."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says("/points give @ann 99 for the workshop")
    await owner.says('/shop add Sticker 40 "we draw it for you" 5 1')
    assert owner.hears("1 Sticker · 40 points · 5 left · at most 1 each")

    await ann.says("/shop list")
    assert bob.hears("we draw it for you")
    await ann.presses("Buy Sticker")
    assert ann.hears("You bought Sticker for 40 points. Left: 60.")
    assert not bob.hears("You bought")

    await owner.says("/shop orders")
    assert owner.hears("Order 2: Sticker for")
    await owner.presses("✓ 2")
    assert owner.hears("Order 2 is done")
    assert ann.hears("Your order 2 is here: Sticker.")
    await ann.says("/purchases")
    assert ann.hears("handed over")


@pytest.mark.parametrize(
    ("language", "sure", "pay", "bought", "back"),
    [
        ("en", "Shall I take them?", "Buy it", "Left: 10.", "you have 90 points back. out of print"),
        ("zh-CN", "确定要买吗？", "买下", "还剩 10。", "90 积分回到了你手里。out of print"),
    ],
)
async def test_a_dear_thing_is_asked_about_and_refunded(
    stage: Stage, language: str, sure: str, pay: str, bought: str, back: str
) -> None:
    """In the member's own language, in private; in the end they have as many points as before."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says("/points give @ann 99 for the workshop")
    await owner.says("/shop add Lamp 90")
    await ann.says(f"/language {language}")

    await ann.says("/buy Lamp")
    assert ann.hears(sure)
    assert not bob.hears(sure)
    await ann.presses(pay)
    assert ann.hears(bought)

    await owner.says("/shop refund 2 out of print")
    assert ann.hears(back)
    await bob.says("/points show @ann")
    assert bob.hears("has 100 points to spend.") or bob.hears("100")


@pytest.mark.parametrize(
    ("language", "poor", "gone"),
    [
        ("en", "You have 1 point, which is less than 90.", "Lamp is no longer sold."),
        ("zh-CN", "你有 1 积分，不够 90。", "Lamp 不再出售。"),
    ],
)
async def test_what_cannot_be_bought_is_refused(stage: Stage, language: str, poor: str, gone: str) -> None:
    """An old button of an outdated list is refused too."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says("/shop add Lamp 90")
    await bob.says(f"/language {language}")
    await ann.says("/shop list")

    await bob.presses("Buy Lamp")
    assert bob.hears(poor)
    await owner.says("/shop remove Lamp")
    await bob.presses("Buy Lamp")
    assert bob.hears(gone)
    assert not ann.hears(gone)


@pytest.mark.parametrize("price", ["0", "-1", "1.5", "1e309", str(2**63), "٣"])
async def test_a_bad_price_is_refused(typed_stage: Stage, price: str) -> None:
    """Which option, and an example to copy."""
    owner = await typed_stage.admin("owner")

    await owner.says(f"/shop add Lamp {price}")

    assert owner.hears("price: ")
    assert owner.hears("For example: /shop add Sticker 50")
