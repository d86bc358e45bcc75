"""`python -m bot` is `hearth`."""

from bot.host.cli import main

main()
