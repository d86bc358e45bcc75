"""Ranks members on the boards by the scores in standings.py."""

from dataclasses import dataclass

from models.store import Row, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    member_id: int
    name: str
    score: int
    #: equal scores share a rank
    rank: int


async def top(tx: Tx, community_id: int, limit: int, offset: int = 0) -> list[Ranked]:
    """A page of the board, as last settled."""
    rows = await tx.all(
        """
        SELECT standing.member_id, member.name, standing.score
        FROM standing
        JOIN member ON member.community_id = standing.community_id AND member.id = standing.member_id
        WHERE standing.community_id = :community_id AND standing.step > 0
        ORDER BY standing.step DESC, standing.score DESC, standing.member_id DESC
        LIMIT :limit OFFSET :offset
        """,
        community_id=community_id,
        limit=limit,
        offset=offset,
    )
    if not rows:
        return []
    first = await rank(tx, community_id, rows[0]["member_id"])
    found = [first] if first else []
    for at, row in enumerate(rows[1:], offset + 2):
        shared = found[-1].score == row["score"]
        found.append(Ranked(**row, rank=found[-1].rank if shared else at))
    return found


async def rank(tx: Tx, community_id: int, member_id: int) -> Ranked | None:
    """A member's rank on the board, as last settled."""
    row = await tx.one(
        """
        SELECT standing.member_id, member.name, standing.score,
               1 + CAST(COALESCE((
                   SELECT SUM(members) FROM board_step
                   WHERE community_id = standing.community_id AND step > standing.step
               ), 0) AS BIGINT) + (
                   SELECT COUNT(*) FROM standing AS above
                   WHERE above.community_id = standing.community_id AND above.step = standing.step
                     AND above.step > 0 AND above.score > standing.score
               ) AS rank
        FROM standing
        JOIN member ON member.community_id = standing.community_id AND member.id = standing.member_id
        WHERE standing.community_id = :community_id AND standing.member_id = :member_id AND standing.step > 0
        """,
        community_id=community_id,
        member_id=member_id,
    )
    return Ranked(**row) if row else None


async def count_ranked(tx: Tx, community_id: int) -> int:
    """How many are on the board, as last settled."""
    row = await tx.one(
        "SELECT CAST(COALESCE(SUM(members), 0) AS BIGINT) AS ranked FROM board_step WHERE community_id = :community_id",
        community_id=community_id,
    )
    return row["ranked"] if row else 0


async def top_between(
    tx: Tx, community_id: int, first_day: int, last_day: int, place_id: int | None, limit: int, offset: int = 0
) -> list[Ranked]:
    """A page of the board of a period, both days included; only for one place if asked."""
    rows = await _between(tx, community_id, first_day, last_day, place_id, limit=limit, offset=offset)
    return [_ranked(row) for row in rows]


async def rank_between(
    tx: Tx, community_id: int, first_day: int, last_day: int, place_id: int | None, member_id: int
) -> Ranked | None:
    """A member's rank on the board of a period."""
    rows = await _between(tx, community_id, first_day, last_day, place_id, member_id=member_id)
    return _ranked(rows[0]) if rows else None


async def _between(
    tx: Tx,
    community_id: int,
    first_day: int,
    last_day: int,
    place_id: int | None,
    *,
    member_id: int | None = None,
    limit: int = 1,
    offset: int = 0,
) -> list[Row]:
    return await tx.all(
        """
        WITH ranked AS (
            SELECT member.id AS member_id, member.name, CAST(SUM(earning.amount) AS BIGINT) AS score,
                   RANK() OVER (ORDER BY SUM(earning.amount) DESC) AS rank
            FROM earning
            JOIN member ON member.community_id = earning.community_id AND member.id = earning.member_id
            LEFT JOIN standing ON standing.community_id = member.community_id AND standing.member_id = member.id
            WHERE earning.community_id = :community_id AND earning.day BETWEEN :first_day AND :last_day
              AND (CAST(:place_id AS BIGINT) IS NULL OR earning.place_id = :place_id)
              AND member.left_at IS NULL AND NOT member.bot
              AND NOT COALESCE(standing.hidden OR standing.excluded, FALSE)
            GROUP BY member.id, member.name
            HAVING SUM(earning.amount) > 0
        )
        SELECT member_id, name, score, rank
        FROM ranked
        WHERE CAST(:member_id AS BIGINT) IS NULL OR member_id = :member_id
        ORDER BY score DESC, member_id DESC
        LIMIT :limit OFFSET :offset
        """,
        community_id=community_id,
        first_day=first_day,
        last_day=last_day,
        place_id=place_id,
        member_id=member_id,
        limit=limit,
        offset=offset,
    )


def _ranked(row: Row) -> Ranked:
    return Ranked(member_id=row["member_id"], name=row["name"], score=row["score"], rank=row["rank"])
