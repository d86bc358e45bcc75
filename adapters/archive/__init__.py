"""Serves the readers of the archive: people and programs who are not members, and get files instead of replies."""
