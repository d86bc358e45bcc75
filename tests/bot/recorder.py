"""A platform that records what it performs and answers as it is told; and the people and places on it."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from bot.kit import Access, Effect, Post, Tell
from bot.kit.access import Standing
from bot.kit.events import Event, MessagePosted, ReactionAdded, ReactionRemoved
from bot.kit.invocation import Invocation, Line
from bot.kit.platform import Abilities, Delivery, Endpoint, Receipt
from bot.kit.references import Person, Raw, Spot

NAME = "recorder"
HOME = Spot(NAME, "home", "guild", "Home")
LOBBY = Spot(NAME, "lobby", "channel", "#lobby", HOME)
STAFF = Spot(NAME, "staff", "channel", "#staff", HOME)
#: read by few
DEN = Spot(NAME, "den", "channel", "#den", HOME, "den")
#: 2026-01-05 12:00 UTC, a Monday
NOON = 1_767_614_400_000
SECOND = 1_000
HOUR = 3_600_000
DAY = 24 * HOUR

PUBLIC = Abilities(private_replies=False, roles=True, history=False, keyed=False)
KEYED = Abilities(private_replies=True, roles=True, history=True, keyed=True)


def person(name: str) -> Person:
    return Person(NAME, f"1{len(name)}{sum(map(ord, name))}", name.title(), name)


ANN, BOB, CAT = person("ann"), person("bob"), person("cat")


@dataclass(slots=True)
class Recorder:
    """What it performed is in `done`, in order; `answer` may refuse, delay or forget."""

    abilities: Abilities = PUBLIC
    name: str = NAME
    done: list[Delivery] = field(default_factory=list)
    #: every attempt, even without effect
    tried: list[Delivery] = field(default_factory=list)
    answer: Callable[[Delivery], Exception | None] = lambda _: None
    #: called after each performance
    afterwards: Callable[[Delivery], Exception | None] = lambda _: None
    seconds: float = 0.0
    #: kinds that never get an answer
    hangs: Callable[[Delivery], bool] = lambda _: False
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    async def perform(self, delivery: Delivery) -> Receipt:
        self.tried.append(delivery)
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if self.hangs(delivery):
            await asyncio.Event().wait()
        if error := self.answer(delivery):
            raise error
        self.done.append(delivery)
        if error := self.afterwards(delivery):
            raise error
        number = next(self._numbers)
        return Receipt(message=str(number), cause=f"{NAME}:msg:ours{number}")

    @property
    def effects(self) -> list[Effect]:
        return [delivery.effect for delivery in self.done]

    @property
    def said(self) -> list[str]:
        return [effect.reply.plain for effect in self.effects if isinstance(effect, Post | Tell)]

    async def serve(self) -> None:
        await asyncio.Event().wait()

    async def stop(self) -> None: ...

    async def close(self) -> None: ...

    async def read(self, raw: str) -> Sequence[Event]:
        return [posted(raw)]

    def endpoints(self) -> Sequence[Endpoint]:
        return ()

    async def check(self) -> Sequence[tuple[bool, str]]:
        return ()

    def health(self) -> Mapping[str, bool | int | str]:
        return {"ok": True}


def posted(
    number: int | str, who: Person = ANN, *, at: int = NOON, about: int | str | None = None, spot: Spot = LOBBY
) -> MessagePosted:
    message = None if about is None else f"recorder:msg:{about}"
    return MessagePosted(cause=f"recorder:msg:{number}", at=at, who=who, spot=spot, length=5, about=message)


def reacted(message: int, who: Person = BOB, *, at: int = NOON) -> ReactionAdded:
    cause = f"recorder:react:{message}:{who.id}:👍"
    return ReactionAdded(cause=cause, at=at, who=who, spot=LOBBY, emoji="👍", about=f"recorder:msg:{message}")


def unreacted(message: int, who: Person = BOB, *, at: int = NOON) -> ReactionRemoved:
    added = reacted(message, who).cause
    return ReactionRemoved(
        cause=f"{added}:gone", at=at, who=who, spot=LOBBY, emoji="👍", added=added, about=f"recorder:msg:{message}"
    )


_CAUSES = count(1)


def typed(
    text: str | Line,
    who: Person = ANN,
    *,
    access: Access | None = None,
    home: int | None = None,
    spot: Spot = LOBBY,
    at: int = NOON,
    cause: str | None = None,
    locale: str | None = None,
    anonymous: bool = False,
    pressed: bool = False,
    message: str | None = None,
    circles: Sequence[str] = (),
) -> Invocation:
    """A command as a line, as Telegram, the console and every button give it."""
    return Invocation(
        line=Line.of(text) if isinstance(text, str) else text,
        author=who,
        standing=replace(_standing(access, spot, home), circles=frozenset(circles)),
        spot=spot,
        at=at,
        cause=cause or f"recorder:update:{next(_CAUSES)}",
        locale=locale,
        anonymous=anonymous,
        pressed=pressed,
        message=message,
        about=f"{NAME}:msg:ours{message}" if message else None,
    )


def _standing(access: Access | None, spot: Spot, home: int | None) -> Standing:
    """In private a platform always says for which community it vouches."""
    return Standing(access=access if access is not None or spot.kind == "dm" else Access.MEMBER, community=home)


def chosen(
    command: str, who: Person = ANN, /, *, access: Access | None = None, spot: Spot = LOBBY, **options: Raw
) -> Invocation:
    """A command with typed options, as Discord gives it."""
    cause = f"recorder:interaction:{next(_CAUSES)}"
    standing = _standing(access, spot, None)
    return Invocation(command=command, options=options, author=who, standing=standing, spot=spot, at=NOON, cause=cause)
