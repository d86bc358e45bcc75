"""Teaches the judgements of messages: reads labelled conversations, fits the weights, and writes them as numbers.

`python -m bench.teaching` fits the shipped weights again; `bench talk` measures them, and changes nothing.
"""

import gzip
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from math import exp
from pathlib import Path
from random import Random
from typing import Any

from bot.kit.likelihood import PLACES, SCALE, Model, places, weight
from bot.knowledge.threads.rules import WEIGHTS, Line, answer_likelihood, answering, glad_likelihood, gladdening

#: real conversations, which are not part of the project
SHARED = Path(__file__).parents[2] / "shared/data/talk/dev.jsonl.gz"
WRITTEN = Path(__file__).with_name("talk.toml")
#: one conversation of so many is kept aside: nothing is fitted on it
ASIDE = 4
ROUNDS = 40
RATE = 0.3
#: how strongly weights are held near zero: of signs, and of single words
CALM_SIGNS, CALM_GRAMS = 0.01, 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A labelled line."""

    conversation: str
    lang: str
    asker: bool
    label: str
    line: Line
    real: bool

    @property
    def wanted(self) -> bool:
        return self.label in ("A", "S", "M")

    @property
    def aside(self) -> bool:
        return sha256(self.conversation.encode()).digest()[0] % ASIDE == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    signs: tuple[str, ...]
    places: tuple[int, ...]
    wanted: bool


def real() -> list[Told]:
    """The labelled conversations beside the project; none where they are absent."""
    if not SHARED.exists():
        return []
    with gzip.open(SHARED, "rt", encoding="utf-8") as lines:
        return [_real(json.loads(each)) for each in lines]


def _real(row: Mapping[str, Any]) -> Told:
    line = Line(
        text=row["text"],
        first=row["first_reply"],
        after_asker=not row["prev"] or row["prev"][-1].startswith("asker"),
        to_asker=row["mentions_asker"] or "@ASKER" in row["text"],
    )
    return Told(
        conversation=row["conv"], lang=row["lang"], asker=row["asker"], label=row["label"], line=line, real=True
    )


def written() -> list[Told]:
    """Our own conversations."""
    talks = tomllib.loads(WRITTEN.read_text(encoding="utf-8"))["talk"]
    return [told for number, talk in enumerate(talks) for told in _written(number, talk)]


def _written(number: int, talk: Mapping[str, Any]) -> Iterator[Told]:
    before = "U"
    spoken = False
    for each in talk["lines"]:
        label, _, text = each.partition(" ")
        asker = label in "SMU"
        line = Line(text=text, first=not (spoken or asker), after_asker=before in "SMU")
        yield Told(conversation=f"own {number}", lang=talk["lang"], asker=asker, label=label, line=line, real=False)
        before, spoken = label, spoken or not asker


def example(told: Told) -> Example:
    signs, text = (gladdening if told.asker else answering)(told.line)
    return Example(signs=tuple(signs), places=tuple(sorted(places(text))), wanted=told.wanted)


def fit(told: Sequence[Told]) -> Model:
    """A logistic regression by adaptive gradient steps, the same for the same lines in the same order."""
    examples = [example(each) for each in told if each.label != "H"]
    names = sorted({sign for each in examples for sign in each.signs})
    where = {name: PLACES + number for number, name in enumerate(names)}
    weights = [0.0] * (PLACES + len(names) + 1)
    moved = [1e-3] * len(weights)
    rows = [[*_inputs(each, where), (len(weights) - 1, 1.0)] for each in examples]
    order = list(range(len(rows)))
    random = Random(7)
    for _ in range(ROUNDS):
        random.shuffle(order)
        for at in order:
            _step(weights, moved, rows[at], examples[at].wanted)
    whole = [round(each * SCALE) for each in weights]
    signs = {name: whole[place] for name, place in where.items() if whole[place]}
    return Model(bias=whole[-1], signs=signs, grams=whole[:PLACES])


def _inputs(each: Example, where: Mapping[str, int]) -> Iterator[tuple[int, float]]:
    share = 1 / weight(len(each.places))
    yield from ((place, share) for place in each.places)
    yield from ((where[sign], 1.0) for sign in each.signs)


def _step(weights: list[float], moved: list[float], row: Iterable[tuple[int, float]], wanted: bool) -> None:
    row = list(row)
    total = sum(weights[place] * value for place, value in row)
    miss = 1 / (1 + exp(-max(-30.0, min(30.0, total)))) - wanted
    last = len(weights) - 1
    for place, value in row:
        calm = CALM_GRAMS if place < PLACES else CALM_SIGNS if place < last else 0.0
        slope = miss * value + calm * weights[place]
        moved[place] += slope * slope
        weights[place] -= RATE * slope / moved[place] ** 0.5


def likelihood(model: Model, told: Told) -> float:
    """As the bot judges it, with this model."""
    return (glad_likelihood if told.asker else answer_likelihood)(model, told.line)


def teach() -> None:
    """Fit the shipped weights on everything that is not kept aside."""
    told = [each for each in (*real(), *written()) if not each.aside]
    models = {
        name: fit([each for each in told if each.asker is asker]) for name, asker in (("answer", False), ("glad", True))
    }
    text = json.dumps(
        {name: asdict(model) for name, model in models.items()}, ensure_ascii=False, separators=(",", ":")
    )
    WEIGHTS.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    if not SHARED.exists():
        raise SystemExit(f"{SHARED} is not there; the shipped weights were fitted with it.")
    teach()
