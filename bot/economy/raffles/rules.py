"""The draw: decided by a secret whose fingerprint was shown before anybody took part, so that anybody can check it."""

from collections.abc import Sequence
from hashlib import sha256

from models.pots import Seat


def fingerprint(seed: str) -> str:
    return sha256(seed.encode()).hexdigest()


def draw(seed: str, seats: Sequence[Seat], winners: int) -> list[Seat]:
    """The winning seats, of as many members: turn by turn the sha256 of `seed:turn` points at one of those left."""
    left, won = list(seats), []
    for turn in range(1, winners + 1):
        if not left:
            break
        seat = left[int(fingerprint(f"{seed}:{turn}"), 16) % len(left)]
        won.append(seat)
        left = [each for each in left if each.member_id != seat.member_id]
    return won
