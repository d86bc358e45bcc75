"""How events count towards a member's day."""

from collections.abc import Iterable

#: kinds of activity that count; commands, and what only the bot did, are recorded but not counted
COUNTED = ("message", "reply", "reaction", "join", "leave", "voice")

#: what a member receives when another member does this to them
RECEIVED = {"reply": "reply_received", "reaction": "reaction_received"}

#: day, kind, who did it, to which member, and how much of it
Deed = tuple[int, str, int | None, int | None, int]


def tally(deeds: Iterable[Deed]) -> dict[tuple[int, int, str], int]:
    """Amounts by (day, member, kind), for the member who did it and the one who received it."""
    counts: dict[tuple[int, int, str], int] = {}
    for day, kind, member, target, amount in deeds:
        if member is not None:
            key = day, member, kind
            counts[key] = counts.get(key, 0) + amount
        if target is not None and target != member and kind in RECEIVED:
            key = day, target, RECEIVED[kind]
            counts[key] = counts.get(key, 0) + amount
    return counts
