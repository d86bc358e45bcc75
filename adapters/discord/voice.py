"""Counts minutes that members talk with one another, in slices that can each be recorded once."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.clock import Clock
from bot.kit.events import VoiceSpent
from bot.kit.references import Person, Spot

MINUTE = 60_000
#: a slice is recorded no later than this, so that a crash loses little
SLICE = 5 * MINUTE
#: no slice is longer: full ones are looked for each minute, which may be a minute late. A process that stood still
#: for longer does not know who talked meanwhile.
LONGEST = SLICE + 2 * MINUTE


@dataclass(slots=True)
class _Talk:
    person: Person
    spot: Spot
    #: when the running slice began: by the clock, and by passed time
    since: int
    began: int


class Voice:
    """Hears who is in company at each change; members who are alone, deaf or away are not in the list."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._talks: dict[tuple[str, str], _Talk] = {}

    def see(self, guild: str, company: Mapping[Person, Spot]) -> list[VoiceSpent]:
        """The slices that end with this change."""
        there = {(guild, person.id): (person, spot) for person, spot in company.items()}
        gone = [
            key
            for key, talk in self._talks.items()
            if key[0] == guild and (key not in there or there[key][1].id != talk.spot.id)
        ]
        spent = [slice_ for key in gone for slice_ in self._spent(guild, self._talks.pop(key))]
        for key, (person, spot) in there.items():
            self._talks.setdefault(key, _Talk(person, spot, self._clock.now(), self._clock.passed()))
        return spent

    def tick(self) -> list[VoiceSpent]:
        """The slices that are full."""
        passed = self._clock.passed()
        full = [(guild, talk) for (guild, _), talk in self._talks.items() if passed - talk.began >= SLICE]
        return [slice_ for guild, talk in full for slice_ in self._spent(guild, talk)]

    def guilds(self) -> set[str]:
        return {guild for guild, _ in self._talks}

    def _spent(self, guild: str, talk: _Talk) -> list[VoiceSpent]:
        """The running slice, if it has a full minute; the rest counts for the next slice."""
        now, passed = self._clock.now(), self._clock.passed()
        minutes, rest = divmod(min(passed - talk.began, LONGEST), MINUTE)
        if not minutes:
            return []
        cause = f"discord:voice:{guild}:{talk.person.id}:{talk.since}"
        talk.since, talk.began = now - rest, passed - rest
        return [VoiceSpent(cause=cause, at=now, who=talk.person, spot=talk.spot, minutes=minutes)]
