"""Invite links and join requests on the localhost Telegram: created, changed, used up, requested and decided."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot
from telegram.error import BadRequest

from tests.servers.telegram import TelegramServer
from tests.servers.telegram_client import news
from tests.servers.telegram_members import MONTH


async def test_a_link_admits_as_many_as_it_says(telegram: TelegramServer, bot: Bot) -> None:
    """A used up, an expired and a revoked link lead nowhere."""
    ann, bob, group = telegram.user("ann"), telegram.user("bob"), telegram.group()
    once = await bot.create_chat_invite_link(group.id, member_limit=1)
    old = await bot.create_chat_invite_link(group.id, expire_date=telegram.world.now() - 1)
    gone = await bot.create_chat_invite_link(group.id)
    assert (await bot.revoke_chat_invite_link(group.id, gone)).is_revoked
    await ann.joins(group, once.invite_link)

    for link in (once, old, gone):
        with pytest.raises(PermissionError):
            await bob.joins(group, link.invite_link)
    assert group.holds(ann)


async def test_the_link_somebody_came_by_is_told(telegram: TelegramServer, bot: Bot) -> None:
    """The bot is told by which link a member came."""
    ann, group = telegram.user("ann"), telegram.group()
    await news(bot)
    link = await bot.create_chat_invite_link(group.id, name="From the fair")
    await ann.joins(group, link.invite_link)

    (told,) = [one.chat_member for one in await news(bot, "chat_member")]
    assert told is not None
    assert told.invite_link is not None
    assert told.invite_link.name == "From the fair"


async def test_an_edited_link_forgets_what_is_not_said_again(telegram: TelegramServer, bot: Bot) -> None:
    """An edit replaces every limit of a link."""
    group = telegram.group()
    link = await bot.create_chat_invite_link(group.id, name="One", member_limit=5)

    edited = await bot.edit_chat_invite_link(group.id, link, name="Two", creates_join_request=True)

    assert (edited.invite_link, edited.name) == (link.invite_link, "Two")
    assert (edited.member_limit, edited.creates_join_request) == (None, True)


async def test_a_new_primary_link_ends_the_last(telegram: TelegramServer, bot: Bot) -> None:
    """There is one primary link; what getChat shows is the newest."""
    group = telegram.group()
    first, second = [await bot.export_chat_invite_link(group.id) for _ in range(2)]

    assert group.links[first].is_revoked
    assert (await bot.get_chat(group.id)).invite_link == second
    with pytest.raises(BadRequest, match=r"(?i)invite_hash_expired"):
        await bot.edit_chat_invite_link(group.id, second, name="Mine")


@pytest.mark.parametrize("decision", ["approve", "decline"])
async def test_a_request_is_decided_once(telegram: TelegramServer, bot: Bot, decision: str) -> None:
    """After a decision there is nothing left to decide, and only approved people are inside."""
    ann, group = telegram.user("ann"), telegram.group()
    await news(bot)
    link = await bot.create_chat_invite_link(group.id, creates_join_request=True)
    await ann.joins(group, link.invite_link)
    (asked,) = [one.chat_join_request for one in await news(bot, "chat_join_request")]
    assert asked is not None
    assert asked.invite_link is not None
    waiting = await bot.edit_chat_invite_link(group.id, link, creates_join_request=True)
    assert waiting.pending_join_request_count == 1

    assert await getattr(asked, decision)()

    assert group.holds(ann) == (decision == "approve")
    refusal = "user_already_participant" if decision == "approve" else "hide_requester_missing"
    with pytest.raises(BadRequest, match=f"(?i){refusal}"):
        await asked.approve()


@pytest.mark.parametrize(("result", "inside", "waits"), [("approve", 1, 0), ("decline", 0, 0), ("queue", 0, 1)])
async def test_a_guarded_group_asks_the_bot_at_once(
    telegram: TelegramServer, bot: Bot, result: str, inside: int, waits: int
) -> None:
    """A request with its own query is answered once: accepted, declined, or passed on to others."""
    ann, group = telegram.user("ann"), telegram.group()
    group.is_guarded = True
    await news(bot)
    link = await bot.create_chat_invite_link(group.id, creates_join_request=True)
    await ann.joins(group, link.invite_link)
    (asked,) = [one.chat_join_request for one in await news(bot, "chat_join_request")]
    assert asked is not None
    answer = {"chat_join_request_query_id": asked.api_kwargs["query_id"], "result": result}

    assert await bot.do_api_request("answerChatJoinRequestQuery", api_kwargs=answer)

    assert (group.holds(ann), len(group.waiting)) == (inside, waits)
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.do_api_request("answerChatJoinRequestQuery", api_kwargs=answer)


async def test_subscriptions_lead_into_channels_only(telegram: TelegramServer, bot: Bot) -> None:
    """A link with a price is for a channel, for thirty days."""
    channel, terms = telegram.group("News", kind="channel"), (timedelta(days=30), 100)
    link = await bot.create_chat_subscription_invite_link(channel.id, *terms, name="Gold")
    renamed = await bot.edit_chat_subscription_invite_link(channel.id, link, name="Platinum")

    assert renamed.to_dict()["subscription_period"] == MONTH
    assert (renamed.name, renamed.subscription_price) == ("Platinum", 100)
    with pytest.raises(BadRequest, match=r"(?i)channel_invalid"):
        await bot.create_chat_subscription_invite_link(telegram.group().id, *terms)
    with pytest.raises(BadRequest, match=r"(?i)subscription_period_invalid"):
        await bot.create_chat_subscription_invite_link(channel.id, timedelta(days=7), 100)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"creates_join_request": True, "member_limit": 5}, "member limit can't be specified"),
        ({"member_limit": 100_000}, "member limit must be"),
        ({"name": "x" * 33}, "name is too long"),
    ],
)
async def test_wrong_links_are_refused(
    telegram: TelegramServer, bot: Bot, wrong: Mapping[str, Any], complaint: str
) -> None:
    """A link that Telegram would refuse is refused here."""
    with pytest.raises(BadRequest, match=f"(?i){complaint}"):
        await bot.create_chat_invite_link(telegram.group().id, **wrong)


async def test_inviting_takes_a_right(telegram: TelegramServer, bot: Bot) -> None:
    """A bot that may not invite makes no links."""
    group = telegram.group()
    group.deny("can_invite_users")

    with pytest.raises(BadRequest, match=r"(?i)not enough rights"):
        await bot.export_chat_invite_link(group.id)
