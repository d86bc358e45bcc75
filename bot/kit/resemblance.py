"""How alike two texts are, told from their imprints: sixty-four bits each, from which nobody can read a word.

Texts that share most of their terms share most of their bits (M. Charikar's simhash of 2002). The terms are hashed with
a key, so imprints made with different keys have nothing in common, and without the key nobody can try out words.
"""

from hashlib import blake2b
from math import cos, pi

from bot.kit.terms import terms

#: how many bits an imprint has
BITS = 64
#: texts of fewer terms are alike only when they are equal: there, one word more or less tells too little
FEW = 5
#: how many characters are read: texts that begin alike for so long go on alike
LONGEST = 600
#: each byte's eight bits, each in its own sixteen bits, so that many can be added up at once
_LANE = 16
_SPREAD = [sum((byte >> bit & 1) << bit * _LANE for bit in range(8)) for byte in range(256)]
#: percent, by how many bits differ: turns the angle between two texts into the share of terms they have in common
_ALIKE = [round(100 * max(0.0, cos(pi * differing / BITS))) for differing in range(BITS + 1)]


def imprint(text: str, key: str) -> int:
    """Each bit has the value that most terms of the text have; a short text counts as one term."""
    found = terms(text[:LONGEST]) or ["".join(text.split())]
    if len(once := dict.fromkeys(found)) < FEW:
        found = [" ".join(once)]
    secret = bytes.fromhex(key)
    digests = b"".join([blake2b(each.encode(), digest_size=BITS // 8, key=secret).digest() for each in found])
    half, bits = len(found) / 2, 0
    for place in range(BITS // 8):
        counted = sum(map(_SPREAD.__getitem__, digests[place :: BITS // 8]))
        for bit in range(8):
            if counted >> bit * _LANE & 0xFFFF > half:
                bits |= 1 << place * 8 + bit
    return bits


def alike(one: int, other: int) -> int:
    """Percent: 100 for equal imprints, about 0 for texts that have nothing in common."""
    return _ALIKE[(one ^ other).bit_count()]
