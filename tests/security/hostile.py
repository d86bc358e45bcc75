"""Texts that could be slow for an expression, built from the expression itself, and the time it needs for them."""

import gc
import re
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from itertools import product
from math import inf
from types import FrameType
from typing import Any

#: characters of a text: as many as platforms let a member write in one message
LENGTH = 4_000
#: seconds: for one text, and when we stop waiting for an expression that hangs
SLOW, HANGS = 0.05, 0.3
#: below this no growth can be measured
MEASURABLE = 0.002
#: how much longer twice the text may take; linear is 2 and quadratic is 4
GROWTH = 3.0
TRIES = 3
#: characters of many kinds; one of each kind that an expression distinguishes is used
KINDS = "a0_ \n\t-#.!?:/'\"`*<>[]()\\@&;é谢。🙂\x00"
#: how many texts are made of one part of an expression
VARIANTS = 12
#: and how many of its repeatable letters are paired
LETTERS = 12

_parser: Any = import_module("re._parser")
_compiler: Any = import_module("re._compiler")
_names: Any = import_module("re._constants")
REPEATS = (_names.MAX_REPEAT, _names.MIN_REPEAT, _names.POSSESSIVE_REPEAT)
ATOMS = (_names.LITERAL, _names.NOT_LITERAL, _names.ANY, _names.IN)

Node = tuple[Any, Any]
Use = Callable[[re.Pattern[str], str], object]


