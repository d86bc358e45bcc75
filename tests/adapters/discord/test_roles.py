"""Which of Discord's rights a role may have that is given as a reward."""

import discord
import pytest

from adapters.discord.roles import DANGEROUS, MAY_CARRY

#: a right that discord.py names twice counts once
RIGHTS = {value: name for name, value in discord.Permissions.VALID_FLAGS.items()}


def test_every_right_was_thought_about() -> None:
    """When discord.py learns a right, somebody must decide about it before Hearth can run with that version."""
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
    """All rights that Discord calls elevated are dangerous, and each that silences, moves or wakes members."""
    ours = {name for name, held in rights if held and not getattr(DANGEROUS, name)}

    assert not ours - {"request_to_speak"}


def test_what_everybody_may_is_not() -> None:
    """A common role, with the rights of new members, can be a reward."""
    everyday = discord.Permissions(
        view_channel=True, send_messages=True, add_reactions=True, connect=True, speak=True, create_polls=True
    )

    assert not everyday.value & DANGEROUS.value
