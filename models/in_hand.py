"""What was being taken in when a process ended, and at how many ends; bot/core/in_hand.py says what follows."""

from collections.abc import Iterable, Sequence

from models.store import Bulk, Tx

NOTE = Bulk(
    head="INSERT INTO in_hand (cause, ends, at)",
    columns={"cause": "TEXT", "ends": "BIGINT", "at": "BIGINT"},
    tail="ON CONFLICT (cause) DO UPDATE SET ends = excluded.ends, at = excluded.at",
)
FORGET = Bulk(
    head="WITH done (cause) AS (",
    columns={"cause": "TEXT"},
    tail=") DELETE FROM in_hand WHERE cause IN (SELECT cause FROM done)",
)


async def note(tx: Tx, ends: Iterable[tuple[str, int]], now: int) -> None:
    """Should the process end before these are forgotten, it is the so-manieth end at which they are in hand."""
    await tx.each(NOTE, [(cause, count, now) for cause, count in sorted(dict(ends).items())])


async def forget(tx: Tx, causes: Sequence[str]) -> None:
    await tx.each(FORGET, [(cause,) for cause in sorted(causes)])


async def forget_old(tx: Tx, before: int) -> int:
    return await tx.run("DELETE FROM in_hand WHERE at < :before", before=before)


async def noted(tx: Tx) -> dict[str, int]:
    rows = await tx.all("SELECT cause, ends FROM in_hand")
    return {row["cause"]: row["ends"] for row in rows}
