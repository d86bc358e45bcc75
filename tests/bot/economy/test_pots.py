"""What raffles and contests share: points split so that none is lost."""

from hypothesis import given
from hypothesis import strategies as st

from bot.economy.pots import split


@given(total=st.integers(0, 10**12), among=st.lists(st.integers(1, 10**18), min_size=1, max_size=50, unique=True))
def test_nothing_is_lost_in_a_split(total: int, among: list[int]) -> None:
    """All get the same, and the first also gets the remainder."""
    shares = split(total, among)

    assert sum(shares.values()) == total
    assert list(shares) == among
    assert {shares[each] for each in among[1:]} <= {total // len(among)}
    assert 0 <= shares[among[0]] - total // len(among) < len(among)
