"""What each member did on which day, and received; how long the dated facts stay."""

from dataclasses import replace

import pytest

from bot.community.activity.rules import COUNTED, RECEIVED, tally
from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access
from bot.kit.events import MemberJoined, MemberLeft, MessageDeleted, VoiceSpent
from bot.kit.references import Person
from models import activity, members
from models.members import Member
from models.spans import DAY as DAY_MS
from tests.bot.conftest import home_of
from tests.bot.recorder import ANN, BOB, CAT, DAY, LOBBY, NAME, NOON, posted, reacted, typed, unreacted

TODAY = NOON // DAY


async def day_of(core: Core, who: Person, day: int = TODAY) -> dict[str, int]:
    async with core.store.read() as tx:
        rows = await tx.all(
            """
            SELECT activity_day.kind, activity_day.amount
            FROM activity_day
            JOIN account ON account.community_id = activity_day.community_id
                        AND account.member_id = activity_day.member_id
            WHERE account.external_id = :id AND activity_day.day = :day AND activity_day.amount > 0
            """,
            id=who.id,
            day=day,
        )
    return {row["kind"]: row["amount"] for row in rows}


async def member(core: Core, who: Person) -> Member:
    async with core.store.read() as tx:
        home = await home_of(core)
        (account,) = await members.find_accounts(tx, home, [(NAME, who.id)])
        found = await members.member(tx, home, account.member_id)
    assert found
    return found


async def facts(core: Core) -> int:
    """What members did, without the moments that the bot notices itself."""
    async with core.store.read() as tx:
        row = await tx.one("SELECT COUNT(*) AS facts FROM activity WHERE member_id IS NOT NULL")
    assert row
    return int(row["facts"])


@pytest.mark.parametrize(
    ("deeds", "counts"),
    [
        ([], {}),
        ([(1, "message", 7, None, 1)], {(1, 7, "message"): 1}),
        ([(1, "message", 7, 8, 1)], {(1, 7, "message"): 1}),
        ([(1, "reply", 7, 8, 1)], {(1, 7, "reply"): 1, (1, 8, "reply_received"): 1}),
        ([(1, "reaction", 7, 8, 1)], {(1, 7, "reaction"): 1, (1, 8, "reaction_received"): 1}),
        ([(1, "reply", 7, 7, 1)], {(1, 7, "reply"): 1}),
        ([(1, "reply", 7, None, 1)], {(1, 7, "reply"): 1}),
        ([(1, "reply", None, 8, 1)], {(1, 8, "reply_received"): 1}),
        ([(1, "voice", 7, None, 5), (1, "voice", 7, None, 6)], {(1, 7, "voice"): 11}),
        ([(1, "message", 7, None, 1), (2, "message", 7, None, 1)], {(1, 7, "message"): 1, (2, 7, "message"): 1}),
    ],
)
def test_a_deed_counts_for_both_sides(
    deeds: list[tuple[int, str, int | None, int | None, int]], counts: dict[tuple[int, int, str], int]
) -> None:
    """A deed counts for its author and for its receiver, on its day; nobody receives from themselves."""
    assert dict(tally(deeds)) == counts


async def test_everything_counts_by_kind_and_day(core: Core) -> None:
    """Messages, replies, reactions and voice count for authors and receivers."""
    await core.absorb([posted(1), posted(2), posted(3, at=NOON - DAY)])
    await core.absorb([posted(4, BOB, about=1), posted(5, CAT, about=1), posted(6, ANN, about=1)])
    await core.absorb([reacted(1, BOB), reacted(1, ANN)])
    await core.absorb([VoiceSpent(cause="voice:1", at=NOON, who=BOB, spot=LOBBY, minutes=17)])

    assert await day_of(core, ANN) == {
        "message": 2,
        "reply": 1,
        "reaction": 1,
        "reply_received": 2,
        "reaction_received": 1,
    }
    assert await day_of(core, BOB) == {"reply": 1, "reaction": 1, "voice": 17}
    assert await day_of(core, CAT) == {"reply": 1}
    assert await day_of(core, ANN, TODAY - 1) == {"message": 1}


