"""The unit of work: one transaction, the actor and the place, and what a handler may do besides storing facts."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, NamedTuple

from bot.kit.access import Access
from bot.kit.allowance import Guesses
from bot.kit.calendar import Calendar, calendar_in
from bot.kit.capability import House, Setting
from bot.kit.codec import dump
from bot.kit.effects import Effect, GrantRole, Post, React, Remind, Retitle, TakeRole, Tell
from bot.kit.events import Event
from bot.kit.markup import Mention
from bot.kit.options import Option, choice_path
from bot.kit.platform import HOUSE, Abilities
from bot.kit.replies import Button, Reply, Style
from bot.kit.setting import Settings, configured
from bot.kit.texts import Catalogue
from models import circles, communities, members, promises
from models.activity import Fact
from models.communities import Place
from models.ids import Ids
from models.members import Account, Member
from models.promises import Promise
from models.sent import Sent
from models.store import Tx


@dataclass(slots=True)
class Pulse:
    """How the house is doing, for health pages and `/ping`."""

    #: how many milliseconds the last batch took to commit
    commit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every unit of work has at hand: the registry, the words, new ids, and the abilities of each platform."""

    house: House
    catalogue: Catalogue
    ids: Ids
    abilities: dict[str, Abilities] = field(default_factory=dict)
    #: gives sixty-four hexadecimal digits that nobody can foresee
    chance: Callable[[], str] = secrets.token_hex
    pulse: Pulse = field(default_factory=Pulse)
    guesses: Guesses = field(default_factory=Guesses)
    #: by name, what was sent and is not written down yet
    sending: dict[str, Sent] = field(default_factory=dict)


class Known(NamedTuple):
    """The place, member and target of an event, as our own ids."""

    community: int
    place: int | None
    member: int | None
    target: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    tx: Tx
    desk: Desk
    community: int
    now: int
    cause: str
    settings: Settings
    locale: str
    #: the path to which words are relative, such as `settings.set`
    path: str
    platform: str
    actor: Member | None = None
    place: Place | None = None
    access: Access = Access.MEMBER
    #: the names of the reader circles that the actor is in
    circles: frozenset[str] = frozenset()
    #: the other options given so far, while one is being suggested
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def member(self) -> Member:
        """The member who acts; a command always has one."""
        if self.actor is None:
            raise LookupError(f"nobody acts in {self.cause}")
        return self.actor

    @property
    def calendar(self) -> Calendar:
        """The community's calendar."""
        return self.settings.calendar

    @property
    def today(self) -> int:
        """Today in the community's calendar."""
        return self.calendar.day(self.now)

    def calendar_of(self, member: Member) -> Calendar:
        """The member's own calendar, else the community's."""
        return calendar_in(member.time_zone) if member.time_zone else self.calendar

    def say(self, path: str, /, **values: Any) -> Reply:
        return Reply(text=self.desk.catalogue.rich(self.locale, self.full(path), values))

    def words(self, path: str, /, **values: Any) -> str:
        return self.desk.catalogue.plain(self.locale, self.full(path), **values)

    def choice(self, option: Option, value: str) -> str:
        """The name of a choice in this language; the choice itself where it has no name."""
        return self.desk.catalogue.option(self.locale, choice_path(option, value)) or value

    def button(self, label: str, line: str, style: Style = Style.NORMAL) -> Button:
        return Button(self.words(label), line, style)

    def full(self, path: str) -> str:
        """The path below the command if the catalogue has words there, otherwise the path as given."""
        relative = f"{self.path}.{path}"
        return relative if self.path and self.desk.catalogue.has(relative) else path

    def speaking(self, language: str | None) -> "Work":
        """The same work in another language, such as that of the member we tell; None means the community's."""
        return replace(self, locale=self.desk.catalogue.choose(language, self.settings.language))

    def setting(self, declared: Setting) -> Any:
        return self.settings.of(declared)

    def named_setting(self, key: str) -> Any:
        """A setting by its key, for the core, which knows some keys and no capability."""
        return self.setting(self.desk.house.settings[key])

    async def reading(self) -> frozenset[str]:
        """The circles of readers who may be told here what was asked where they read."""
        here = {self.place.circle} if self.place else set()
        return self.circles | here | await circles.common(self.tx, self.community, *self.settings.common)

    async def knowing(self) -> frozenset[str]:
        """The circles whose places the actor may know of; staff may know of all."""
        return frozenset({circles.EVERY}) if self.access >= Access.STAFF else await self.reading()

    async def knows(self, place_id: int) -> bool:
        """Whether the actor may know that this place exists."""
        return await circles.reads_in(self.tx, self.community, place_id, await self.knowing())

    async def known_here(self, place_id: int) -> bool:
        """Whether every reader of an answer here may know that this place exists."""
        return await replace(self, access=Access.MEMBER, circles=frozenset()).knows(place_id)

    async def mention(self, member: Member) -> Mention:
        account = await self._account(member.id)
        return Mention(member.name, f"{account.platform}:{account.external_id}" if account else "")

    async def promise(
        self,
        effect: Effect,
        *,
        once: str | None = None,
        after: timedelta = timedelta(0),
        lane: str | None = None,
        urgent: bool = False,
    ) -> int | None:
        """Owe this in the same transaction. With `after` it is a durable timer, with `once` it is owed at most once.

        An urgent promise goes before all that are not. Returns the promise's number; None where there is nowhere to
        perform it.
        """
        promise = await self._promise(effect, once=once, after=after, lane=lane, urgent=urgent)
        if promise is None:
            return None
        promises.owe(self.tx, promise)
        return promise.id

    async def promise_once(self, effect: Effect, once: str) -> int | None:
        """The promise's number; None also where it was made before."""
        promise = await self._promise(effect, once=once)
        return promise.id if promise and await promises.make(self.tx, [promise]) else None

    async def _promise(
        self,
        effect: Effect,
        *,
        once: str | None,
        after: timedelta = timedelta(0),
        lane: str | None = None,
        urgent: bool = False,
    ) -> Promise | None:
        platform = await self._platform(effect)
        if platform is None:
            return None
        return Promise(
            community_id=self.community,
            id=self.desk.ids.new(self.now),
            kind=type(effect).__name__,
            body=dump(effect),
            once=once,
            platform=platform,
            lane=lane or _lane(effect),
            due_at=self.now + round(after.total_seconds() * 1000),
            urgent=urgent,
            attempts=0,
            cause=self.cause,
        )

    async def _platform(self, effect: Effect) -> str | None:
        """The platform that performs it; None when there is none, as for a member whose accounts are all gone."""
        if isinstance(effect, Remind):
            return HOUSE
        if effect.place_id:
            place = await communities.place(self.tx, self.community, effect.place_id)
            return place.platform if place else None
        account = await self._account(effect.member_id) if effect.member_id else None
        return account.platform if account else None

    async def _account(self, member_id: int) -> Account | None:
        """The member's account on this platform if they have one, otherwise one where we can reach them."""
        accounts = await members.accounts_of(self.tx, self.community, member_id)
        ranked = sorted(accounts, key=lambda each: (each.platform != self.platform, not each.reachable))
        return ranked[0] if ranked else None


