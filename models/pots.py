"""Stores raffles and contests, who takes part and who votes; ledger.py keeps the points in escrow."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import NamedTuple

from models.store import Bulk, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Pot:
    community_id: int
    number: int
    #: raffle or contest
    kind: str
    #: its topic; empty if only points can be won
    title: str
    #: the prize: what was staked, the thing the title names, or new points from the community
    prize: str
    #: the price of a seat, or the award of the contest
    amount: int
    winners: int
    seats: int
    per_member: int
    #: the secret that decides the raffle, kept until it is drawn
    seed: str | None = None
    owner_id: int
    place_id: int
    opened_at: int
    ends_at: int
    closed_at: int | None = None
    #: won, empty or cancelled
    outcome: str | None = None

    @property
    def subject(self) -> str:
        """The subject under which the ledger keeps the stake."""
        return f"{self.kind}:{self.number}"


class Seat(NamedTuple):
    """A seat in a raffle, or an entry in a contest."""

    community_id: int
    pot: int
    number: int
    member_id: int
    at: int
    text: str | None = None


class Scored(NamedTuple):
    seat: Seat
    votes: int


ADD = Bulk(
    head="""
    INSERT INTO pot (community_id, number, kind, title, prize, amount, winners, seats, per_member, seed, owner_id,
                     place_id, opened_at, ends_at, closed_at, outcome)
    """,
    columns={
        "community_id": "BIGINT",
        "number": "BIGINT",
        "kind": "TEXT",
        "title": "TEXT",
        "prize": "TEXT",
        "amount": "BIGINT",
        "winners": "BIGINT",
        "seats": "BIGINT",
        "per_member": "BIGINT",
        "seed": "TEXT",
        "owner_id": "BIGINT",
        "place_id": "BIGINT",
        "opened_at": "BIGINT",
        "ends_at": "BIGINT",
        "closed_at": "BIGINT",
        "outcome": "TEXT",
    },
)
SIT = Bulk(
    head="INSERT INTO pot_seat (community_id, pot, number, member_id, at, text)",
    columns={
        "community_id": "BIGINT",
        "pot": "BIGINT",
        "number": "BIGINT",
        "member_id": "BIGINT",
        "at": "BIGINT",
        "text": "TEXT",
    },
    tail="ON CONFLICT (community_id, pot, number) DO UPDATE SET at = excluded.at, text = excluded.text",
)


async def add(tx: Tx, pot: Pot) -> None:
    await tx.each(ADD, [astuple(pot)])


async def pot(tx: Tx, community_id: int, number: int) -> Pot | None:
    row = await tx.one(
        "SELECT * FROM pot WHERE community_id = :community_id AND number = :number",
        community_id=community_id,
        number=number,
    )
    return Pot(**row) if row else None


async def open_pots(tx: Tx, community_id: int, kind: str, limit: int) -> list[Pot]:
    """Pots that are not closed; the one that ends first comes first."""
    rows = await tx.all(
        """
        SELECT * FROM pot
        WHERE community_id = :community_id AND closed_at IS NULL AND kind = :kind
        ORDER BY ends_at, number
        LIMIT :limit
        """,
        community_id=community_id,
        kind=kind,
        limit=limit,
    )
    return [Pot(**row) for row in rows]


async def close(tx: Tx, community_id: int, number: int, outcome: str, now: int) -> bool:
    """Close it; return whether it was open, so that it is closed only once."""
    changed = await tx.run(
        """
        UPDATE pot SET closed_at = :now, outcome = :outcome
        WHERE community_id = :community_id AND number = :number AND closed_at IS NULL
        """,
        community_id=community_id,
        number=number,
        outcome=outcome,
        now=now,
    )
    return changed > 0


async def sit(tx: Tx, seats: Sequence[Seat]) -> None:
    """Take a seat; a seat that exists gets the new text."""
    await tx.each(SIT, seats)


async def stand_up(tx: Tx, community_id: int, pot: int, number: int) -> None:
    """Take back an entry, with the votes for it; its number is never used again."""
    await forget_votes(tx, community_id, pot, number)
    await tx.run(
        "UPDATE pot_seat SET text = NULL WHERE community_id = :community_id AND pot = :pot AND number = :number",
        community_id=community_id,
        pot=pot,
        number=number,
    )


async def last_seat(tx: Tx, community_id: int, pot: int) -> int:
    row = await tx.one(
        "SELECT MAX(number) AS number FROM pot_seat WHERE community_id = :community_id AND pot = :pot",
        community_id=community_id,
        pot=pot,
    )
    return row["number"] or 0 if row else 0


async def seat(tx: Tx, community_id: int, pot: int, number: int) -> Seat | None:
    row = await tx.one(
        "SELECT * FROM pot_seat WHERE community_id = :community_id AND pot = :pot AND number = :number",
        community_id=community_id,
        pot=pot,
        number=number,
    )
    return Seat(**row) if row else None


async def seats_of(tx: Tx, community_id: int, pot: int, member_id: int) -> list[Seat]:
    rows = await tx.all(
        """
        SELECT * FROM pot_seat
        WHERE community_id = :community_id AND pot = :pot AND member_id = :member_id
        ORDER BY number
        """,
        community_id=community_id,
        pot=pot,
        member_id=member_id,
    )
    return [Seat(**row) for row in rows]


async def seats_taken(tx: Tx, community_id: int, pot: int) -> list[Seat]:
    """The seats of members who are still here."""
    rows = await tx.all(
        """
        SELECT pot_seat.*
        FROM pot_seat
        JOIN member ON member.community_id = pot_seat.community_id AND member.id = pot_seat.member_id
        WHERE pot_seat.community_id = :community_id AND pot_seat.pot = :pot AND member.left_at IS NULL
        ORDER BY pot_seat.number
        """,
        community_id=community_id,
        pot=pot,
    )
    return [Seat(**row) for row in rows]


async def scores(tx: Tx, community_id: int, pot: int) -> list[Scored]:
    """Votes by seat, where both the seat's member and the voter are still here."""
    rows = await tx.all(
        """
        SELECT pot_seat.community_id, pot_seat.pot, pot_seat.number, pot_seat.member_id, pot_seat.at, pot_seat.text,
               COUNT(voter.id) AS votes
        FROM pot_seat
        JOIN member ON member.community_id = pot_seat.community_id AND member.id = pot_seat.member_id
        LEFT JOIN pot_vote ON pot_vote.community_id = pot_seat.community_id AND pot_vote.pot = pot_seat.pot
             AND pot_vote.seat = pot_seat.number
        LEFT JOIN member AS voter ON voter.community_id = pot_vote.community_id AND voter.id = pot_vote.member_id
             AND voter.left_at IS NULL
        WHERE pot_seat.community_id = :community_id AND pot_seat.pot = :pot AND pot_seat.text IS NOT NULL
          AND member.left_at IS NULL
        GROUP BY pot_seat.community_id, pot_seat.pot, pot_seat.number, pot_seat.member_id, pot_seat.at, pot_seat.text
        ORDER BY pot_seat.number
        """,
        community_id=community_id,
        pot=pot,
    )
    return [Scored(Seat(*(row[field] for field in Seat._fields)), row["votes"]) for row in rows]


async def vote(tx: Tx, community_id: int, pot: int, member_id: int, seat: int, now: int) -> None:
    """Store a member's one vote; they may change it later."""
    await tx.run(
        """
        INSERT INTO pot_vote (community_id, pot, member_id, seat, at)
        VALUES (:community_id, :pot, :member_id, :seat, :now)
        ON CONFLICT (community_id, pot, member_id) DO UPDATE SET seat = excluded.seat, at = excluded.at
        """,
        community_id=community_id,
        pot=pot,
        member_id=member_id,
        seat=seat,
        now=now,
    )


async def forget_votes(tx: Tx, community_id: int, pot: int, seat: int) -> None:
    await tx.run(
        "DELETE FROM pot_vote WHERE community_id = :community_id AND pot = :pot AND seat = :seat",
        community_id=community_id,
        pot=pot,
        seat=seat,
    )
