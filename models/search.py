"""What a typed fragment matches; where it is looked for is left to each noun."""


def containing(text: str) -> str:
    """A pattern for `LIKE :pattern ESCAPE '!'` that takes the fragment literally."""
    escaped = text.lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"
