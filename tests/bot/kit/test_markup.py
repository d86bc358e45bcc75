"""Five marks, parsed before values are inserted."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.kit import Rich, join
from bot.kit.markup import Mention, Slot, Span, fill, parse, plain, slots


def said(template: str, **values: str | Rich | Mention) -> Rich:
    return fill(template, values.__getitem__)


@pytest.mark.parametrize(
    ("template", "spans"),
    [
        ("plain", (Span(text="plain"),)),
        ("**bold**", (Span(text="bold", bold=True),)),
        ("_italic_", (Span(text="italic", italic=True),)),
        ("`code`", (Span(text="code", code=True),)),
        ("[here](https://a.b/c?d=1)", (Span(text="here", link="https://a.b/c?d=1"),)),
        ("**a _b_**", (Span(text="a ", bold=True), Span(text="b", bold=True, italic=True))),
        ("[**a**](http://b)", (Span(text="a", bold=True, link="http://b"),)),
        ("snake_case_name", (Span(text="snake_case_name"),)),
        ("2 ** 3", (Span(text="2 ** 3"),)),
        ("[x](javascript:alert)", (Span(text="[x](javascript:alert)"),)),
        ("<b>&amp;", (Span(text="<b>&amp;"),)),
        ("", ()),
    ],
)
def test_marks_become_styles(template: str, spans: Rich) -> None:
    """Bold, italic, code and web links nest; an unclosed mark, or none, stays as it is written."""
    assert said(template) == spans


def test_a_value_stands_in_the_style_around_it() -> None:
    """A slot takes the style of its place, and a value with its own spans keeps them."""
    rich = (Span(text="x", italic=True),)

    assert said("**{a}** {b}", a="1", b=rich) == (Span(text="1", bold=True), Span(text=" "), *rich)
    assert parse("`{a}`") == (Slot("a", Span(text="", code=True)),)
    assert slots("**{a}** {b} {c_d}") == {"a", "b", "c_d"}


def test_a_mention_points_at_an_account() -> None:
    """It is shown as the name, and carries the account."""
    (span,) = said("**{who}**", who=Mention("Ann @everyone", "discord:7"))

    assert span == Span(text="Ann @everyone", bold=True, mention="discord:7")


@given(st.text())
@example("**bold**")
@example("{a}")
@example("[x](https://evil.example)")
@example("@everyone <@&1> <b> _it_ `c`")
def test_a_value_never_becomes_a_mark(text: str) -> None:
    """Whatever a member is called or writes, it is text in the style of its place."""
    rich = said("**{a}** said {b}", a=text, b=text)

    assert plain(rich) == f"{text} said {text}"
    assert rich[-1] == Span(text=f" said {text}")
    assert {span for span in rich if span.bold} <= {Span(text=text, bold=True)}
    assert not any(span.italic or span.code or span.link or span.mention for span in rich)


def test_parts_are_joined_by_lines() -> None:
    """An empty part takes no line."""
    one, two = (Span(text="one"),), (Span(text="two"),)

    assert plain(join([one, (), two])) == "one\ntwo"
    assert join([]) == ()
