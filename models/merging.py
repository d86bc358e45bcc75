"""Makes two places one, for a group that became a supergroup; noticing that it did is left to communities.py."""

from models.store import Tx

#: What happened in the new place happened in the old one. Its message numbers are the ones that count from now on.
SAME_COMMUNITY = (
    "UPDATE activity SET place_id = :old WHERE community_id = :from_community AND place_id = :new",
    "UPDATE place SET parent_id = :old WHERE community_id = :from_community AND parent_id = :new",
    """
    DELETE FROM watermark
    WHERE community_id = :to_community AND place_id = :old
      AND EXISTS (SELECT 1 FROM watermark AS seen WHERE seen.community_id = :from_community AND seen.place_id = :new)
    """,
    "UPDATE watermark SET place_id = :old WHERE community_id = :from_community AND place_id = :new",
    "DELETE FROM place WHERE community_id = :from_community AND id = :new",
)

#: Members of both communities are told by their accounts: whoever is known in the old one stays who they are there.
DISSOLVE = (
    """
    UPDATE activity SET member_id = (
        SELECT twin.member_id
        FROM account
        JOIN account AS twin ON twin.platform = account.platform AND twin.external_id = account.external_id
        WHERE account.community_id = :from_community AND account.member_id = activity.member_id
          AND twin.community_id = :to_community
        ORDER BY twin.linked_at
        LIMIT 1
    )
    WHERE community_id = :from_community AND member_id IN (
        SELECT account.member_id
        FROM account
        JOIN account AS twin ON twin.platform = account.platform AND twin.external_id = account.external_id
        WHERE account.community_id = :from_community AND twin.community_id = :to_community
    )
    """,
    """
    UPDATE activity SET target_id = (
        SELECT twin.member_id
        FROM account
        JOIN account AS twin ON twin.platform = account.platform AND twin.external_id = account.external_id
        WHERE account.community_id = :from_community AND account.member_id = activity.target_id
          AND twin.community_id = :to_community
        ORDER BY twin.linked_at
        LIMIT 1
    )
    WHERE community_id = :from_community AND target_id IN (
        SELECT account.member_id
        FROM account
        JOIN account AS twin ON twin.platform = account.platform AND twin.external_id = account.external_id
        WHERE account.community_id = :from_community AND twin.community_id = :to_community
    )
    """,
    """
    INSERT INTO activity_day (community_id, day, member_id, kind, amount)
    SELECT CAST(:to_community AS BIGINT), day, member_id, kind, CAST(SUM(amount) AS BIGINT)
    FROM activity
    WHERE community_id = :from_community AND member_id IS NOT NULL AND retracted_at IS NULL
    GROUP BY day, member_id, kind
    ON CONFLICT (community_id, day, member_id, kind) DO UPDATE SET amount = activity_day.amount + excluded.amount
    """,
    "DELETE FROM activity_day WHERE community_id = :from_community",
    "UPDATE activity SET community_id = :to_community WHERE community_id = :from_community",
    """
    DELETE FROM member
    WHERE community_id = :from_community AND id IN (
        SELECT account.member_id
        FROM account
        JOIN account AS twin ON twin.platform = account.platform AND twin.external_id = account.external_id
        WHERE account.community_id = :from_community AND twin.community_id = :to_community
    )
    """,
    """
    DELETE FROM account
    WHERE community_id = :from_community AND EXISTS (
        SELECT 1
        FROM account AS twin
        WHERE twin.platform = account.platform AND twin.external_id = account.external_id
          AND twin.community_id = :to_community
    )
    """,
    "UPDATE member SET community_id = :to_community WHERE community_id = :from_community",
    "UPDATE account SET community_id = :to_community WHERE community_id = :from_community",
    "UPDATE place SET community_id = :to_community WHERE community_id = :from_community",
    "UPDATE watermark SET community_id = :to_community WHERE community_id = :from_community",
    "UPDATE audit SET community_id = :to_community WHERE community_id = :from_community",
    # What was configured there meant a community that never was; what it still owes, it owes to nobody here.
    "DELETE FROM setting WHERE community_id = :from_community",
    "DELETE FROM promise WHERE community_id = :from_community",
    "DELETE FROM rung WHERE community_id = :from_community",
    "DELETE FROM community WHERE id = :from_community",
)


async def merge_place(tx: Tx, new: tuple[int, int], old: tuple[int, int]) -> None:
    """Both are (community, place). The old place is left with everything, the new one is gone.

    A community that had only the new place was founded by mistake and is dissolved. One that has others was founded
    on purpose: it keeps its members and their history, and gives up the place alone.
    """
    from_community, to_community = new[0], old[0]
    ids = {"from_community": from_community, "to_community": to_community, "new": new[1], "old": old[1]}
    if from_community == to_community:
        await _run(tx, SAME_COMMUNITY, ids)
    elif await _has_other_places(tx, *new):
        await tx.run(
            "DELETE FROM watermark WHERE community_id = :community AND place_id = :id", community=new[0], id=new[1]
        )
        await tx.run("DELETE FROM place WHERE community_id = :community AND id = :id", community=new[0], id=new[1])
    else:
        await _run(tx, DISSOLVE, ids)
        await _run(tx, SAME_COMMUNITY, ids | {"from_community": to_community})


async def _run(tx: Tx, statements: tuple[str, ...], ids: dict[str, int]) -> None:
    for statement in statements:
        await tx.run(statement, **ids)


async def _has_other_places(tx: Tx, community_id: int, id: int) -> bool:
    row = await tx.one(
        """
        SELECT 1 AS found FROM place
        WHERE community_id = :community_id AND id <> :id AND (parent_id IS NULL OR parent_id <> :id)
        LIMIT 1
        """,
        community_id=community_id,
        id=id,
    )
    return row is not None
