"""The text grammar: what phones, replies, mentions and buttons make of a line."""

from collections.abc import Sequence
from typing import Annotated

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.kit import Button, Capability, Long, OptionRefused, Range, Refusal, Reply, Tail, Work, command_line
from bot.kit.capability import Command, House
from bot.kit.grammar import before, find, parse, usage
from bot.kit.invocation import Line
from bot.kit.options import File, Image
from bot.kit.references import Message, Person, Picture, Raw, Upload
from bot.kit.replies import LINE_BYTES
from models.members import Member
from tests.bot.recorder import ANN, BOB

asks = Capability("asks")


@asks.command("ask")
async def ask(work: Work, question: Tail) -> Reply:
    raise NotImplementedError


@asks.command("give")
async def give(work: Work, to: Member, amount: Annotated[int, Range(1, 9)], why: Tail = "") -> Reply:
    raise NotImplementedError


@asks.command("tiers add")
async def tiers_add(work: Work, name: str, price: int, about: Annotated[str, Long()] = "") -> Reply:
    raise NotImplementedError


@asks.command("tiers list")
async def tiers_list(work: Work) -> Reply:
    raise NotImplementedError


@asks.command("paint")
async def paint(work: Work, image: Image, title: str = "") -> Reply:
    raise NotImplementedError


@asks.command("hang")
async def hang(work: Work, file: File | None = None, where: Tail = "") -> Reply:
    raise NotImplementedError


@asks.command("echo")
async def echo(work: Work, first: str, second: str, third: str = "", fourth: str = "") -> Reply:
    raise NotImplementedError


COMMANDS = House.of([asks]).commands


def read(text: str) -> tuple[str, dict[str, Raw]]:
    command, options = parse(Line.of(text), COMMANDS)
    return command.name, options


@pytest.mark.parametrize(
    ("text", "name", "options"),
    [
        ("/tiers list", "tiers list", {}),
        ("tiers list", "tiers list", {}),
        ("/TIERS List", "tiers list", {}),
        ("/tiers add gold 5", "tiers add", {"name": "gold", "price": "5"}),
        ('/tiers add "old gold" 5', "tiers add", {"name": "old gold", "price": "5"}),
        ("/tiers add “old gold” 5", "tiers add", {"name": "old gold", "price": "5"}),
        ("/tiers add «old gold» 5", "tiers add", {"name": "old gold", "price": "5"}),
        ("/tiers add „old gold“ 5", "tiers add", {"name": "old gold", "price": "5"}),
        ("/tiers\u3000add\u3000gold\u00a05", "tiers add", {"name": "gold", "price": "5"}),
        ("/tiers  add \n gold\t5", "tiers add", {"name": "gold", "price": "5"}),
        ("/tiers add gold –5", "tiers add", {"name": "gold", "price": "-5"}),
        ("/tiers add gold —5", "tiers add", {"name": "gold", "price": "-5"}),
        ("/tiers add gold −5", "tiers add", {"name": "gold", "price": "-5"}),
        ('/tiers add "say \\"hi\\"" 5', "tiers add", {"name": 'say "hi"', "price": "5"}),
        ('/tiers add "" 5', "tiers add", {"name": "", "price": "5"}),
        ('/tiers add it"s 5', "tiers add", {"name": 'it"s', "price": "5"}),
        ("/give @bob 3", "give", {"to": "@bob", "amount": "3"}),
        ("/give 17 3 for  the   tea", "give", {"to": "17", "amount": "3", "why": "for  the   tea"}),
        ("/ask why  “is” it\n\n  so?", "ask", {"question": "why  “is” it\n\n  so?"}),
        ('/ask "is it so?"', "ask", {"question": "is it so?"}),
        ('/ask "is" it "so"', "ask", {"question": '"is" it "so"'}),
        ("/tiers add gold 5 what  you get", "tiers add", {"name": "gold", "price": "5", "about": "what  you get"}),
    ],
)
def test_a_line_becomes_options_by_name(text: str, name: str, options: dict[str, Raw]) -> None:
    """Commands have one or two words; quotes of any keyboard hold words together; a tail keeps its spacing."""
    assert read(text) == (name, options)


def test_a_reply_fills_the_member() -> None:
    """A reply to a member's message means that member, so their name need not be typed."""
    command, options = parse(Line(pieces=("/give 3 for tea",), replied=Message("recorder:msg:1", BOB)), COMMANDS)

    assert (command.name, options) == ("give", {"to": BOB, "amount": "3", "why": "for tea"})


@pytest.mark.parametrize("pieces", [("/give ", ANN, " 3"), ("/give @ann 3",)])
def test_a_mention_wins_over_a_reply(pieces: Sequence[str | Person]) -> None:
    """A member who mentions one person while replying to another means the mentioned one."""
    _, options = parse(Line(pieces=pieces, replied=Message("recorder:msg:1", BOB)), COMMANDS)

    assert options["to"] in (ANN, "@ann")
    assert options["amount"] == "3"


def test_a_person_is_a_word_of_the_line() -> None:
    """A mention resolved by the platform arrives as a person, and as a name within a text."""
    _, options = parse(Line(pieces=("/give ", BOB, " 3 because ", ANN, "  said so")), COMMANDS)

    assert options == {"to": BOB, "amount": "3", "why": "because Ann  said so"}


def test_a_text_may_begin_with_a_person() -> None:
    """A tail that begins with a mention gets the name."""
    _, options = parse(Line(pieces=("/ask ", BOB, " knows?")), COMMANDS)

    assert options == {"question": "Bob knows?"}


