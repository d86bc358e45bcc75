"""Stores small facts of the installation, such as the hash of the commands last synced; callers give them meaning."""

from models.store import Tx


async def recall(tx: Tx, key: str) -> str | None:
    row = await tx.one("SELECT value FROM remembered WHERE key = :key", key=key)
    return row["value"] if row else None


async def remember(tx: Tx, key: str, value: str, now: int) -> None:
    await tx.run(
        """
        INSERT INTO remembered (key, value, at) VALUES (:key, :value, :now)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value, at = excluded.at
        """,
        key=key,
        value=value,
        now=now,
    )
