"""A fair queue."""

from bot.core.queues import Fair


def drained(queue: Fair[str]) -> list[str]:
    found = []
    while (item := queue.peek()) is not None:
        assert queue.take() == item
        found.append(item)
    return found


def test_each_place_has_its_turn() -> None:
    """However much waits in one place; within a place the first to come is served first."""
    queue: Fair[str] = Fair()
    for number in range(5):
        queue.put(f"flood{number}", "flood")
    queue.put("a1", "a")
    queue.put("a2", "a")
    queue.put("b1", "b")

    assert (len(queue), queue.waiting("flood"), queue.waiting("nowhere")) == (8, 5, 0)
    assert drained(queue) == ["flood0", "a1", "b1", "flood1", "a2", "flood2", "flood3", "flood4"]
    assert len(queue) == 0


def test_who_keeps_order_goes_first() -> None:
    """Moderators go before every place."""
    queue: Fair[str] = Fair()
    queue.put("a1", "a")
    queue.put("order", "a", first=True)
    queue.put("b1", "b")

    assert drained(queue) == ["order", "a1", "b1"]
