"""Keeps the messages on the screen and the people: enough to find what an act means; it ends with the process."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from adapters.console.acts import Misstep
from adapters.console.replies import inline
from bot.kit import Access, Button, Reply
from bot.kit.access import Standing
from bot.kit.events import Event, MemberLeft, MessageDeleted, MessagePosted
from bot.kit.references import STAFF, Person, Spot

#: the name by which an act refers to our own messages
OURSELVES = "hearth"
HOME = Spot("console", "hearth", "guild", "Hearth")

#: act, moment, promise: messages sort as they are read, from top to bottom
Order = tuple[int, int, int]


def person(name: str) -> Person:
    return Person("console", name, name, name)


def channel(name: str) -> Spot:
    return Spot("console", name, "channel", name.removeprefix("#"), HOME)


def private(name: str) -> Spot:
    return Spot("console", f"@{name}", "dm", name)


def cause_of(message: str) -> str:
    return f"console:msg:{message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    id: str
    order: Order
    spot: Spot
    #: None for our own messages
    who: str | None = None
    #: a member's words
    text: str = ""
    #: our reply
    reply: Reply = field(default_factory=Reply)
    #: the only person who sees it; None when everybody does
    only: str | None = None
    #: the only person who can complete the line it asks for
    to: str | None = None

    @property
    def where(self) -> str:
        if self.only:
            return f"{self.only} (private)"
        return self.spot.id if self.spot.parent else self.spot.name

    def seen_by(self, name: str) -> bool:
        return self.only in (None, name)


@dataclass(slots=True)
class Scene:
    messages: dict[str, Said] = field(default_factory=dict)
    ranks: dict[str, Access] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    #: (role, member) for every role that is held
    roles: set[tuple[str, str]] = field(default_factory=set)
    #: (message, emoji) for every sign on a message
    marks: set[tuple[str, str]] = field(default_factory=set)
    #: every person ever heard of
    names: set[str] = field(default_factory=set)

    def person(self, name: str) -> Person:
        """A person with their roles at this moment."""
        held = {role for role, member in self.roles if member == name}
        staff = {STAFF} if self.ranks.get(name, Access.MEMBER) >= Access.STAFF else set()
        return replace(person(name), roles=frozenset(held | staff))

    def standing(self, name: str, *, private: bool = False) -> Standing:
        """Their rights; in private only people who were given a rank have any."""
        return Standing(access=self.ranks.get(name, None if private else Access.MEMBER))

    def rank(self, name: str, access: Access) -> None:
        self.ranks[name] = access
        self.names.add(name)

    def speak(self, name: str, language: str) -> None:
        self.languages[name] = language
        self.names.add(name)

    def witness(self, event: Event, order: Order) -> None:
        """Remember the parts of an event to which a later act can refer."""
        if event.who:
            self.names.add(event.who.name)
        if isinstance(event, MessagePosted) and event.who and event.spot:
            number = event.cause.removeprefix(cause_of(""))
            only = event.who.name if event.spot.kind == "dm" else None
            who, text = event.who.name, event.text
            self.put(Said(id=number, order=order, spot=event.spot, who=who, text=text, only=only))
        elif isinstance(event, MemberLeft) and event.who:
            self.ranks.pop(event.who.name, None)
        elif isinstance(event, MessageDeleted) and event.about:
            self.messages.pop(event.about.removeprefix(cause_of("")), None)

    def put(self, said: Said) -> None:
        self.messages[said.id] = said

    def replace(self, message: str, reply: Reply) -> Said | None:
        """The same message with other words, if it is here."""
        if found := self.messages.get(message):
            self.put(replace(found, reply=reply))
        return self.messages.get(message)

    def mark(self, message: str, emoji: str, *, shown: bool) -> Said | None:
        """The message with the sign, unless it is gone or nothing changes."""
        if ((message, emoji) in self.marks) is shown:
            return None
        (self.marks.add if shown else self.marks.discard)((message, emoji))
        return self.messages.get(message)

    def newest(self, who: str, *, seen_by: str) -> Said:
        author = None if who == OURSELVES else who
        found = [said for said in self.messages.values() if said.who == author and said.seen_by(seen_by)]
        if not found:
            raise Misstep(f"no message of {who} stands here")
        return max(found, key=lambda said: said.order)

    def button(self, label: str, presser: str) -> tuple[Said, Button]:
        """The button: `Accept` is the newest, `Accept 2` the next: down within a message, then up the screen."""
        found = list(self._buttons(label, presser))
        name, _, number = label.rpartition(" ")
        place = 1
        if not found and number.isdecimal():
            found, place = list(self._buttons(name, presser)), int(number)
        if not 1 <= place <= len(found):
            raise Misstep(f"{presser} sees no button {label}")
        return found[place - 1]

    def _buttons(self, label: str, presser: str) -> Iterator[tuple[Said, Button]]:
        for said in sorted(self.messages.values(), key=lambda said: said.order, reverse=True):
            if said.seen_by(presser):
                yield from ((said, button) for button in said.reply.buttons if inline(button.label) == label)
