"""Codes that nobody can guess, that end in a sign of whether they were read right, and that forgive how they are typed.

They are Douglas Crockford's base 32. Of his 37 check signs five are no letters or digits; a code that would end in one
of them is passed over for the next.
"""

import unicodedata

from bot.kit import Refusal
from bot.kit.letters import normal

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: in all, the last of which is the check; 75 bits cannot be guessed
LENGTH = 16
#: as it is shown, so many at a time
GROUP = 4
#: one more than there are signs, and a prime: one wrong sign, or two that changed places, are always noticed
CHECK = 37
#: letters that are taken for others
ALIKE = str.maketrans("OIL", "011")


def code_of(chance: str) -> str:
    """Of hexadecimal digits that nobody can foresee."""
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
    """In any case, with blanks, dashes and whatever else stands between or none, and as Chinese keyboards write it."""
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
