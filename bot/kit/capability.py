"""Declarations: what a capability offers to members, to events, to the clock and to admins."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from inspect import signature
from typing import Any, TypeVar, get_type_hints

from bot.kit.access import Access
from bot.kit.errors import Refusal
from bot.kit.events import Event, MomentCame
from bot.kit.options import Option, read_option, read_options
from bot.kit.replies import Reply

Handler = Callable[..., Awaitable[Any]]
#: takes a unit of work; returns why its actor may not give a command that is for some members only
Objection = Callable[[Any], Awaitable[Refusal | None]]
Declared = TypeVar("Declared", bound=Handler)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    #: one or two words; also the path of its words in the catalogues
    name: str
    capability: str
    handler: Callable[..., Awaitable[Reply]]
    options: tuple[Option, ...]
    access: Access
    #: changes nothing, so it may run beside the writer
    reads: bool
    #: its answer depends on what the member may do, so a platform asks for their rights though none are needed
    varies: bool
    #: its share of what a member may ask: more for pictures, searches and files
    cost: float
    #: it takes a secret that could be guessed
    guessed: bool
    #: for some members only; None where their access decides it all
    only: Objection | None

    @property
    def path(self) -> str:
        return self.name.replace(" ", ".")

    async def objection(self, work: Any) -> Refusal | None:
        return await self.only(work) if self.only else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    #: stable across versions: dead letters name it
    name: str
    event: type[Event]
    handler: Handler
    bulk: bool
    #: among moments, the one kind that it waits for
    moment: str | None = None

    def hears(self, event: Event) -> bool:
        return not isinstance(event, MomentCame) or self.moment in (None, event.subject.partition(":")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    name: str
    #: five fields of cron, in UTC
    cron: str
    handler: Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Something an admin can configure; its description stands in the catalogues under `setting.<key>`."""

    key: str
    option: Option
    #: it has an effect only where the platform shows us the words of messages
    words: bool = False

    @property
    def default(self) -> Any:
        return self.option.default


@dataclass(slots=True)
class Capability:
    name: str
    commands: list[Command] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)

    def command(
        self,
        name: str,
        *,
        access: Access = Access.MEMBER,
        reads: bool = False,
        varies: bool = False,
        cost: float = 1,
        guessed: bool = False,
        only: Objection | None = None,
    ) -> Callable[[Declared], Declared]:
        def declare(handler: Declared) -> Declared:
            command = Command(
                name=name,
                capability=self.name,
                handler=handler,
                options=read_options(handler),
                access=access,
                reads=reads,
                varies=varies,
                cost=cost,
                guessed=guessed,
                only=only,
            )
            self.commands.append(command)
            return handler

        return declare

    def listener(self, *events: type[Event], bulk: bool = False) -> Callable[[Declared], Declared]:
        def declare(handler: Declared) -> Declared:
            name = f"{self.name}.{handler.__name__}"
            self.listeners.extend(Listener(name=name, event=event, handler=handler, bulk=bulk) for event in events)
            return handler

        return declare

    def moment(self, kind: str) -> Callable[[Declared], Declared]:
        """What to do when a moment promised as `kind` or `kind:5` comes; the handler takes the parts after the kind."""

        def declare(handler: Declared) -> Declared:
            hints = get_type_hints(handler)
            reads = [hints[name] for name in list(signature(handler).parameters)[1:]]

            async def come(work: Any, event: MomentCame) -> None:
                told = event.subject.split(":")[1:]
                await handler(work, *(read(part) for read, part in zip(reads, told, strict=True)))

            name = f"{self.name}.{handler.__name__}"
            self.listeners.append(Listener(name=name, event=MomentCame, handler=come, bulk=False, moment=kind))
            return handler

        return declare

    def job(self, cron: str) -> Callable[[Declared], Declared]:
        def declare(handler: Declared) -> Declared:
            self.jobs.append(Job(name=f"{self.name}.{handler.__name__}", cron=cron, handler=handler))
            return handler

        return declare

    def setting(self, key: str, hint: Any, default: Any, *, words: bool = False) -> Setting:
        """Declare `<capability>.<key>` with a type and marks, like an option."""
        setting = Setting(key=f"{self.name}.{key}", option=read_option(key, hint, default), words=words)
        self.settings.append(setting)
        return setting


@dataclass(frozen=True, slots=True)
class House:
    """All declarations, found by name; the one registry of a process."""

    capabilities: Sequence[Capability]
    commands: dict[str, Command]
    listeners: dict[type[Event], tuple[Listener, ...]]
    jobs: tuple[Job, ...]
    settings: dict[str, Setting]

    @classmethod
    def of(cls, capabilities: Sequence[Capability]) -> "House":
        listeners: dict[type[Event], tuple[Listener, ...]] = {}
        for listener in (each for capability in capabilities for each in capability.listeners):
            listeners[listener.event] = (*listeners.get(listener.event, ()), listener)
        commands = [command for capability in capabilities for command in capability.commands]
        settings = [setting for capability in capabilities for setting in capability.settings]
        return cls(
            capabilities,
            {command.name: command for command in commands},
            listeners,
            tuple(job for capability in capabilities for job in capability.jobs),
            {setting.key: setting for setting in settings},
        )
