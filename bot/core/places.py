"""Knows our place for each guild, chat, channel and thread, its name, and who may read it, as last told.

Facts about a place travel with each event, and events come late and overtake one another. So the order in which they
were read counts, not the order in which they arrive.
"""

from collections.abc import Iterable, Iterator, Mapping

from bot.core.memory import Memory
from bot.kit.references import Spot, clean
from models import communities
from models.communities import Place, Shown
from models.ids import Ids
from models.store import Tx

Key = tuple[str, str]
#: a community, and the place in it unless the chat is private
Home = tuple[int, int | None]

#: places kept in memory
REMEMBERED = 100_000


class Places:
    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        #: how new the facts about a place are; this stays after a rollback, because they are told again
        self._newest: Memory[Key, int] = Memory(REMEMBERED)
        self.forget()

    def forget(self) -> None:
        self._known: Memory[Key, Home] = Memory(REMEMBERED)
        #: the places as last shown
        self._shown: Memory[Key, tuple[object, ...]] = Memory(REMEMBERED)

    def get(self, key: Key) -> Home | None:
        return self._known.get(key)

    async def of(self, tx: Tx, told: Iterable[Spot], now: int, stated: frozenset[Key] = frozenset()) -> None:
        """Make all these places known, except private chats, which are no place.

        `stated` are places that an event describes for their own sake: they are believed without comparing with
        memory.
        """
        spots: dict[Key, Spot] = {}
        for spot in (each for one in told if one.root.kind != "dm" for each in _lineage(one)):
            before = spots.get(key_of(spot))
            if before is None or before.order <= spot.order:
                spots[key_of(spot)] = spot
        await self._learn(tx, {key: spot for key, spot in spots.items() if self._known.get(key) is None}, now)
        await self._show(tx, {key: spot for key, spot in spots.items() if self._is_news(spot, stated)})

    def _is_news(self, spot: Spot, stated: frozenset[Key]) -> bool:
        """Whether it changes what we know; a name that equals the id tells nothing, and a first name is no news."""
        key = key_of(spot)
        known = self._shown.get(key)
        if spot.name == spot.id or spot.order < (self._newest.get(key) or 0):
            return False
        if spot.dated and known and known[0] != spot.id:
            return False
        return key in stated or known != _face(spot)

    async def _show(self, tx: Tx, spots: Mapping[Key, Spot]) -> None:
        shown = [
            Shown(
                community_id=home[0],
                id=home[1],
                parent_id=above[1] if spot.parent and (above := self._known.get(key_of(spot.parent))) else None,
                kind=spot.kind,
                name=clean(spot.name),
                circle=spot.circle,
            )
            for key, spot in spots.items()
            if (home := self._known.get(key)) and home[1] is not None
        ]
        if shown:
            await communities.show_places(tx, shown)
        for spot in spots.values():
            self._remember(spot)

    def _remember(self, spot: Spot) -> None:
        self._shown.put(key_of(spot), _face(spot))
        self._newest.put(key_of(spot), spot.order)

    async def _learn(self, tx: Tx, unknown: dict[Key, Spot], now: int) -> None:
        """Learn guilds and chats first, then what is inside them, since a channel belongs to its guild's community."""
        while unknown:
            await self._find(tx, unknown)
            ready = [spot for spot in unknown.values() if not spot.parent or self._known.get(key_of(spot.parent))]
            # Sorted, so that two processes that meet the same places do not deadlock.
            for spot in sorted(ready, key=key_of):
                await self._make(tx, spot, now)
            if ready:
                await self._find(tx, unknown)

    async def _find(self, tx: Tx, unknown: dict[Key, Spot]) -> None:
        for place in await communities.find_places(tx, sorted(unknown)):
            key = place.platform, place.external_id
            self._known.put(key, (place.community_id, place.id))
            spot = unknown.pop(key)
            name = place.name if spot.dated and place.name != place.external_id else clean(spot.name)
            if (name, spot.kind, spot.circle) == (place.name, place.kind, place.circle):
                self._remember(spot)

    async def _make(self, tx: Tx, spot: Spot, now: int) -> None:
        home = self._known.get(key_of(spot.parent)) if spot.parent else None
        community, parent = home or (self._ids.new(now), None)
        place = Place(
            community_id=community,
            id=self._ids.new(now),
            platform=spot.platform,
            external_id=spot.id,
            parent_id=parent,
            kind=spot.kind,
            name=clean(spot.name),
            circle=spot.circle,
        )
        if home is None:
            await communities.begin_community(tx, place, now)
        else:
            await communities.create_places(tx, [place])


def key_of(spot: Spot) -> Key:
    return spot.platform, spot.id


def _lineage(spot: Spot) -> Iterator[Spot]:
    """The places around it, outermost first, then itself."""
    if spot.parent:
        yield from _lineage(spot.parent)
    yield spot


def _face(spot: Spot) -> tuple[object, ...]:
    return spot.name, spot.circle, spot.kind, spot.parent and spot.parent.id
