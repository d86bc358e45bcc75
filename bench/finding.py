"""Measures finding an earlier question: how often the right one is shown, and how long it takes among many."""

import tomllib
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from bench.frame import Figure, Scale, at_least, at_most, bench
from bench.houses import HOME
from bot.core.clock import SystemClock
from bot.core.core import Core
from bot.host.registry import open_house
from bot.kit import Work
from bot.kit.terms import asked_terms, terms
from bot.kit.work import open_work
from bot.knowledge.questions import views as questions_views
from models import questions, text_index
from models.communities import Place, begin_community
from models.engines import open_store
from models.migrate import migrate
from models.questions import Question
from models.store import Store

ALIKE = tomllib.loads(Path(__file__).with_name("alike.toml").read_text(encoding="utf-8"))["question"]
QUESTIONS = 100_000
ASKED = 200
SHOWN = 3
CHUNK = 1_000
HERE = Place(community_id=HOME, id=1, platform="discord", external_id="1", parent_id=None, kind="guild", name="Home")
LATIN = [f"word{number:x}" for number in range(20_000)]
HAN = [chr(0x4E00 + number) for number in range(3_000)]


def question(number: int, title: str, body: str = "") -> Question:
    return Question(
        community_id=HOME,
        number=number,
        id=number,
        asker_id=1,
        place_id=1,
        title=title,
        body=body,
        tags="",
        asked_at=0,
        state="open",
    )


async def opened(folder: str, texts: Sequence[tuple[str, str]]) -> Store:
    store = await open_store(f"sqlite:///{folder}/questions.db")
    await migrate(store)
    async with store.write() as tx:
        await begin_community(tx, HERE, 0)
    for start in range(0, len(texts), CHUNK):
        async with store.write() as tx:
            for number, (title, body) in enumerate(texts[start : start + CHUNK], start + 1):
                await questions.put_question(tx, question(number, title, body))
                await text_index.keep(tx, number, terms(f"{title}\n{body}"))
    return store


async def looked(store: Store, look: Callable[[Work], Awaitable[Any]]) -> Any:
    core = Core(store, open_house(), SystemClock())
    async with store.read() as tx:
        return await look(await open_work(tx, core.desk, HOME, 0, cause="bench"))


@bench("alike", runs=1)
async def alike(_scale: Scale) -> list[Figure]:
    """Similar questions, beside what full-text search shows for the same words, best first."""
    texts = [(text, "") for each in ALIKE for text in (each["asked"], each["near"])]
    right = {again: 2 * place + 1 for place, each in enumerate(ALIKE) for again in each["again"]}
    with TemporaryDirectory() as folder:
        store = await opened(folder, texts)
        ours = {again: await looked(store, partial(_similar, again)) for again in right}
        plain = {again: await looked(store, partial(_plain, again)) for again in right}
        await store.close()
    return [
        Figure(what=f"asked again in other words ({len(right)}): recall@3", ours=_recall(ours, right), unit="%",
               beside=_recall(plain, right), against="full-text search, bm25", aim=at_least(0.95)),
        Figure(what="asked again in other words: precision@1 of what is shown", ours=_precision(ours, right), unit="%",
               beside=_precision(plain, right), against="full-text search, bm25", aim=at_least(1)),
    ]  # fmt: skip


async def _similar(text: str, work: Work) -> list[int]:
    return [each.question.number for each in await questions_views.similar(work, question(len(ALIKE) * 3, text), SHOWN)]


async def _plain(text: str, work: Work) -> list[int]:
    return await text_index.matching(work.tx, HOME, asked_terms(text), SHOWN, (), every=False)


@bench("finding", runs=1)
async def found(scale: Scale) -> list[Figure]:
    size, asks = scale.of(QUESTIONS, 2_000), scale.of(ASKED, 20)
    random = Random(size)
    texts = [(_text(random, number % 2 == 0, 1), _text(random, number % 2 == 0, 5)) for number in range(size)]
    with TemporaryDirectory() as folder:
        store = await opened(folder, texts)
        looks: dict[str, Callable[[Work], Awaitable[Any]]] = {
            "two English words": lambda work: questions_views.search(work, _text(random, True, 1, 2), 10),
            "two Chinese words": lambda work: questions_views.search(work, _text(random, False, 1, 2), 10),
            "the likes of a question": lambda work: questions_views.similar(
                work, question(size + 1, _text(random, True, 1), _text(random, True, 5)), SHOWN
            ),
        }
        figures = []
        for what, look in looks.items():
            took = sorted([await _timed(store, look) for _ in range(asks)])
            figures.append(
                Figure(
                    what=f"{what} among {size // 1000} k, p99",
                    ours=took[len(took) * 99 // 100 - 1],
                    unit="ms",
                    aim=at_most(50, of="ours"),
                )
            )
        await store.close()
    return figures


async def _timed(store: Store, look: Callable[[Work], Awaitable[Any]]) -> float:
    async def timed(work: Work) -> float:
        began = perf_counter()
        await look(work)
        return (perf_counter() - began) * 1000

    return float(await looked(store, timed))


def _text(random: Random, latin: bool, length: int, words: int = 8) -> str:
    """Text with words as frequent as in real text, by Zipf's law."""
    ranks = [round(len(LATIN if latin else HAN) ** random.random()) - 1 for _ in range(words * length * (2 - latin))]
    return " ".join(LATIN[rank] for rank in ranks) if latin else "".join(HAN[rank] for rank in ranks)


def _recall(shown: dict[str, list[int]], right: dict[str, int]) -> float:
    return 100 * sum(right[again] in numbers for again, numbers in shown.items()) / len(right)


def _precision(shown: dict[str, list[int]], right: dict[str, int]) -> float:
    """How often the first question shown is the right one, when any is shown."""
    first = [numbers[0] == right[again] for again, numbers in shown.items() if numbers]
    return 100 * sum(first) / len(first)
