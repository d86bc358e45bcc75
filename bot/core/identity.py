"""Turns the platforms' ids of people and places into our own ids, one batch at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.core import continuing
from bot.core.memory import Memory
from bot.core.places import Home, Key, Places
from bot.kit.events import CommandGiven, Event, MemberLeft, PlaceShown, ReachChanged
from bot.kit.invocation import Invocation
from bot.kit.references import Message, Person, Spot, clean
from bot.kit.work import Desk, Known
from models import activity, choices, communities, members, roles, stays
from models.members import Account, Member
from models.roles import Holder
from models.store import Tx

#: entries kept in memory before the older half is forgotten; about 30 MB of members
REMEMBERED = 100_000


class _Sighting(NamedTuple):
    """A person as the platform shows them at this moment."""

    person: Person
    #: when they acted in a place of the community; None for people only named, or writing in private
    acted_at: int | None


class _Met(NamedTuple):
    """A member as we remember them in memory."""

    id: int
    name: str
    username: str | None
    present: bool


class Identity:
    def __init__(self, desk: Desk) -> None:
        self._ids = desk.ids
        self._desk = desk
        self._places = Places(desk.ids)
        self.forget()

    def forget(self) -> None:
        """Clear the memory: after a rollback nothing learned in it is true; after a move nothing known may be."""
        #: by community, the members whose roles changed; the reader empties it
        self.news: dict[int, set[int]] = {}
        self._places.forget()
        self._members: Memory[tuple[int, Key], _Met] = Memory(REMEMBERED)
        #: by guild or chat
        self._roles: Memory[tuple[Key, Key], frozenset[str]] = Memory(REMEMBERED)

    async def resolve(self, tx: Tx, events: Sequence[Event], now: int) -> list[Known | None]:
        """The community, place and members of each event, in order; None for one that belongs to no community."""
        homes = await self._homes(tx, events, now)
        people = _people(events, homes)
        ids = {home: await self._members_of(tx, home, people[home], now) for home in sorted(people)}
        self._forget_leavers(events, homes)
        await self._learn_roles(tx, events, homes, ids)
        authors = await self._authors(tx, events, homes, ids)
        return [
            _known(event, home, ids[home[0]], authors) if home else None
            for event, home in zip(events, homes, strict=True)
        ]

    async def look(self, tx: Tx, event: CommandGiven) -> Known | None:
        """What a command is about, as far as we know already; writes nothing."""
        home = await self.home(tx, event)
        if home is None:
            return None
        accounts = await members.find_accounts(tx, home[0], [_key(event.invocation.author)])
        return Known(*home, accounts[0].member_id, None) if accounts else None

    async def home(self, tx: Tx, event: CommandGiven) -> Home | None:
        spot = event.invocation.spot
        if spot.root.kind == "dm":
            return await self._private(tx, event)
        found = await communities.find_places(tx, [_key(spot)])
        return (found[0].community_id, found[0].id) if found else None

    async def _homes(self, tx: Tx, events: Sequence[Event], now: int) -> list[Home | None]:
        """The community of each event: its own, its place's, or in private the one its author is a member of."""
        stated = frozenset(_key(spot) for event in events if isinstance(event, PlaceShown) and (spot := event.spot))
        await self._places.of(tx, _spots(events), now, stated)
        homes: list[Home | None] = []
        for event in events:
            spot = event.spot
            if event.home is not None:
                homes.append((event.home, None))
            elif spot is None:
                homes.append(None)
            elif home := self._places.get(_key(spot)):
                homes.append(home)
            else:  # said in private: only a command or a change of reach concerns us
                private = isinstance(event, CommandGiven | ReachChanged)
                homes.append(await self._private(tx, event) if private else None)
        return homes

    async def _private(self, tx: Tx, event: Event) -> Home | None:
        """The community decided for the command; else that of the pressed button; else the one its author chose."""
        if event.who is None:
            return None
        if isinstance(event, CommandGiven):
            given = event.invocation
            if given.standing.community is not None:
                return given.standing.community, None
            message = await continuing.message_of(tx, self._desk, given.about) if given.about else None
            if message and message.private:
                return message.community_id, None
        home = await self._own(tx, event.who)
        return (home, None) if home is not None else None

    async def _own(self, tx: Tx, person: Person) -> int | None:
        """The chosen or oldest of their communities; for a stranger the only community there is, else None."""
        own = await members.communities_of(tx, person.platform, person.id)
        if not own:
            every = await communities.communities(tx)
            return every[0].id if len(every) == 1 else None
        chosen = await choices.chosen(tx, person.platform, person.id) if len(own) > 1 else None
        return chosen if chosen in own else own[0]

    async def _authors(
        self, tx: Tx, events: Sequence[Event], homes: Sequence[Home | None], ids: dict[int, dict[Key, int]]
    ) -> dict[str, int]:
        """The authors of the messages that events are about, where the platform did not name them."""
        wanted: defaultdict[int, set[str]] = defaultdict(set)
        for event, home in zip(events, homes, strict=True):
            if home and event.about and not event.target:
                wanted[home[0]].add(event.about)
        if not wanted:
            return {}
        # The message may be in this same batch, which is not recorded yet.
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
        """Record the roles that authors hold in this guild or chat, where the platform tells them and they changed."""
        told: dict[Holder, frozenset[str]] = {}
        for event, home in zip(events, homes, strict=True):
            who, spot = event.who, event.spot
            if home is None or spot is None or who is None or who.roles is None:
                continue
            root = _key(spot.root)
            key = _key(who)
            if self._roles.get((root, key)) != who.roles and (at := self._places.get(root)) and at[1] is not None:
                told[Holder(home[0], ids[home[0]][key], at[1])] = who.roles
                self._roles.put((root, key), who.roles)
        for holder in await roles.told(tx, told) if told else ():
            self.news.setdefault(holder.community_id, set()).add(holder.member_id)

    async def _members_of(self, tx: Tx, community: int, sightings: Mapping[Key, _Sighting], now: int) -> dict[Key, int]:
        """Ids of these people; makes members of people not met before, and writes down changes of the others."""
        by_heart = {key: known for key in sightings if (known := self._members.get((community, key)))}
        news = {key: seen for key, seen in sightings.items() if _is_news(seen, by_heart.get(key))}
        if news:
            strangers = {key: seen.person for key, seen in news.items() if key not in by_heart}
            accounts = await self._meet(tx, community, strangers, now) if strangers else {}
            ids = {key: by_heart[key].id if key in by_heart else accounts[key].member_id for key in news}
            await self._name(tx, community, {ids[key]: seen.person for key, seen in news.items()}, accounts)
            present = await _arrive(tx, community, {ids[key]: seen.acted_at for key, seen in news.items()})
            for key, (person, _) in news.items():
                by_heart[key] = _Met(ids[key], person.name, person.username, ids[key] in present)
                self._members.put((community, key), by_heart[key])
        return {key: known.id for key, known in by_heart.items()}

    async def _meet(self, tx: Tx, community: int, strangers: Mapping[Key, Person], now: int) -> dict[Key, Account]:
        """The accounts of people not in memory; creates them where the store does not know them either."""
        met = await members.find_accounts(tx, community, sorted(strangers))
        found = {(account.platform, account.external_id) for account in met}
        newcomers = [key for key in strangers if key not in found]
        if newcomers:
            arrivals = {key: self._arrival(community, self._ids.new(now), strangers[key]) for key in newcomers}
            # Sorted, so that two processes that meet the same people do not deadlock.
            await members.create_members(tx, [arrivals[key] for key in sorted(arrivals)], now)
            # Ask again: another process may have been faster.
            met += await members.find_accounts(tx, community, newcomers)
        return {(account.platform, account.external_id): account for account in met}

    async def _name(
        self, tx: Tx, community: int, persons: Mapping[int, Person], accounts: Mapping[Key, Account]
    ) -> None:
        """Keep the newest name; a username belongs to the account last seen with it."""
        shown = [self._account(community, member, person) for member, person in persons.items()]
        changed = [each for each in shown if not _is_called(accounts.get((each.platform, each.external_id)), each)]
        if changed:
            await members.rename(tx, changed)
        for loser in await members.claim_usernames(tx, shown):
            self._members.drop((community, loser))

    def _arrival(self, community: int, member: int, person: Person) -> tuple[Member, Account]:
        account = self._account(community, member, person)
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

    def _account(self, community: int, member: int, person: Person) -> Account:
        able = self._desk.abilities.get(person.platform)
        return Account(
            community_id=community,
            platform=person.platform,
            external_id=person.id,
            member_id=member,
            name=clean(person.name),
            username=_username(person),
            reachable=able is None or able.greets,
        )

    def _forget_leavers(self, events: Sequence[Event], homes: Sequence[Home | None]) -> None:
        """Forget members who leave, so that their return counts as a change."""
        for event, home in zip(events, homes, strict=True):
            if home and event.who and isinstance(event, MemberLeft):
                self._members.drop((home[0], _key(event.who)))


