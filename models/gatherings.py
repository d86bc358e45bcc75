"""Stores gatherings and their attendees; bot/ decides what attendance is worth."""

from collections.abc import Collection
from dataclasses import astuple, dataclass
from typing import NamedTuple

from models.circles import READING, names
from models.store import Bulk, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    community_id: int
    number: int
    title: str
    #: points for each attendee; may be 0
    points: int
    #: the code that attendees can see; None if pressing the button is enough
    code: str | None
    place_id: int
    owner_id: int
    opened_at: int
    closes_at: int
    closed_at: int | None = None


class Attendee(NamedTuple):
    member_id: int
    name: str
    at: int


OPEN = Bulk(
    head="""
    INSERT INTO gathering (community_id, number, title, points, code, place_id, owner_id, opened_at, closes_at,
                           closed_at)
    """,
    columns={
        "community_id": "BIGINT",
        "number": "BIGINT",
        "title": "TEXT",
        "points": "BIGINT",
        "code": "TEXT",
        "place_id": "BIGINT",
        "owner_id": "BIGINT",
        "opened_at": "BIGINT",
        "closes_at": "BIGINT",
        "closed_at": "BIGINT",
    },
)


async def add(tx: Tx, gathering: Gathering) -> None:
    await tx.each(OPEN, [astuple(gathering)])


async def gathering(tx: Tx, community_id: int, number: int) -> Gathering | None:
    row = await tx.one(
        "SELECT * FROM gathering WHERE community_id = :community_id AND number = :number",
        community_id=community_id,
        number=number,
    )
    return Gathering(**row) if row else None


async def open_gatherings(tx: Tx, community_id: int, limit: int, circles: Collection[str]) -> list[Gathering]:
    """Open gatherings where these circles read, newest first."""
    rows = await tx.all(
        """
        SELECT gathering.* FROM gathering
        JOIN place ON place.community_id = gathering.community_id AND place.id = gathering.place_id
        WHERE gathering.community_id = :community_id AND gathering.closed_at IS NULL
        """
        + READING
        + "ORDER BY gathering.number DESC LIMIT :limit",
        circles=names(circles),
        community_id=community_id,
        limit=limit,
    )
    return [Gathering(**row) for row in rows]


async def latest(tx: Tx, community_id: int, limit: int) -> list[Gathering]:
    """Gatherings, open or not, newest first."""
    rows = await tx.all(
        "SELECT * FROM gathering WHERE community_id = :community_id ORDER BY number DESC LIMIT :limit",
        community_id=community_id,
        limit=limit,
    )
    return [Gathering(**row) for row in rows]


async def close(tx: Tx, community_id: int, number: int, now: int) -> bool:
    """Close it; return whether it was still open."""
    closed = await tx.run(
        """
        UPDATE gathering SET closed_at = :now
        WHERE community_id = :community_id AND number = :number AND closed_at IS NULL
        """,
        community_id=community_id,
        number=number,
        now=now,
    )
    return closed > 0


async def attend(tx: Tx, community_id: int, number: int, member_id: int, now: int) -> bool:
    """Put them on the list; return whether they are new on it. A member taken off it does not come back."""
    added = await tx.run(
        """
        INSERT INTO attendee (community_id, gathering, member_id, at)
        VALUES (:community_id, :number, :member_id, :now)
        ON CONFLICT (community_id, gathering, member_id) DO NOTHING
        """,
        community_id=community_id,
        number=number,
        member_id=member_id,
        now=now,
    )
    return added > 0


async def strike(tx: Tx, community_id: int, number: int, member_id: int, now: int) -> bool:
    """Take them off the list; return whether they were on it."""
    gone = await tx.run(
        """
        UPDATE attendee SET gone_at = :now
        WHERE community_id = :community_id AND gathering = :number AND member_id = :member_id AND gone_at IS NULL
        """,
        community_id=community_id,
        number=number,
        member_id=member_id,
        now=now,
    )
    return gone > 0


async def attendees(tx: Tx, community_id: int, number: int) -> list[Attendee]:
    """The members on the list, in the order in which they came."""
    rows = await tx.all(
        """
        SELECT attendee.member_id, member.name, attendee.at
        FROM attendee
        JOIN member ON member.community_id = attendee.community_id AND member.id = attendee.member_id
        WHERE attendee.community_id = :community_id AND attendee.gathering = :number AND attendee.gone_at IS NULL
        ORDER BY attendee.at, attendee.member_id
        """,
        community_id=community_id,
        number=number,
    )
    return [Attendee(**row) for row in rows]
