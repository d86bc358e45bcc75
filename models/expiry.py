"""Stores which members we warned that points expire; ledger.py and bot/ decide which points are old."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.store import Bulk, Tx
from models.waiting import Due


class Warned(NamedTuple):
    """At `expires_at` the rest of the points earned up to `until` expires, and no more than the amount."""

    until: int
    amount: int
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A member to look at: one with points and without a warning, or one whose warned time has come."""

    member_id: int
    language: str | None
    #: whether the member is present and not a bot
    here: bool
    balance: int
    warned: Warned | None


WARN = Bulk(
    head="INSERT INTO expiry_warning (community_id, member_id, until, amount, expires_at)",
    columns={
        "community_id": "BIGINT",
        "member_id": "BIGINT",
        "until": "BIGINT",
        "amount": "BIGINT",
        "expires_at": "BIGINT",
    },
)


async def holders(tx: Tx, community_id: int, now: int, after: int, limit: int) -> list[Holder]:
    """A page of members whose id is greater than the given one; balances are as last settled."""
    rows = await tx.all(
        """
        SELECT standing.member_id, COALESCE(member.language, member.heard) AS language,
               COALESCE(member.left_at IS NULL AND NOT member.bot, FALSE) AS here, standing.balance,
               expiry_warning.until, expiry_warning.amount, expiry_warning.expires_at
        FROM standing
        LEFT JOIN member ON member.community_id = standing.community_id AND member.id = standing.member_id
        LEFT JOIN expiry_warning ON expiry_warning.community_id = standing.community_id
             AND expiry_warning.member_id = standing.member_id
        WHERE standing.community_id = :community_id AND standing.member_id > :after
          AND (expiry_warning.expires_at <= :now OR (expiry_warning.expires_at IS NULL AND standing.balance > 0))
        ORDER BY standing.member_id
        LIMIT :limit
        """,
        community_id=community_id,
        after=after,
        now=now,
        limit=limit,
    )
    return [
        Holder(
            member_id=row["member_id"],
            language=row["language"],
            here=bool(row["here"]),
            balance=row["balance"],
            warned=None if row["until"] is None else Warned(row["until"], row["amount"], row["expires_at"]),
        )
        for row in rows
    ]


async def due(tx: Tx, community_id: int, now: int) -> Due:
    """How many warnings are due, and how many members have points."""
    row = await tx.one(
        """
        SELECT (SELECT COUNT(*) FROM standing WHERE community_id = :community_id AND balance > 0) AS total,
               (SELECT COUNT(*) FROM expiry_warning WHERE community_id = :community_id AND expires_at <= :now) AS due
        """,
        community_id=community_id,
        now=now,
    )
    return Due(row["due"], row["total"]) if row else Due(0, 0)


async def warned(tx: Tx, community_id: int, member_id: int) -> Warned | None:
    row = await tx.one(
        """
        SELECT until, amount, expires_at FROM expiry_warning
        WHERE community_id = :community_id AND member_id = :member_id
        """,
        community_id=community_id,
        member_id=member_id,
    )
    return Warned(**row) if row else None


async def warn(tx: Tx, community_id: int, warnings: Sequence[tuple[int, Warned]]) -> None:
    """Write a warning for each member who has none."""
    await tx.each(WARN, [(community_id, member_id, *each) for member_id, each in warnings])


async def forget_due(tx: Tx, community_id: int, now: int, after: int, last: int) -> None:
    """Delete the due warnings of a page's members."""
    await tx.run(
        """
        DELETE FROM expiry_warning
        WHERE community_id = :community_id AND member_id > :after AND member_id <= :last AND expires_at <= :now
        """,
        community_id=community_id,
        after=after,
        last=last,
        now=now,
    )


async def forget_all(tx: Tx, community_id: int) -> None:
    await tx.run("DELETE FROM expiry_warning WHERE community_id = :community_id", community_id=community_id)
