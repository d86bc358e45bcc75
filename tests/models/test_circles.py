"""What was asked where few read is read only by them."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from models import circles, publishing, questions, text_index
from models.communities import Shown, create_places, place, search_places, show_places
from models.store import Tx
from tests.models.conftest import AWAY, HOME
from tests.models.test_communities import GROUP
from tests.models.test_questions import WHY

DEN = replace(GROUP, id=12, external_id="-12", kind="channel", parent_id=GROUP.id, circle="den")


async def ask(tx: Tx, state: str = "open") -> None:
    """One question where everybody reads, one in the den."""
    await create_places(tx, [GROUP, DEN])
    for number, where in ((3, GROUP), (4, DEN)):
        await questions.put_question(tx, replace(WHY, number=number, id=number, place_id=where.id, state=state))
        await text_index.keep(tx, number, ["tea"])


@pytest.mark.parametrize(
    ("of", "found"), [((), [3]), (("attic",), [3]), (("den", "attic"), [4, 3]), (("de",), [3]), (("%",), [3])]
)
async def test_few_read_what_was_asked_among_them(tx: Tx, of: Collection[str], found: list[int]) -> None:
    """However it is searched for."""
    await ask(tx)

    assert await questions.latest(tx, HOME, 9, of) == found
    assert await questions.waiting(tx, HOME, 99, 9, of) == found
    assert await questions.count_waiting(tx, HOME, of) == (await questions.pace(tx, HOME, 0, of)).asked == len(found)
    assert await text_index.matching(tx, HOME, ["tea"], 9, of, every=True, newest=True) == found
    assert [number for number in (4, 3) if await circles.reads(tx, HOME, number, of)] == found


@pytest.mark.parametrize(
    ("of", "known"),
    [
        ((), [True, False, False]),
        (("den",), [True, True, False]),
        (("open",), [True, False, True]),
        (("*",), [True] * 3),
    ],
)
async def test_few_know_of_a_place_that_few_read(tx: Tx, of: Collection[str], known: list[bool]) -> None:
    """By its number, and by its name; except for members who may know of every place."""
    places = [GROUP, DEN, replace(DEN, id=13, external_id="-13", circle="open:cafe")]
    await create_places(tx, places)

    assert [await circles.reads_in(tx, HOME, each.id, of) for each in places] == known
    assert not await circles.reads_in(tx, AWAY, GROUP.id, of)
    found = {each.id for each in await search_places(tx, HOME, "group", 9, of)}
    assert [each.id in found for each in places] == known


@pytest.mark.parametrize(("of", "found"), [((), [3]), (("den",), [3, 4])])
async def test_what_few_read_is_not_published(tx: Tx, of: Collection[str], found: list[int]) -> None:
    """Unless these few are everybody."""
    await ask(tx, "solved")

    assert [each.number for each in await publishing.answered(tx, HOME, 0, 9, of)] == found


async def test_the_circle_of_the_common_place_is_everybodys(tx: Tx) -> None:
    """If one is named, in this community, and as long as the same members read it."""
    await create_places(tx, [GROUP, DEN])

    assert await circles.common(tx, HOME, None, "") == frozenset()
    assert await circles.common(tx, HOME, DEN.id, "den") == {"den"}
    assert await circles.common(tx, HOME, DEN.id, "attic") == frozenset()
    assert await circles.common(tx, HOME, 99, "den") == frozenset()


async def test_threads_are_read_by_those_who_read_their_channel(tx: Tx) -> None:
    """From the moment when that changes, unless a thread has its own circle."""
    open_one, closed_one = (
        replace(DEN, id=each, external_id=f"-{each}", kind="thread", parent_id=DEN.id, circle=circle)
        for each, circle in ((20, "den"), (21, "only:-21"))
    )
    await create_places(tx, [GROUP, DEN, open_one, closed_one])

    await show_places(tx, [Shown(HOME, DEN.id, GROUP.id, DEN.kind, "#attic", "attic")])

    found = [await place(tx, HOME, each) for each in (DEN.id, 20, 21, GROUP.id)]
    assert [each.circle for each in found if each] == ["attic", "attic", "only:-21", ""]
