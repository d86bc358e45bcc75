"""Invents members of one guild and the messages they write, as fresh objects as an adapter brings them."""

from itertools import accumulate
from random import Random
from typing import Literal

from bot.kit.events import MessagePosted
from bot.kit.references import Person, Spot

Law = Literal["zipf", "uniform"]

#: noon of one day, so that no run crosses midnight
NOON = 1_800_014_400_000
DAY = 86_400_000
CHANNELS = 20
FIRST_PERSON = 100_000_000_000_000_000
FIRST_MESSAGE = 1_000_000_000_000_000_000
#: a prime, so that the busiest members are not neighbours in the tables
STRIDE = 611_953


class Crowd:
    def __init__(self, size: int, law: Law = "zipf") -> None:
        self.size = size
        self._random = Random(size)
        self._weights = list(accumulate(1 / rank for rank in range(1, size + 1))) if law == "zipf" else None
        self._written = 0

    def person(self, number: int) -> Person:
        return Person("discord", str(FIRST_PERSON + number), f"member {number}")

    def spot(self, number: int) -> Spot:
        return Spot(
            "discord", str(10 + number), "channel", f"channel {number}", Spot("discord", "1", "guild", "Hearth")
        )

    def messages(self, count: int) -> list[MessagePosted]:
        """The next so many messages; no cause comes twice."""
        first, self._written = self._written, self._written + count
        ranks = self._random.choices(range(self.size), cum_weights=self._weights, k=count)
        return [self._message(first + at, rank * STRIDE % self.size) for at, rank in enumerate(ranks)]

    def _message(self, number: int, member: int) -> MessagePosted:
        return MessagePosted(
            cause=f"discord:msg:{FIRST_MESSAGE + number}",
            at=NOON + number,
            who=self.person(member),
            spot=self.spot(number % CHANNELS),
            length=20,
            number=FIRST_MESSAGE + number,
        )
