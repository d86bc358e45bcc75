"""The draw is fair, and anybody who knows the secret gets the same result."""

from collections import Counter
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from bot.economy.raffles.rules import draw, fingerprint
from models.pots import Seat


def seats(*members: int) -> list[Seat]:
    return [Seat(1, 5, number, member, 0) for number, member in enumerate(members, 1)]


def test_the_draw_can_be_checked_by_hand() -> None:
    """As announced: the sha256 of the secret and the turn, divided by the seats, leaves the winner."""
    taken = seats(7, 8, 9)
    rest = int(sha256(b"secret:1").hexdigest(), 16) % 3

    assert fingerprint("secret") == sha256(b"secret").hexdigest()
    assert draw("secret", taken, 1) == [taken[rest]]


@given(seed=st.text(min_size=1), members=st.lists(st.integers(1, 9), max_size=40), winners=st.integers(1, 20))
def test_nobody_wins_twice(seed: str, members: list[int], winners: int) -> None:
    """As many win as should, or as there are; always the same for the same secret."""
    seed = seed.encode(errors="replace").decode()
    won = draw(seed, seats(*members), winners)

    assert len({each.member_id for each in won}) == len(won) == min(winners, len(set(members)))
    assert won == draw(seed, seats(*members), winners)


def test_every_seat_has_the_same_chance() -> None:
    """Over four thousand secrets each of four seats wins about a thousand times."""
    taken = seats(1, 2, 3, 4)
    wins = Counter(draw(str(number), taken, 1)[0].number for number in range(4000))

    assert all(880 < wins[number] < 1120 for number in range(1, 5)), wins
