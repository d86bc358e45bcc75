"""What a person may do: in a place, in private, and where their platform is silent."""

import pytest

from bot.kit import Access
from bot.kit.access import Standing, standing_in

HERE, THERE = 1, 2


@pytest.mark.parametrize(
    ("standing", "in_place", "present", "may"),
    [
        (Standing(), True, True, Access.MEMBER),
        (Standing(access=Access.ADMIN), True, True, Access.ADMIN),
        (Standing(access=None), True, True, Access.MEMBER),
        (Standing(access=Access.STRANGER), True, True, Access.STRANGER),
        (Standing(access=Access.ADMIN, community=HERE), False, True, Access.ADMIN),
        (Standing(access=Access.ADMIN, community=THERE), False, True, Access.UNKNOWN),
        (Standing(access=None, community=HERE), False, True, Access.UNKNOWN),
        (Standing(access=None), False, True, Access.MEMBER),
        (Standing(access=None), False, False, Access.STRANGER),
    ],
)
def test_what_somebody_may_do_here(standing: Standing, in_place: bool, present: bool, may: Access) -> None:
    """Rights told for another community are worth nothing in this one."""
    assert standing.here(HERE, in_place=in_place, present=present) is may


@pytest.mark.parametrize(
    ("standing", "in_place", "shows"),
    [
        (Standing(), True, True),
        (Standing(access=None), True, True),
        (Standing(access=Access.STRANGER), True, False),
        (Standing(access=Access.MEMBER, community=HERE), False, True),
        (Standing(access=Access.MEMBER, community=THERE), False, False),
        (Standing(access=None, community=HERE), False, False),
    ],
)
def test_who_shows_that_they_are_there(standing: Standing, in_place: bool, shows: bool) -> None:
    """In private only a person for whom their platform vouches."""
    assert standing.shows_presence(HERE, in_place=in_place) is shows


@pytest.mark.parametrize(
    ("told", "access"),
    [
        ([], None),
        ([None], None),
        ([Access.STRANGER], Access.STRANGER),
        ([Access.STRANGER, None], None),
        ([Access.STRANGER, Access.MEMBER], Access.MEMBER),
        ([Access.MEMBER, None, Access.ADMIN], Access.ADMIN),
        ([Access.SILENCED, Access.STRANGER], Access.SILENCED),
    ],
)
def test_the_chats_of_a_community_are_asked_together(told: list[Access | None], access: Access | None) -> None:
    """Nobody is a stranger while one chat is silent, nor a member whom no platform was asked about."""
    standing = standing_in(HERE, [Standing(access=each, circles=frozenset({str(each)})) for each in told])

    assert (standing.access, standing.community) == (access, HERE)
    assert standing.circles == {str(each) for each in told}
