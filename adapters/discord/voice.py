"""Minutes that members spend talking with one another, cut into slices that can each be recorded once."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.events import VoiceSpent
from bot.people import Person, Spot

MINUTE = 60_000
#: a slice is recorded no later than this, so that a crash loses little
SLICE = 5 * MINUTE


@dataclass(slots=True)
class _Talk:
    person: Person
    spot: Spot
    #: when the running slice began
    since: int


class Voice:
    """Told who is in company at each change; members who are alone, deaf or away are simply not told."""

    def __init__(self) -> None:
        self._talks: dict[tuple[str, str], _Talk] = {}

    def see(self, guild: str, company: Mapping[Person, Spot], now: int) -> list[VoiceSpent]:
        """What came to an end with this change."""
        there = {(guild, person.id): (person, spot) for person, spot in company.items()}
        gone = [
            key
            for key, talk in self._talks.items()
            if key[0] == guild and (key not in there or there[key][1].id != talk.spot.id)
        ]
        spent = [slice_ for key in gone for slice_ in _spent(guild, self._talks.pop(key), now)]
        for key, (person, spot) in there.items():
            self._talks.setdefault(key, _Talk(person, spot, now))
        return spent

    def tick(self, now: int) -> list[VoiceSpent]:
        """The slices that are full; what is left of a minute goes on counting."""
        spent: list[VoiceSpent] = []
        for (guild, _), talk in self._talks.items():
            if now - talk.since >= SLICE:
                full = _spent(guild, talk, now)
                talk.since += full[0].minutes * MINUTE
                spent += full
        return spent

    def guilds(self) -> set[str]:
        return {guild for guild, _ in self._talks}


def _spent(guild: str, talk: _Talk, now: int) -> list[VoiceSpent]:
    minutes = (now - talk.since) // MINUTE
    if minutes < 1:
        return []
    cause = f"discord:voice:{guild}:{talk.person.id}:{talk.since}"
    return [VoiceSpent(cause=cause, at=now, who=talk.person, spot=talk.spot, minutes=minutes)]
