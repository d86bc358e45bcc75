"""Codes that nobody can guess: the last sign shows whether they were read right, and they may be typed in many ways.

They are Douglas Crockford's base 32. Five of his 37 check signs are not among its 32 signs; a code that would end in
one of them is skipped for the next.
"""

import unicodedata

from bot.kit import Refusal
from bot.kit.letters import normal

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: how many signs, the last of which is the check; nobody can guess 75 bits
LENGTH = 16
#: how many signs stand together when it is shown
GROUP = 4
#: a prime larger than the number of signs: it always notices one wrong sign, or two that changed places
CHECK = 37
#: letters that look like digits
ALIKE = str.maketrans("OIL", "011")


def code_of(chance: str) -> str:
    """Make a code from hexadecimal digits that nobody can foresee."""
    number = int(chance, 16) % len(LETTERS) ** (LENGTH - 1)
    while number % CHECK >= len(LETTERS):
        number = (number + 1) % len(LETTERS) ** (LENGTH - 1)
    check, code = LETTERS[number % CHECK], ""
    for _ in range(LENGTH - 1):
        number, letter = divmod(number, len(LETTERS))
        code = LETTERS[letter] + code
    return code + check


def shown(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read_code(typed: str) -> str:
    """Read a code in any case, with or without blanks and signs between, also as Chinese keyboards write it."""
    wide = normal("NFKC", typed).upper()
    code = "".join(each for each in wide if unicodedata.category(each)[0] not in "CZPS").translate(ALIKE)
    if len(code) != LENGTH or not set(code) <= set(LETTERS):
        raise Refusal("verify.no_code", length=LENGTH)
    number = 0
    for letter in code[:-1]:
        number = number * len(LETTERS) + LETTERS.index(letter)
    if number % CHECK != LETTERS.index(code[-1]):
        raise Refusal("verify.misread", code=shown(code))
    return code
