"""Offers completions while a command is typed: commands, then possible values for each option."""

from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from adapters.console.scene import HOME, Scene, person
from bot.core.core import Core
from bot.kit import Choice, command_line
from bot.kit.capability import Command
from bot.kit.invocation import Invocation
from bot.kit.options import Kind, Option


class Completions(Completer):
    def __init__(self, core: Core, scene: Scene, you: str) -> None:
        self._core = core
        self._scene = scene
        self._you = you

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Not used: the editor calls the asynchronous method, because suggestions come from the store."""
        del document, complete_event
        return ()

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        del complete_event
        typed = document.text_before_cursor
        if typed.startswith("/"):
            for completion in [*self._commands(typed), *await self._words(typed)]:
                yield completion

    def _commands(self, typed: str) -> Iterator[Completion]:
        language = self._core.catalogue.choose(self._scene.languages.get(self._you))
        for name, command in self._core.house.commands.items():
            if name.startswith(typed.removeprefix("/").lower()):
                about = self._core.catalogue.option(language, f"{command.path}.about")
                yield Completion(f"/{name}", -len(typed), f"/{name}", about)

    async def _words(self, typed: str) -> list[Completion]:
        """The whole line with the current word completed, so that it is quoted where needed."""
        command = next(
            (each for each in self._core.house.commands.values() if typed.startswith(f"/{each.name} ")), None
        )
        if command is None:
            return []
        *before, current = typed.removeprefix(f"/{command.name} ").split(" ")
        rest = next((place for place, option in enumerate(command.options) if option.rest), len(before))
        given, current = before[:rest], " ".join([*before[rest:], current])
        if len(given) >= len(command.options):
            return []
        found = await self._choices(command, given, current)
        return [
            Completion(command_line(command.name, *given, choice.value), -len(typed), choice.label or choice.value)
            for choice in found
        ]

    async def _choices(self, command: Command, given: Sequence[str], current: str) -> Sequence[Choice]:
        option = command.options[len(given)]
        if option.suggest is None:
            return [
                Choice(word, word) for word in self._fixed(option) if word.casefold().startswith(current.casefold())
            ]
        words = dict(zip((each.name for each in command.options), [*given, current], strict=False))
        invocation = Invocation(
            command=command.name,
            options=words,
            author=person(self._you),
            standing=self._scene.standing(self._you),
            spot=HOME,
            locale=self._scene.languages.get(self._you),
            cause="console:suggest",
            at=self._core.clock.now(),
        )
        return await self._core.suggest(invocation, option.name)

    def _fixed(self, option: Option) -> Sequence[str]:
        match option.kind:
            case Kind.CHOICE:
                return option.choices
            case Kind.YES_NO:
                return ("on", "off")
            case Kind.MEMBER:
                return [f"@{name}" for name in sorted(self._scene.names)]
        return ()
