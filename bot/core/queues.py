"""A fair queue: places take turns, and moderators come before everybody."""

from collections import OrderedDict, deque
from collections.abc import Hashable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Fair(Generic[Item]):
    """Within a place, first come is first served."""

    def __init__(self) -> None:
        self._first: deque[Item] = deque()
        self._places: OrderedDict[Hashable, deque[Item]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._first) + sum(map(len, self._places.values()))

    def put(self, item: Item, place: Hashable, *, first: bool = False) -> None:
        (self._first if first else self._places.setdefault(place, deque())).append(item)

    def waiting(self, place: Hashable) -> int:
        return len(self._places.get(place, ()))

    def peek(self) -> Item | None:
        """The entry that `take` takes next."""
        if self._first:
            return self._first[0]
        return next(iter(self._places.values()))[0] if self._places else None

    def take(self) -> Item:
        if self._first:
            return self._first.popleft()
        place, items = self._places.popitem(last=False)
        item = items.popleft()
        if items:
            self._places[place] = items
        return item
