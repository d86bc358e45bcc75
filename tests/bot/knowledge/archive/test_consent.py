"""Members decide whether their texts may be published."""

import pytest

from bot.core.core import Core
from bot.kit.references import Person
from models import consents
from models.consents import Consent
from tests.bot.conftest import home_of
from tests.bot.purses import id_of, meet, presses, says
from tests.bot.recorder import ANN, BOB, NOON


async def said(core: Core, who: Person) -> Consent | None:
    home, member = await home_of(core), await id_of(core, who)
    async with core.store.read() as tx:
        return await consents.consent(tx, home, member)


async def test_whoever_says_nothing_is_not_named(core: Core) -> None:
    """They are told so, and how to be named or left out; to ask is not to choose."""
    await meet(core)

    reply = await says(core, "/consent")

    assert reply.private
    assert reply.plain.endswith("You have not chosen yet, so yours appear without your name.")
    assert [button.label for button in reply.buttons] == ["With my name", "Not at all"]
    assert await said(core, ANN) is None


async def test_consent_is_ones_own(core: Core) -> None:
    """It is the choice of the member who gives it; a button pressed by another member is about the other."""
    await meet(core)
    reply = await says(core, "/consent")

    assert (await presses(core, reply, 0)).private
    await presses(core, reply, 0)
    await presses(core, reply, 1, BOB)

    assert await said(core, ANN) == ("named", NOON)
    assert await said(core, BOB) == ("none", NOON)
    again = await says(core, "/consent")
    assert again.plain.endswith("Since January 5, 2026 yours appear with your name.")
    assert [button.label for button in again.buttons] == ["Without my name", "Not at all"]


@pytest.mark.parametrize("word", ["yes", "NAMEDX", "1", "named anonymous", "\u202enamed", "@everyone", "<b>named</b>"])
async def test_what_is_no_choice_is_refused(core: Core, word: str) -> None:
    """Nothing changes, and the valid words are named."""
    await meet(core)

    refused = await says(core, f"/consent {word}")

    assert refused.private
    assert await said(core, ANN) is None
