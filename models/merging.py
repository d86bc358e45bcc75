"""Makes one place of two, when a group became a supergroup; communities.py notices that."""

from typing import LiteralString

from models.store import Tx

#: Members of the dissolved community who are also known in the other, with their id there, found by their accounts.
TWINS: LiteralString = """(
        SELECT DISTINCT account.member_id, FIRST_VALUE(twin.member_id) OVER (
            PARTITION BY account.member_id ORDER BY twin.linked_at
        ) AS twin_id
        FROM account
        JOIN account AS twin ON twin.platform = account.platform AND twin.external_id = account.external_id
        WHERE account.community_id = :from_community AND twin.community_id = :to_community
    )"""
#: The last number used in the other community; numbers of the dissolved one continue after it.
GAP: LiteralString = """(
        SELECT COALESCE(MAX(last_number), 0) AS width FROM numbering WHERE community_id = :to_community
    ) AS gap"""


def _same_person(table: LiteralString, column: LiteralString) -> LiteralString:
    """SQL that replaces a member known in both by their id in the other community."""
    return f"""
    UPDATE {table} SET {column} = same.twin_id
    FROM {TWINS} AS same
    WHERE {table}.community_id = :from_community AND {table}.{column} = same.member_id
    """


def _numbered_on(table: LiteralString, *columns: LiteralString) -> LiteralString:
    """SQL that moves the rows and raises the numbers in them, so that they refer to the same things as before."""
    moved = ", ".join([f"{column} = {column} + gap.width" for column in columns])
    return f"""
    UPDATE {table} SET community_id = :to_community, {moved}
    FROM {GAP}
    WHERE community_id = :from_community
    """


#: What happened in the new place counts as having happened in the old one. From now on its message numbers count.
SAME_COMMUNITY = (
    "UPDATE activity SET place_id = :old WHERE community_id = :from_community AND place_id = :new",
    "UPDATE entry SET place_id = :old WHERE community_id = :from_community AND place_id = :new",
    """
    INSERT INTO earning (community_id, day, member_id, place_id, reason, amount, times, last_at)
    SELECT community_id, day, member_id, CAST(:old AS BIGINT), reason, amount, times, last_at
    FROM earning
    WHERE community_id = :from_community AND place_id = :new
    ON CONFLICT (community_id, day, member_id, place_id, reason) DO UPDATE
    SET amount = earning.amount + excluded.amount, times = earning.times + excluded.times,
        last_at = CASE WHEN excluded.last_at > earning.last_at THEN excluded.last_at ELSE earning.last_at END
    """,
    "DELETE FROM earning WHERE community_id = :from_community AND place_id = :new",
    "UPDATE item SET place_id = :old WHERE community_id = :from_community AND place_id = :new",
    "UPDATE pot SET place_id = :old WHERE community_id = :from_community AND place_id = :new",
    "DELETE FROM member_role WHERE community_id = :from_community AND place_id = :new",
    # The old place's multiplier was decided there; nobody decided anything in the new one.
    "DELETE FROM multiplier WHERE community_id = :from_community AND place_id = :new",
    "UPDATE question SET place_id = :old WHERE community_id = :from_community AND place_id = :new",
    "UPDATE question_message SET place_id = :old WHERE community_id = :from_community AND place_id = :new",
    # Whether to watch the old place was decided there.
    "DELETE FROM watched_place WHERE community_id = :from_community AND place_id = :new",
    # A topic belongs to its chat, and only the chat is known twice.
    "DELETE FROM question_place WHERE community_id = :from_community AND place_id = :new",
    "UPDATE review_case SET place_id = :old WHERE community_id = :from_community AND place_id = :new",
    "UPDATE gathering SET place_id = :old WHERE community_id = :from_community AND place_id = :new",
    "UPDATE place SET parent_id = :old WHERE community_id = :from_community AND parent_id = :new",
    """
    DELETE FROM watermark
    WHERE community_id = :to_community AND place_id = :old
      AND EXISTS (SELECT 1 FROM watermark AS seen WHERE seen.community_id = :from_community AND seen.place_id = :new)
    """,
    "UPDATE watermark SET place_id = :old WHERE community_id = :from_community AND place_id = :new",
    "DELETE FROM place WHERE community_id = :from_community AND id = :new",
)

