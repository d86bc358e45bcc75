"""Stores certificates and the codes to look them up; bot/standing/certificates/ makes the codes."""

from dataclasses import astuple, dataclass
from typing import NamedTuple

from models.store import Bulk, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    community_id: int
    code: str
    member_id: int
    #: the member's name when it was given
    name: str
    #: what it was given for
    title: str
    giver_id: int
    given_at: int
    revoked_at: int | None = None
    #: why it was revoked
    why: str | None = None


class Found(NamedTuple):
    certificate: Certificate
    #: the name of the community that gave it
    community: str


GIVE = Bulk(
    head="""
    INSERT INTO certificate (community_id, code, member_id, name, title, giver_id, given_at, revoked_at, why)
    """,
    columns={
        "community_id": "BIGINT",
        "code": "TEXT",
        "member_id": "BIGINT",
        "name": "TEXT",
        "title": "TEXT",
        "giver_id": "BIGINT",
        "given_at": "BIGINT",
        "revoked_at": "BIGINT",
        "why": "TEXT",
    },
)


async def give(tx: Tx, certificate: Certificate) -> None:
    await tx.each(GIVE, [astuple(certificate)])


async def find(tx: Tx, code: str) -> Found | None:
    """Find a certificate by its code alone, in any community."""
    row = await tx.one(
        """
        SELECT certificate.*, community.name AS community
        FROM certificate
        JOIN community ON community.id = certificate.community_id
        WHERE certificate.code = :code
        """,
        code=code,
    )
    return Found(Certificate(**{key: row[key] for key in Certificate.__slots__}), row["community"]) if row else None


async def certificates_of(tx: Tx, community_id: int, member_id: int, limit: int, offset: int = 0) -> list[Certificate]:
    """The certificates, newest first, including revoked ones."""
    rows = await tx.all(
        """
        SELECT * FROM certificate
        WHERE community_id = :community_id AND member_id = :member_id
        ORDER BY given_at DESC, code
        LIMIT :limit OFFSET :offset
        """,
        community_id=community_id,
        member_id=member_id,
        limit=limit,
        offset=offset,
    )
    return [Certificate(**row) for row in rows]


async def revoke(tx: Tx, community_id: int, code: str, now: int, why: str) -> bool:
    """Revoke it; return whether it was still valid, so that the second of two who revoke it learns that it is done."""
    changed = await tx.run(
        """
        UPDATE certificate SET revoked_at = :now, why = :why
        WHERE community_id = :community_id AND code = :code AND revoked_at IS NULL
        """,
        now=now,
        why=why,
        community_id=community_id,
        code=code,
    )
    return changed > 0
