"""Polls in messages on Discord: questions and voters; discord_voting has the routes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.servers.discord_parts import Json
from tests.servers.discord_records import User


@dataclass(slots=True, kw_only=True, eq=False)
class Poll:
    question: str
    answers: list[Json]
    expires_at: datetime
    allows_many: bool = False
    is_over: bool = False
    #: The voters of each answer, counted from 1.
    votes: dict[int, list[User]] = field(default_factory=dict)

    @classmethod
    def asked(cls, body: Json, now: datetime) -> "Poll":
        return cls(
            question=body["question"]["text"],
            answers=[answer["poll_media"] for answer in body["answers"]],
            expires_at=now + timedelta(hours=body.get("duration") or 24),
            allows_many=bool(body.get("allow_multiselect")),
        )

    def json(self) -> Json:
        numbered = list(enumerate(self.answers, start=1))
        counts = [
            {"id": number, "count": len(users), "me_voted": any(user.bot for user in users)}
            for number, users in self.votes.items()
        ]
        return {
            "question": {"text": self.question},
            "answers": [{"answer_id": number, "poll_media": shown} for number, shown in numbered],
            "expiry": self.expires_at.isoformat(),
            "allow_multiselect": self.allows_many,
            "layout_type": 1,
            "results": {"answer_counts": counts, "is_finalized": self.is_over},
        }
