"""Stores communities and their places; merging.py makes one place of two."""

from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from typing import LiteralString, NamedTuple

from models import merging
from models.circles import READING, names
from models.search import containing
from models.store import Bulk, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    community_id: int
    id: int
    platform: str
    #: the platform's id of it
    external_id: str
    parent_id: int | None
    #: guild, channel, thread, chat, topic, dm or room
    kind: str
    name: str
    #: the name of the circle that reads it; empty where everybody does
    circle: str = ""


class Shown(NamedTuple):
    """A place as its platform shows it now."""

    community_id: int
    id: int
    #: None if it lies in no other place
    parent_id: int | None
    kind: str
    name: str
    circle: str


#: the columns of a Place
COLUMNS: LiteralString = """
    place.community_id, place.id, place.platform, place.external_id, place.parent_id, place.kind, place.name,
    place.circle
"""
FIND = Bulk(
    head="WITH wanted (platform, external_id) AS (",
    columns={"platform": "TEXT", "external_id": "TEXT"},
    tail=""")
    SELECT """
    + COLUMNS
    + """
    FROM wanted
    JOIN place ON place.platform = wanted.platform AND place.external_id = wanted.external_id
    """,
)
CREATE = Bulk(
    head="INSERT INTO place (community_id, id, platform, external_id, parent_id, kind, name, circle)",
    columns={
        "community_id": "BIGINT",
        "id": "BIGINT",
        "platform": "TEXT",
        "external_id": "TEXT",
        "parent_id": "BIGINT",
        "kind": "TEXT",
        "name": "TEXT",
        "circle": "TEXT",
    },
    tail="ON CONFLICT DO NOTHING RETURNING id",
)
SHOW = Bulk(
    head="WITH given (community_id, id, parent_id, kind, name, circle) AS (",
    columns={
        "community_id": "BIGINT",
        "id": "BIGINT",
        "parent_id": "BIGINT",
        "kind": "TEXT",
        "name": "TEXT",
        "circle": "TEXT",
    },
    tail="""
    )
    UPDATE place SET parent_id = given.parent_id, kind = given.kind, name = given.name, circle = given.circle
    FROM given
    WHERE place.community_id = given.community_id AND place.id = given.id
    """,
)
#: The readers of a thread are those of its channel, unless only its own members read it.
WITHIN = Bulk(
    head="WITH given (community_id, id) AS (",
    columns={"community_id": "BIGINT", "id": "BIGINT"},
    tail="""
    )
    UPDATE place SET circle = above.circle
    FROM given, place AS above
    WHERE place.community_id = given.community_id AND (place.parent_id = given.id OR place.id = given.id)
      AND above.community_id = place.community_id AND above.id = place.parent_id
      AND place.kind = 'thread' AND place.circle <> above.circle AND place.circle <> 'only:' || place.external_id
    """,
)
LINEAGE = Bulk(
    head="WITH RECURSIVE wanted (community_id, place_id) AS (",
    columns={"community_id": "BIGINT", "place_id": "BIGINT"},
    tail="""
    ), up (community_id, place_id, above_id, height) AS (
        SELECT community_id, place_id, place_id, 0 FROM wanted
        UNION ALL
        SELECT up.community_id, up.place_id, place.parent_id, up.height + 1
        FROM up
        JOIN place ON place.community_id = up.community_id AND place.id = up.above_id
        WHERE place.parent_id IS NOT NULL AND up.height < 10
    )
    SELECT place_id, above_id FROM up ORDER BY place_id, height
    """,
)


async def create_community(tx: Tx, id: int, name: str, now: int) -> None:
    await tx.run(
        "INSERT INTO community (id, name, created_at) VALUES (:id, :name, :now)",
        id=id,
        name=name,
        now=now,
    )


async def communities(tx: Tx) -> list[Community]:
    rows = await tx.all("SELECT id, name FROM community ORDER BY id")
    return [Community(**row) for row in rows]


async def find_places(tx: Tx, keys: Sequence[tuple[str, str]]) -> list[Place]:
    """The places known by these (platform, external id)s."""
    return [Place(**row) for row in await tx.each(FIND, keys)]


async def begin_community(tx: Tx, place: Place, now: int) -> None:
    """A guild or chat met for the first time founds a community, unless another process met it first.

    The place decides, because its outside id is unique. The community must exist before it, and is deleted if the
    place already existed.
    """
    await create_community(tx, place.community_id, place.name, now)
    if not await create_places(tx, [place]):
        await tx.run("DELETE FROM community WHERE id = :id", id=place.community_id)


async def create_places(tx: Tx, places: Sequence[Place]) -> set[int]:
    """Create places and return the ids really made; places already known stay as they are."""
    made = {row["id"] for row in await tx.each(CREATE, [astuple(place) for place in places])}
    await tx.each(WITHIN, [(each.community_id, each.id) for each in places if each.id in made])
    return made


