"""The draw: a secret decides it, and its fingerprint is shown before anybody takes part, so anybody can check it."""

from collections.abc import Sequence
from hashlib import sha256

from models.pots import Seat


def fingerprint(seed: str) -> str:
    return sha256(seed.encode()).hexdigest()


def draw(seed: str, seats: Sequence[Seat], winners: int) -> list[Seat]:
    """Draw seats of different members: in each turn, the sha256 of `seed:turn` picks one of the seats that are left."""
    left, won = list(seats), []
    for turn in range(1, winners + 1):
        if not left:
            break
        seat = left[int(fingerprint(f"{seed}:{turn}"), 16) % len(left)]
        won.append(seat)
        left = [each for each in left if each.member_id != seat.member_id]
    return won
