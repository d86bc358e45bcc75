"""Texts are found by their terms, the same on both engines."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.kit.terms import asked_terms, terms
from models import migrate, questions, text_index
from models.communities import Shown, create_places, show_places
from models.store import Tx
from tests.models.conftest import AWAY, HOME
from tests.models.test_communities import GROUP
from tests.models.test_questions import WHY

TEXTS = {
    1: "How do I cancel a task in asyncio?",
    2: "如何取消 asyncio 任务",
    3: "Cancelling a subscription",
    4: "C++ templates",
    5: "C# generics, 泛型",
}


async def ask(tx: Tx, community: int = HOME, state: str = "open") -> None:
    await create_places(tx, [replace(GROUP, community_id=community, external_id=f"-{community}")])
    for number, text in TEXTS.items():
        asked = replace(WHY, community_id=community, number=number, id=community * 100 + number, state=state)
        await questions.put_question(tx, asked)
        await text_index.keep(tx, asked.id, terms(text))


async def found(tx: Tx, text: str, *, every: bool = True, begun: bool = False, community: int = HOME) -> list[int]:
    return sorted(await text_index.matching(tx, community, asked_terms(text), 9, (), every=every, begun=begun))


@pytest.mark.parametrize(
    ("text", "every", "either"),
    [
        ("asyncio", [1, 2], [1, 2]),
        ("ASYNCIO tasks", [1], [1, 2]),
        ("取消", [2], [2]),
        ("取消任务", [], [2]),
        ("任务 asyncio", [2], [1, 2]),
        ("泛型", [5], [5]),
        ("型", [5], [5]),
        ("c++", [4], [4]),
        ("c#", [5], [5]),
        ("c", [], []),
        ("nothing", [], []),
        ("", [], []),
        ('"', [], []),
        ("NEAR(", [], []),
        ("* OR *", [], []),
        ("task' | 'x:* & !(", [], [1]),
        ("task' \0", [1], [1]),
    ],
)
async def test_what_is_found(tx: Tx, text: str, every: list[int], either: list[int]) -> None:
    """Words of two characters, words in the plural, and nothing that the engine could interpret."""
    await ask(tx)

    assert await found(tx, text) == every
    assert await found(tx, text, every=False) == either


async def test_the_newest_come_first_where_nothing_is_ranked(tx: Tx) -> None:
    """However well they match."""
    await ask(tx)
    await text_index.keep(tx, HOME * 100 + 3, ["asyncio", "asyncio", "asyncio"])

    assert await text_index.matching(tx, HOME, ["asyncio"], 2, (), every=True, newest=True) == [3, 2]


async def test_a_word_that_is_being_typed_is_found(tx: Tx) -> None:
    """The last one by its beginning, in Chinese by its first character."""
    await ask(tx)

    assert await found(tx, "task asy", begun=True) == [1]
    assert await found(tx, "取", begun=True) == [2]
    assert await found(tx, "asy task", begun=True) == []


async def test_nothing_is_found_that_is_not_there(tx: Tx) -> None:
    """Neither in another community, nor drafts, nor removed texts, nor earlier words."""
    await ask(tx, AWAY)
    assert await found(tx, "asyncio") == []
    await ask(tx, HOME, "draft")
    assert await found(tx, "asyncio") == []

    await text_index.drop(tx, AWAY * 100 + 1)
    await text_index.drop(tx, AWAY * 100 + 1)
    await text_index.keep(tx, AWAY * 100 + 2, terms("Threads"))

    assert await found(tx, "asyncio", community=AWAY) == []
    assert await found(tx, "thread", community=AWAY) == [2]


async def test_how_rare_terms_are(tx: Tx) -> None:
    """In how many texts each term comes, however often it does there; terms in no text are left out."""
    await ask(tx)
    await text_index.keep(tx, HOME * 100 + 4, terms("asyncio asyncio"))
    await text_index.drop(tx, HOME * 100 + 3)
    looked_for = ["asyncio", "task", "subscription", "odd"]

    assert await text_index.rarity(tx, HOME, (), looked_for) == ({"asyncio": 3, "task": 1}, 4)
    assert await text_index.rarity(tx, HOME, (), []) == ({}, 4)


async def test_what_was_there_before_is_counted(tx: Tx) -> None:
    """By the migration that splits the counts, as if each text were stored again."""
    await ask(tx)
    await ask(tx, AWAY)
    before = await tx.all("SELECT * FROM found_term WHERE texts > 0 ORDER BY community_id, place_id, term")
    for table in ("found_term", "found_text"):
        await tx.run(f"DELETE FROM {table}")

    (counts,) = [each for each in migrate._known(tx.dialect) if each.name == "0061_counts"]
    for statement in migrate.statements(counts.text, tx.dialect):
        await tx.run(statement)

    assert await tx.all("SELECT * FROM found_term ORDER BY community_id, place_id, term") == before != []


async def test_nobody_counts_what_others_read(tx: Tx) -> None:
    """Neither other communities' texts, nor those of places that the member does not read."""
    await ask(tx)
    await ask(tx, AWAY)
    den = replace(GROUP, community_id=HOME, id=99, external_id="-99", parent_id=GROUP.id, kind="channel", circle="den")
    await create_places(tx, [den])
    await questions.put_question(tx, replace(WHY, community_id=HOME, number=9, id=9, place_id=den.id))
    await text_index.keep(tx, 9, terms("asyncio merger"))

    for circles, counted in (((), ({"asyncio": 2}, 5)), (("den",), ({"asyncio": 3, "merger": 1}, 6))):
        assert await text_index.rarity(tx, HOME, circles, ["asyncio", "merger"]) == counted
    await show_places(tx, [Shown(HOME, den.id, GROUP.id, den.kind, den.name, "")])
    assert await text_index.rarity(tx, HOME, (), ["merger"]) == ({"merger": 1}, 6)
    await text_index.keep(tx, 9, terms("asyncio merger"))
    await show_places(tx, [Shown(HOME, den.id, GROUP.id, den.kind, den.name, "den")])
    assert await text_index.rarity(tx, HOME, (), ["merger"]) == ({}, 5)
    await text_index.drop(tx, 9)
    assert await text_index.rarity(tx, HOME, ("den",), ["asyncio", "merger"]) == ({"asyncio": 2}, 5)


@given(text=st.text(max_size=60), other=st.text(max_size=20))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_every_text_is_found_by_itself(tx: Tx, text: str, other: str) -> None:
    """Whatever it consists of, and no search breaks."""
    await create_places(tx, [GROUP])
    await questions.put_question(tx, replace(WHY, number=1, id=1))
    await text_index.keep(tx, 1, terms(text))

    assert await found(tx, text) == ([1] if asked_terms(text) else [])
    await found(tx, other, begun=True)
