"""What members name things by: a short number, or a name that can be shown anywhere."""

from bot.errors import OptionRefused, Refusal
from bot.options import Kind, Option, Range, read_whole
from bot.people import clean

#: ids are longer than the whole numbers a platform can type
NUMBER = Option(name="number", kind=Kind.WHOLE, bounds=Range(0, 2**63 - 1))


def read_number(option: str, typed: str) -> int:
    """Also as it is shown, with a # before it."""
    try:
        return read_whole(NUMBER, typed.strip().removeprefix("#"))
    except Refusal as refusal:
        raise OptionRefused(option, refusal.path, **refusal.values) from None


def read_name(option: str, typed: str, longest: int) -> str:
    """On one line, without what cannot be seen; refused when nothing is left to be seen."""
    name = clean(" ".join(typed.split()), longest)
    if name == clean(""):
        raise OptionRefused(option, "refusal.length", low=1, high=longest)
    return name
