"""Keeps imprints of members' last messages, so that bot/economy/points/ can notice repetition."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from models.store import Bulk, Tx

#: imprints kept for each member
KEPT = 5
#: hexadecimal digits of an imprint
DIGITS = 16


class Imprints(NamedTuple):
    """The imprints of one member."""

    #: the key that makes them; a member keeps it
    key: str
    #: sixty-four bits each, the newest first
    last: tuple[int, ...] = ()


WANTED = Bulk(
    head="WITH wanted (community_id, member_id) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT"},
    tail="""
    )
    SELECT imprint.member_id, imprint.key, imprint.last
    FROM wanted
    JOIN imprint ON imprint.community_id = wanted.community_id AND imprint.member_id = wanted.member_id
    """,
)
KEEP = Bulk(
    head="INSERT INTO imprint (community_id, member_id, key, last)",
    columns={"community_id": "BIGINT", "member_id": "BIGINT", "key": "TEXT", "last": "TEXT"},
    tail="ON CONFLICT (community_id, member_id) DO UPDATE SET key = excluded.key, last = excluded.last",
)


async def imprints(tx: Tx, community_id: int, member_ids: Collection[int]) -> dict[int, Imprints]:
    """The imprints of those members who have any."""
    rows = await tx.each(WANTED, [(community_id, member_id) for member_id in sorted(member_ids)])
    return {row["member_id"]: Imprints(row["key"], _read(row["last"])) for row in rows}


async def keep(tx: Tx, community_id: int, imprints: Mapping[int, Imprints]) -> None:
    """Replace the imprints kept for these members; only so many for each."""
    rows = [
        (community_id, member_id, key, "".join(f"{each:0{DIGITS}x}" for each in last[:KEPT]))
        for member_id, (key, last) in sorted(imprints.items())
    ]
    await tx.each(KEEP, rows)


def _read(last: str) -> tuple[int, ...]:
    return tuple(int(last[at : at + DIGITS], 16) for at in range(0, len(last), DIGITS))
