"""Numbered SQL, applied by models/migrate.py; a package only so that the files ship with the program."""
