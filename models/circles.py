"""Filters by who may read a place: everybody in the community, or only the members of a circle."""

from collections.abc import Collection
from typing import LiteralString

from models.store import Tx

#: a circle of everybody except some: its name begins so; it is no secret, but the excluded members find nothing in it
OPEN = "open"
#: the circle of members who may know of every place
EVERY = "*"


def reading(circles: LiteralString) -> LiteralString:
    """SQL for the places that everybody reads, and those that these circles read."""
    return (
        " AND (place.circle = '' OR " + circles + " LIKE '% ' || place.circle || ' %'"
        " OR (place.circle LIKE 'open:%' AND " + circles + " LIKE '% open %') OR " + circles + " LIKE '% * %')\n"
    )


READING: LiteralString = reading("CAST(:circles AS TEXT)")
#: SQL for the questions that were asked in such a place
READ: LiteralString = (
    """
      AND EXISTS (
          SELECT 1 FROM place
          WHERE place.community_id = question.community_id AND place.id = question.place_id
    """
    + READING
    + ")\n"
)


def names(circles: Collection[str]) -> str:
    """The circles in the form that `READ` and `READING` need."""
    return f" {' '.join(sorted(circles))} "


async def reads(tx: Tx, community_id: int, question: int, circles: Collection[str]) -> bool:
    row = await tx.one(
        "SELECT 1 AS found FROM question WHERE question.community_id = :community_id AND question.number = :question"
        + READ,
        community_id=community_id,
        question=question,
        circles=names(circles),
    )
    return row is not None


async def reads_in(tx: Tx, community_id: int, place_id: int, circles: Collection[str]) -> bool:
    row = await tx.one(
        "SELECT 1 AS found FROM place WHERE place.community_id = :community_id AND place.id = :place_id" + READING,
        community_id=community_id,
        place_id=place_id,
        circles=names(circles),
    )
    return row is not None


async def common(tx: Tx, community_id: int, place_id: int | None, circle: str) -> frozenset[str]:
    """The circle of the place that all members read, if there is one, as long as its readers stay the same."""
    if place_id is None:
        return frozenset()
    return frozenset({circle} if await circle_of(tx, community_id, place_id) == circle else ())


async def circle_of(tx: Tx, community_id: int, place_id: int) -> str | None:
    row = await tx.one(
        "SELECT circle FROM place WHERE community_id = :community_id AND id = :id",
        community_id=community_id,
        id=place_id,
    )
    return row["circle"] if row else None
