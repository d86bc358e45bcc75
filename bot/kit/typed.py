"""Reads what members call things: a short number, or a name that is safe to show anywhere."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain, count

from bot.kit.errors import OptionRefused, Refusal
from bot.kit.options import MANY, Kind, Option, Range, read_whole
from bot.kit.references import clean

#: the largest id; ids may be longer than the whole numbers that a platform lets members type
LARGEST = 2**63 - 1
ANY = Option(name="number", kind=Kind.WHOLE, bounds=Range(-(10**MANY), 10**MANY))


def read_number(option: str, typed: str) -> int:
    """Read a number, with or without a #; a number that no thing can have becomes one that nothing has."""
    word = typed.strip().removeprefix("#")
    try:
        number = read_whole(ANY, word)
    except Refusal as refusal:
        raise OptionRefused(option, refusal.path, **refusal.values) from None
    return number if 0 <= number <= LARGEST else LARGEST


def told_apart(names: Sequence[str]) -> list[str]:
    """Number the names that several things have, and avoid every other name in use."""
    taken = {name for name, times in Counter(each.casefold() for each in names).items() if times > 1}
    apart = []
    for name in names:
        numbered = chain([name], (f"{name} ({number})" for number in count(1)))
        apart.append(next(each for each in numbered if each.casefold() not in taken))
        taken.add(apart[-1].casefold())
    return apart


def read_name(option: str, typed: str, longest: int) -> str:
    """Read a name as one line without invisible characters; refuse it when nothing visible is left."""
    name = clean(" ".join(typed.split()), longest)
    if name == clean(""):
        raise OptionRefused(option, "refusal.length", low=1, high=longest)
    return name
