"""Stores the shop: items, their stock, and orders; ledger.py keeps the points."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from models.store import Bulk, Tx
from models.waiting import Due


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    community_id: int
    number: int
    name: str
    about: str
    price: int
    #: the guild of the role it gives; an item without a role is handed over by staff
    place_id: int | None = None
    role_id: str | None = None
    role_name: str | None = None
    #: milliseconds; None for ever
    lasts: int | None = None
    #: None if it is unlimited
    stock: int | None = None
    #: how many one member may have; None for any number
    per_member: int | None = None
    added_at: int
    #: since when it is no longer sold
    gone_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """An order."""

    community_id: int
    number: int
    item: int
    member_id: int
    #: the price paid
    price: int
    #: the ledger entry that paid for it
    entry_id: int
    at: int
    #: when the role ends
    until: int | None = None
    #: open, done, held, ended or refunded
    state: str
    closed_at: int | None = None
    closed_by: int | None = None


ADD_ITEM = Bulk(
    head="""
    INSERT INTO item (community_id, number, name, about, price, place_id, role_id, role_name, lasts, stock, per_member,
                      added_at, gone_at)
    """,
    columns={
        "community_id": "BIGINT",
        "number": "BIGINT",
        "name": "TEXT",
        "about": "TEXT",
        "price": "BIGINT",
        "place_id": "BIGINT",
        "role_id": "TEXT",
        "role_name": "TEXT",
        "lasts": "BIGINT",
        "stock": "BIGINT",
        "per_member": "BIGINT",
        "added_at": "BIGINT",
        "gone_at": "BIGINT",
    },
    tail="""
    ON CONFLICT (community_id, number) DO UPDATE
    SET name = excluded.name, about = excluded.about, price = excluded.price, lasts = excluded.lasts,
        stock = excluded.stock, per_member = excluded.per_member, gone_at = excluded.gone_at
    """,
)
ADD_PURCHASE = Bulk(
    head="""
    INSERT INTO purchase (community_id, number, item, member_id, price, entry_id, at, until, state, closed_at,
                          closed_by)
    """,
    columns={
        "community_id": "BIGINT",
        "number": "BIGINT",
        "item": "BIGINT",
        "member_id": "BIGINT",
        "price": "BIGINT",
        "entry_id": "BIGINT",
        "at": "BIGINT",
        "until": "BIGINT",
        "state": "TEXT",
        "closed_at": "BIGINT",
        "closed_by": "BIGINT",
    },
)


async def put_item(tx: Tx, item: Item) -> None:
    """Store a new item under its number, or update it; the role it gives stays."""
    await tx.each(ADD_ITEM, [astuple(item)])


async def item(tx: Tx, community_id: int, number: int) -> Item | None:
    """An item, also one no longer sold, since orders name it."""
    row = await tx.one(
        "SELECT * FROM item WHERE community_id = :community_id AND number = :number",
        community_id=community_id,
        number=number,
    )
    return Item(**row) if row else None


async def items(tx: Tx, community_id: int, limit: int, offset: int = 0) -> list[Item]:
    """Items on sale, in the order in which they were added."""
    rows = await tx.all(
        """
        SELECT * FROM item
        WHERE community_id = :community_id AND gone_at IS NULL
        ORDER BY number
        LIMIT :limit OFFSET :offset
        """,
        community_id=community_id,
        limit=limit,
        offset=offset,
    )
    return [Item(**row) for row in rows]


async def restock(tx: Tx, community_id: int, number: int, by: int) -> bool:
    """Change the stock; return whether it stays between 0 and 1,000,000. An unlimited item never changes."""
    changed = await tx.run(
        """
        UPDATE item SET stock = stock + CAST(:by AS BIGINT)
        WHERE community_id = :community_id AND number = :number
          AND (stock IS NULL OR stock + CAST(:by AS BIGINT) BETWEEN 0 AND 1000000)
        """,
        community_id=community_id,
        number=number,
        by=by,
    )
    return changed > 0


async def add_purchase(tx: Tx, purchase: Purchase) -> None:
    await tx.each(ADD_PURCHASE, [astuple(purchase)])


async def purchase(tx: Tx, community_id: int, number: int) -> Purchase | None:
    row = await tx.one(
        "SELECT * FROM purchase WHERE community_id = :community_id AND number = :number",
        community_id=community_id,
        number=number,
    )
    return Purchase(**row) if row else None


async def count_bought(tx: Tx, community_id: int, member_id: int, item: int) -> int:
    """How many of an item a member bought, without refunds."""
    row = await tx.one(
        """
        SELECT COUNT(*) AS bought FROM purchase
        WHERE community_id = :community_id AND member_id = :member_id AND item = :item AND state <> 'refunded'
        """,
        community_id=community_id,
        member_id=member_id,
        item=item,
    )
    return row["bought"] if row else 0


async def purchases_of(tx: Tx, community_id: int, member_id: int, before: int, limit: int) -> list[Purchase]:
    """A member's orders with numbers lower than `before`, newest first."""
    rows = await tx.all(
        """
        SELECT * FROM purchase
        WHERE community_id = :community_id AND member_id = :member_id AND number < :before
        ORDER BY number DESC
        LIMIT :limit
        """,
        community_id=community_id,
        member_id=member_id,
        before=before,
        limit=limit,
    )
    return [Purchase(**row) for row in rows]