class Expression:
    """An expression, taken apart."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self._parsed = _parser.parse(pattern.pattern, pattern.flags)
        self._compiled: dict[str, re.Pattern[str]] = {}

    def texts(self) -> Iterator[str]:
        """Texts of LENGTH characters: a beginning, a part again and again, and an end at which it may fail."""
        for head, pump, tail in product(self._heads, self._pumps, self._tails):
            often = (LENGTH - len(head) - len(tail)) // len(pump)
            yield head + pump * often + tail

    @cached_property
    def _pumps(self) -> Sequence[str]:
        """The body of each repetition, with its beginning and whole, and every two characters that it may repeat."""
        found = [word for body in self._bodies for word in self._words(body)]
        found += [word for cut in range(len(self._parsed)) for word in self._words(self._parsed[: cut + 1])[:3]]
        inside = self._telling([atom for body in self._bodies for atom in _atoms(body)])
        found += ["".join(pair) for pair in product(inside[:LETTERS], repeat=2)]
        return list(dict.fromkeys(filter(None, [*found, *KINDS])))

    @cached_property
    def _heads(self) -> Sequence[str]:
        found = [self._words(self._parsed[:cut])[0] for cut in range(len(self._parsed))]
        return list(dict.fromkeys(found[:4]))

    @cached_property
    def _tails(self) -> Sequence[str]:
        strange = next(
            (each for each in "\x00\x01é谢" if not any(self._meets(atom, each) for atom in self._all)), "\x00"
        )
        return ["", strange, f" {strange}", "\n"]

    @cached_property
    def _all(self) -> Sequence[Node]:
        return list(_atoms(self._parsed))

    @cached_property
    def _bodies(self) -> Sequence[Sequence[Node]]:
        return list(_repeated(self._parsed))

    @cached_property
    def _letters(self) -> Sequence[str]:
        return self._telling(self._all)

    def _telling(self, atoms: Sequence[Node]) -> Sequence[str]:
        """One character of each kind that these atoms distinguish."""
        wanted = {repr(atom): atom for atom in atoms}
        literal = "".join(chr(value) for kind, value in wanted.values() if kind is _names.LITERAL)
        ends = "".join(each for kind, value in wanted.values() if kind is _names.IN for each in _named(value))
        kinds: dict[tuple[bool, ...], str] = {}
        for character in KINDS + literal + ends:
            kinds.setdefault(tuple(self._meets(atom, character) for atom in wanted.values()), character)
        return list(kinds.values())

    def _meets(self, atom: Node, character: str) -> bool:
        """The atom compiled alone, once."""
        key = repr(atom)
        if key not in self._compiled:
            alone = _parser.SubPattern(_parser.State(), [atom])
            self._compiled[key] = _compiler.compile(alone, self.pattern.flags & ~re.VERBOSE)
        return self._compiled[key].fullmatch(character) is not None

    def _words(self, nodes: Iterable[Node]) -> Sequence[str]:
        """Texts that these may match: the simplest first, then with one part at a time varied."""
        parts = [self._ways(node) or [""] for node in nodes]
        plain = [part[0] for part in parts]
        found = ["".join(plain)]
        for place, part in enumerate(parts):
            found += ["".join([*plain[:place], way, *plain[place + 1 :]]) for way in part[1:]]
        return list(dict.fromkeys(found))[:VARIANTS]

    def _ways(self, node: Node) -> Sequence[str]:
        kind, value = node
        if kind in ATOMS:
            return [each for each in self._letters if self._meets(node, each)]
        if kind in REPEATS:
            least, most, body = value
            once = self._words(body)
            often = [word * max(least, 1) for word in once]
            return [*often, *[""][least:], *[once[0] * 2][: most > 1]]
        if kind is _names.BRANCH:
            return [word for branch in value[1] for word in self._words(branch)]
        if kind is _names.SUBPATTERN:
            return self._words(value[-1])
        return self._words(value) if kind is _names.ATOMIC_GROUP else [""]


def slowest(pattern: re.Pattern[str], use: Use) -> tuple[str, str] | None:
    """The first text that takes too long, or grows too fast, with the measurement; None if there is none."""
    for text in Expression(pattern).texts():
        first = _seconds(pattern, use, text)
        if first < MEASURABLE:
            continue
        if first == inf:
            return _shown(text), "hangs"
        # Other work on the machine makes one measurement slow, but seldom all of them.
        found = [_growth(pattern, use, text) for _ in range(TRIES)]
        before, took = min(found, key=lambda each: each[1])
        if took > SLOW or all(took > MEASURABLE and took > before * GROWTH for before, took in found):
            return _shown(text), f"{before * 1000:.1f} ms, then {took * 1000:.1f} ms"
    return None


def _shown(text: str) -> str:
    return f"{text[:30]!r}…{text[-10:]!r}"


def _growth(pattern: re.Pattern[str], use: Use, text: str) -> tuple[float, float]:
    """The time for half of the text, and for all of it."""
    half = text[: LENGTH // 4] + text[-LENGTH // 4 :]
    before, took = (min(_seconds(pattern, use, each) for _ in range(2)) for each in (half, text))
    return before, took


def _seconds(pattern: re.Pattern[str], use: Use, text: str) -> float:
    """Seconds of this thread alone, however busy the machine is; endless where it hangs.

    A signal ends it, since an expression looks for signals while it runs.
    """
    gc.disable()
    began = time.thread_time()
    try:
        with _limited(HANGS):
            use(pattern, text)
    except TimeoutError:
        return inf
    finally:
        gc.enable()
    return time.thread_time() - began


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _atoms(nodes: Iterable[Node]) -> Iterator[Node]:
    for kind, value in nodes:
        if kind in ATOMS:
            yield kind, value
        for inner in _inside(kind, value):
            yield from _atoms(inner)


def _repeated(nodes: Iterable[Node]) -> Iterator[Sequence[Node]]:
    """The body of each repetition, at any depth."""
    for kind, value in nodes:
        if kind in REPEATS and value[1] > 1:
            yield value[2]
        for inner in _inside(kind, value):
            yield from _repeated(inner)


def _inside(kind: Any, value: Any) -> Sequence[Any]:
    if kind in REPEATS or kind is _names.SUBPATTERN:
        return [value[-1]]
    if kind is _names.BRANCH:
        branches: Sequence[Any] = value[1]
        return branches
    if kind in (_names.ASSERT, _names.ASSERT_NOT):
        return [value[1]]
    return [value] if kind is _names.ATOMIC_GROUP else []


def _named(members: Iterable[Node]) -> Iterator[str]:
    """The characters that a class names: alone, or at either end of a range."""
    for kind, value in members:
        if kind is _names.LITERAL:
            yield chr(value)
        elif kind is _names.RANGE:
            yield from map(chr, value)
