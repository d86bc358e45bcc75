"""What may break: processes are killed, platforms refuse, stores are locked; and what must still hold."""
