"""Who may do what: one question, one answer, for every command, button and modal."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.kit.errors import Refusal
from models import circles

#: the circles that all members except some are in
OPEN = circles.OPEN


class Access(IntEnum):
    """Ordered: a higher level may do all that a lower one may. The platform vouches for it at every invocation."""

    #: somebody outside the community who writes to us in private: may do what is declared for strangers
    STRANGER = -3
    #: somebody who writes to us in private, while their platform does not say what they may do
    UNKNOWN = -2
    #: a member who may not speak there at the moment, so they may not speak through us in private either
    SILENCED = -1
    MEMBER = 0
    #: moderators
    STAFF = 1
    #: those who may configure the community
    ADMIN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How much somebody may do, and in which community: decided once, and checked again where it acts."""

    #: None where the platform did not say
    access: Access | None = Access.MEMBER
    #: the community that something said in private is about; None where the place says it, or nobody knows yet
    community: int | None = None
    #: the names of the reader circles they are in; where a platform tells none, the open ones
    circles: frozenset[str] = frozenset({OPEN})

    def shows_presence(self, community: int, *, in_place: bool) -> bool:
        """An author is there, unless they only look in; in private their platform must say so."""
        if self.access is Access.STRANGER:
            return False
        return in_place or (self.community == community and self.access is not None)

    def here(self, community: int, *, in_place: bool, present: bool) -> Access:
        """What the author may do there. In a place they are a member, unless their platform says otherwise.

        In private they are unknown where a platform was asked and gave no answer. Where no platform was asked, they are
        a member if we know them to be present.
        """
        if self.access is Access.UNKNOWN:
            return Access.UNKNOWN
        if self.access is not None and (in_place or self.community == community):
            return self.access
        if self.community is not None and not in_place:
            return Access.UNKNOWN
        return Access.MEMBER if in_place or present else Access.STRANGER


def standing_in(community: int, told: Sequence[Standing]) -> Standing:
    """Combine what a platform told of each of the community's chats."""
    access = max((each.access for each in told if each.access is not None), default=None)
    if access is Access.STRANGER and any(each.access is None for each in told):
        access = None
    return Standing(access=access, community=community, circles=frozenset().union(*(each.circles for each in told)))


def authorize(has: Access, needs: Access, *, anonymous: bool = False) -> None:
    """Deny by default: refuse the command without the access it needs, or without a person behind it."""
    if has < Access.MEMBER <= needs:
        raise Refusal(f"refusal.access.{has.name.lower()}")
    if anonymous and needs >= Access.MEMBER:
        raise Refusal("refusal.anonymous")
    if has < needs:
        raise Refusal(f"refusal.access.{needs.name.lower()}")
