"""A form's id is a line that can be read again, and its fields come back by name."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.forms import ID, asks, filled, form, started
from bot.kit.references import Picture
from tests.adapters.discord.running import catalogue, house

ASK = house().commands["enquire"]
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60).map(lambda text: text.strip(" \xa0"))


def test_a_form() -> None:
    """The fields have names, descriptions and bounds in the member's language."""
    shown = form(ASK, {"tag": "maths", "urgent": True}, catalogue(), "zh-CN")

    assert (shown["custom_id"], shown["title"]) == ('/enquire maths "" on', "Ask a question")
    assert shown["components"] == [
        {
            "type": 18,
            "label": "text",
            "description": "The question",
            "component": {
                "type": 4, "custom_id": "text", "style": 2, "required": True, "min_length": 1, "max_length": 4000,
            },
        }
    ]  # fmt: skip


@given(st.sampled_from(["", "maths", 'a "quoted" word', "back\\slash", "字 字"]), st.booleans())
def test_the_line_is_read_again(tag: str, urgent: bool) -> None:
    """What was given before the form is read again after it."""
    line = form(ASK, {"tag": tag, "urgent": urgent}, catalogue(), "en")["custom_id"]

    assert started(ASK, line) == ({"tag": tag} if tag else {}) | {"urgent": "on" if urgent else "off"}


@given(st.text('ab "\\', max_size=300), st.text("ab ", max_size=300))
def test_nothing_is_lost_to_the_limit(tag: str, title: str) -> None:
    """What does not fit into the id is in the fields."""
    shown = form(ASK, {"tag": tag, "title": title}, catalogue(), "en")
    riding = {each["component"]["custom_id"]: each["component"].get("value", "") for each in shown["components"]}
    whole = {"tag": "", "title": ""} | (started(ASK, shown["custom_id"]) or {}) | {k: v for k, v in riding.items() if v}

    assert len(shown["custom_id"]) <= ID
    assert (whole["tag"], whole["title"]) == (tag, title)


def test_a_line_that_brings_the_long_text() -> None:
    """A line that has the long text already needs no form."""
    assert started(ASK, "/enquire maths title on place and the text itself") is None
    assert asks(ASK, {"tag": "maths"})
    assert not asks(ASK, {"text": "why?"})


def test_what_was_filled_in() -> None:
    """Texts and pictures come by the names of their fields; an empty field gives nothing."""
    file = {"id": "9", "url": "https://cdn.example/cat.png", "filename": "cat.png", "size": 3}
    rows = [
        {"type": 18, "component": {"type": 4, "custom_id": "text", "value": "why?"}},
        {"type": 18, "component": {"type": 4, "custom_id": "tag", "value": ""}},
        {"type": 18, "component": {"type": 19, "custom_id": "picture", "values": ["9"]}},
    ]
    found = filled({"components": rows, "resolved": {"attachments": {"9": file}}})

    assert found == {"text": "why?", "picture": Picture("https://cdn.example/cat.png", "cat.png", 3)}
