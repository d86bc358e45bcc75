"""Both platforms accept any reply: it keeps their limits, and is never empty."""

from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup

from adapters.discord.replies import message
from adapters.telegram.replies import letters
from bot.kit import Block, Button, Capability, Reply, Tail, Tone, Work
from bot.kit.grammar import SO_FAR, before
from bot.kit.markup import Span
from bot.kit.replies import Document, Image
from tests.servers.telegram_text import parse_html, units

HOSTILE = ("", "\u200b", " ", "\n", "*" * 5000, "字" * 5000, "😀" * 3000, "`" * 3000, "<" * 5000, "\ud800", "\0")
TEXTS = st.one_of(st.text(max_size=40), st.sampled_from(HOSTILE))
SPANS = st.builds(
    Span,
    text=TEXTS,
    bold=st.booleans(),
    italic=st.booleans(),
    code=st.booleans(),
    link=st.sampled_from([None, f"https://example.org/{'z' * 3000}"]),
    mention=st.sampled_from([None, "telegram:5", "discord:5"]),
)
RICH = st.lists(SPANS, max_size=4).map(tuple)
REPLIES = st.builds(
    Reply,
    text=RICH,
    title=RICH,
    blocks=st.lists(st.builds(Block, name=RICH, text=RICH), max_size=30).map(tuple),
    buttons=st.lists(st.builds(Button, TEXTS, st.integers(0, 40).map("/go {}".format)), max_size=30).map(tuple),
    image=st.sampled_from([None, Image("a.png", b"\x89PNG", "x" * 5000)]),
    file=st.sampled_from([None, Document("../a.csv", b"a", "text/csv")]),
    tone=st.sampled_from(Tone),
    so_far=st.sampled_from([None, "/ask", "/ask " + "x" * 5000]),
)


@given(REPLIES)
def test_discord_takes_it(reply: Reply) -> None:
    """Content, cards, their parts and their sum, buttons and descriptions of pictures."""
    shown = message(reply)

    assert len(shown["content"]) <= 2000
    assert shown["content"].strip() or shown["embeds"] or shown["attachments"]
    assert all(len(each.get("description", "")) <= 1024 for each in shown["attachments"])
    for card in shown["embeds"]:
        fields = card.get("fields", ())
        parts = [*(part for each in fields for part in (each["name"], each["value"]))]
        whole = [*parts, *(card[key] for key in ("title", "description") if key in card)]
        assert all(each.strip() for each in whole)
        assert whole
        assert sum(map(len, whole)) <= 6000
        assert len(card.get("title", "")) <= 256
        assert len(card.get("description", "")) <= 4096
        assert len(fields) <= 25
        assert all(len(each["name"]) <= 256 and len(each["value"]) <= 1024 for each in fields)
    rows = [row["components"] for row in shown["components"]]
    assert len(rows) <= 5
    for button in (each for row in rows for each in row):
        assert 1 <= len(button["label"].strip()) <= len(button["label"]) <= 80
        assert 1 <= len(button["custom_id"]) <= 100


@given(REPLIES)
def test_telegram_takes_it(reply: Reply) -> None:
    """Texts, captions, labels and the lines of buttons."""
    for letter in letters(reply):
        text, _ = parse_html(letter.html)
        assert units(text) <= (1024 if letter.image or letter.file else 4096)
        assert text.strip() or letter.file
        rows = letter.markup.inline_keyboard if isinstance(letter.markup, InlineKeyboardMarkup) else ()
        for button in (each for row in rows for each in row):
            assert button.text.strip()
            assert len(str(button.callback_data).encode()) <= 64


def test_a_line_that_is_long_is_not_continued() -> None:
    """The member writes a long line again, since no message could show it with what is missing."""
    capability = Capability("trial")

    @capability.command("say")
    async def say(work: Work, what: str, then: Tail) -> Reply:
        raise NotImplementedError(work, what, then)

    (command,) = capability.commands
    _, then = command.options

    assert before(command, then, {"what": "tea"}) == "/say tea"
    assert before(command, then, {"what": "x" * SO_FAR}) is None
