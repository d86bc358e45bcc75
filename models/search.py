"""What a typed fragment matches; where it is looked for is left to each noun."""

#: characters; an engine refuses a pattern of some ten thousand, and no name that is looked for is as long as this
LONGEST = 200


def containing(text: str) -> str:
    """A pattern for `LIKE :pattern ESCAPE '!'` that takes the fragment literally."""
    escaped = text[:LONGEST].lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"
