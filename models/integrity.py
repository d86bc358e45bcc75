"""What the engine itself says about the health of its pages; what the rows in them mean is left to proof.py."""

from models.store import Tx

#: as many as make the point
MOST = 5


async def damage(tx: Tx) -> list[str]:
    """What is wrong, in the engine's words; every page of an SQLite file is read for it."""
    if tx.dialect == "sqlite":
        rows = await tx.all(f"PRAGMA integrity_check({MOST})")
        return [" ".join(row["integrity_check"].split()) for row in rows if row["integrity_check"] != "ok"]
    row = await tx.one(
        "SELECT checksum_failures AS pages FROM pg_stat_database WHERE datname = CURRENT_DATABASE()",
    )
    return [f"{row['pages']} pages did not match their checksums"] if row and row["pages"] else []
