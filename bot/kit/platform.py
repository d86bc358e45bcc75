"""The port a platform plugs into: its abilities, how it is served, and how it performs what is owed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.kit.allowance import Limit
from bot.kit.effects import Effect
from bot.kit.events import Event
from bot.kit.references import Person, Spot
from models.communities import Place
from models.members import Account

#: the platform of the promises that the core performs itself
HOUSE = "hearth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What differs between platforms: declared once, so that the core decides and no adapter guesses."""

    #: a reply in a public place can be seen by one member alone
    private_replies: bool
    roles: bool
    #: missed messages can be read again
    history: bool
    #: the platform itself recognises a message sent again under the same key
    keyed: bool
    #: a thread can hang on a message
    threads: bool = False
    #: how much one member may ask there; None, for no limit, where nobody is a stranger
    pace: Limit | None = None
    #: we can write to members who never wrote to us
    greets: bool = True
    #: nobody can press a button on a message unless we put it there
    proves_presses: bool = True
    #: the most characters that only the member who presses a button sees
    asides: int = 0
    #: it tells us who leaves; elsewhere we look for members when it matters
    leaves: bool = True
    #: it shows us the words of every message
    words: bool = True
    #: the answer to a command goes another way than what is owed, can be lost there, and can be found where it arrived
    answers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An effect on its way, with its place and member as the platform knows them."""

    effect: Effect
    #: the same at every attempt: the platform's own protection against repetition, where it has one
    key: str
    place: Place | None = None
    account: Account | None = None
    #: guilds or chats by the platform's ids: the account must be in one of them; empty if it need not be
    chats: Sequence[str] = ()
    #: when it was first tried, if nobody knows whether that try succeeded
    since: int | None = None
    #: goes before all that is not urgent, where a platform limits how much we say
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    #: the message that it made
    message: str | None = None
    #: the cause that the message would have if a member had said it
    cause: str | None = None
    #: the thread that it made
    thread: Spot | None = None
    #: the member that it found
    met: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A path on our web server that a platform calls: raw body and headers in, a status out."""

    path: str
    #: whether the headers alone show that the sender may call; if not, we do not read a byte more
    admits: Callable[[Mapping[str, str]], bool]
    answer: Callable[[Mapping[str, str], bytes], Awaitable[int]]


class Platform(Protocol):
    name: str
    abilities: Abilities

    async def serve(self) -> None:
        """Take events until cancelled or stopped; raise only when this platform cannot be served at all."""

    async def stop(self) -> None:
        """Take nothing new; finish what was taken. What is owed can still be performed."""

    async def close(self) -> None:
        """Close connections, after the last effect was performed."""

    async def perform(self, delivery: Delivery) -> Receipt:
        """Do it, or raise Later, Refused, Unknown, Failed or Moved, and nothing else.

        If the platform says that the account is in none of the delivery's `chats`, refuse with `member_gone`.
        """

    async def read(self, raw: str) -> Sequence[Event]:
        """Read again what an earlier version could not read."""

    def endpoints(self) -> Sequence[Endpoint]: ...

    async def check(self) -> Sequence[tuple[bool, str]]:
        """Check token and rights with the platform: what is well, and what to do about the rest."""

    def health(self) -> Mapping[str, bool | int | str]:
        """What an operator wants to know; `ok` says whether the platform is served."""
