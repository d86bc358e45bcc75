"""Where a story is told: people who say, press and hear, on a platform that the story does not name."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.core.clock import HandClock
from bot.core.core import Core


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as a person sees it at this moment."""

    id: str
    text: str


class Stage(ABC):
    """One community on one platform, with the real client library between it and the core."""

    name: str

    def __init__(self, core: Core, clock: HandClock) -> None:
        self.core = core
        self.clock = clock
        self._before: dict[str, set[Seen]] = {}
        self._people: list[Actor] = []

    async def members(self, *names: str) -> "list[Actor]":
        return [await self._add(name, admin=False) for name in names]

    async def admin(self, name: str) -> "Actor":
        return await self._add(name, admin=True)

    async def passes(self, **time: float) -> None:
        """Let time pass; do whatever falls due on the way."""
        self.turn()
        await self.core.pass_time(self.clock, self.clock.now() + round(timedelta(**time).total_seconds() * 1000))

    async def _add(self, name: str, *, admin: bool) -> "Actor":
        await self.enter(name, admin=admin)
        actor = Actor(self, name)
        self._people.append(actor)
        return actor

    def turn(self) -> None:
        """What is heard from now on belongs to the next act."""
        self._before = {actor.name: set(self.visible(actor.name)) for actor in self._people}

    def heard(self, name: str) -> Sequence[str]:
        before = self._before.get(name, set())
        return [seen.text for seen in self.visible(name) if seen not in before]

    @abstractmethod
    async def enter(self, name: str, *, admin: bool) -> None: ...

    @abstractmethod
    async def says(self, name: str, text: str, *, private: bool = False) -> None: ...

    @abstractmethod
    async def sends(self, name: str, content: bytes, text: str) -> None:
        """Send a file with a command."""

    @abstractmethod
    async def answers(self, name: str, text: str) -> None:
        """Reply to the newest message of the bot that this person sees."""

    @abstractmethod
    async def replies(self, name: str, to: str, text: str) -> None:
        """Reply to the newest message of another member."""

    @abstractmethod
    async def uses(self, name: str, to: str, command: str) -> None:
        """Use this command in the menu of another member's newest message; where there are none, reply with it."""

    @abstractmethod
    async def reacts(self, name: str, to: str, emoji: str) -> None:
        """React to the newest message of another member."""

    @abstractmethod
    async def unreacts(self, name: str, to: str, emoji: str) -> None: ...

    @abstractmethod
    async def presses(self, name: str, label: str) -> None: ...

    @abstractmethod
    async def edits(self, name: str, text: str) -> None:
        """Edit the newest message of this person."""

    @abstractmethod
    def signs(self, name: str) -> set[str]:
        """The emoji that the bot shows on the newest message of this person."""

    @abstractmethod
    def visible(self, name: str) -> Sequence[Seen]:
        """The bot's messages that this person sees, oldest first."""

    @abstractmethod
    def picture(self, name: str) -> bytes:
        """The newest picture that this person was shown; None if there was none."""

    @abstractmethod
    def document(self, name: str) -> bytes:
        """The newest document that this person got; None if there was none."""

    def role(self, name: str) -> None:  # noqa: B027 - not every platform needs a role to be made before it is named
        """From now on there is such a role."""

    def holds(self, name: str) -> set[str]:
        """The roles this person has."""
        raise NotImplementedError(f"{self.name} has no roles")

    @abstractmethod
    def speaks(self, name: str, language: str) -> None:
        """The language that this person's client tells, from the next act on."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in a story."""

    stage: Stage
    name: str

    async def says(self, text: str, *, private: bool = False) -> None:
        self.stage.turn()
        await self.stage.says(self.name, text, private=private)

    async def sends(self, content: bytes, text: str) -> None:
        self.stage.turn()
        await self.stage.sends(self.name, content, text)

    async def answers(self, text: str) -> None:
        self.stage.turn()
        await self.stage.answers(self.name, text)

    async def replies(self, to: "Actor", text: str) -> None:
        self.stage.turn()
        await self.stage.replies(self.name, to.name, text)

    async def uses(self, command: str, *, on: "Actor") -> None:
        self.stage.turn()
        await self.stage.uses(self.name, on.name, command)

    async def reacts(self, to: "Actor", emoji: str) -> None:
        self.stage.turn()
        await self.stage.reacts(self.name, to.name, emoji)

    async def unreacts(self, to: "Actor", emoji: str) -> None:
        self.stage.turn()
        await self.stage.unreacts(self.name, to.name, emoji)

    async def presses(self, label: str) -> None:
        self.stage.turn()
        await self.stage.presses(self.name, label)

    async def edits(self, text: str) -> None:
        self.stage.turn()
        await self.stage.edits(self.name, text)

    @property
    def signs(self) -> set[str]:
        return self.stage.signs(self.name)

    def speaks(self, language: str) -> None:
        self.stage.speaks(self.name, language)

    def hears(self, text: str) -> bool:
        """Whether the last act brought this person a message with these words."""
        return any(text in heard for heard in self.heard)

    @property
    def sees(self) -> bytes:
        """The newest picture this person was shown."""
        return self.stage.picture(self.name)

    @property
    def gets(self) -> bytes:
        """The newest document that this person got."""
        return self.stage.document(self.name)

    @property
    def heard(self) -> Sequence[str]:
        return self.stage.heard(self.name)