async def show_places(tx: Tx, shown: Sequence[Shown]) -> None:
    """Store the names and readers that these places have from now on."""
    await tx.each(SHOW, shown)
    await tx.each(WITHIN, [(each.community_id, each.id) for each in shown])


async def place(tx: Tx, community_id: int, id: int) -> Place | None:
    row = await tx.one(
        "SELECT "
        + COLUMNS
        + """
        FROM place
        WHERE community_id = :community_id AND id = :id
        """,
        community_id=community_id,
        id=id,
    )
    return Place(**row) if row else None


async def lineage(tx: Tx, community_id: int, place_ids: Collection[int]) -> dict[int, list[int]]:
    """For each of these places, the places it lies in: itself first, its guild or chat last."""
    found: dict[int, list[int]] = {}
    for row in await tx.each(LINEAGE, [(community_id, place_id) for place_id in sorted(place_ids)]):
        found.setdefault(row["place_id"], []).append(row["above_id"])
    return found


async def roots(tx: Tx, community_id: int, platform: str) -> list[Place]:
    """The community's guilds or chats on a platform that still exist."""
    rows = await tx.all(
        "SELECT "
        + COLUMNS
        + """
        FROM place
        WHERE community_id = :community_id AND platform = :platform AND parent_id IS NULL AND gone_at IS NULL
        ORDER BY id
        """,
        community_id=community_id,
        platform=platform,
    )
    return [Place(**row) for row in rows]


async def search_places(tx: Tx, community_id: int, text: str, limit: int, circles: Collection[str]) -> list[Place]:
    """Places that still exist, that these circles read and whose name contains the text.

    Exact names come first, then places that only moderators make, because anybody can open a thread.
    """
    rows = await tx.all(
        "SELECT "
        + COLUMNS
        + """
        FROM place
        WHERE community_id = :community_id AND gone_at IS NULL AND LOWER(name) LIKE :pattern ESCAPE '!'
        """
        + READING
        + """
        ORDER BY CASE LTRIM(name, '#') WHEN :text THEN 0 ELSE 1 END,
                 CASE LOWER(LTRIM(name, '#')) WHEN LOWER(:text) THEN 0 ELSE 1 END,
                 CASE WHEN kind IN ('thread', 'topic') THEN 1 ELSE 0 END, name, id
        LIMIT :limit
        """,
        text=text,
        circles=names(circles),
        community_id=community_id,
        pattern=containing(text),
        limit=limit,
    )
    return [Place(**row) for row in rows]


async def found_place(tx: Tx, platform: str, external_id: str) -> bool:
    """We are in it again; return whether that is new."""
    changed = await tx.run(
        """
        UPDATE place SET gone_at = NULL
        WHERE platform = :platform AND external_id = :external_id AND gone_at IS NOT NULL
        """,
        platform=platform,
        external_id=external_id,
    )
    return changed > 0


async def lost_place(tx: Tx, platform: str, external_id: str, now: int) -> bool:
    """It was deleted, or we were removed from it; return whether that is new."""
    changed = await tx.run(
        """
        UPDATE place SET gone_at = :now
        WHERE platform = :platform AND external_id = :external_id AND gone_at IS NULL
        """,
        platform=platform,
        external_id=external_id,
        now=now,
    )
    return changed > 0


async def missed_place(tx: Tx, community_id: int, id: int, now: int) -> bool:
    """A thread or topic is gone, though its parent still exists; return whether that is new."""
    changed = await tx.run(
        """
        UPDATE place SET gone_at = :now
        WHERE community_id = :community_id AND id = :id AND gone_at IS NULL AND kind IN ('thread', 'topic')
          AND NOT EXISTS (
              SELECT 1 FROM place AS above
              WHERE above.community_id = :community_id AND above.id = place.parent_id AND above.gone_at IS NOT NULL
          )
        """,
        community_id=community_id,
        id=id,
        now=now,
    )
    return changed > 0


async def is_there(tx: Tx, community_id: int, id: int) -> bool:
    """Whether it was neither deleted nor closed to us, as far as we know."""
    row = await tx.one(
        "SELECT 1 AS found FROM place WHERE community_id = :community_id AND id = :id AND gone_at IS NULL",
        community_id=community_id,
        id=id,
    )
    return row is not None


async def move_place(tx: Tx, platform: str, old_external: str, new_external: str) -> Place | None:
    """Give the place its new external id and keep all it has; None when neither id is known.

    If the new id was seen first as a place of its own, what happened there is merged into this place.
    """
    found = {
        place.external_id: place
        for place in await find_places(tx, [(platform, old_external), (platform, new_external)])
    }
    old, new = found.get(old_external), found.get(new_external)
    if old is None or new is old:
        return new
    if new is not None:
        await merging.merge_place(tx, (new.community_id, new.id), (old.community_id, old.id))
    await tx.run(
        """
        UPDATE place SET external_id = :external_id, gone_at = NULL WHERE community_id = :community_id AND id = :id
        """,
        external_id=new_external,
        community_id=old.community_id,
        id=old.id,
    )
    return await place(tx, old.community_id, old.id)
