"""Polls on a Telegram of our own: questions and votes; other files have the methods."""

from dataclasses import dataclass, field

from .telegram_text import Entity
from .telegram_updates import Json


@dataclass(eq=False, slots=True, kw_only=True)
class Poll:
    id: str
    question: str
    options: list[str]
    is_anonymous: bool = True
    kind: str = "regular"
    allows_multiple_answers: bool = False
    allows_revoting: bool = True
    correct: list[int] = field(default_factory=list)
    explanation: str = ""
    explanation_entities: list[Entity] = field(default_factory=list)
    open_period: int | None = None
    close_date: int | None = None
    is_stopped: bool = False
    #: The chosen options, by the id of the voter.
    votes: dict[int, list[int]] = field(default_factory=dict)

    def is_closed(self, now: int) -> bool:
        return self.is_stopped or (self.close_date is not None and self.close_date <= now)

    def wire(self, now: int) -> Json:
        known: Json = {"id": self.id, "question": self.question, "options": self._options(), "type": self.kind}
        known |= {"total_voter_count": len(self.votes), "is_closed": self.is_closed(now), "members_only": False}
        for name in ("is_anonymous", "allows_multiple_answers", "allows_revoting"):
            known[name] = getattr(self, name)
        more = {
            "correct_option_ids": self.correct,
            "explanation": self.explanation,
            "explanation_entities": self.explanation_entities,
            "open_period": self.open_period,
            "close_date": self.close_date,
        }
        return known | {name: value for name, value in more.items() if value}

    def _options(self) -> list[Json]:
        chosen = [option for options in self.votes.values() for option in options]
        return [
            {"persistent_id": persistent(number), "text": text, "voter_count": chosen.count(number)}
            for number, text in enumerate(self.options)
        ]


def persistent(number: int) -> str:
    return f"option{number}"
