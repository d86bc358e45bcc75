"""Who may do what: one question, one answer, for every command, button and modal."""

from enum import IntEnum

from bot.errors import Refusal


class Access(IntEnum):
    """Ordered: who has more may do what less allows. The platform vouches for it at every invocation."""

    MEMBER = 0
    #: moderators
    STAFF = 1
    #: those who may configure the community
    ADMIN = 2


def authorize(has: Access, needs: Access, *, anonymous: bool = False) -> None:
    """Default deny: without the access needed, or without a person behind it, the command is refused."""
    if anonymous and needs > Access.MEMBER:
        raise Refusal("refusal.anonymous")
    if has < needs:
        raise Refusal(f"refusal.access.{needs.name.lower()}")
