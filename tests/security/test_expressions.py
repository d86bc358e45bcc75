"""No text makes an expression of ours slow: every one is found, and timed on texts built for it."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from tests.security.hostile import slowest
from tests.sources import tree

HERE = Path(__file__).parents[2]
SOURCES = [file for room in ("adapters", "bot", "models") for file in sorted((HERE / room).rglob("*.py"))]
USES: dict[str, Callable[[re.Pattern[str], str], object]] = {
    "search": re.Pattern.search,
    "match": re.Pattern.match,
    "fullmatch": re.Pattern.fullmatch,
    "split": re.Pattern.split,
    "findall": re.Pattern.findall,
    "finditer": lambda pattern, text: list(pattern.finditer(text)),
    "sub": lambda pattern, text: pattern.sub("", text),
    "subn": lambda pattern, text: pattern.subn("", text),
}
#: expressions whose use we cannot see
ALL = frozenset({"search", "fullmatch", "finditer"})
#: functions of `re` that take no expression
HARMLESS = {"escape", "purge"}


class Found(NamedTuple):
    where: str
    pattern: re.Pattern[str]
    uses: frozenset[str]


def expressions() -> list[Found]:
    """All of them: those that modules hold, at any depth, and those that functions write where they use them."""
    found = [each for file in _speaking() for each in (*_named(file), *_inline(file))]
    return list({(each.pattern, each.uses): each for each in found}.values())


def _named(file: Path) -> Iterator[Found]:
    module = _imported(file)
    for path, pattern in _held(vars(module)):
        name = path.rpartition(".")[2]
        used = [uses for each in SOURCES if each == file or not name.startswith("_") for uses in [_used(each)]]
        # An expression without a name, in a table, is used under some name of a loop.
        meant = _used(file).keys() - vars(module).keys() if name.isdigit() else {name}
        uses = frozenset(use for each in used for key in meant for use in each.get(key, ()))
        yield Found(f"{module.__name__}.{path}", pattern, uses or ALL)


def _speaking() -> list[Path]:
    return [file for file in SOURCES if any(True for _ in _calls(file))]


def _calls(file: Path) -> Iterator[ast.Call]:
    """The calls of functions of `re`."""
    for node in ast.walk(tree(file)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name)) if name not in HARMLESS:
                yield node


def _imported(file: Path) -> ModuleType:
    return import_module(".".join(file.relative_to(HERE).with_suffix("").parts).removesuffix(".__init__"))


@cache
def _used(file: Path) -> Mapping[str, frozenset[str]]:
    """What is done with an expression, by the last part of its name."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree(file)):
        match node:
            case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr=use) if use in USES:
                found.setdefault(name, set()).add(use)
    return {name: frozenset(uses) for name, uses in found.items()}


def _held(value: object, name: str = "") -> Iterator[tuple[str, re.Pattern[str]]]:
    match value:
        case re.Pattern(pattern=bytes(text)):
            yield name, re.compile(text.decode("latin-1"), value.flags | re.ASCII)
        case re.Pattern():
            yield name, value
        case dict():
            for key, each in value.items():
                yield from _held(each, f"{name}.{key}".strip("."))
        case tuple() | list():
            for number, each in enumerate(value):
                yield from _held(each, f"{name}.{number}")
        case _ if is_dataclass(value) and not isinstance(value, type):
            for each in fields(value):
                yield from _held(getattr(value, each.name, None), f"{name}.{each.name}")


def _inline(file: Path) -> Iterator[Found]:
    """Expressions written where they are used; one built at run time cannot be seen, and is an error."""
    module, top = _imported(file), {call for node in tree(file).body for call in _at_import(node)}
    for call in _calls(file):
        assert isinstance(call.func, ast.Attribute)
        if call in top and call.func.attr == "compile":
            continue
        where = f"{file.relative_to(HERE)}:{call.lineno}"
        text = eval(compile(ast.Expression(call.args[0]), where, "eval"), vars(module))
        yield Found(where, re.compile(text), ALL if call.func.attr == "compile" else frozenset({call.func.attr}))


def _at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Code that runs when the module is imported; the module holds its expressions afterwards."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return
    yield node
    for inner in ast.iter_child_nodes(node):
        yield from _at_import(inner)


def test_expressions_are_written_in_one_way() -> None:
    """Only as `re.…` with a literal text, so that none can hide from the test below."""
    hidden = [
        file
        for file in SOURCES
        for node in ast.walk(tree(file))
        if (isinstance(node, ast.ImportFrom) and node.module in ("re", "fnmatch", "glob"))
        or (isinstance(node, ast.Import) and any(each.name in ("regex", "sre_compile") for each in node.names))
        or (isinstance(node, ast.Import) and any(each.name == "re" and each.asname for each in node.names))
    ]

    assert hidden == []
    assert len(expressions()) > 50


@pytest.mark.parametrize("found", expressions(), ids=lambda found: found.where)
def test_no_text_makes_an_expression_slow(found: Found) -> None:
    """4,000 characters take under 50 ms, and about twice as long as half of them."""
    slow = {use: slowest(found.pattern, USES[use]) for use in sorted(found.uses)}

    assert {use: text for use, text in slow.items() if text} == {}


@pytest.mark.parametrize(
    ("bad", "use"),
    [
        (r"(?:\s*(?<![\w#])#[^\W\d_][\w+#.\-]*)+\s*$", "sub"),
        (r"(a+)+$", "search"),
        (r"(?:a|a)*b", "fullmatch"),
        (r"(?:a|ab|b)*c", "match"),
        (r"(?:\w+\s?)*!", "match"),
        (r"(?:(?:ab?)*c?)*d", "search"),
        (r"\s+$", "search"),
        (r"\s*(?:x|y)", "finditer"),
        (r"(.*)a(.*)b", "search"),
        (r"```.*?\S.*?```", "search"),
        (r"<!--.*?-->", "sub"),
        (r"[a-z]+\d+[a-z]*\d+!", "match"),
    ],
)
def test_a_bad_expression_is_caught(bad: str, use: str) -> None:
    """Exponential or quadratic, wherever in it the trouble lies."""
    assert slowest(re.compile(bad, re.DOTALL), USES[use])


@pytest.mark.parametrize(
    ("good", "use"), [(r"a+b?", "finditer"), (r"\w+@\w{1,20}", "match"), (r"(?:ab)*$", "match"), (r"[^\W_]+", "sub")]
)
def test_a_good_expression_is_not(good: str, use: str) -> None:
    """Linear ones pass, even where many are found."""
    assert slowest(re.compile(good), USES[use]) is None
