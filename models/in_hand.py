"""Stores which events were in hand when a process ended, and at how many ends; bot/core/in_hand.py acts on it."""

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
    """Note events as in hand, with the number of this end if the process ends before we forget them."""
    await tx.each(NOTE, [(cause, count, now) for cause, count in sorted(dict(ends).items())])


async def forget(tx: Tx, causes: Sequence[str]) -> None:
    await tx.each(FORGET, [(cause,) for cause in sorted(causes)])


async def forget_old(tx: Tx, before: int) -> int:
    return await tx.run("DELETE FROM in_hand WHERE at < :before", before=before)


async def noted(tx: Tx) -> dict[str, int]:
    rows = await tx.all("SELECT cause, ends FROM in_hand")
    return {row["cause"]: row["ends"] for row in rows}
