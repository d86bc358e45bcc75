"""Asks the engine whether its pages are intact; proof.py checks the rows in them."""

from models.store import Tx

#: the most faults we show: enough to prove the damage
MOST = 5


async def damage(tx: Tx) -> list[str]:
    """The faults, in the engine's words; it reads every page of an SQLite file."""
    if tx.dialect == "sqlite":
        rows = await tx.all(f"PRAGMA integrity_check({MOST})")
        return [" ".join(row["integrity_check"].split()) for row in rows if row["integrity_check"] != "ok"]
    row = await tx.one(
        "SELECT checksum_failures AS pages FROM pg_stat_database WHERE datname = CURRENT_DATABASE()",
    )
    return [f"{row['pages']} pages did not match their checksums"] if row and row["pages"] else []
