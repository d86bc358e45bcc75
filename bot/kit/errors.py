"""What can go wrong on purpose: refusals for members, and the words adapters have for a platform's no."""

from typing import Any

#: seconds that a platform can put us off by: Discord's longest are ten minutes, and what asks for more is asked again
LONGEST = 900.0
#: and the fewest, so that one who names none is not asked without end
LEAST = 1.0


class Refusal(Exception):
    """A clear no: a path in the catalogues and its values. The dispatcher rolls back and says it privately."""

    def __init__(self, path: str, /, **values: Any) -> None:
        super().__init__(path)
        self.path = path
        self.values = values


class Miss(Refusal):
    """A secret was guessed wrong; who guesses too often is not told any more."""


class OptionRefused(Refusal):
    """One option is missing or wrong: answered with which, why, and a right example to copy."""

    def __init__(self, option: str, path: str, /, *, so_far: str | None = None, **values: Any) -> None:
        super().__init__(path, **values)
        self.option = option
        #: the command line up to the missing word, to be continued by a reply
        self.so_far = so_far


class Later(Exception):
    """The platform asks for patience, of which there is an end."""

    def __init__(self, seconds: float) -> None:
        seconds = min(max(LEAST, seconds), LONGEST)  # in this order what is no number is the least
        super().__init__(f"later, in {seconds:g} s")
        self.seconds = seconds


class Refused(Exception):
    """The platform's final no: asking again would not help. `reason` is a path below `mend` in the catalogues."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class Unknown(Exception):
    """It may or may not have been performed: the connection ended before the platform answered."""


class Failed(Exception):
    """The platform says that it broke: most likely nothing was done."""


class Moved(Exception):
    """The place has another id now; perform it there."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"{old} is now {new}")
        self.old = old
        self.new = new


class Unservable(Exception):
    """A platform cannot be served until the operator mends something; the others go on."""

    def __init__(self, platform: str, mend: str) -> None:
        super().__init__(f"{platform}: {mend}")
        self.platform = platform
        self.mend = mend
