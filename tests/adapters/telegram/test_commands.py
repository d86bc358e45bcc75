"""The menus of commands, from declarations and words."""

from telegram import BotCommandScopeAllChatAdministrators, BotCommandScopeDefault

from adapters.telegram.commands import NAME, menus
from tests.adapters.telegram.running import catalogue, house


def test_who_sees_what() -> None:
    """Members see their commands; administrators see all; of two words the menu has the first, once."""
    found = {(type(menu.scope), menu.language): dict(menu.commands) for menu in menus(house(), catalogue())}

    everybody, staff = found[BotCommandScopeDefault, ""], found[BotCommandScopeAllChatAdministrators, ""]
    assert staff["settings"] == "Look at and change how Hearth works here"
    assert {"settings", "poll"}.isdisjoint(everybody)
    assert everybody["give"] == "Give somebody points"
    assert found[BotCommandScopeDefault, "zh"]["give"] == "给别人积分"
    assert len(found) == 6


def test_within_limits() -> None:
    """Telegram accepts every name and description."""
    for menu in menus(house(), catalogue()):
        for name, about in menu.commands:
            assert NAME.fullmatch(name)
            assert 1 <= len(about) <= 256
