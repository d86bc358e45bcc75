"""Texts are compared by imprints from which no word can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.resemblance import BITS, LONGEST, alike, imprint

KEY, OTHER_KEY = "0123456789abcdef" * 2, "fedcba9876543210" * 2
TEXT = st.text(max_size=80)
#: from this likeness on a message earns nothing, unless an administrator changes it
SAME = 90
POEM = "It was many and many a year ago, in a kingdom by the sea, that a maiden there lived whom you may know."
REPORT = "昨天晚上社区活动来了很多新朋友，大家一起讨论了怎么写好第一个插件，下周还会继续，欢迎你也来参加。"


def compared(one: str, other: str) -> int:
    return alike(imprint(one, KEY), imprint(other, KEY))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (POEM, POEM),
        (POEM, POEM.upper()),
        (POEM, POEM.replace(",", " –").replace(" ", "  ") + " !!!"),
        (POEM, "that a maiden there lived whom you may know: it was many and many a year ago in a kingdom by the sea"),
        (POEM, POEM.replace("maiden", "girl")),
        (REPORT, REPORT),
        (REPORT, REPORT.replace("，", " ") + "🎉"),
        (REPORT, REPORT.replace("插件", "程序")),
        ("thanks", "Thanks!"),
        ("谢谢", "谢谢！"),
        ("哈哈哈哈哈哈哈哈", "哈哈哈哈哈哈哈哈哈哈哈哈"),
        ("ＧＯＯＤ　ＭＯＲＮＩＮＧ", "good morning"),
        ("🎉🎉🎉", "🎉 🎉 🎉"),
        ("", " "),
    ],
)
def test_repetition_is_seen(one: str, other: str) -> None:
    """In other letters, with other signs, in another order, or with another word or two."""
    assert compared(one, other) >= SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (POEM, REPORT),
        (POEM, "Did anybody see the film that was shown at the museum yesterday? I would like to know how it ends."),
        (REPORT, "请问数据库连接超时应该怎么处理？我按文档改了配置，重启以后还是一样的错误，日志也没有更多内容。"),
        ("How do I cancel a task in asyncio?", "How do I cancel a subscription in the shop?"),
        ("谢谢", "谢谢大家"),
        ("thanks", "no thanks"),
        ("yes, at seven", "yes, at eight"),
        ("我同意", "我不同意"),
        ("🎉🎉🎉", "🎉🎉"),
        ("1", "2"),
    ],
)
def test_what_is_new_is_new(one: str, other: str) -> None:
    """Even where words are few, or every second one is the same."""
    assert compared(one, other) < SAME


@given(TEXT)
def test_a_text_is_like_itself(text: str) -> None:
    """Always, whatever it consists of."""
    assert compared(text, text) == 100
    assert 0 <= imprint(text, KEY) < 1 << BITS


@given(TEXT, TEXT)
def test_either_way_round(one: str, other: str) -> None:
    """The result is the same in either order, and a percentage."""
    assert 0 <= compared(one, other) == compared(other, one) <= 100


@given(st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=30, max_size=30))
def test_one_word_of_thirty_changes_little(letters: list[str]) -> None:
    """However common the other words are."""
    words = [f"{letter}{at}" for at, letter in enumerate(letters)]

    assert compared(" ".join(words), " ".join([*words[:-1], "other"])) > 60


@given(st.lists(st.text(st.sampled_from("我你他好吃饭喝茶看书"), min_size=5, max_size=30), min_size=2, max_size=2))
def test_unparted_scripts_are_compared_in_pairs(texts: list[str]) -> None:
    """A text that repeats itself differs only where it begins again; blanks between do not count."""
    one, other = texts

    assert compared(f"{one}。{other}", f"{one} {other}") == 100


def test_another_key_makes_another_imprint() -> None:
    """So nobody can look among other members' texts for what one member said."""
    assert alike(imprint(POEM, KEY), imprint(POEM, OTHER_KEY)) < 50
    assert imprint("yes", KEY) != imprint("yes", OTHER_KEY)


def test_an_endless_text_is_looked_at_so_far() -> None:
    """Text beyond a page changes nothing, and takes no time."""
    page = (POEM * 10)[:LONGEST]

    assert imprint(page + "and then" * 1000, KEY) == imprint(page, KEY)
