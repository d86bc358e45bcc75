"""Adds up the entries of each member, and keeps who is on the boards; ledger.py keeps the entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models import ledger
from models.store import Bulk, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    community_id: int
    member_id: int
    #: points to spend
    balance: int
    #: points that were spent, and later taken back because they were not really earned
    debt: int
    #: the score that levels and boards use
    score: int
    #: off the boards by the member's own choice
    hidden: bool
    #: off the boards by a rule of the community
    excluded: bool


class Line(NamedTuple):
    """A member in the table of all members."""

    member_id: int
    name: str
    balance: int
    debt: int
    score: int


#: The few members concerned come first, MATERIALIZED and CROSS JOINed, or SQLite would begin with every member's
#: history or with the whole board.
COUNT_PENDING = """
    WITH pending AS MATERIALIZED (
        SELECT member_id FROM entry WHERE community_id = :community_id AND id > :settled_id AND id <= :last_id
    )
    INSERT INTO board_step (community_id, step, members)
    SELECT standing.community_id, standing.step, CAST(:sign AS BIGINT) * COUNT(*)
    FROM (SELECT DISTINCT member_id FROM pending) AS mover
    CROSS JOIN standing
    WHERE standing.community_id = :community_id AND standing.member_id = mover.member_id AND standing.step > 0
    GROUP BY standing.community_id, standing.step
    ON CONFLICT (community_id, step) DO UPDATE SET members = board_step.members + excluded.members
"""
TAKE_IN = """
    WITH pending AS MATERIALIZED (
        SELECT member_id, amount, CASE WHEN counts THEN amount ELSE 0 END AS counted
        FROM entry
        WHERE community_id = :community_id AND id > :settled_id AND id <= :last_id
    )
    INSERT INTO standing (community_id, member_id, balance, debt, score, hidden, listed)
    SELECT CAST(:community_id AS BIGINT), mover.member_id, CASE WHEN net > 0 THEN net ELSE 0 END,
           CASE WHEN net < 0 THEN -net ELSE 0 END, score, FALSE,
           COALESCE(member.left_at IS NULL AND NOT member.bot, FALSE)
    FROM (
        SELECT member_id, CAST(SUM(amount) AS BIGINT) AS net, CAST(SUM(counted) AS BIGINT) AS score
        FROM pending
        GROUP BY member_id
    ) AS mover
    LEFT JOIN member ON member.community_id = :community_id AND member.id = mover.member_id
    WHERE TRUE
    ON CONFLICT (community_id, member_id) DO UPDATE
    SET balance = CASE WHEN standing.balance - standing.debt + excluded.balance - excluded.debt > 0
                  THEN standing.balance - standing.debt + excluded.balance - excluded.debt ELSE 0 END,
        debt = CASE WHEN standing.balance - standing.debt + excluded.balance - excluded.debt < 0
               THEN standing.debt - standing.balance + excluded.debt - excluded.balance ELSE 0 END,
        score = standing.score + excluded.score,
        listed = excluded.listed AND NOT standing.hidden AND NOT standing.excluded
