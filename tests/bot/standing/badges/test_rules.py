"""What badges need, which is next, and what is an emoji."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit import OptionRefused
from bot.kit.calendar import EPOCH, calendar_in
from bot.standing.badges.rules import DECLARED, EMOJI, ahead, best, measured, reached, read_emoji, years
from models.badges import Deeds
from models.ids import earliest
from tests.bot.recorder import DAY, NOON


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal() - EPOCH


def test_every_badge_is_its_own() -> None:
    """No two have the same key or emoji, and those of a measure grow."""
    for values in ([each.key for each in DECLARED], [each.emoji for each in DECLARED]):
        assert len(set(values)) == len(values)
    wholes = [(each.measure, each.whole) for each in DECLARED]
    assert all(low[1] < high[1] for low in wholes for high in wholes[wholes.index(low) + 1 :] if low[0] == high[0])


@pytest.mark.parametrize(
    ("first", "today", "whole"),
    [
        ("2024-05-02", "2025-05-01", 0),
        ("2024-05-02", "2025-05-02", 1),
        ("2024-02-29", "2025-02-28", 0),
        ("2024-02-29", "2025-03-01", 1),
        ("2024-02-29", "2028-02-29", 4),
        ("2024-05-02", "2024-05-01", -1),
    ],
)
def test_a_year_is_over_on_its_day(first: str, today: str, whole: int) -> None:
    """Not some hours before or after."""
    assert years(day(first), day(today)) == whole


def test_since_when_is_since_we_know_them_where_it_was_not_told() -> None:
    """For example in a Telegram group that they joined before us."""
    deeds = Deeds(
        member_id=earliest(NOON), joined_at=None, streak=0, level=0, messages=0, reactions=0, answers=0, accepted=0
    )

    assert measured(deeds, NOON + 364 * DAY, calendar_in())["years"] == 0
    assert measured(deeds, NOON + 365 * DAY, calendar_in())["years"] == 1


def test_a_badge_brings_those_below_it() -> None:
    """A streak of 100 days brings those of 30 and of 7 too."""
    assert reached({"streak": 100}) == ["streak_7", "streak_30", "streak_100"]
    assert reached({"streak": 6, "messages": 99}) == []
    assert best(["streak_30", "made:3", "streak_7", "gift", "founder"]) == ["streak_30", "made:3", "gift", "founder"]


def test_the_nearest_comes_next() -> None:
    """One of each measure; neither one that was taken away, nor one that no deed brings nearer."""
    keys = [each.key for each in ahead({"messages": 90, "streak": 20}, {"streak_7", "messages_1000"})]

    assert keys[:2] == ["messages_100", "streak_30"]
    assert "founder" not in keys
    assert ahead({}, {each.key for each in DECLARED}) == []


@pytest.mark.parametrize("emoji", ["🏅", "⭐", "❤️", "1️⃣", "👩🏽‍💻", "👨‍👩‍👧", "🏳️‍🌈", "🇩🇪", "©"])
def test_an_emoji_is_one(emoji: str) -> None:
    """Whatever parts it joins."""
    assert read_emoji(f" {emoji} ") == emoji


@pytest.mark.parametrize(
    "typed",
    ["", "a", "1", "中", "@everyone", "<b>", "🏅a", "🏅 🏅", "\u200d", "\u202e", "\0", "🏅" * 17, "<:own:123456>",
     "\ufe0f", "🏅@", "‼", "x" * 4000, "٣"],
)  # fmt: skip
def test_what_is_none_is_refused(typed: str) -> None:
    """Otherwise it would stand beside every name."""
    with pytest.raises(OptionRefused, match="no_emoji"):
        read_emoji(typed)


@given(st.text(max_size=20))
def test_nothing_else_gets_through(typed: str) -> None:
    """A text is refused, or short and without anything that controls or hides text."""
    try:
        emoji = read_emoji(typed)
    except OptionRefused:
        return
    assert 1 <= len(emoji) <= EMOJI
    assert not set(emoji) & set("\u202e\u200b\0\n@<>`*_ ") or "\u20e3" in emoji
