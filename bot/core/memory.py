"""Keeps facts in memory for a while: keeps what is asked for, forgets the rest before memory runs out."""

from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")


class Memory(Generic[Key, Item]):
    """Two generations: when the younger holds `limit` entries, the older goes, so there are never twice as many."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._young: dict[Key, Item] = {}
        self._old: dict[Key, Item] = {}

    def get(self, key: Key) -> Item | None:
        found = self._young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self.put(key, found)
        return found

    def put(self, key: Key, item: Item) -> None:
        if len(self._young) >= self._limit:
            self._old, self._young = self._young, {}
        self._young[key] = item

    def drop(self, key: Key) -> None:
        self._young.pop(key, None)
        self._old.pop(key, None)