"""
COUNT_GIVEN = Bulk(
    head="WITH given (community_id, member_id, sign) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT", "sign": "BIGINT"},
    tail="""
    )
    INSERT INTO board_step (community_id, step, members)
    SELECT standing.community_id, standing.step, CAST(SUM(given.sign) AS BIGINT)
    FROM given
    CROSS JOIN standing
    WHERE standing.community_id = given.community_id AND standing.member_id = given.member_id AND standing.step > 0
    GROUP BY standing.community_id, standing.step
    ON CONFLICT (community_id, step) DO UPDATE SET members = board_step.members + excluded.members
    """,
)
RELIST = Bulk(
    head="WITH given (community_id, member_id) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT"},
    tail="""
    )
    UPDATE standing SET listed = NOT standing.hidden AND NOT standing.excluded AND EXISTS (
        SELECT 1 FROM member
        WHERE member.community_id = standing.community_id AND member.id = standing.member_id
          AND member.left_at IS NULL AND NOT member.bot
    )
    FROM given
    WHERE standing.community_id = given.community_id AND standing.member_id = given.member_id
    """,
)
EXCLUDE = Bulk(
    head="INSERT INTO standing (community_id, member_id, balance, debt, score, hidden, listed, excluded)",
    columns={
        "community_id": "BIGINT",
        "member_id": "BIGINT",
        "balance": "BIGINT",
        "debt": "BIGINT",
        "score": "BIGINT",
        "hidden": "BOOLEAN",
        "listed": "BOOLEAN",
        "excluded": "BOOLEAN",
    },
    tail="ON CONFLICT (community_id, member_id) DO UPDATE SET excluded = excluded.excluded",
)


NETS = Bulk(
    head="WITH given (community_id, member_id) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT"},
    tail="""
    )
    SELECT standing.member_id, standing.balance - standing.debt AS net
    FROM given
    JOIN standing ON standing.community_id = given.community_id AND standing.member_id = given.member_id
    """,
)


async def settle(tx: Tx, community_id: int) -> int:
    """Bring the standings up to date; return how many entries were added."""
    if await _pending(tx, community_id) is None:
        return 0
    await ledger.lock(tx, community_id)
    span = await _pending(tx, community_id)
    if span is None:
        return 0
    await tx.run(COUNT_PENDING, sign=-1, **span)
    await tx.run(TAKE_IN, **span)
    await tx.run(COUNT_PENDING, sign=1, **span)
    row = await tx.one(
        """
        UPDATE ledger SET settled_id = :last_id
        WHERE community_id = :community_id
        RETURNING (
            SELECT COUNT(*) FROM entry WHERE community_id = :community_id AND id > :settled_id AND id <= :last_id
        ) AS taken
        """,
        **span,
    )
    return row["taken"] if row else 0


async def standing(tx: Tx, community_id: int, member_id: int) -> Standing:
    """The standing now, settled or not; zeros for a member without entries."""
    row = await tx.one(
        """
        SELECT CAST(COALESCE(SUM(net), 0) AS BIGINT) AS net, CAST(COALESCE(SUM(score), 0) AS BIGINT) AS score,
               COALESCE(MAX(hidden), 0) AS hidden, COALESCE(MAX(excluded), 0) AS excluded
        FROM (
            SELECT balance - debt AS net, score, CASE WHEN hidden THEN 1 ELSE 0 END AS hidden,
                   CASE WHEN excluded THEN 1 ELSE 0 END AS excluded
            FROM standing
            WHERE community_id = :community_id AND member_id = :member_id
            UNION ALL
            SELECT amount AS net, CASE WHEN counts THEN amount ELSE 0 END AS score, 0 AS hidden,
                   0 AS excluded
            FROM entry
            WHERE community_id = :community_id AND member_id = :member_id AND id > COALESCE(
                (SELECT settled_id FROM ledger WHERE community_id = :community_id), 0
            )
        ) AS parts
        """,
        community_id=community_id,
        member_id=member_id,
    )
    net, score = (row["net"], row["score"]) if row else (0, 0)
    return Standing(
        community_id=community_id,
        member_id=member_id,
        balance=max(net, 0),
        debt=max(-net, 0),
        score=max(score, 0),
        hidden=bool(row and row["hidden"]),
        excluded=bool(row and row["excluded"]),
    )


async def nets(tx: Tx, community_id: int, member_ids: Sequence[int]) -> dict[int, int]:
    """Balance minus debt of these members, as last settled; members without entries are left out."""
    rows = await tx.each(NETS, [(community_id, member_id) for member_id in dict.fromkeys(member_ids)])
    return {row["member_id"]: row["net"] for row in rows}


async def sheet(tx: Tx, community_id: int, limit: int) -> list[Line]:
    """Members with points, debt or score, as of now, settled or not; most points first."""
    rows = await tx.all(
        """
        WITH part AS (
            SELECT member_id, balance - debt AS net, score FROM standing WHERE community_id = :community_id
            UNION ALL
            SELECT member_id, amount AS net, CASE WHEN counts THEN amount ELSE 0 END AS score
            FROM entry
            WHERE community_id = :community_id AND id > COALESCE(
                (SELECT settled_id FROM ledger WHERE community_id = :community_id), 0
            )
        ), whole AS (
            SELECT member_id, CAST(SUM(net) AS BIGINT) AS net, CAST(SUM(score) AS BIGINT) AS score
            FROM part
            GROUP BY member_id
        )
        SELECT whole.member_id, COALESCE(member.name, '') AS name, whole.net, whole.score
        FROM whole
        LEFT JOIN member ON member.community_id = :community_id AND member.id = whole.member_id
        WHERE whole.net <> 0 OR whole.score <> 0
        ORDER BY whole.net DESC, whole.member_id
        LIMIT :limit
        """,
        community_id=community_id,
        limit=limit,
    )
    return [
        Line(row["member_id"], row["name"], max(row["net"], 0), max(-row["net"], 0), max(row["score"], 0))
        for row in rows
    ]


async def standing_for_update(tx: Tx, community_id: int, member_id: int) -> Standing:
    """As `standing`, and nobody else moves points here before the transaction ends."""
    # Not the member's own row: a settling process takes rows while it holds the ledger, and two would deadlock.
    await ledger.lock(tx, community_id)
    return await standing(tx, community_id, member_id)


async def hide(tx: Tx, community_id: int, member_id: int, hidden: bool) -> None:
    """Take a member off the boards, or put them back."""
    await ledger.lock(tx, community_id)
    await tx.run(
        """
        INSERT INTO standing (community_id, member_id, balance, debt, score, hidden, listed)
        VALUES (:community_id, :member_id, 0, 0, 0, CAST(:hidden AS BOOLEAN), FALSE)
        ON CONFLICT (community_id, member_id) DO UPDATE SET hidden = excluded.hidden
        """,
        community_id=community_id,
        member_id=member_id,
        hidden=hidden,
    )
    await relist(tx, community_id, [member_id])


async def exclude(tx: Tx, community_id: int, member_ids: Sequence[int], *, excluded: bool) -> None:
    """Keep a member off the boards by a rule, whatever they chose, or lift that."""
    await ledger.lock(tx, community_id)
    rows = [(community_id, member_id, 0, 0, 0, False, False, excluded) for member_id in sorted(set(member_ids))]
    await tx.each(EXCLUDE, rows)
    await relist(tx, community_id, member_ids)


async def excluded_members(tx: Tx, community_id: int) -> list[int]:
    rows = await tx.all(
        "SELECT member_id FROM standing WHERE community_id = :community_id AND excluded ORDER BY member_id",
        community_id=community_id,
    )
    return [row["member_id"] for row in rows]


async def relist(tx: Tx, community_id: int, member_ids: Sequence[int]) -> None:
    """Members came or left: put those on the boards who are present, no bot, not hidden and not excluded."""
    await ledger.lock(tx, community_id)
    members = [(community_id, member_id) for member_id in sorted(set(member_ids))]
    await tx.each(COUNT_GIVEN, [(*member, -1) for member in members])
    await tx.each(RELIST, members)
    await tx.each(COUNT_GIVEN, [(*member, 1) for member in members])


async def _pending(tx: Tx, community_id: int) -> dict[str, int] | None:
    """The range of entries not yet settled, if there are any."""
    row = await tx.one(
        """
        SELECT community_id, settled_id, last_id FROM ledger
        WHERE community_id = :community_id AND settled_id < last_id
        """,
        community_id=community_id,
    )
    return dict(row) if row else None
