"""What is thanks and what only looks like it, in both languages, and how many thanks count."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.economy.thanks.rules import Limits, counted, is_thanks, may_thank, named
from bot.kit.events import MessagePosted
from models.giving import Thanked
from tests.bot.recorder import ANN, BOB, LOBBY, NOON

HOUR = 3_600_000
FREE = Limits(hourly=0, daily=0)

THANKS = [
    "thanks",
    "Thanks!",
    "thanks a lot, that was it",
    "Thank you so much @ann",
    "thank u",
    "THX",
    "tnx mate",
    "thnx",
    "ty",
    "tysm!!",
    "ok ty",
    "thanks to you it works",
    "thanks to everyone here",
    "much appreciated",
    "I really appreciate it",
    "I appreciate your patience",
    "no problem, and thanks for asking",
    "oh no! thanks for telling me",
    "I can't thank you enough",
    "no thanks to the docs, but thank you for the hint",
    "ｔｈａｎｋｓ",
    "谢谢",
    "谢谢你！",
    "非常感谢",
    "多谢多谢",
    "感谢大佬",
    "谢了",
    "谢啦～",
    "先谢了",
    "感激不尽",
    "謝謝",
    "感謝分享",
    "3q",
    "好的，谢谢",
    "不客气，也谢谢你",
    "thanks 谢谢",
]
NO_THANKS = [
    "",
    "hello",
    "no thanks",
    "No, thanks.",
    "no thank you",
    "nah thanks",
    "nope, thx",
    "thanks but no thanks",
    "thanks, but no thanks",
    "Thank you, but no, thank you",
    "thanks for nothing",
    "thanks to the storm the meeting is off",
    "no need to thank you",
    "don't thank me",
    "I won’t say thanks",
    "he said thanks",
    "thankfully it works",
    "Thanksgiving is on Thursday",
    "a thankless task",
    "thank god",
    "thank goodness",
    "more than that",
    "empty party",
    "`thanks`",
    "```\nthanks\n```",
    "> thanks\nwhat did you mean by this?",
    "https://example.org/thanks",
    "@thanks are you there?",
    "不用谢",
    "不谢",
    "不必谢",
    "不客气",
    "别谢我",
    "不用谢谢",
    "不需要感谢",
    "不用，谢谢",
    "不用了谢谢",
    "谢谢，不用了",
    "谢谢你，但是不用了",
    "谢绝转载",
    "花谢了",
    "新陈代谢了",
    "感谢信写好了吗",
    "感恩节快乐",
    "谢谢惠顾",
    "没说谢谢",
]


@pytest.mark.parametrize("text", THANKS)
def test_this_is_thanks(text: str) -> None:
    """However it is written, and whatever stands around it."""
    assert is_thanks(text)


@pytest.mark.parametrize("text", NO_THANKS)
def test_this_only_sounds_like_it(text: str) -> None:
    """Negations, false friends, quotes, code, addresses and names."""
    assert not is_thanks(text)


@pytest.mark.parametrize("text", THANKS)
def test_whatever_is_thanks_is_read(text: str) -> None:
    """The quick check finds every thanks that is said to somebody."""
    said = MessagePosted(cause="c", at=NOON, who=ANN, spot=LOBBY, length=len(text), text=text)

    assert may_thank(MessagePosted(cause="c", at=NOON, who=ANN, spot=LOBBY, length=1, text=text, about="m"))
    assert may_thank(MessagePosted(cause="c", at=NOON, who=ANN, spot=LOBBY, length=1, text=text, mentioned=(BOB,)))
    assert may_thank(said) is ("@" in text)


@given(some.text(max_size=5000))
def test_no_text_is_too_much(text: str) -> None:
    """It is read or not, and nothing breaks."""
    assert is_thanks(text) in (True, False)
    assert len(named(text)) <= 3


def test_names_are_found() -> None:
    """Each once, at most three, and no e-mail address."""
    assert named("thanks @ann, @bob and @ann; not me@example.org") == ["ann", "bob"]
    assert named("@a @b @c @d") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("to", "before", "limits", "found"),
    [
        ([1], [], FREE, [1]),
        ([1, 2, 1], [], FREE, [1, 2]),
        ([1, 2], [Thanked(1, NOON - HOUR, 5)], FREE, [2]),
        ([1], [Thanked(1, NOON - 20 * HOUR, 4)], FREE, [1]),
        ([3], [Thanked(1, NOON, 5), Thanked(2, NOON - HOUR + 1, 5)], Limits(hourly=2, daily=0), []),
        ([3], [Thanked(1, NOON, 5), Thanked(2, NOON - HOUR, 5)], Limits(hourly=2, daily=0), [3]),
        ([3], [Thanked(1, NOON, 5), Thanked(2, NOON + HOUR - 1, 5)], Limits(hourly=2, daily=0), []),
        ([3, 4], [Thanked(1, NOON - 5 * HOUR, 5)], Limits(hourly=0, daily=2), [3]),
        ([3], [Thanked(1, NOON - 15 * HOUR, 4)], Limits(hourly=0, daily=1), [3]),
    ],
)
def test_thanks_have_limits(to: list[int], before: list[Thanked], limits: Limits, found: list[int]) -> None:
    """Once a day for each two members, and so many in an hour and in a day."""
    assert list(counted(to, NOON, 5, before, limits)) == found
