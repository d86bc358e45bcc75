"""Does heavy work in a process of its own: it gets plain data, and has no secrets and no database."""
