"""Stores each community's settings, as JSON by key; bot/*/settings.py defines types and defaults."""

from models.store import Tx


async def get(tx: Tx, community_id: int, key: str) -> str | None:
    row = await tx.one(
        "SELECT value FROM setting WHERE community_id = :community_id AND key = :key",
        community_id=community_id,
        key=key,
    )
    return row["value"] if row else None


async def get_all(tx: Tx, community_id: int) -> dict[str, str]:
    rows = await tx.all(
        "SELECT key, value FROM setting WHERE community_id = :community_id ORDER BY key", community_id=community_id
    )
    return {row["key"]: row["value"] for row in rows}


async def put(tx: Tx, community_id: int, key: str, value: str | None, now: int) -> None:
    """Store a value; None resets the setting to its default."""
    if value is None:
        await tx.run(
            "DELETE FROM setting WHERE community_id = :community_id AND key = :key",
            community_id=community_id,
            key=key,
        )
        return
    await tx.run(
        """
        INSERT INTO setting (community_id, key, value, changed_at) VALUES (:community_id, :key, :value, :now)
        ON CONFLICT (community_id, key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at
        """,
        community_id=community_id,
        key=key,
        value=value,
        now=now,
    )
