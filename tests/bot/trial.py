"""A capability for the tests of the core: facts stored as settings, listeners that can be made to fail, a promise."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

from bot.kit import Access, BulkWork, Capability, Duration, Post, Range, Refusal, Reply, Tail, Work
from bot.kit.events import MessagePosted, MomentCame, VoiceSpent
from bot.kit.replies import Document
from models import settings
from models.members import Member


@dataclass(slots=True)
class Trial:
    """One house's capability, so that no test sees another's failures."""

    capability: Capability = field(default_factory=lambda: Capability("trial"))
    #: causes of events that the listeners fail on
    poison: set[str] = field(default_factory=set)
    #: (community, moment) of every run of the job
    rung: list[tuple[int, int]] = field(default_factory=list)
    #: (subject, moment) of every reminder
    reminded: list[tuple[str, int]] = field(default_factory=list)
    #: whether the job fails
    broken: bool = False

    def __post_init__(self) -> None:
        self._commands()
        self._listeners()
        self._jobs()
        self.capability.setting("calm", bool, True)
        self.capability.setting("pause", Annotated[Duration, Range(60, 86_400)], timedelta(hours=1))
        self.capability.setting("most", Annotated[int, Range(1, 100)], 10)

    def _commands(self) -> None:
        trial = self.capability

        @trial.command("trial keep")
        async def keep(work: Work, what: Tail) -> Reply:
            await settings.put(work.tx, work.community, f"kept.{work.cause}", what, work.now)
            if what == "enough":
                raise Refusal("enough", what=what)
            if what == "chaos":
                raise ZeroDivisionError(what)
            return work.say("kept", what=what)

        @trial.command("trial give")
        async def give(work: Work, to: Member, amount: Annotated[int, Range(1, 100)], why: Tail = "") -> Reply:
            return work.say("given", to=to, amount=amount, why=f" ({why})" if why else "")

        @trial.command("trial owe")
        async def owe(work: Work, word: str) -> Reply:
            if work.place is None:
                raise LookupError("nowhere")
            owed = Post(place=work.place.id, reply=Reply(text=work.say("trial.keep.kept", what=word).text))
            await work.promise(owed, once=f"owe:{word}")
            return work.say("owed").but(private=True)

        @trial.command("trial table")
        async def table(work: Work) -> Reply:
            return work.say("here").but(private=True, file=Document("tea.csv", "茶,1".encode(), "text/csv"))

        @trial.command("trial guard", access=Access.STAFF)
        async def guard(work: Work) -> Reply:
            return work.say("done")

        @trial.command("trial rule", access=Access.ADMIN)
        async def rule(work: Work) -> Reply:
            return work.say("done")

    def _listeners(self) -> None:
        trial = self.capability

        @trial.listener(MessagePosted)
        async def note(work: Work, event: MessagePosted) -> None:
            await settings.put(work.tx, work.community, f"noted.{event.cause}", "1", work.now)
            if event.cause in self.poison:
                raise ValueError("poisoned")

        @trial.listener(MomentCame)
        async def remember(work: Work, event: MomentCame) -> None:
            self.reminded.append((event.subject, work.now))

        @trial.listener(VoiceSpent, bulk=True)
        async def hear(work: BulkWork, events: Sequence[VoiceSpent]) -> None:
            for event in events:
                await settings.put(work.tx, work.community, f"heard.{event.cause}", "1", work.now)
                if event.cause in self.poison:
                    raise ValueError("poisoned")

    def _jobs(self) -> None:
        @self.capability.job("0 6 * * *")
        async def ring(work: Work) -> None:
            self.rung.append((work.community, work.now))
            await settings.put(work.tx, work.community, f"rung.{work.now}", "1", work.now)
            if self.broken:
                raise ValueError("the job is broken")
