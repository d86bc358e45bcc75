"""Turns what platforms call people and places into our own ids, a batch at a time, making those not met before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from bot.events import CommandGiven, Event, ReachChanged
from bot.invocation import Invocation
from bot.people import Message, Person, Spot, clean
from bot.work import Known
from models import activity, communities, members, roles, told
from models.communities import Place
from models.ids import Ids
from models.members import Account, Member
from models.roles import Holder
from models.store import Tx

Key = tuple[str, str]
#: a community, and the place in it unless it is private
Home = tuple[int, int | None]
Item = TypeVar("Item")

#: entries kept in memory before the older half is forgotten; about 30 MB of members
REMEMBERED = 100_000


class _Memory(Generic[Item]):
    """Two generations: what is asked for stays, what is not goes when the younger generation is full."""

    def __init__(self) -> None:
        self._young: dict[Key, Item] = {}
        self._old: dict[Key, Item] = {}

    def get(self, key: Key) -> Item | None:
        found = self._young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self.put(key, found)
        return found

    def put(self, key: Key, item: Item) -> None:
        if len(self._young) >= REMEMBERED:
            self._old, self._young = self._young, {}
        self._young[key] = item


class Identity:
    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self.forget()

    def forget(self) -> None:
        """After a rollback nothing learned in it is true; after a move nothing known may be."""
        #: by community, whose roles turned out to be others than we knew; whoever reads it empties it
        self.news: dict[int, set[int]] = {}
        self._places: _Memory[Home] = _Memory()
        #: what places were called when they were last seen
        self._called: _Memory[str] = _Memory()
        self._members: defaultdict[int, _Memory[tuple[int, str]]] = defaultdict(_Memory)
        #: by guild or chat
        self._roles: defaultdict[Key, _Memory[frozenset[str]]] = defaultdict(_Memory)

    async def resolve(self, tx: Tx, events: Sequence[Event], now: int) -> list[Known | None]:
        """What each event is about, in order; None for one that belongs to no community."""
        homes = await self._homes(tx, events, now)
        people = _people(events, homes)
        ids = {home: await self._members_of(tx, home, people[home], now) for home in people}
        await self._learn_roles(tx, events, homes, ids)
        authors = await self._authors(tx, events, homes, ids)
        return [
            _known(event, home, ids[home[0]], authors) if home else None
            for event, home in zip(events, homes, strict=True)
        ]

    async def look(self, tx: Tx, event: Event) -> Known | None:
        """What an event is about, as far as that is known already: nothing is written."""
        if event.spot is None or event.who is None:
            return None
        if event.spot.root.kind == "dm":
            home = await self._private(tx, event)
        else:
            found = await communities.find_places(tx, [(event.spot.platform, event.spot.id)])
            home = (found[0].community_id, found[0].id) if found else None
        if home is None:
            return None
        accounts = await members.find_accounts(tx, home[0], [_key(event.who)])
        return Known(*home, accounts[0].member_id, None) if accounts else None

    async def _homes(self, tx: Tx, events: Sequence[Event], now: int) -> list[Home | None]:
        """The community an event belongs to: its own, its place's, or in private the one its author is a member of."""
        spots = {(spot.platform, spot.id): spot for event in events if (spot := event.spot)}
        for event in events:
            if isinstance(event, CommandGiven):
                spots |= {_key(each): each for each in event.invocation.options.values() if isinstance(each, Spot)}
        places = await self._places_of(tx, spots, now)
        homes: list[Home | None] = []
        for event in events:
            spot = event.spot
            if event.home is not None:
                homes.append((event.home, None))
            elif spot is None:
                homes.append(None)
            elif home := places.get((spot.platform, spot.id)):
                homes.append(home)
            else:  # said in private: what is no command is nobody's business
                private = isinstance(event, CommandGiven | ReachChanged)
                homes.append(await self._private(tx, event) if private else None)
        return homes

    async def _private(self, tx: Tx, event: Event) -> Home | None:
        """Of several communities the one whose button it is, or that spoke last in private."""
        person = event.who
        if person is None:
            return None
        found = await members.communities_of(tx, person.platform, person.id)
        if len(found) > 1:
            message = event.invocation.message if isinstance(event, CommandGiven) else None
            last = await told.spoke(tx, person.platform, person.id, message)
            return (last if last in found else found[0], None)
        if not found:
            found = [community.id for community in await communities.communities(tx)]
            found = found if len(found) == 1 else []
        return (found[0], None) if found else None

    async def _authors(
        self, tx: Tx, events: Sequence[Event], homes: Sequence[Home | None], ids: dict[int, dict[Key, int]]
    ) -> dict[str, int]:
        """Who wrote the messages that events are about, where the platform did not say."""
        wanted: defaultdict[int, set[str]] = defaultdict(set)
        for event, home in zip(events, homes, strict=True):
            if home and event.about and not event.target:
                wanted[home[0]].add(event.about)
        if not wanted:
            return {}
        # The message may have come in this very batch, which nobody has recorded yet.
        authors = {
            event.cause: ids[home[0]][_key(event.who)]
            for event, home in zip(events, homes, strict=True)
            if home and event.who and event.cause in wanted[home[0]]
        }
        for community, causes in wanted.items():
            facts = await activity.facts(tx, community, sorted(causes))
            authors |= {fact.cause: fact.member_id for fact in facts if fact.member_id is not None}
        return authors

    async def _learn_roles(
        self, tx: Tx, events: Sequence[Event], homes: Sequence[Home | None], ids: dict[int, dict[Key, int]]
    ) -> None:
        """What those who did something hold in the guild or chat they did it in, where that is told and is news."""
        told: dict[Holder, frozenset[str]] = {}
        for event, home in zip(events, homes, strict=True):
            who, spot = event.who, event.spot
            if home is None or spot is None or who is None or who.roles is None:
                continue
            root = _key(spot.root)
            memory, key = self._roles[root], _key(who)
            if memory.get(key) != who.roles and (at := self._places.get(root)) and at[1] is not None:
                told[Holder(home[0], ids[home[0]][key], at[1])] = who.roles
                memory.put(key, who.roles)
        for holder in await roles.told(tx, told) if told else ():
            self.news.setdefault(holder.community_id, set()).add(holder.member_id)

    async def _places_of(self, tx: Tx, spots: dict[Key, Spot], now: int) -> dict[Key, Home]:
        """Where these are, but for private chats, which are nowhere."""
        unknown: dict[Key, Spot] = {}
        for spot in spots.values():
            each: Spot | None = spot
            while each and self._places.get(_key(each)) is None and each.root.kind != "dm":
                unknown[_key(each)] = each
                each = each.parent
        await self._learn_places(tx, unknown, now)
        homes = {key: home for key in spots if (home := self._places.get(key))}
        await self._rename(tx, [spots[key] for key in homes if self._called.get(key) != spots[key].name])
        return homes

    async def _rename(self, tx: Tx, spots: Sequence[Spot]) -> None:
        """A place that is called by its id is one whose name was not told."""
        told = [spot for spot in spots if spot.name != spot.id]
        if not told:
            return
        homes = [(self._places.get(_key(spot)), spot) for spot in told]
        rows = [(home[0], home[1], clean(spot.name)) for home, spot in homes if home and home[1] is not None]
        await communities.rename_places(tx, rows)
        for spot in told:
            self._called.put(_key(spot), spot.name)

    async def _learn_places(self, tx: Tx, unknown: dict[Key, Spot], now: int) -> None:
        """Guilds and chats first, then what is inside them, since a channel belongs where its guild does."""
        while unknown:
            await self._find_places(tx, unknown)
            ready = [spot for spot in unknown.values() if not spot.parent or self._places.get(_key(spot.parent))]
            for spot in ready:
                await self._make_place(tx, spot, now)
            if ready:
                await self._find_places(tx, unknown)

    async def _find_places(self, tx: Tx, unknown: dict[Key, Spot]) -> None:
        for place in await communities.find_places(tx, sorted(unknown)):
            key = place.platform, place.external_id
            self._places.put(key, (place.community_id, place.id))
            if (spot := unknown.pop(key)) and clean(spot.name) == place.name:
                self._called.put(key, spot.name)

    async def _make_place(self, tx: Tx, spot: Spot, now: int) -> None:
        home = self._places.get(_key(spot.parent)) if spot.parent else None
        community, parent = home or (self._ids.new(now), None)
        if home is None:
            await communities.create_community(tx, community, clean(spot.name), now)
        place = Place(
            community_id=community,
            id=self._ids.new(now),
            platform=spot.platform,
            external_id=spot.id,
            parent_id=parent,
            kind=spot.kind,
            name=clean(spot.name),
        )
        await communities.create_places(tx, [place])

    async def _members_of(self, tx: Tx, community: int, persons: dict[Key, Person], now: int) -> dict[Key, int]:
        """Their ids; those not met before are made members, those with new names renamed."""
        memory = self._members[community]
        ids: dict[Key, int] = {}
        strangers: dict[Key, Person] = {}
        renamed: list[tuple[int, Person]] = []
        for key, person in persons.items():
            if (known := memory.get(key)) is None:
                strangers[key] = person
                continue
            ids[key], name = known
            if name != person.name:
                renamed.append((ids[key], person))
        for account in await self._meet(tx, community, strangers, now):
            key = account.platform, account.external_id
            person, ids[key] = strangers[key], account.member_id
            memory.put(key, (account.member_id, person.name))
            if (account.name, account.username) != (clean(person.name), members.folded(_username(person))):
                renamed.append((account.member_id, person))
        if renamed:
            await members.rename(tx, [_account(community, member, person) for member, person in renamed])
            for member, person in renamed:
                memory.put(_key(person), (member, person.name))
        return ids

    async def _meet(self, tx: Tx, community: int, strangers: dict[Key, Person], now: int) -> list[Account]:
        """The accounts of those we did not know by heart, made where the store does not know them either."""
        met = await members.find_accounts(tx, community, sorted(strangers))
        found = {(account.platform, account.external_id) for account in met}
        newcomers = [person for key, person in strangers.items() if key not in found]
        if newcomers:
            arrivals = [_arrival(community, self._ids.new(now), person) for person in newcomers]
            await members.create_members(tx, arrivals, now)
            # Asked for again: another process may have been faster.
            met += await members.find_accounts(tx, community, sorted(map(_key, newcomers)))
        return met


