"""Awards points for a message with other projects' code; each program runs with only its peer's own packages."""