async def _arrive(tx: Tx, community: int, moments: Mapping[int, int | None]) -> set[int]:
    """Record who acted, and return which of these members are present now."""
    acted = sorted((community, member, at) for member, at in moments.items() if at is not None)
    await stays.meet(tx, acted)
    return {each.id for each in await members.by_ids(tx, community, sorted(moments)) if each.present}


def _is_news(seen: _Sighting, known: _Met | None) -> bool:
    if known is None or (known.name, known.username) != (seen.person.name, seen.person.username):
        return True
    return seen.acted_at is not None and not known.present


def _is_called(before: Account | None, now: Account) -> bool:
    return before is not None and (before.name, before.username) == (now.name, members.folded(now.username))


def _key(named: Person | Spot) -> Key:
    return named.platform, named.id


def _spots(events: Sequence[Event]) -> Iterator[Spot]:
    """The places where events happened, and the places that commands name."""
    for event in events:
        if event.spot:
            yield event.spot
        if isinstance(event, CommandGiven):
            yield from (each for each in event.invocation.options.values() if isinstance(each, Spot))


def _username(person: Person) -> str | None:
    return clean(person.username) if person.username else None


def _known(event: Event, home: Home, ids: dict[Key, int], authors: dict[str, int]) -> Known:
    who, target, about = event.who, event.target, event.about
    member = ids[who.platform, who.id] if who else None
    if target:
        return Known(*home, member, ids[target.platform, target.id])
    return Known(*home, member, authors.get(about) if about else None)


