"""Which members answer what well."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.experts.rules import (
    ENOUGH,
    NEWCOMER,
    TIRED,
    Candidate,
    Known,
    affordable,
    following,
    in_turn,
    is_quiet,
    known,
    known_for,
    nearness,
    quality,
    skill,
    wanted,
    wants,
)
from bot.knowledge.questions.rules import Weights
from models.experts import Deed
from models.spans import DAY

NOW = 1_767_614_400_000
EVEN = Weights({}, 1.0)
ASKED = wanted("How do I cancel a task?", "python asyncio", EVEN)


def answered(title: str, tags: str = "", *, days: int = 0, accepted: bool = True, score: int = 0) -> Known:
    return known(Deed(1, title, tags, NOW - days * DAY, accepted, score))


NEAR = answered("Cancelling: which task do I cancel?", "python")


@pytest.mark.parametrize(
    ("accepted", "score", "good"),
    [
        (True, 0, 1.0),
        (True, -3, 1.0),
        (False, 0, 0.0),
        (False, -3, 0.0),
        (False, 1, 0.8 / 3),
        (False, 2, 0.4),
        (False, 98, 0.784),
    ],
)
def test_how_good_an_answer_was(accepted: bool, score: int, good: float) -> None:
    """Acceptance counts more than any votes, and votes against it count as none."""
    assert quality(accepted, score) == pytest.approx(good)


@pytest.mark.parametrize(
    ("title", "tags", "near"),
    [
        ("How do I cancel a task?", "python asyncio", 1.0),
        ("A task", "asyncio", 0.5),
        ("I cancel a task", "", 0.5),
        ("Whose task is the tea?", "", 0.25),
        ("Where is the tea?", "python", 0.5),
        ("Where is the tea?", "", 0.0),
    ],
)
def test_how_near_it_was(title: str, tags: str, near: float) -> None:
    """By the terms of the question, and by a shared tag; texts that share less than a quarter count as not near."""
    assert nearness(ASKED, answered(title, tags)) == near


LUCKY = [NEAR]
TEN = [answered("Cancel a task", "python asyncio", accepted=False, score=3) for _ in range(10)]
UNLOVED = [answered("Cancel a task", "python asyncio", accepted=False) for _ in range(10)]
OLD = [answered("Cancel a task", "python asyncio", days=720) for _ in range(3)]
ELSEWHERE = [answered("Where is the tea?") for _ in range(10)]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (TEN, LUCKY),
        (LUCKY, UNLOVED),
        (LUCKY, OLD),
        (LUCKY * 2, LUCKY),
        (LUCKY, ELSEWHERE),
        (LUCKY, LUCKY + UNLOVED),
        (LUCKY + LUCKY, LUCKY + TEN[:1]),
    ],
)
def test_who_answers_it_better(better: list[Known], worse: list[Known]) -> None:
    """Ten good answers beat a lucky one, which beats ten that nobody valued, and old ones."""
    assert skill(ASKED, better, NOW) > skill(ASKED, worse, NOW)


@pytest.mark.parametrize(
    ("deeds", "worth"),
    [
        ([], 0.0),
        ([answered("How do I cancel a task?", "python asyncio")], 1 / 3),
        ([answered("How do I cancel a task?", "python asyncio")] * 10, 10 / 12),
        ([answered("How do I cancel a task?", "python asyncio", days=180)], 0.5 / 2.5),
        ([answered("Whatever", "python")] * 4, 2 / 4),
    ],
)
def test_worked_examples(deeds: list[Known], worth: float) -> None:
    """Successes, divided by answers plus the two failures with which everybody begins."""
    assert skill(ASKED, deeds, NOW) == pytest.approx(worth)


deeds = st.builds(
    lambda title, days, accepted, score: answered(title, days=days, accepted=accepted, score=score),
    st.sampled_from(["Cancel a task", "Where is the tea?", "How do I cancel?", ""]),
    st.integers(-5, 5000),
    st.booleans(),
    st.integers(-1000, 1000),
)


@given(st.lists(deeds, max_size=20), deeds)
def test_skill_has_its_bounds(done: list[Known], more: Known) -> None:
    """From 0 to 1; another accepted answer never lowers it."""
    before = skill(ASKED, done, NOW)

    assert 0 <= before < 1
    assert skill(ASKED, [*done, more._replace(quality=1.0)], NOW) >= before


@pytest.mark.parametrize(
    ("tags", "wish"),
    [("", True), ("python", True), ("java python", True), ("task", True), ("java", False), ("异步", False)],
)
def test_who_wants_it(tags: str, wish: bool) -> None:
    """Helpers without tags, or with a tag that it has or mentions."""
    assert wants(tags, ASKED) is wish


def test_chinese_tags_are_spoken_of_too() -> None:
    """A tag within a run of Chinese characters is found in it."""
    asked = wanted("如何取消异步任务", "", EVEN)

    assert wants("异步", asked)
    assert nearness(asked, answered("异步任务如何取消")) > 0.5


def test_what_they_are_known_for() -> None:
    """Tags with at least two accepted answers, the best first."""
    done = [answered("Whatever", "python")] * 3 + [answered("Whatever", "tea")] * 2 + [answered("Whatever", "sql")]

    assert known_for(done, NOW, 5) == ["python", "tea"]
    assert known_for(done, NOW, 1) == ["python"]
    assert known_for([], NOW, 5) == []


@pytest.mark.parametrize(
    ("candidates", "turn"),
    [
        ([], []),
        ([Candidate(1, 0.9, 5), Candidate(2, 0.5, 0), Candidate(3, 0.4, 0)], [2, 1, 3]),
        ([Candidate(1, 0.9, 5), Candidate(2, 0.9, 4), Candidate(3, 0.9, 4)], [2, 3, 1]),
        ([Candidate(1, 0.0, 5), Candidate(2, 0.0, 0)], [2, 1]),
        ([Candidate(1, 0.1, 0), Candidate(2, 0.9, 9)], [2, 1]),
    ],
)
def test_whose_turn_it_is(candidates: list[Candidate], turn: list[int]) -> None:
    """Among those who fit about as well, the one not asked for longest; then the others by fit."""
    assert in_turn(candidates) == turn


@given(
    st.lists(
        st.builds(Candidate, st.integers(1, 99), st.floats(0, 1.1), st.integers(0, 99), st.just(0)),
        max_size=9,
        unique_by=lambda each: each.member_id,
    )
)
def test_everybody_has_a_turn(candidates: list[Candidate]) -> None:
    """Nobody is lost, and nobody comes first whose turn, which requests make farther, is half as near as another's."""
    turn = in_turn(candidates)

    assert sorted(turn) == sorted(each.member_id for each in candidates)
    if candidates:
        near = {each.member_id: (each.fit + NEWCOMER) * TIRED**each.lately for each in candidates}
        assert near[turn[0]] >= max(near.values()) * ENOUGH


