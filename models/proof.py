"""Proves the ledger: compares every cache with the entries that made it, and the entries with their own rules."""

from dataclasses import dataclass

from models.store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A contradiction between the entries and something else."""

    #: balance, score, board, step, escrow, transfer, reversal or earning
    what: str
    #: the member, the step, the subject, the cause, the entry, or day, member, place and reason
    key: str
    expected: int
    found: int


#: the sum of the entries, compared with the stored value
CACHES = """
    WITH settled AS (
        SELECT entry.*
        FROM entry
        JOIN ledger ON ledger.community_id = entry.community_id AND ledger.settled_id >= entry.id
        WHERE entry.community_id = :community_id
    ), side (what, key, expected, found) AS (
        SELECT 'balance', CAST(member_id AS TEXT), amount, 0 FROM settled
        UNION ALL
        SELECT 'balance', CAST(member_id AS TEXT), 0, balance - debt
        FROM standing WHERE community_id = :community_id
        UNION ALL
        SELECT 'score', CAST(member_id AS TEXT), amount, 0 FROM settled WHERE counts
        UNION ALL
        SELECT 'score', CAST(member_id AS TEXT), 0, score FROM standing WHERE community_id = :community_id
        UNION ALL
        SELECT 'board', CAST(member_id AS TEXT),
               CASE WHEN member.left_at IS NULL AND NOT member.bot AND NOT hidden AND NOT excluded
               THEN 1 ELSE 0 END,
               CASE WHEN listed THEN 1 ELSE 0 END
        FROM standing
        LEFT JOIN member ON member.community_id = standing.community_id AND member.id = standing.member_id
        WHERE standing.community_id = :community_id
        UNION ALL
        SELECT 'step', CAST(step AS TEXT), 1, 0 FROM standing WHERE community_id = :community_id AND step > 0
        UNION ALL
        SELECT 'step', CAST(step AS TEXT), 0, members FROM board_step WHERE community_id = :community_id
        UNION ALL
        SELECT 'transfer', cause, 0, amount FROM entry WHERE community_id = :community_id AND kind = 'transfer'
        UNION ALL
        SELECT 'transfer', taken.cause, 0, entry.amount
        FROM entry
        JOIN entry AS taken ON taken.community_id = entry.community_id AND taken.id = entry.reverses
        WHERE entry.community_id = :community_id AND taken.kind = 'transfer'
        UNION ALL
        SELECT 'earning', entry.day || ' ' || entry.member_id || ' ' || COALESCE(entry.place_id, 0) || ' '
               || entry.reason, entry.amount, 0
        FROM entry
        LEFT JOIN entry AS back ON back.community_id = entry.community_id AND back.reverses = entry.id
        WHERE entry.community_id = :community_id AND entry.kind = 'earn' AND back.id IS NULL
        UNION ALL
        SELECT 'earning', day || ' ' || member_id || ' ' || place_id || ' ' || reason, 0, amount
        FROM earning WHERE community_id = :community_id
    )
    SELECT what, key, CAST(SUM(expected) AS BIGINT) AS expected, CAST(SUM(found) AS BIGINT) AS found
    FROM side
    GROUP BY what, key
    HAVING SUM(expected) <> SUM(found)
"""
#: the escrow of a pot or bounty is never below 0, and is 0 once it is closed
ESCROWS = """
    SELECT 'escrow' AS what, subject AS key, 0 AS expected, CAST(-SUM(amount) AS BIGINT) AS found
    FROM entry
    WHERE community_id = :community_id AND subject IS NOT NULL
    GROUP BY subject
    HAVING SUM(amount) > 0 OR (SUM(amount) < 0 AND EXISTS (
        SELECT 1 FROM pot
        WHERE pot.community_id = :community_id AND pot.closed_at IS NOT NULL
          AND entry.subject = pot.kind || ':' || pot.number
    )) OR (SUM(amount) < 0 AND EXISTS (
        SELECT 1 FROM bounty
        WHERE bounty.community_id = :community_id AND bounty.closed_at IS NOT NULL
          AND entry.subject = 'bounty:' || bounty.number
    ))
"""
#: each reversal takes back one whole entry of the same member, once
REVERSALS = """
    SELECT 'reversal' AS what, CAST(entry.id AS TEXT) AS key, COALESCE(-taken.amount, 0) AS expected,
           entry.amount AS found
    FROM entry
    LEFT JOIN entry AS taken ON taken.community_id = entry.community_id AND taken.id = entry.reverses
         AND taken.reverses IS NULL AND taken.member_id = entry.member_id AND taken.counts = entry.counts
         AND taken.amount = -entry.amount AND COALESCE(taken.subject, '') = COALESCE(entry.subject, '')
    WHERE entry.community_id = :community_id AND entry.reverses IS NOT NULL AND taken.id IS NULL
"""


async def prove(tx: Tx, community_id: int) -> list[Fault]:
    """Where the caches, as last settled, differ from the entries, or the entries break their own rules."""
    rows = [row for law in (CACHES, ESCROWS, REVERSALS) for row in await tx.all(law, community_id=community_id)]
    return sorted((Fault(**row) for row in rows), key=lambda fault: (fault.what, fault.key))
