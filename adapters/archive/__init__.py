"""The readers of the archive: people and programs who are no members, and are shown files instead of replies."""
