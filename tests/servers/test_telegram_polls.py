"""Polls on the localhost Telegram: opened, voted in, closed and refused as by the real one."""

from collections.abc import Mapping
from typing import Any

import pytest
from telegram import Bot
from telegram.error import BadRequest

from tests.servers.telegram import TelegramServer
from tests.servers.telegram_client import keyboard, news


async def test_votes_are_told(telegram: TelegramServer, bot: Bot) -> None:
    """Each vote in an open poll brings the voter with their choice, and the state of the poll."""
    ann, group = telegram.user("ann"), telegram.group()
    group.add(ann)
    sent = await bot.send_poll(group.id, "When?", ["Friday", "Sunday"], is_anonymous=False)
    poll = group.messages[-1]
    await ann.votes(poll, 1)
    await ann.votes(poll, 0)
    await ann.votes(poll)

    told = await news(bot, "poll_answer", "poll")
    answers = [one.poll_answer for one in told if one.poll_answer]
    assert [(one.user and one.user.id, one.option_ids) for one in answers] == [
        (ann.id, (1,)),
        (ann.id, (0,)),
        (ann.id, ()),
    ]
    states = [one.poll for one in told if one.poll]
    assert [[option.voter_count for option in one.options] for one in states] == [[0, 1], [1, 0], [0, 0]]
    assert sent.poll is not None
    assert sent.poll.options[0].persistent_id == "option0"


async def test_an_anonymous_poll_names_nobody(telegram: TelegramServer, bot: Bot) -> None:
    """Only the counts of an anonymous poll are sent."""
    ann, group = telegram.user("ann"), telegram.group()
    group.add(ann)
    await bot.send_poll(group.id, "When?", ["Friday", "Sunday"])
    await ann.votes(group.messages[-1], 1)

    (told,) = await news(bot, "poll_answer", "poll")
    assert told.poll is not None
    assert told.poll.total_voter_count == 1


async def test_a_poll_is_stopped_once(telegram: TelegramServer, bot: Bot) -> None:
    """A stopped poll says so, takes no vote, and cannot be stopped again."""
    ann, group = telegram.user("ann"), telegram.group()
    group.add(ann)
    sent = await bot.send_poll(group.id, "When?", ["Friday", "Sunday"])
    stopped = await bot.stop_poll(group.id, sent.message_id, keyboard(("Again", "again")))

    assert stopped.is_closed
    assert group.messages[-1].labels == ["Again"]
    with pytest.raises(PermissionError):
        await ann.votes(group.messages[-1], 0)
    with pytest.raises(BadRequest, match=r"(?i)already been closed"):
        await bot.stop_poll(group.id, sent.message_id)
    words = await bot.send_message(group.id, "no poll")
    with pytest.raises(BadRequest, match=r"(?i)poll to stop not found"):
        await bot.stop_poll(group.id, words.message_id)


async def test_a_poll_ends_by_the_clock() -> None:
    """A poll with a period is closed when it is over."""
    now = [1_800_000_000.0]
    async with TelegramServer(now=lambda: now[0]) as server:
        ann, group = server.user("ann"), server.group()
        group.add(ann)
        async with Bot(server.token, base_url=f"{server.api_url}/bot") as bot:
            await bot.send_poll(group.id, "Quick?", ["Yes", "No"], open_period=60)
        now[0] += 61

        with pytest.raises(PermissionError):
            await ann.votes(group.messages[-1], 0)


async def test_a_quiz_explains_itself(telegram: TelegramServer, bot: Bot) -> None:
    """A quiz keeps its right answer and its explanation, and its votes are final."""
    ann = telegram.user("ann")
    await ann.says(ann.private, "/start")
    sent = await bot.send_poll(
        ann.id,
        "2 + 2?",
        ["3", "4"],
        type="quiz",
        correct_option_ids=[1],
        explanation="<b>four</b>",
        explanation_parse_mode="HTML",
    )
    await ann.votes(ann.private.messages[-1], 0)

    assert sent.poll is not None
    assert (sent.poll.correct_option_ids, sent.poll.explanation) == ((1,), "four")
    with pytest.raises(PermissionError):
        await ann.votes(ann.private.messages[-1], 1)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"question": "x" * 301}, "must not exceed 300"),
        ({"options": ["x" * 101, "y"]}, "must not exceed 100"),
        ({"options": [str(number) for number in range(13)]}, "more than 12 options"),
        ({"type": "quiz"}, "wrong correct option"),
        ({"open_period": 60, "close_date": 1_900_000_000}, "both open_period and close_date"),
    ],
)
async def test_wrong_polls_are_refused(
    telegram: TelegramServer, bot: Bot, wrong: Mapping[str, Any], complaint: str
) -> None:
    """A poll that Telegram would refuse is refused here."""
    with pytest.raises(BadRequest, match=f"(?i){complaint}"):
        await bot.send_poll(**{"chat_id": telegram.group().id, "question": "?", "options": ["a", "b"], **wrong})
