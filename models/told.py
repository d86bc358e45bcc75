"""Which community said what in private, for a private chat is one, however many speak in it."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from models.store import Bulk, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    platform: str
    #: the account's
    external_id: str
    #: what the platform calls it
    message: str
    community_id: int
    at: int


TELL = Bulk(
    head="INSERT INTO told (platform, external_id, message, community_id, at)",
    columns={
        "platform": "TEXT",
        "external_id": "TEXT",
        "message": "TEXT",
        "community_id": "BIGINT",
        "at": "BIGINT",
    },
    tail="""
    ON CONFLICT (platform, external_id, message) DO UPDATE SET community_id = excluded.community_id, at = excluded.at
    """,
)


async def tell(tx: Tx, told: Sequence[Told]) -> None:
    await tx.each(TELL, [astuple(each) for each in told])


async def spoke(tx: Tx, platform: str, external_id: str, message: str | None) -> int | None:
    """The community that said this, or else the one that spoke last; None while none did."""
    row = await tx.one(
        """
        SELECT community_id FROM told
        WHERE platform = :platform AND external_id = :external_id
        ORDER BY CASE WHEN message = :message THEN 0 ELSE 1 END, at DESC, message DESC
        LIMIT 1
        """,
        platform=platform,
        external_id=external_id,
        message=message or "",
    )
    return row["community_id"] if row else None


async def forget(tx: Tx, community_id: int, before: int) -> int:
    """How many there were."""
    return await tx.run(
        "DELETE FROM told WHERE community_id = :community_id AND at < :before",
        community_id=community_id,
        before=before,
    )
