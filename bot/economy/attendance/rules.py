"""Whether somebody was there, decided from what they show; and codes that can be read off a screen."""

from bot.kit import Refusal
from bot.kit.errors import Miss
from bot.kit.letters import normal
from models.gatherings import Gathering
from models.members import Member

#: without those that are taken for one another
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 6


def code_of(chance: str) -> str:
    """Of hexadecimal digits that nobody can foresee."""
    number, code = int(chance, 16), ""
    for _ in range(LENGTH):
        number, letter = divmod(number, len(LETTERS))
        code += LETTERS[letter]
    return code


def folded(typed: str) -> str:
    """As phones and Chinese keyboards write it."""
    return "".join(normal("NFKC", typed).split()).upper()


def is_open(gathering: Gathering, now: int) -> bool:
    """Not after its end either, though the bell for it may be late."""
    return gathering.closed_at is None and now < gathering.closes_at


def objection(gathering: Gathering, member: Member, code: str, now: int) -> Refusal | None:
    """Why they may not be put on the list."""
    if not is_open(gathering, now):
        return Refusal("attend.over", title=gathering.title)
    if member.bot:
        return Refusal("attend.bot")
    if member.left_at is not None:
        return Refusal("attend.gone")
    if gathering.code and not code:
        return Refusal("attend.needs_code", title=gathering.title)
    if gathering.code and folded(code) != gathering.code:
        return Miss("attend.wrong_code")
    return None
