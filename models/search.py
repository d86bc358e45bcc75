"""Makes the pattern for a typed fragment; each noun searches its own names."""

#: characters; an engine refuses a pattern of some ten thousand, and no name we search for is so long
LONGEST = 200


def containing(text: str) -> str:
    """A pattern for `LIKE :pattern ESCAPE '!'` that takes the fragment literally."""
    escaped = text[:LONGEST].lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"
