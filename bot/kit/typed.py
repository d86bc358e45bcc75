"""What members name things by: a short number, or a name that can be shown anywhere."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain, count

from bot.kit.errors import OptionRefused, Refusal
from bot.kit.options import MANY, Kind, Option, Range, read_whole
from bot.kit.references import clean

#: ids are longer than the whole numbers a platform can type
LARGEST = 2**63 - 1
ANY = Option(name="number", kind=Kind.WHOLE, bounds=Range(-(10**MANY), 10**MANY))


def read_number(option: str, typed: str) -> int:
    """Also as it is shown, with a # before it; what no number can be is the number of nothing."""
    word = typed.strip().removeprefix("#")
    try:
        number = read_whole(ANY, word)
    except Refusal as refusal:
        raise OptionRefused(option, refusal.path, **refusal.values) from None
    return number if 0 <= number <= LARGEST else LARGEST


def told_apart(names: Sequence[str]) -> list[str]:
    """Those that several have get a number behind them, whatever else somebody calls theirs."""
    taken = {name for name, times in Counter(each.casefold() for each in names).items() if times > 1}
    apart = []
    for name in names:
        numbered = chain([name], (f"{name} ({number})" for number in count(1)))
        apart.append(next(each for each in numbered if each.casefold() not in taken))
        taken.add(apart[-1].casefold())
    return apart


def read_name(option: str, typed: str, longest: int) -> str:
    """On one line, without what cannot be seen; refused when nothing is left to be seen."""
    name = clean(" ".join(typed.split()), longest)
    if name == clean(""):
        raise OptionRefused(option, "refusal.length", low=1, high=longest)
    return name
