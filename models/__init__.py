"""Memory: the store, its migrations, and each noun's record beside its SQL; what it all means is left to bot/."""
