"""What reactions to an answer say, however a keyboard writes them."""

import re
from enum import Enum


class Sign(Enum):
    """What a reaction to an answer says."""

    UP = "up"
    #: from the asker only
    ACCEPT = "accept"


#: without the marks that `sign_of` removes; each platform offers at least one of those for accepting
SIGNS = {"👍": Sign.UP, "⬆": Sign.UP, "✅": Sign.ACCEPT, "✔": Sign.ACCEPT, "👌": Sign.ACCEPT}

#: marks that ask for colours, and skin tones
_SHADES = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")


def sign_of(emoji: str) -> Sign | None:
    """What the emoji says, however a keyboard writes it."""
    return SIGNS.get(_SHADES.sub("", emoji))
