"""What can go wrong on purpose: refusals for members, and the words adapters have for a platform's no."""

from typing import Any

#: the longest wait, in seconds, that we accept at once: Discord's longest is ten minutes; after it we ask again
LONGEST = 900.0
#: the shortest wait, so that we do not ask without pause when a platform names none
LEAST = 1.0


class Refusal(Exception):
    """A clear no: a path in the catalogues and its values. The dispatcher rolls back and says it privately."""

    def __init__(self, path: str, /, **values: Any) -> None:
        super().__init__(path)
        self.path = path
        self.values = values


class Miss(Refusal):
    """The member guessed a secret wrong; a member who guesses too often gets no answer."""


class OptionRefused(Refusal):
    """An option is missing or wrong: the answer says which, why, and gives a right example to copy."""

    def __init__(self, option: str, path: str, /, *, so_far: str | None = None, **values: Any) -> None:
        super().__init__(path, **values)
        self.option = option
        #: the command line up to the missing word; the member's reply completes it
        self.so_far = so_far


class Later(Exception):
    """The platform asks us to wait, for a limited time."""

    def __init__(self, seconds: float) -> None:
        seconds = min(max(LEAST, seconds), LONGEST)  # in this order NaN becomes the shortest wait
        super().__init__(f"later, in {seconds:g} s")
        self.seconds = seconds


class Refused(Exception):
    """The platform's final no: asking again would not help. `reason` is a path below `mend` in the catalogues."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class Unknown(Exception):
    """It may or may not be done: the connection ended before the platform answered."""


class Failed(Exception):
    """The platform says that it broke: most likely it did nothing."""


class Moved(Exception):
    """The place has another id now; perform it there."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"{old} is now {new}")
        self.old = old
        self.new = new


class Unservable(Exception):
    """A platform cannot be served until the operator fixes something; the others go on."""

    def __init__(self, platform: str, mend: str) -> None:
        super().__init__(f"{platform}: {mend}")
        self.platform = platform
        self.mend = mend
