"""Measures the judgements of messages: what they find and how often they err, on conversations they never saw.

`python -m bench.talking` prints the table of docs/judgements.md; it takes a minute or two.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from time import perf_counter
from typing import NamedTuple

from bench.frame import Figure, Scale, at_least, at_most, bench
from bench.teaching import Told, fit, likelihood, real, written
from bot.knowledge.threads.rules import GLAD, MAYBE, MODELS, SURE, is_glad, judge

FOLDS, DIVISIONS = 6, 5
RESAMPLES = 1000
NAMES = {"en": "English", "zh": "Chinese"}


class Judged(NamedTuple):
    """A labelled line, and how likely a model that never saw its conversation finds it."""

    told: Told
    likelihood: float


class Kind(NamedTuple):
    """One judgement: whose lines it reads, from which likelihood on, and the floors of precision and recall."""

    name: str
    asker: bool
    height: float
    floors: Mapping[str, tuple[float, float]]


class Rates(NamedTuple):
    precision: float
    recall: float


KINDS = (
    Kind("answers and candidates", False, MAYBE, {"en": (0.70, 0.80), "zh": (0.80, 0.75)}),
    Kind("answers taken", False, SURE, {"en": (0.88, 0.40), "zh": (0.90, 0.40)}),
    Kind("glad askers", True, GLAD, {"en": (0.78, 0.80), "zh": (0.80, 0.60)}),
)


def unseen(told: Sequence[Told]) -> list[Judged]:
    """Each conversation that is not kept aside, judged by models that were fitted without it, in several divisions."""
    known = [each for each in told if not each.aside]
    return [judged for seed in range(DIVISIONS) for judged in _divided(known, seed)]


def _divided(known: Sequence[Told], seed: int) -> Iterator[Judged]:
    fold = _folds(known, seed)
    for asker in (False, True):
        lines = [each for each in known if each.asker is asker]
        for number in range(FOLDS):
            model = fit([each for each in lines if fold[each.conversation] != number])
            yield from (Judged(each, likelihood(model, each)) for each in lines if fold[each.conversation] == number)


def aside(told: Sequence[Told]) -> list[Judged]:
    """The conversations that were kept aside, judged by the shipped weights."""
    return [Judged(each, likelihood(MODELS["glad" if each.asker else "answer"], each)) for each in told if each.aside]


def of(kind: Kind, lang: str, judged: Sequence[Judged]) -> list[Judged]:
    """The lines that count for it; a hint counts neither way."""
    return [
        each for each in judged if each.told.asker is kind.asker and each.told.lang == lang and each.told.label != "H"
    ]


def rates(kind: Kind, judged: Sequence[Judged]) -> Rates:
    chosen = [each.told.wanted for each in judged if each.likelihood >= kind.height]
    wanted = sum(each.told.wanted for each in judged)
    return Rates(sum(chosen) / max(1, len(chosen)), sum(chosen) / max(1, wanted))


def intervals(kind: Kind, judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """Of 95 %, for precision and recall, by drawing whole conversations again and again."""
    talks = defaultdict(list)
    for each in judged:
        talks[each.told.conversation].append(each)
    random, names = Random(11), sorted(talks)
    drawn = [
        rates(kind, [each for name in random.choices(names, k=len(names)) for each in talks[name]])
        for _ in range(RESAMPLES)
    ]
    return [_middle(sorted(values)) for values in zip(*drawn, strict=True)]


def _middle(values: Sequence[float]) -> tuple[float, float]:
    return values[len(values) // 40], values[-1 - len(values) // 40]


def _folds(told: Sequence[Told], seed: int) -> dict[str, int]:
    names = sorted({each.conversation for each in told})
    Random(seed).shuffle(names)
    return {name: number % FOLDS for number, name in enumerate(names)}


def table(told: Sequence[Told]) -> Iterator[str]:
    """One row for each judgement, language and part, in Markdown."""
    yield "| judgement | language | lines | wanted | precision | recall | floors |"
    yield "|---|---|---|---|---|---|---|"
    parts = {"cross-validated": unseen(told), "kept aside": aside(told)}
    sources = {"real": True, "ours": False}
    for kind in KINDS:
        for lang, name in NAMES.items():
            for part, judged in parts.items():
                for source, is_real in sources.items():
                    lines = [each for each in of(kind, lang, judged) if each.told.real is is_real]
                    yield _row(kind, f"{name}, {source}, {part}", lines, kind.floors[lang])


def _row(kind: Kind, what: str, judged: Sequence[Judged], floors: tuple[float, float]) -> str:
    shown = [
        f"{value:.2f} ({low:.2f} to {high:.2f})"
        for value, (low, high) in zip(rates(kind, judged), intervals(kind, judged), strict=True)
    ]
    told = {id(each.told): each.told.wanted for each in judged}
    counts = [str(len(told)), str(sum(told.values()))]
    cells = [kind.name, what, *counts, *shown, "{:.2f} / {:.2f}".format(*floors)]
    return f"| {' | '.join(cells)} |"


@bench("talk", runs=1)
async def talk(_scale: Scale) -> list[Figure]:
    """The floors on the conversations kept aside, and the time for one message."""
    told = [*real(), *written()]
    judged = aside(told)
    figures = [
        Figure(what=f"{kind.name}, {name}: {what}", ours=value, unit="of 1", aim=at_least(floor, "ours"))
        for kind in KINDS
        for lang, name in NAMES.items()
        for what, value, floor in zip(
            Rates._fields, rates(kind, of(kind, lang, judged)), kind.floors[lang], strict=True
        )
    ]
    return [*figures, _time(told)]


def _time(told: Sequence[Told]) -> Figure:
    began = perf_counter()
    for each in told:
        is_glad(each.line) if each.asker else judge(each.line)
    spent = (perf_counter() - began) / len(told) * 1000
    return Figure(what="judging one message", ours=spent, unit="ms", aim=at_most(0.3, "ours"))


if __name__ == "__main__":
    print("\n".join(table([*real(), *written()])))