@pytest.mark.parametrize(
    ("hour", "begins", "ends", "quiet"),
    [
        (21, 22, 8, False),
        (22, 22, 8, True),
        (0, 22, 8, True),
        (7, 22, 8, True),
        (8, 22, 8, False),
        (12, 9, 17, True),
        (17, 9, 17, False),
        (8, 9, 17, False),
        (9, 9, 9, False),
        (0, 0, 0, False),
    ],
)
def test_quiet_hours(hour: int, begins: int, ends: int, quiet: bool) -> None:
    """From the first hour until before the last, over midnight too."""
    assert is_quiet(hour, begins, ends) is quiet


WAITS = {
    "helpers": timedelta(minutes=30),
    "call": timedelta(0),
    "bounty": timedelta(hours=6),
    "still": timedelta(days=3),
    "stale": timedelta(0),
}


@pytest.mark.parametrize(
    ("rung", "then"),
    [(None, "helpers"), ("helpers", "bounty"), ("call", "bounty"), ("bounty", "still"), ("still", None)],
)
def test_what_comes_next(rung: str | None, then: str | None) -> None:
    """One rung after the other; rungs without a wait are skipped."""
    assert following(WAITS, rung) == then


@pytest.mark.parametrize(
    ("balance", "amounts"),
    [(0, []), (-5, []), (9, []), (10, [10]), (60, [10, 25, 50]), (10_000, [25, 50, 100])],
)
def test_what_one_can_afford(balance: int, amounts: list[int]) -> None:
    """Never more than the balance."""
    assert affordable(balance, 3) == amounts


def test_the_best_is_not_asked_every_time() -> None:
    """One proven helper among eight newcomers, three asked about each of nine questions: they have a rest."""
    asks: dict[int, list[int]] = {each: [] for each in range(9)}
    for turn in range(1, 10):
        found = [Candidate(each, 0.6 * (each == 0), max(at, default=0), len(at)) for each, at in asks.items()]
        for each in in_turn(found)[:3]:
            asks[each].append(turn)

    assert 3 <= len(asks[0]) <= 6
    assert min(map(len, asks.values())) >= 2
