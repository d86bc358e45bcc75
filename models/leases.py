"""Stores which process holds each exclusive part, under a number that only grows."""

from dataclasses import dataclass

from models.store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    name: str
    holder: str
    #: raised by one with each new holder; see Store.fence
    number: int
    until: int


async def take(tx: Tx, name: str, holder: str, now: int, until: int, *, force: bool = False) -> Lease:
    """The lease now in force: ours if it was free, expired or taken by force, otherwise the other's."""
    # Create it first: two processes that take a new lease at once would meet in the second unique key, which a
    # conflict clause for the first does not cover.
    await tx.run(
        "INSERT INTO lease (name, holder, number, until) VALUES (:name, 'nobody', 0, 0) ON CONFLICT DO NOTHING",
        name=name,
    )
    row = await tx.one(
        """
        UPDATE lease SET holder = :holder, number = number + 1, until = :until
        WHERE name = :name AND (until <= :now OR CAST(:force AS BOOLEAN))
        RETURNING name, holder, number, until
        """,
        name=name,
        holder=holder,
        now=now,
        until=until,
        force=force,
    )
    held = Lease(**row) if row else await look(tx, name)
    if held is None:
        raise LookupError(f"lease {name} vanished")
    return held


async def renew(tx: Tx, lease: Lease, until: int) -> bool:
    """Renew it; return whether it was still ours."""
    changed = await tx.run(
        "UPDATE lease SET until = :until WHERE name = :name AND holder = :holder AND number = :number",
        until=until,
        name=lease.name,
        holder=lease.holder,
        number=lease.number,
    )
    return changed > 0


async def release(tx: Tx, lease: Lease) -> bool:
    """Free it for the next process at once; return whether it was still ours."""
    return await renew(tx, lease, 0)


async def look(tx: Tx, name: str) -> Lease | None:
    row = await tx.one("SELECT name, holder, number, until FROM lease WHERE name = :name", name=name)
    return Lease(**row) if row else None


async def held(tx: Tx, now: int) -> list[Lease]:
    """The leases in force."""
    rows = await tx.all("SELECT name, holder, number, until FROM lease WHERE until > :now ORDER BY name", now=now)
    return [Lease(**row) for row in rows]