#: Accounts identify members of both communities: a member known in the old one keeps their id there.
DISSOLVE = (
    _same_person("activity", "member_id"),
    _same_person("activity", "target_id"),
    """
    INSERT INTO activity_day (community_id, day, member_id, kind, amount)
    SELECT CAST(:to_community AS BIGINT), day, same_id, kind, CAST(SUM(amount) AS BIGINT)
    FROM (
        SELECT day, kind, amount, COALESCE((
            SELECT twin.member_id
            FROM account
            JOIN account AS twin ON twin.platform = account.platform AND twin.external_id = account.external_id
            WHERE account.community_id = :from_community AND account.member_id = activity_day.member_id
              AND twin.community_id = :to_community
            ORDER BY twin.linked_at
            LIMIT 1
        ), member_id) AS same_id
        FROM activity_day
        WHERE community_id = :from_community
    ) AS counted
    GROUP BY day, same_id, kind
    ON CONFLICT (community_id, day, member_id, kind) DO UPDATE SET amount = activity_day.amount + excluded.amount
    """,
    "DELETE FROM activity_day WHERE community_id = :from_community",
    "UPDATE activity SET community_id = :to_community WHERE community_id = :from_community",
    _same_person("entry", "member_id"),
    _same_person("entry", "actor_id"),
    _same_person("entry", "other_id"),
    """
    INSERT INTO earning (community_id, day, member_id, place_id, reason, amount, times, last_at)
    SELECT CAST(:to_community AS BIGINT), day, member_id, COALESCE(place_id, 0), reason, CAST(SUM(amount) AS BIGINT),
           COUNT(*), MAX(at)
    FROM entry
    WHERE community_id = :from_community AND kind = 'earn' AND NOT EXISTS (
        SELECT 1 FROM entry AS back WHERE back.community_id = :from_community AND back.reverses = entry.id
    )
    GROUP BY day, member_id, COALESCE(place_id, 0), reason
    ON CONFLICT (community_id, day, member_id, place_id, reason) DO UPDATE
    SET amount = earning.amount + excluded.amount, times = earning.times + excluded.times,
        last_at = CASE WHEN excluded.last_at > earning.last_at THEN excluded.last_at ELSE earning.last_at END
    """,
    "DELETE FROM earning WHERE community_id = :from_community",
    # Continue after the last number there, so that each number still means one thing.
    _same_person("purchase", "member_id"),
    _same_person("purchase", "closed_by"),
    _same_person("pot", "owner_id"),
    _same_person("pot_seat", "member_id"),
    f"""
    INSERT INTO pot_vote (community_id, pot, member_id, seat, at)
    SELECT CAST(:to_community AS BIGINT), pot_vote.pot + gap.width, COALESCE(same.twin_id, pot_vote.member_id),
           pot_vote.seat, pot_vote.at
    FROM pot_vote
    CROSS JOIN {GAP}
    LEFT JOIN {TWINS} AS same ON same.member_id = pot_vote.member_id
    WHERE pot_vote.community_id = :from_community
    ON CONFLICT (community_id, pot, member_id) DO NOTHING
    """,
    "DELETE FROM pot_vote WHERE community_id = :from_community",
    """
    UPDATE purchase SET entry_id = entry_id + gap.width
    FROM (
        SELECT COALESCE(MAX(ledger.last_id - first.id + 1), 0) AS width
        FROM ledger
        JOIN (SELECT MIN(id) AS id FROM entry WHERE community_id = :from_community) AS first
          ON first.id <= ledger.last_id
        WHERE ledger.community_id = :to_community
    ) AS gap
    WHERE community_id = :from_community
    """,
    _numbered_on("item", "number"),
    _numbered_on("purchase", "number", "item"),
    _numbered_on("pot", "number"),
    _numbered_on("pot_seat", "pot"),
    f"""
    UPDATE entry SET subject = CASE
        WHEN subject LIKE 'raffle:%' THEN 'raffle:' || (CAST(SUBSTR(subject, 8) AS BIGINT) + gap.width)
        WHEN subject LIKE 'contest:%' THEN 'contest:' || (CAST(SUBSTR(subject, 9) AS BIGINT) + gap.width)
        WHEN subject LIKE 'bounty:%' THEN 'bounty:' || (CAST(SUBSTR(subject, 8) AS BIGINT) + gap.width)
        ELSE subject END
    FROM {GAP}
    WHERE community_id = :from_community AND subject IS NOT NULL
    """,
    _same_person("question", "asker_id"),
    _same_person("answer", "author_id"),
    _same_person("answer_vote", "member_id"),
    _same_person("question_message", "member_id"),
    _numbered_on("question", "number", "same_as"),
    _numbered_on("answer", "number", "question"),
    _numbered_on("question_message", "question", "answer"),
    _numbered_on("question_place", "question"),
    _same_person("bounty", "owner_id"),
    _numbered_on("bounty", "number", "question"),
    _numbered_on("answer_vote", "answer"),
    # A helper in both is asked as they want it in the old one.
    f"""
    INSERT INTO helper (community_id, member_id, tags, daily, quiet_from, quiet_until, unreachable_at)
    SELECT CAST(:to_community AS BIGINT), COALESCE(same.twin_id, helper.member_id), helper.tags, helper.daily,
           helper.quiet_from, helper.quiet_until, helper.unreachable_at
    FROM helper
    LEFT JOIN {TWINS} AS same ON same.member_id = helper.member_id
    WHERE helper.community_id = :from_community
    ON CONFLICT (community_id, member_id) DO NOTHING
    """,
    "DELETE FROM helper WHERE community_id = :from_community",
    # The requests to ask them are dropped, so they were not asked.
    "DELETE FROM helper_ask WHERE community_id = :from_community",
    # A reviewer in both reviews in the old one.
    f"""
    INSERT INTO reviewer (community_id, member_id)
    SELECT CAST(:to_community AS BIGINT), COALESCE(same.twin_id, reviewer.member_id)
    FROM reviewer
    LEFT JOIN {TWINS} AS same ON same.member_id = reviewer.member_id
    WHERE reviewer.community_id = :from_community
    ON CONFLICT (community_id, member_id) DO NOTHING
    """,
    "DELETE FROM reviewer WHERE community_id = :from_community",
    _same_person("review_case", "author_id"),
    _same_person("review_case", "claimed_by"),
    _same_person("review_case", "decided_by"),
    _same_person("review_case", "settled_by"),
    _numbered_on("review_case", "number", "question", "answer"),
    _same_person("report", "member_id"),
    _numbered_on("report", "number"),
    _same_person("claim", "member_id"),
    _numbered_on("claim", "question"),
    _numbered_on("climb", "question"),
    _numbered_on("badge", "number"),
    # A member who has a badge in both keeps the one from the old one.
    f"""
    INSERT INTO award (community_id, member_id, badge, at, actor_id, why, taken_at)
    SELECT CAST(:to_community AS BIGINT), COALESCE(same.twin_id, award.member_id), CASE
               WHEN award.badge LIKE 'made:%' THEN 'made:' || (CAST(SUBSTR(award.badge, 6) AS BIGINT) + gap.width)
               ELSE award.badge END,
           award.at, COALESCE(giver.twin_id, award.actor_id), award.why, award.taken_at
    FROM award
    CROSS JOIN {GAP}
    LEFT JOIN {TWINS} AS same ON same.member_id = award.member_id
    LEFT JOIN {TWINS} AS giver ON giver.member_id = award.actor_id
    WHERE award.community_id = :from_community
    ON CONFLICT (community_id, member_id, badge) DO NOTHING
    """,
    "DELETE FROM award WHERE community_id = :from_community",
    """
    INSERT INTO numbering (community_id, last_number)
    SELECT CAST(:to_community AS BIGINT), last_number FROM numbering WHERE community_id = :from_community
    ON CONFLICT (community_id) DO UPDATE SET last_number = numbering.last_number + excluded.last_number
    """,
    "DELETE FROM numbering WHERE community_id = :from_community",
    # Continue after the last entry there: so they are still to be settled, and no number is used twice.
    """
    UPDATE entry SET community_id = :to_community, id = id + gap.width, reverses = reverses + gap.width
    FROM (
        SELECT COALESCE(MAX(ledger.last_id - first.id + 1), 0) AS width
        FROM ledger
        JOIN (SELECT MIN(id) AS id FROM entry WHERE community_id = :from_community) AS first
          ON first.id <= ledger.last_id
        WHERE ledger.community_id = :to_community
    ) AS gap
    WHERE community_id = :from_community
    """,
    """
    INSERT INTO ledger (community_id, last_id, settled_id)
    SELECT CAST(:to_community AS BIGINT), 0, 0 FROM ledger WHERE community_id = :from_community
    ON CONFLICT (community_id) DO NOTHING
    """,
    """
    UPDATE ledger SET last_id = newest.id
    FROM (SELECT MAX(id) AS id FROM entry WHERE community_id = :to_community) AS newest
    WHERE community_id = :to_community AND last_id < newest.id
    """,
    "DELETE FROM ledger WHERE community_id = :from_community",
    # A member with streaks in both keeps the better one.
    """
    INSERT INTO streak (community_id, member_id, days, last_day, ends_at, longest)
    SELECT CAST(:to_community AS BIGINT), same_id, MAX(days), MAX(last_day), MAX(ends_at), MAX(longest)
    FROM (
        SELECT days, last_day, ends_at, longest, COALESCE((
            SELECT twin.member_id
            FROM account
            JOIN account AS twin ON twin.platform = account.platform AND twin.external_id = account.external_id
            WHERE account.community_id = :from_community AND account.member_id = streak.member_id
              AND twin.community_id = :to_community
            ORDER BY twin.linked_at
            LIMIT 1
        ), member_id) AS same_id
        FROM streak
        WHERE community_id = :from_community
    ) AS counted
    GROUP BY same_id
    ON CONFLICT (community_id, member_id) DO UPDATE
    SET days = CASE WHEN excluded.days > streak.days THEN excluded.days ELSE streak.days END,
        last_day = CASE WHEN excluded.last_day > streak.last_day THEN excluded.last_day ELSE streak.last_day END,
        ends_at = CASE WHEN excluded.ends_at > streak.ends_at THEN excluded.ends_at ELSE streak.ends_at END,
        longest = CASE WHEN excluded.longest > streak.longest THEN excluded.longest ELSE streak.longest END
    """,
    "DELETE FROM streak WHERE community_id = :from_community",
    # A code does not depend on its community, and stays valid.
    _same_person("certificate", "member_id"),
    _same_person("certificate", "giver_id"),
    "UPDATE certificate SET community_id = :to_community WHERE community_id = :from_community",
    # If a member answered in both about publishing, their last answer counts.
    f"""
    INSERT INTO consent (community_id, member_id, choice, chosen_at)
    SELECT CAST(:to_community AS BIGINT), same_id, choice, chosen_at
    FROM (
        SELECT same_id, choice, chosen_at,
               ROW_NUMBER() OVER (PARTITION BY same_id ORDER BY chosen_at DESC, choice DESC) AS place
        FROM (
            SELECT COALESCE(same.twin_id, consent.member_id) AS same_id, choice, chosen_at
            FROM consent
            LEFT JOIN {TWINS} AS same ON same.member_id = consent.member_id
            WHERE consent.community_id = :from_community
        ) AS said
    ) AS ranked
    WHERE place = 1
    ON CONFLICT (community_id, member_id) DO UPDATE
    SET choice = excluded.choice, chosen_at = excluded.chosen_at
    WHERE excluded.chosen_at > consent.chosen_at
    """,
    "DELETE FROM consent WHERE community_id = :from_community",
    # They are counted again from the counts per day, which moved too.
    "DELETE FROM deeds WHERE community_id IN (:from_community, :to_community)",
    "DELETE FROM badge_round WHERE community_id IN (:from_community, :to_community)",
    # Points expire only after a warning in the same community: here other rules may apply.
    "DELETE FROM expiry_warning WHERE community_id = :from_community",
    # A member who repeats a message across both may do it once more.
    "DELETE FROM imprint WHERE community_id = :from_community",
    "DELETE FROM board_step WHERE community_id = :from_community",
    """
    DELETE FROM standing
    WHERE community_id = :from_community AND member_id IN (
        SELECT account.member_id
        FROM account
        JOIN account AS twin ON twin.platform = account.platform AND twin.external_id = account.external_id
        WHERE account.community_id = :from_community AND twin.community_id = :to_community
    )
    """,
    """
    UPDATE standing SET community_id = :to_community, balance = 0, debt = 0, score = 0
    WHERE community_id = :from_community
    """,
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
    "UPDATE choice SET community_id = :to_community WHERE community_id = :from_community",
    "UPDATE sent SET community_id = :to_community WHERE community_id = :from_community",
    "UPDATE place SET community_id = :to_community WHERE community_id = :from_community",
    "UPDATE multiplier SET community_id = :to_community WHERE community_id = :from_community",
    "UPDATE watched_place SET community_id = :to_community WHERE community_id = :from_community",
    "UPDATE watermark SET community_id = :to_community WHERE community_id = :from_community",
    "UPDATE audit SET community_id = :to_community WHERE community_id = :from_community",
    # Tables handed in and gatherings there are over: their results are in the entries, which moved too.
    "DELETE FROM batch WHERE community_id = :from_community",
    "DELETE FROM batch_line WHERE community_id = :from_community",
    "DELETE FROM gathering WHERE community_id = :from_community",
    "DELETE FROM attendee WHERE community_id = :from_community",
    # Rings are found again in the entries.
    "DELETE FROM ring WHERE community_id = :from_community",
    "DELETE FROM ring_member WHERE community_id = :from_community",
    "DELETE FROM ring_gift WHERE community_id = :from_community",
    # The settings were for a community founded by mistake; nobody here is owed its promises.
    "DELETE FROM setting WHERE community_id = :from_community",
    "DELETE FROM promise WHERE community_id = :from_community",
    "DELETE FROM rung WHERE community_id = :from_community",
    # Held roles are told again; roles we gave belong to guilds, which never become part of another.
    "DELETE FROM member_role WHERE community_id = :from_community",
    "DELETE FROM role_reason WHERE community_id = :from_community",
    "DELETE FROM role_change WHERE community_id = :from_community",
    "DELETE FROM level_role WHERE community_id = :from_community",
    "DELETE FROM member_level WHERE community_id = :from_community",
    "DELETE FROM resync WHERE community_id = :from_community",
    "DELETE FROM community WHERE id = :from_community",
)


async def merge_place(tx: Tx, new: tuple[int, int], old: tuple[int, int]) -> None:
    """Merge two places, both (community, place): the old place gets everything, the new one is deleted.

    A community that had only the new place was founded by mistake and is dissolved. One that has other places was
    founded on purpose: it keeps its members and their history, and only gives up the place.
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
