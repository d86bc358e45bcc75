"""Speaks to the outside: one package for each party translates between its protocol and the neutral words of `bot`."""
