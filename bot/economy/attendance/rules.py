"""Whether a member may be noted as present; and codes that are easy to read off a screen."""

from bot.kit import Refusal
from bot.kit.errors import Miss
from bot.kit.letters import normal
from models.gatherings import Gathering
from models.members import Member

#: without letters and digits that look alike
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 6


def code_of(chance: str) -> str:
    """Make a code from hexadecimal digits that nobody can foresee."""
    number, code = int(chance, 16), ""
    for _ in range(LENGTH):
        number, letter = divmod(number, len(LETTERS))
        code += LETTERS[letter]
    return code


def folded(typed: str) -> str:
    """A code as phones and Chinese keyboards write it, made uniform."""
    return "".join(normal("NFKC", typed).split()).upper()


def is_open(gathering: Gathering, now: int) -> bool:
    """Never after its end, even if its reminder is late."""
    return gathering.closed_at is None and now < gathering.closes_at


def objection(gathering: Gathering, member: Member, code: str, now: int) -> Refusal | None:
    """Why the member may not be put on the list."""
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
