"""What may break: processes killed, platforms that refuse, stores that are held; and what must hold all the same."""