@pytest.mark.parametrize(("line", "question"), [(("/ask ", BOB), "Bob"), (("/ask —5",), "—5")])
def test_a_text_of_one_word_is_as_it_was_written(line: Sequence[str | Person], question: str) -> None:
    """Only quotes are removed; a name is a name, and a dash in a text is no minus."""
    _, options = parse(Line(pieces=line), COMMANDS)

    assert options == {"question": question}


def test_a_picture_is_not_a_word() -> None:
    """An image comes beside the line and takes no word from it."""
    picture = Picture("7", "cat.png", 100)

    _, options = parse(Line(pieces=("/paint sunset",), picture=picture), COMMANDS)

    assert options == {"image": picture, "title": "sunset"}


@pytest.mark.parametrize("file", [None, Upload("7", "tea.csv", 100)])
def test_a_file_is_not_a_word(file: Upload | None) -> None:
    """A file comes beside the line and takes no word from it; without a file no word replaces it."""
    _, options = parse(Line(pieces=("/hang north wall",), file=file), COMMANDS)

    assert options == {"where": "north wall"} | ({"file": file} if file else {})


@pytest.mark.parametrize(
    ("text", "path", "values"),
    [
        ("/teirs list", "refusal.unknown_close", {"command": "teirs", "close": "tiers list"}),
        ("/tiers lst", "refusal.unknown_close", {"command": "tiers lst", "close": "tiers list"}),
        ("/tiers xyzzy", "refusal.which", {"command": "tiers", "commands": ["/tiers add", "/tiers list"]}),
        ("/teirs", "refusal.unknown_close", {"command": "teirs", "close": "tiers"}),
        ("/tiers", "refusal.which", {"command": "tiers", "commands": ["/tiers add", "/tiers list"]}),
        ("/giv @bob 3", "refusal.unknown_close", {"command": "giv", "close": "give"}),
        ("/xyzzy", "refusal.unknown", {"command": "xyzzy"}),
        ("", "refusal.unknown", {"command": ""}),
        ("/", "refusal.unknown", {"command": ""}),
        ("/tiers list all", "refusal.too_many", {"word": "all", "path": "tiers.list"}),
    ],
)
def test_what_is_no_command_is_refused_helpfully(text: str, path: str, values: dict[str, str]) -> None:
    """The nearest command is offered, a group lists its commands, and a word too many is named."""
    with pytest.raises(Refusal) as refusal:
        read(text)

    assert (refusal.value.path, refusal.value.values) == (path, values)
    assert not isinstance(refusal.value, OptionRefused)


@pytest.mark.parametrize(
    ("line", "option", "so_far"),
    [
        (Line.of("/ask"), "question", "/ask"),
        (Line.of("/give"), "to", "/give"),
        (Line.of("/give @bob"), "amount", "/give @bob"),
        (Line(pieces=("/give ", BOB)), "amount", f"/give {BOB.id}"),
        (
            Line(pieces=("/give",), replied=Message("recorder:msg:1", Person("recorder", "17", "Dan"))),
            "amount",
            "/give 17",
        ),
        (Line.of('/tiers add "old gold"'), "price", '/tiers add "old gold"'),
    ],
)
def test_a_missing_option_can_be_answered(line: Line, option: str, so_far: str) -> None:
    """The line up to an option reads as what was given before it, so that an answer can complete it."""
    command, given = parse(line, COMMANDS)
    (missing,) = (each for each in command.options if each.name == option)

    assert option not in given
    assert before(command, missing, given) == so_far


printable = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")))


@given(st.lists(printable, min_size=2, max_size=4))
@example(["“x”", "y"])
@example(["—5", "–5"])
@example(["a\u3000b", "\u00a0"])
@example(['"', "\\"])
@example(["a\\", "\\b c\\"])
def test_what_is_written_is_read(words: list[str]) -> None:
    """A button's line reads as exactly the words it was written with."""
    command, options = parse(Line.of(command_line("echo", *words)), COMMANDS)

    assert command.name == "echo"
    assert list(options.values()) == words


@given(printable.filter(str.strip))
@example('say "hi" now')
@example("“so”")
@example("— what")
def test_a_written_tail_is_read(text: str) -> None:
    """Text that becomes the rest of a written line comes back as it was."""
    _, options = parse(Line.of(command_line("ask", text)), COMMANDS)

    assert options == {"question": text}


def test_a_button_holds_what_every_platform_carries() -> None:
    """A line of more than 64 bytes is refused where the button is made, not where it is sent."""
    assert Button("ok", "x" * LINE_BYTES).line == "x" * LINE_BYTES
    assert Button("ok", "积" * 21).line
    for line in ("x" * (LINE_BYTES + 1), "积" * 22):
        with pytest.raises(ValueError, match="at most 64 bytes"):
            Button("ok", line)


@pytest.mark.parametrize(
    ("text", "name"),
    [("/tiers add", "tiers add"), ("/give", "give"), ("/tiers", None), ("hello", None), ("", None)],
)
def test_a_command_is_found_before_its_options_are_complete(text: str, name: str | None) -> None:
    """The beginning of a line names its command even if the rest is missing or wrong."""
    found: Command | None = find(Line.of(text), COMMANDS)

    assert (found.name if found else None) == name


def test_usage_marks_what_may_be_left_out() -> None:
    """Required options stand in <>, optional ones in [], under the names of the reader's language."""
    names = {"to": "谁", "amount": "amount", "why": "why"}

    assert usage(COMMANDS["give"], names) == "/give <谁> <amount> [why]"