async def open_work(
    tx: Tx,
    desk: Desk,
    community: int,
    now: int,
    *,
    cause: str,
    path: str = "",
    platform: str = "",
    actor: Member | None = None,
    place: Place | None = None,
    locale: str | None = None,
    settings: Settings | None = None,
) -> Work:
    """Open work in the actor's own language, else that of their app, else the community's."""
    settings = settings or await configured(tx, community)
    return Work(
        tx=tx,
        desk=desk,
        community=community,
        now=now,
        cause=cause,
        settings=settings,
        locale=desk.catalogue.choose(*_wanted(actor, locale), settings.language),
        path=path,
        platform=platform,
        actor=actor,
        place=place,
    )


def _wanted(actor: Member | None, told: str | None) -> tuple[str | None, ...]:
    """The member's own choice, else what their app tells now, else what it told last."""
    return (actor.language, told, actor.heard) if actor else (told,)


def _lane(effect: Effect) -> str | None:
    """What must come in order: posts and names of a place, signs on a message, messages to a member, their roles."""
    match effect:
        case Post(place=place, replaces=str(message)):
            return f"edit:{place}:{message}"
        case Post(place=place):
            return f"post:{place}"
        case Tell(member=member):
            return f"tell:{member}"
        case React(message=message):
            return f"react:{message}"
        case Retitle(place=place):
            return f"title:{place}"
        case GrantRole(member=member) | TakeRole(member=member):
            return f"role:{member}"
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkWork:
    """A batch of events of one community, for handlers that work on sets."""

    tx: Tx
    desk: Desk
    community: int
    now: int
    settings: Settings
    #: by cause, for every event of the batch
    known: Mapping[str, Known]
    #: the facts that events of the batch took back, by the cause of the fact
    retracted: Mapping[str, Fact] = field(default_factory=dict)

    def of(self, event: Event) -> Known:
        return self.known[event.cause]

    def setting(self, declared: Setting) -> Any:
        return self.settings.of(declared)

    @property
    def calendar(self) -> Calendar:
        return self.settings.calendar

    async def alone(self, event: Event, actor: Member | None = None) -> Work:
        """The unit of work of one event, to handle it alone; the caller says who acts."""
        place = self.of(event).place
        return await open_work(
            self.tx,
            self.desk,
            self.community,
            self.now,
            cause=event.cause,
            platform=event.spot.platform if event.spot else "",
            actor=actor,
            place=await communities.place(self.tx, self.community, place) if place else None,
            settings=self.settings,
        )
