"""Speaks: one package a party, each translating between its wire and the neutral words of `bot`."""
