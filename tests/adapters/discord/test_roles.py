"""Which of Discord's rights a role may carry that is given as a reward."""

import discord
import pytest

from adapters.discord.roles import DANGEROUS, MAY_CARRY

#: names that discord.py has twice are counted once
RIGHTS = {value: name for name, value in discord.Permissions.VALID_FLAGS.items()}


def test_every_right_was_thought_about() -> None:
    """A right that discord.py learns is decided upon before Hearth can run with it."""
    decided = {discord.Permissions.VALID_FLAGS[name] for name in MAY_CARRY}

    assert decided == set(RIGHTS)
    assert len(decided) == len(MAY_CARRY)


@pytest.mark.parametrize(
    "rights",
    [
        discord.Permissions.elevated(),
        discord.Permissions.stage_moderator(),
        discord.Permissions(pin_messages=True),
        discord.Permissions(deafen_members=True),
        discord.Permissions(bypass_slowmode=True),
        discord.Permissions(create_events=True),
        discord.Permissions(mention_everyone=True),
        discord.Permissions(view_audit_log=True),
    ],
)
def test_what_moderates_is_dangerous(rights: discord.Permissions) -> None:
    """All that Discord itself calls elevated, and each of what silences, moves or wakes members."""
    ours = {name for name, held in rights if held and not getattr(DANGEROUS, name)}

    assert not ours - {"request_to_speak"}


def test_what_everybody_may_is_not() -> None:
    """A role made like any other, with what new members have, can be a reward."""
    everyday = discord.Permissions(
        view_channel=True, send_messages=True, add_reactions=True, connect=True, speak=True, create_polls=True
    )

    assert not everyday.value & DANGEROUS.value