async def held_purchases(tx: Tx, community_id: int, member_id: int, role_id: str) -> list[Purchase]:
    """The orders that give a member a role now, oldest first."""
    rows = await tx.all(
        """
        SELECT purchase.*
        FROM purchase
        JOIN item ON item.community_id = purchase.community_id AND item.number = purchase.item
        WHERE purchase.community_id = :community_id AND purchase.member_id = :member_id
          AND purchase.state = 'held' AND item.role_id = :role_id
        ORDER BY purchase.number
        """,
        community_id=community_id,
        member_id=member_id,
        role_id=role_id,
    )
    return [Purchase(**row) for row in rows]


async def open_purchases(tx: Tx, community_id: int, after: int, limit: int) -> list[Purchase]:
    """Orders that staff still have to hand over, oldest first, with numbers higher than `after`."""
    rows = await tx.all(
        """
        SELECT * FROM purchase
        WHERE community_id = :community_id AND state = 'open' AND number > :after
        ORDER BY number
        LIMIT :limit
        """,
        community_id=community_id,
        after=after,
        limit=limit,
    )
    return [Purchase(**row) for row in rows]


async def ended_purchases(tx: Tx, community_id: int, now: int, limit: int) -> list[Purchase]:
    """Orders whose role has ended; the one that ended first comes first."""
    rows = await tx.all(
        """
        SELECT * FROM purchase
        WHERE community_id = :community_id AND state = 'held' AND until <= :now
        ORDER BY until, number
        LIMIT :limit
        """,
        community_id=community_id,
        now=now,
        limit=limit,
    )
    return [Purchase(**row) for row in rows]


async def due(tx: Tx, community_id: int, now: int) -> Due:
    """How many held orders have passed their end, and how many have an end."""
    row = await tx.one(
        """
        SELECT COUNT(*) AS total, COALESCE(SUM(CASE WHEN until <= :now THEN 1 ELSE 0 END), 0) AS due
        FROM purchase
        WHERE community_id = :community_id AND state = 'held' AND until IS NOT NULL
        """,
        community_id=community_id,
        now=now,
    )
    return Due(row["due"], row["total"]) if row else Due(0, 0)


async def close_purchase(
    tx: Tx, community_id: int, number: int, states: Sequence[str], state: str, now: int, by: int | None
) -> bool:
    """Move an order from one of these states to another; return whether it was in one: only one of two succeeds."""
    changed = await tx.run(
        """
        UPDATE purchase SET state = :state, closed_at = :now, closed_by = CAST(:by AS BIGINT)
        WHERE community_id = :community_id AND number = :number
          AND CAST(:states AS TEXT) LIKE '%|' || state || '|%'
        """,
        community_id=community_id,
        number=number,
        states=f"|{'|'.join(states)}|",
        state=state,
        now=now,
        by=by,
    )
    return changed > 0
