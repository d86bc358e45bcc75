"""Every word that the code uses exists in every language, fits every platform, and none is unused."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from bot.host.registry import NAMES, open_house
from bot.kit import Access, Capability, Refusal
from bot.kit.capability import Command
from bot.kit.effects import EFFECTS
from bot.kit.grammar import parse
from bot.kit.invocation import Line
from bot.kit.markup import slots
from bot.kit.options import READERS, Kind, Option, choice_path
from bot.kit.texts import Catalogue
from tests.sources import tree

ROOT = Path(__file__).parents[1]
HOUSE = open_house()
#: where each capability is
HOMES = {
    capability.name: f"bot/{name.replace('.', '/')}/"
    for name, capability in zip(NAMES, HOUSE.capabilities, strict=True)
}
CATALOGUE = Catalogue()
LANGUAGES = CATALOGUE.languages
#: which argument of these functions names words
SAYS = {"say": 0, "words": 0, "Refusal": 0, "Miss": 0, "OptionRefused": 1}
#: the same, where the values come from elsewhere
SAYS_MORE = {"button": 0, "_aside": 1, "plain": 1, "rich": 1}
#: literals that name words wherever they are
NAMES_WORDS = re.compile(r"(refusal|notice|mend|effect)(\.[a-z_]+)+")
#: the longest description of a command that Discord and Telegram show
DISCORD, TELEGRAM = 100, 256


@dataclass(frozen=True, slots=True)
class Said:
    """Words named somewhere in the code: a path, or the pattern of an f-string, and the values given to it."""

    path: str
    pattern: bool
    #: None when the call does not show them
    values: frozenset[str] | None
    where: str
    #: the command whose handler has it; "" elsewhere
    command: str

    def matches(self, path: str) -> bool:
        """A path may be relative to its command, or to any command of its package."""
        return _expression(self).fullmatch(path) is not None


@cache
def _expression(said: Said) -> re.Pattern[str]:
    commands = [each for each in HOUSE.commands.values() if said.where.startswith(HOMES[each.capability])]
    near = [HOUSE.commands[said.command]] if said.command else commands
    within = "|".join(["", *(re.escape(f"{command.path}.") for command in near)])
    return re.compile(f"(?:{within}){said.path if said.pattern else re.escape(said.path)}")


def collect() -> Iterator[Said]:
    for file in sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "adapters").rglob("*.py")]):
        where = file.relative_to(ROOT).as_posix()
        for statement in tree(file).body:
            command = _command(statement)
            for node in ast.walk(statement):
                if isinstance(node, ast.Call):
                    yield from _call(node, where, command)
                elif isinstance(node, ast.Constant) and NAMES_WORDS.fullmatch(str(node.value)):
                    yield Said(str(node.value), False, None, where, command)


def _command(statement: ast.stmt) -> str:
    for decorator in getattr(statement, "decorator_list", []):
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "attr", "") == "command":
            name = decorator.args[0] if decorator.args else None
            if isinstance(name, ast.Constant) and name.value in HOUSE.commands:
                return str(name.value)
    return ""


def _call(node: ast.Call, where: str, command: str) -> Iterator[Said]:
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    position = (SAYS | SAYS_MORE).get(name)
    if position is None or len(node.args) <= position:
        return
    known = name in SAYS and all(keyword.arg for keyword in node.keywords)
    values = frozenset(str(keyword.arg) for keyword in node.keywords) if known else None
    for each in _branches(node.args[position]):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield Said(each.value, False, values, f"{where}:{node.lineno}", command)
        elif isinstance(each, ast.JoinedStr):
            parts = [
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w.-]+" for part in each.values
            ]
            yield Said("".join(map(str, parts)), True, values, f"{where}:{node.lineno}", command)


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from _branches(node.body)
        yield from _branches(node.orelse)
    else:
        yield node


SAID = sorted(set(collect()), key=lambda said: (said.where, said.path))


def declared() -> Iterator[str]:
    """The words that the declarations need."""
    for command in HOUSE.commands.values():
        yield f"{command.path}.about"
        yield f"{command.path}.example"
        yield from (f"{command.path}.options.{option.name}.about" for option in command.options)
        if " " in command.name:
            yield f"{command.name.split()[0]}.about"
        if any(option.kind is Kind.MESSAGE for option in command.options):
            yield f"{command.path}.menu"
    yield from (f"setting.{key}" for key in HOUSE.settings)
    yield from (f"capability.{each.name}.name" for each in HOUSE.capabilities if shown(each))
    yield from (f"choice.language.{language}" for language in LANGUAGES)
    yield from (f"effect.{name}" for name in EFFECTS)
    yield from (f"refusal.access.{access.name.lower()}" for access in Access if access is not Access.MEMBER)


def optional() -> Iterator[str]:
    """Words that a language may have or leave out."""
    for command in HOUSE.commands.values():
        yield f"{command.path}.name"
        yield f"{command.name.split()[0]}.name"
        for option in command.options:
            yield f"{command.path}.options.{option.name}.name"
            yield from called(option)
    for setting in HOUSE.settings.values():
        yield from called(setting.option)


def called(option: Option) -> Iterator[str]:
    for choice in option.choices:
        yield from (choice_path(option, choice), f"also.{choice_path(option, choice)}")


def shown(capability: Capability) -> bool:
    return bool(capability.commands or capability.settings)


def test_there_are_words_to_look_for() -> None:
    """The search finds what it should find, so that an empty result means something."""
    paths = {said.path for said in SAID}

    assert {
        "refusal.missing",
        "refusal.busy",
        "settings.undo.nothing",
        "pong",
        "settings.set.undo",
        r"mend\.[\w.-]+",
    } <= paths
    assert {"en", "zh-CN"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_declared_has_words(language: str) -> None:
    """Every command, option, setting, effect and access is described in every language."""
    assert sorted(set(declared()) - set(CATALOGUE.paths(language))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_has_words(language: str) -> None:
    """Every path in the code leads to words in every language, and that of an f-string to at least one."""
    paths = CATALOGUE.paths(language)
    lost = [said for said in SAID if not any(said.matches(path) for path in paths)]

    assert lost == []


def test_every_final_no_has_a_mend() -> None:
    """Whatever reason an adapter gives for a refusal, staff are told what to do about it."""
    reasons = set()
    for file in (ROOT / "adapters").rglob("*.py"):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused" and node.args:
                reasons |= {str(each.value) for each in _branches(node.args[0]) if isinstance(each, ast.Constant)}

    assert {f"mend.{reason}" for reason in reasons} <= set(CATALOGUE.paths("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same(language: str) -> None:
    """The same paths with the same placeholders; only localised names may be one language's own."""
    ours, english = CATALOGUE.paths(language), CATALOGUE.paths("en")
    free = set(optional())

    assert set(ours) - free == set(english) - free
    assert {path: _slots(words) for path, words in ours.items() if path in english} == {
        path: _slots(words) for path, words in english.items() if path in ours
    }


