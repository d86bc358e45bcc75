"""Stores which community a member of several has chosen for private commands."""

from models.store import Tx


async def choose(tx: Tx, platform: str, external_id: str, community_id: int) -> None:
    await tx.run(
        """
        INSERT INTO choice (platform, external_id, community_id) VALUES (:platform, :external_id, :community_id)
        ON CONFLICT (platform, external_id) DO UPDATE SET community_id = excluded.community_id
        """,
        platform=platform,
        external_id=external_id,
        community_id=community_id,
    )


async def chosen(tx: Tx, platform: str, external_id: str) -> int | None:
    row = await tx.one(
        "SELECT community_id FROM choice WHERE platform = :platform AND external_id = :external_id",
        platform=platform,
        external_id=external_id,
    )
    return row["community_id"] if row else None
