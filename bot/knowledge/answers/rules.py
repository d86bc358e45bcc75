"""What reactions to an answer say, however a keyboard writes them."""

import re
from enum import Enum


class Sign(Enum):
    """What a reaction to an answer says."""

    UP = "up"
    #: said by whoever asked
    ACCEPT = "accept"


#: as bare as `sign_of` looks at them; of those for accepting each platform has one at least
SIGNS = {"👍": Sign.UP, "⬆": Sign.UP, "✅": Sign.ACCEPT, "✔": Sign.ACCEPT, "👌": Sign.ACCEPT}

#: marks that ask for colours, and colours of skin
_SHADES = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")


def sign_of(emoji: str) -> Sign | None:
    """However a keyboard writes it."""
    return SIGNS.get(_SHADES.sub("", emoji))