def _key(named: Person | Spot) -> Key:
    return named.platform, named.id


def _account(community: int, member: int, person: Person) -> Account:
    return Account(
        community_id=community,
        platform=person.platform,
        external_id=person.id,
        member_id=member,
        name=clean(person.name),
        username=_username(person),
        reachable=person.platform != "telegram",
    )


def _username(person: Person) -> str | None:
    return clean(person.username) if person.username else None


def _arrival(community: int, member: int, person: Person) -> tuple[Member, Account]:
    account = _account(community, member, person)
    arrival = Member(
        community_id=community,
        id=member,
        name=account.name,
        language=None,
        time_zone=None,
        bot=person.bot,
        joined_at=None,
        left_at=None,
    )
    return arrival, account


def _known(event: Event, home: Home, ids: dict[Key, int], authors: dict[str, int]) -> Known:
    who, target, about = event.who, event.target, event.about
    member = ids[who.platform, who.id] if who else None
    if target:
        return Known(*home, member, ids[target.platform, target.id])
    return Known(*home, member, authors.get(about) if about else None)


def _people(events: Sequence[Event], homes: Sequence[Home | None]) -> dict[int, dict[Key, Person]]:
    """Everybody the events name, by community; who changed their name meanwhile is named as they were last."""
    found: defaultdict[int, dict[Key, Person]] = defaultdict(dict)
    for event, home in zip(events, homes, strict=True):
        if home is None:
            continue
        persons = found[home[0]]
        if who := event.who:
            persons[who.platform, who.id] = who
        if target := event.target:
            persons[target.platform, target.id] = target
        if isinstance(event, CommandGiven):
            persons.update((_key(person), person) for person in _named(event.invocation))
    return found


def _named(invocation: Invocation) -> Iterable[Person]:
    """Those a command names in its options or in its line."""
    given: list[object] = list(invocation.options.values())
    if line := invocation.line:
        given += [*line.pieces, line.replied]
    meant = (value.author if isinstance(value, Message) else value for value in given)
    return (value for value in meant if isinstance(value, Person))