async def test_an_answer_in_the_same_batch_is_received(core: Core) -> None:
    """Under load a message and its reply come together, and count as if they came apart."""
    await core.absorb([posted(1), posted(2, BOB, about=1), reacted(1, CAT)])

    assert await day_of(core, ANN) == {"message": 1, "reply_received": 1, "reaction_received": 1}


async def test_what_is_taken_back_is_taken_from_both(core: Core) -> None:
    """A deleted reply and a removed reaction no longer count as received."""
    await core.absorb([posted(1)])
    await core.absorb([posted(2, BOB, about=1), reacted(1)])

    await core.absorb(
        [
            MessageDeleted(cause="gone", at=NOON + DAY, spot=LOBBY, about="recorder:msg:2"),
            unreacted(1, at=NOON + DAY),
        ]
    )

    assert await day_of(core, ANN) == {"message": 1}
    assert await day_of(core, BOB) == {}
    assert await day_of(core, BOB, TODAY + 1) == {}


async def test_counts_are_proven_by_facts(core: Core) -> None:
    """The counts of a day are what its facts prove, commands included; a wrong count is found."""
    await core.absorb([posted(1)])
    await core.absorb([posted(2, BOB, about=1), reacted(1), posted(3, CAT)])
    await core.absorb([unreacted(1), MemberJoined(cause="join:cat", at=NOON, who=CAT, spot=LOBBY)])
    await core.invoke(typed("/trial keep tea"))
    home = await home_of(core)

    async with core.store.read() as tx:
        assert await activity.prove_counts(tx, home, TODAY, COUNTED, tuple(RECEIVED)) == []
    async with core.store.write() as tx:
        await tx.run("UPDATE activity_day SET amount = amount + 1 WHERE kind = 'reply_received'")
    async with core.store.read() as tx:
        (wrong,) = await activity.prove_counts(tx, home, TODAY, COUNTED, tuple(RECEIVED))
    assert (wrong.kind, wrong.counted, wrong.found) == ("reply_received", 2, 1)


async def test_who_comes_and_goes_is_marked(core: Core) -> None:
    """The latest event counts, whatever the order in a batch; a member who returns is here."""

    def joined(number: int) -> MemberJoined:
        return MemberJoined(cause=f"join:{number}", at=NOON + number, who=BOB, spot=LOBBY)

    def gone(number: int) -> MemberLeft:
        return MemberLeft(cause=f"leave:{number}", at=NOON + number, who=BOB, spot=LOBBY)

    await core.absorb([joined(1)])
    assert ((await member(core, BOB)).joined_at, (await member(core, BOB)).left_at) == (NOON + 1, None)
    await core.absorb([gone(2)])
    assert (await member(core, BOB)).left_at == NOON + 2
    await core.absorb([joined(3)])
    assert ((await member(core, BOB)).joined_at, (await member(core, BOB)).left_at) == (NOON + 3, None)
    await core.absorb([gone(4), joined(5)])
    assert (await member(core, BOB)).left_at is None
    await core.absorb([joined(6), gone(7)])
    assert (await member(core, BOB)).left_at == NOON + 7


async def test_old_facts_go_and_counts_stay(core: Core, clock: HandClock) -> None:
    """At night facts older than the community wants are deleted; younger ones stay."""
    await core.absorb([posted(1, at=NOON - 40 * DAY), posted(2, at=NOON - 20 * DAY), posted(3)])
    await core.pass_time(clock, NOON + DAY)
    assert await facts(core) == 3
    await core.invoke(typed("/settings set activity.keep 30d", access=Access.ADMIN))

    await core.pass_time(clock, NOON + 2 * DAY)

    async with core.store.read() as tx:
        rows = await tx.all("SELECT cause FROM activity WHERE kind = 'message' ORDER BY cause")
    assert [row["cause"] for row in rows] == ["recorder:msg:2", "recorder:msg:3"]
    assert await day_of(core, ANN, TODAY - 40) == {"message": 1}


def test_a_day_is_a_day() -> None:
    """The rules and the tests mean the same day."""
    assert DAY_MS == DAY
    assert replace(posted(1), at=NOON).at // DAY_MS == TODAY
