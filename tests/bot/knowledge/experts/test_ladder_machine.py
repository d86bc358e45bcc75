"""Whatever members do to questions in whatever order, each that waits has one next step, and no other has any."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.host.registry import open_house
from bot.kit import Reply
from bot.kit.references import Person
from models import ladder
from models.engines import open_store
from models.migrate import migrate
from tests.bot.conftest import home_of
from tests.bot.purses import ADMIN, meet, rules, says
from tests.bot.recorder import ANN, BOB, CAT, HOUR, NOON, Recorder

Result = TypeVar("Result")

WAITING = {"open", "answered"}
#: what members and staff do to a question, and to an answer
TO_QUESTIONS = (
    "question close", "question reopen", "question claim", "question unclaim", "question still", "question delete",
)  # fmt: skip
TO_ANSWERS = ("accept", "accept", "unaccept", "unaccept", "retract")
which = st.integers(0, 1)
who = st.sampled_from([ANN, BOB, CAT, ADMIN])
#: mostly somebody who may decide
who_decides = st.sampled_from([ADMIN, ADMIN, ANN])


class Ladder(RuleBasedStateMachine):
    """A whole house on a real store; nothing here knows how steps are planned."""

    make: Callable[[str], str]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="hearth-")
        self.runner = asyncio.Runner()
        self.store = self.runner.run(open_store(type(self).make(self.folder.name)))
        self.run(migrate(self.store))
        self.clock = HandClock(NOON)
        self.core = Core(self.store, open_house(), self.clock)
        self.core.plug(Recorder())
        self.questions: list[int] = []
        self.answers: list[int] = []

    def run(self, act: Awaitable[Result]) -> Result:
        async def wait() -> Result:
            return await act

        return self.runner.run(wait())

    def does(self, member: Person, line: str) -> Reply:
        return self.run(rules(self.core, line) if member is ADMIN else says(self.core, line, member))

    @initialize()
    def begin(self) -> None:
        self.run(meet(self.core, 1))
        self.does(CAT, "/helper on")
        self.ask(ANN)
        self.answer(BOB, 0)

    @rule(member=who)
    def ask(self, member: Person) -> None:
        title = f"word{len(self.questions)}{'x' * len(self.questions)} differs"
        self.does(member, f"/ask {title}")
        self.questions = [each for each, _ in self.numbers("question")]

    @rule(member=who, at=which)
    def answer(self, member: Person, at: int) -> None:
        self.does(member, f"/answer {self.questions[at % len(self.questions)]} In the kitchen, above the stove.")
        self.answers = [each for each, _ in self.numbers("answer")]

    @rule(member=who, at=which, act=st.sampled_from(TO_QUESTIONS))
    def decide(self, member: Person, at: int, act: str) -> None:
        self.does(member, f"/{act} {self.questions[at % len(self.questions)]}")

    @rule(member=who_decides, at=which, act=st.sampled_from(TO_ANSWERS))
    def judge(self, member: Person, at: int, act: str) -> None:
        if self.answers:
            self.does(member, f"/{act} {self.answers[at % len(self.answers)]}")

    @rule(hours=st.sampled_from([1, 3, 7, 25, 80, 200]))
    def passes(self, hours: int) -> None:
        self.run(self.core.pass_time(self.clock, self.clock.now() + hours * HOUR))

    @invariant()
    def has_one_next_step_while_it_waits(self) -> None:
        waits = [number for number, state in self.numbers("question") if state in WAITING]
        steps = self.steps()
        assert [number for number, _ in steps] == waits
        assert all(due > self.clock.now() or self.claimed(number) for number, due in steps)

    def numbers(self, table: str) -> list[tuple[int, str]]:
        async def read() -> list[tuple[int, str]]:
            async with self.store.read() as tx:
                if table == "question":
                    rows = await tx.all("SELECT number, state FROM question ORDER BY number")
                else:
                    rows = await tx.all("SELECT number, 'given' AS state FROM answer ORDER BY number")
            return [(row["number"], row["state"]) for row in rows]

        return self.run(read())

    def steps(self) -> list[tuple[int, int]]:
        async def read() -> list[tuple[int, int]]:
            async with self.store.read() as tx:
                rows = await tx.all("SELECT question, due_at FROM climb ORDER BY question")
            return [(row["question"], row["due_at"]) for row in rows]

        return self.run(read())

    def claimed(self, number: int) -> bool:
        """Then its step waits for the end of the claim."""

        async def read() -> bool:
            home = await home_of(self.core)
            async with self.store.read() as tx:
                return await ladder.claim(tx, home, number, self.clock.now()) is not None

        return self.run(read())

    def teardown(self) -> None:
        self.run(self.store.close())
        self.runner.close()
        self.folder.cleanup()


def _machine(make_url: Callable[[str], str]) -> type[Ladder]:
    return type("Ladder", (Ladder,), {"make": staticmethod(make_url)})


def test_a_waiting_question_has_one_next_step() -> None:
    """After any sequence of acts, on SQLite."""
    machine = _machine(lambda folder: f"sqlite:///{Path(folder)}/hearth.db")

    run_state_machine_as_test(machine, settings=settings(max_examples=10, stateful_step_count=20, deadline=None))


def test_a_waiting_question_has_one_next_step_on_postgres(postgres_url: Callable[[], str]) -> None:
    """The same on PostgreSQL, in fewer sequences."""
    machine = _machine(lambda _: postgres_url())

    run_state_machine_as_test(machine, settings=settings(max_examples=3, stateful_step_count=15, deadline=None))
