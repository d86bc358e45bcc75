"""Level and rank, as members ask for them."""

import pytest

from bot.core.core import Core
from bot.kit import Access
from bot.kit.references import Person
from tests.bot.recorder import ANN, BOB, CAT, NAME, posted, typed


@pytest.fixture(autouse=True)
async def community(core: Core) -> None:
    await core.absorb([posted(1, ANN), posted(2, BOB), posted(3, CAT)])


async def says(core: Core, line: str, who: Person = ANN, access: Access = Access.MEMBER, locale: str = "en") -> str:
    return (await core.invoke(typed(line, who, access=access, locale=locale))).plain


async def test_how_far_one_has_come(core: Core) -> None:
    """The level, the progress to the next one, and the rank among all."""
    await says(core, "/points give @ann 169 for the tea", CAT, Access.ADMIN)

    assert await says(core, "/rank @ann", BOB) == (
        "Ann is on level 1. Score: 170.\n▰▰▰▰▰▰▰▱▱▱ 30 more for level 2.\nRank 1 of 3."
    )
    assert await says(core, "/rank", BOB, locale="zh-CN") == (
        "Bob 现在 0 级。总分：1。\n▱▱▱▱▱▱▱▱▱▱ 距离 1 级还差 99。\n第 2 名，共 3 人。"
    )


async def test_the_curve_is_the_community_s_choice(core: Core) -> None:
    """Changing it changes every level at once, and no points."""
    await says(core, "/points give @ann 169 for the tea", CAT, Access.ADMIN)

    await says(core, "/settings set levels.curve amari", CAT, Access.ADMIN)

    assert (await says(core, "/rank")).startswith("Ann is on level 3. Score: 170.")


async def test_whoever_has_nothing_has_no_rank(core: Core) -> None:
    """They are told what they need."""
    stranger = Person(NAME, "777", "Dan", "dan")

    assert (await says(core, "/rank", stranger)).endswith(
        "No rank yet: members on the boards get one with their first point."
    )
