"""The port a platform plugs into: what it can do, how it is served, and how it performs what is owed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.kit.allowance import Limit
from bot.kit.effects import Effect
from bot.kit.events import Event
from bot.kit.references import Person, Spot
from models.communities import Place
from models.members import Account

#: where the core keeps its own promises
HOUSE = "hearth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What differs between platforms, declared once, so that the core decides and no adapter guesses."""

    #: a reply in a public place can be seen by one member alone
    private_replies: bool
    roles: bool
    #: missed messages can be read again
    history: bool
    #: a message sent again under the same key is met by the platform itself
    keyed: bool
    #: a thread can hang on a message
    threads: bool = False
    #: how much one member may ask there; None where nobody is a stranger
    pace: Limit | None = None
    #: who never wrote to us can be written to
    greets: bool = True
    #: nobody can press on a message what we did not put there
    proves_presses: bool = True
    #: so many characters can be shown to who presses a button, and to nobody else
    asides: int = 0
    #: it is told who leaves; elsewhere members are looked for when it matters
    leaves: bool = True
    #: the words of every message are shown
    words: bool = True
    #: the answer to a command goes another way than what is owed, may be lost on it, and can be found where it arrived
    answers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An effect on its way, with where and to whom as the platform knows them."""

    effect: Effect
    #: the same at every attempt: the platform's own protection against repetition, where it has one
    key: str
    place: Place | None = None
    account: Account | None = None
    #: the guilds or chats, as their platform calls them, of which the account must be in one; none if it need not be
    chats: Sequence[str] = ()
    #: when it was first tried, if nobody knows whether that did it
    since: int | None = None
    #: goes before all that is not, where a platform lets us say only so much
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    #: the message that came of it
    message: str | None = None
    #: the cause it would be heard of under, had a member said it
    cause: str | None = None
    #: the thread that came of it
    thread: Spot | None = None
    #: the member as they were found
    met: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A path on our web server that a platform wants answered: raw body and headers in, a status out."""

    path: str
    #: whether the headers alone show that the sender may call; of others not a byte more is read
    admits: Callable[[Mapping[str, str]], bool]
    answer: Callable[[Mapping[str, str], bytes], Awaitable[int]]


class Platform(Protocol):
    name: str
    abilities: Abilities

    async def serve(self) -> None:
        """Take events until cancelled or stopped; raise only when this platform cannot be served at all."""

    async def stop(self) -> None:
        """Take nothing new; what was taken is finished, and what is owed can still be performed."""

    async def close(self) -> None:
        """After the last thing was performed: let go of connections."""

    async def perform(self, delivery: Delivery) -> Receipt:
        """Do it, or raise Later, Refused, Unknown, Failed or Moved, and nothing else.

        What is for those in its `chats` is refused with `member_gone` for whoever the platform says is in none of them.
        """

    async def read(self, raw: str) -> Sequence[Event]:
        """Read again what an earlier version could not."""

    def endpoints(self) -> Sequence[Endpoint]: ...

    async def check(self) -> Sequence[tuple[bool, str]]:
        """Token and rights as the platform tells them: what is well, and what to do about what is not."""

    def health(self) -> Mapping[str, bool | int | str]:
        """What an operator wants to know; `ok` says whether it is served."""