def _people(events: Sequence[Event], homes: Sequence[Home | None]) -> dict[int, dict[Key, _Sighting]]:
    """Everybody the events name, by community, each as last seen, in the order in which they were last seen."""
    found: defaultdict[int, dict[Key, _Sighting]] = defaultdict(dict)
    for event, home in zip(events, homes, strict=True):
        if home is None:
            continue
        sightings = found[home[0]]
        for person in _seen_in(event):
            before = sightings.pop(_key(person), None)
            acted = _acted(event, home, person) or (before.acted_at if before else None)
            sightings[_key(person)] = _Sighting(person, acted)
    return found


def _seen_in(event: Event) -> Iterable[Person]:
    named = _named(event.invocation) if isinstance(event, CommandGiven) else ()
    return (person for person in (event.who, event.target, *named) if person)


def _acted(event: Event, home: Home, person: Person) -> int | None:
    """When this person showed that they are present: by acting in a place, or because the platform says so."""
    if person != event.who or isinstance(event, MemberLeft):
        return None
    if not isinstance(event, CommandGiven):
        return event.at if home[1] is not None else None
    return event.at if event.invocation.standing.shows_presence(home[0], in_place=home[1] is not None) else None


def _named(invocation: Invocation) -> Iterable[Person]:
    """The people that a command names in its options or in its line."""
    given: list[object] = list(invocation.options.values())
    if line := invocation.line:
        given += [*line.pieces, line.replied]
    meant = (value.author if isinstance(value, Message) else value for value in given)
    return (value for value in meant if isinstance(value, Person))