def test_every_placeholder_is_given_a_value() -> None:
    """Each call fills every slot of the words it names."""
    english = CATALOGUE.paths("en")
    empty = [
        (said.where, path, slot)
        for said in SAID
        if said.values is not None
        for path, words in english.items()
        if said.matches(path)
        for slot in _slots(words) - said.values - ({"example"} if "path" in said.values else set())
    ]

    assert empty == []


def test_no_word_is_left_over() -> None:
    """Words that no code uses are removed from the catalogues."""
    used = set(declared()) | set(optional())
    left = [path for path in CATALOGUE.paths("en") if path not in used and not any(said.matches(path) for said in SAID)]

    assert left == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_descriptions_fit_every_platform(language: str) -> None:
    """Discord cuts a description at 100 characters, Telegram a command's at 256; neither may be empty."""
    for path, words in CATALOGUE.paths(language).items():
        if path.endswith(".about") and path.split(".")[0] != "capability":
            assert isinstance(words, str)
            assert 1 <= len(words) <= DISCORD <= TELEGRAM, path
            assert not slots(words), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_names_on_discord(language: str) -> None:
    """Up to 32 letters, digits, - and _ of any script, in lower case."""
    for path, words in CATALOGUE.paths(language).items():
        if path.endswith(".name") and not path.startswith("capability."):
            assert isinstance(words, str)
            assert 1 <= len(words) <= 32, path
            assert words == words.lower(), path
            assert all(each in "-_" or unicodedata.category(each)[0] in "LN" for each in words), path


def test_commands_can_be_named_everywhere() -> None:
    """Telegram takes a to z, digits and _; Discord at most 25 commands of a group and 25 options of a command."""
    for command in HOUSE.commands.values():
        for word in [*command.name.split(), *(option.name for option in command.options)]:
            assert re.fullmatch(r"[a-z][a-z0-9_]{0,31}", word), command.name
        assert 1 <= len(command.name.split()) <= 2
        assert len(command.options) <= 25
        required = [option.required for option in command.options]
        assert required == sorted(required, reverse=True), f"{command.name}: what may be left out comes last"
        group = [each for each in HOUSE.commands if each.startswith(f"{command.name.split()[0]} ")]
        assert len(group) <= 25


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", HOUSE.commands.values(), ids=lambda command: command.name)
def test_examples_can_be_copied(command: Command, language: str) -> None:
    """An example is a whole line of its own command, with values that its options take."""
    text = CATALOGUE.plain(language, f"{command.path}.example")

    found, given = parse(Line.of(text), HOUSE.commands)

    assert found is command
    for option in command.options:
        if option.name in given and option.kind in READERS:
            READERS[option.kind](option, given[option.name])


def test_every_setting_describes_a_value_it_takes() -> None:
    """A default that its own bounds refuse would be no default."""
    for setting in HOUSE.settings.values():
        if setting.default is not None and setting.option.choices:
            assert str(setting.default.value) in setting.option.choices
        elif isinstance(setting.default, str):
            try:
                READERS[setting.option.kind](setting.option, setting.default)
            except Refusal as refusal:
                pytest.fail(f"{setting.key}: {refusal.path}")


def _slots(words: str | dict[str, str]) -> frozenset[str]:
    forms = words.values() if isinstance(words, dict) else [words]
    return frozenset(slot for form in forms for slot in slots(form))
