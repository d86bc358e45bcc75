"""The menus of commands, from declarations and words."""

from telegram import BotCommandScopeAllChatAdministrators, BotCommandScopeDefault

from adapters.telegram.commands import NAME, menus
from tests.adapters.telegram.running import catalogue, house


def test_who_sees_what() -> None:
    """Members see what members may; administrators see all, and two words appear as their first, once."""
    found = {(type(menu.scope), menu.language): dict(menu.commands) for menu in menus(house(), catalogue())}

    everybody, staff = found[BotCommandScopeDefault, ""], found[BotCommandScopeAllChatAdministrators, ""]
    assert staff["settings"] == "Look at and change how Hearth works here"
    assert {"settings", "vote"}.isdisjoint(everybody)
    assert everybody["give"] == "Give somebody points"
    assert found[BotCommandScopeDefault, "zh"]["give"] == "给别人积分"
    assert len(found) == 6


def test_within_limits() -> None:
    """Every name and description is one Telegram accepts."""
    for menu in menus(house(), catalogue()):
        for name, about in menu.commands:
            assert NAME.fullmatch(name)
            assert 1 <= len(about) <= 256
