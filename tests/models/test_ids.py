"""Ids of our own."""

from hypothesis import example, given
from hypothesis import strategies as st

from models.ids import EPOCH, FAR, Ids, born

NOW = 1_800_000_000_000


@given(st.lists(st.integers(NOW - FAR // 2, NOW + FAR // 2), min_size=2, max_size=50))
@example([NOW + FAR // 2, NOW - FAR // 2, NOW - FAR // 2])
def test_ids_grow_though_the_clock_goes_back(clock: list[int]) -> None:
    """Each id is greater than the last, as long as the clock goes back no further than a correct one does."""
    ids = Ids(3)

    made = [ids.new(now) for now in clock]

    assert made == sorted(set(made))


@given(st.lists(st.integers(EPOCH - 1000, EPOCH + (1 << 40)), min_size=2, max_size=50))
def test_no_id_is_made_twice_whatever_the_clock_does(clock: list[int]) -> None:
    """When a clock comes back from a jump ahead, ids follow it, so that new ones do not lie in the future."""
    ids = Ids(3)

    made = [ids.new(now) for now in clock]

    assert len(set(made)) == len(made)
    assert all(0 <= each < 1 << 63 for each in made)
    assert all(born(each) <= max(now, EPOCH) + FAR + 1 for each, now in zip(made, clock, strict=True))


def test_a_thousand_times_the_counter_in_one_millisecond() -> None:
    """Even if the clock stands still, there are enough ids."""
    ids = Ids(3)

    made = {ids.new(NOW) for _ in range(10_000)}

    assert len(made) == 10_000
    assert NOW <= born(max(made)) <= NOW + 3


def test_an_id_knows_when_it_was_born() -> None:
    """The moment can be read back from the id, to the millisecond."""
    assert born(Ids().new(NOW)) == NOW


def test_processes_do_not_meet() -> None:
    """Two nodes never make the same id."""
    one, other = Ids(1), Ids(2)

    assert not {one.new(NOW) for _ in range(5000)} & {other.new(NOW) for _ in range(5000)}


def test_ids_of_two_nodes_are_ordered_by_time() -> None:
    """A later id is greater, whichever node made it."""
    assert Ids(1023).new(NOW) < Ids(0).new(NOW + 1)
