"""Defines figures, and how several short runs become one line; the other modules measure."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    bound: float
    least: bool
    #: the ratio of ours to the other, or ours alone
    of: Literal["ratio", "ours"] = "ratio"

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.bound:g}{' ×' if self.of == 'ratio' else ''}"

    def reached(self, value: float) -> bool:
        return value >= self.bound if self.least else value <= self.bound


def at_least(bound: float, of: Literal["ratio", "ours"] = "ratio") -> Aim:
    return Aim(bound=bound, least=True, of=of)


def at_most(bound: float, of: Literal["ratio", "ours"] = "ratio") -> Aim:
    return Aim(bound=bound, least=False, of=of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Our value, and the other's, measured a moment before or after."""

    what: str
    ours: float
    unit: str
    beside: float | None = None
    against: str = ""
    aim: Aim | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The medians of a figure over the runs, and how far apart the runs were."""

    figure: Figure
    ours: float
    beside: float | None
    #: the median of each run's own ratio: two medians of different runs cannot be compared
    ratio: float | None
    lowest: float | None
    highest: float | None

    @property
    def reached(self) -> bool | None:
        aim = self.figure.aim
        value = self.ours if aim and aim.of == "ours" else self.ratio
        return aim.reached(value) if aim and value is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much a measurement may do: all of it, or just enough to see that it works."""

    quick: bool

    def of(self, full: int, quick: int) -> int:
        return quick if self.quick else full


Measure = Callable[[Scale], Coroutine[None, None, Sequence[Figure]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    name: str
    runs: int
    measure: Measure


BENCHES: dict[str, Bench] = {}


def bench(name: str, *, runs: int) -> Callable[[Measure], Measure]:
    """Declare a measurement; it is repeated so many times, and each run returns the same figures."""

    def declare(measure: Measure) -> Measure:
        BENCHES[name] = Bench(name=name, runs=runs, measure=measure)
        return measure

    return declare


def summarise(runs: Sequence[Sequence[Figure]]) -> list[Line]:
    return [_line(figures) for figures in zip(*runs, strict=True)]


def _line(figures: Sequence[Figure]) -> Line:
    beside = [figure.beside for figure in figures if figure.beside is not None]
    ratios = [figure.ours / figure.beside for figure in figures if figure.beside]
    return Line(
        figure=figures[0],
        ours=median(figure.ours for figure in figures),
        beside=median(beside) if beside else None,
        ratio=median(ratios) if ratios else None,
        lowest=min(ratios, default=None),
        highest=max(ratios, default=None),
    )
