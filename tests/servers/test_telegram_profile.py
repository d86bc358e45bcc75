"""The bot's own account on the localhost Telegram: names, descriptions, menu buttons and the rights it asks for."""

import pytest
from telegram import (
    Bot,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
    ChatAdministratorRights,
    MenuButtonCommands,
    MenuButtonWebApp,
    WebAppInfo,
)
from telegram.error import BadRequest

from tests.servers.telegram import TelegramServer


async def test_names_and_descriptions_are_kept_by_language(bot: Bot) -> None:
    """A text in one language does not change the others; a name falls back to the account's first one."""
    await bot.set_my_name("炉", language_code="zh")
    await bot.set_my_description("We answer questions")
    await bot.set_my_short_description("Answers")

    assert [(await bot.get_my_name(language)).name for language in ("zh", "en")] == ["炉", "Hearth"]
    assert (await bot.get_my_description()).description == "We answer questions"
    assert (await bot.get_my_short_description("zh")).short_description == ""
    with pytest.raises(BadRequest, match=r"(?i)too long"):
        await bot.set_my_short_description("x" * 121)


async def test_commands_by_chat_administrators_and_member(telegram: TelegramServer, bot: Bot) -> None:
    """Each scope has its own list, and deleting one leaves the others."""
    ann, group = telegram.user("ann"), telegram.group()
    group.add(ann)
    scopes = [
        BotCommandScopeChat(group.id),
        BotCommandScopeChatAdministrators(group.id),
        BotCommandScopeChatMember(group.id, ann.id),
    ]
    for number, scope in enumerate(scopes):
        await bot.set_my_commands([(f"c{number}", "A command")], scope)
    await bot.delete_my_commands(scopes[1])

    shown = [await bot.get_my_commands(scope) for scope in scopes]
    assert [[one.command for one in commands] for commands in shown] == [["c0"], [], ["c2"]]


async def test_menu_buttons(telegram: TelegramServer, bot: Bot) -> None:
    """A private chat shows its own button or the common one; a group has none."""
    ann, bob = telegram.user("ann"), telegram.user("bob")
    shop = MenuButtonWebApp("Shop", WebAppInfo("https://example.org/shop"))
    await bot.set_chat_menu_button(ann.id, shop)

    assert await bot.get_chat_menu_button(ann.id) == shop
    assert await bot.get_chat_menu_button(bob.id) == MenuButtonCommands()
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.set_chat_menu_button(telegram.group().id, shop)


async def test_the_rights_the_bot_asks_for(bot: Bot) -> None:
    """Groups and channels have their own sets."""
    asked = ChatAdministratorRights.all_rights()
    assert await bot.set_my_default_administrator_rights(asked)

    assert (await bot.get_my_default_administrator_rights()).can_pin_messages
    assert not (await bot.get_my_default_administrator_rights(for_channels=True)).can_invite_users
