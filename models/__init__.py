"""Keeps all data: the store, its migrations, and each noun's record beside its SQL; bot/ decides what they mean."""
