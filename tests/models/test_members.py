"""Members and their accounts."""

import asyncio
import sqlite3
from dataclasses import replace

import asyncpg
import pytest

from models.activity import count
from models.communities import create_community
from models.members import (
    Account,
    Member,
    accounts,
    accounts_of,
    by_ids,
    by_names,
    by_username,
    by_usernames,
    claim_usernames,
    communities_of,
    create_members,
    find_accounts,
    known,
    member,
    rename,
    set_language,
    set_reachable,
    set_time_zone,
)
from models.stays import Sign, longest_unseen, mark_joined, mark_left, mark_looked, meet, news, unseen
from models.store import Store, Tx
from tests.models.conftest import AWAY, HOME, NOW

ANN = Member(
    community_id=HOME, id=1, name="Ann", language=None, time_zone=None, bot=False, joined_at=None, left_at=None
)
ANNS = Account(
    community_id=HOME,
    platform="discord",
    external_id="100",
    member_id=1,
    name="Ann",
    username="ann",
    reachable=True,
)
BOB = replace(ANN, id=2, name="Bob", bot=True, language="zh", time_zone="Asia/Shanghai", joined_at=5, left_at=6)
BOBS = replace(ANNS, member_id=2, external_id="200", name="Bob", username=None, reachable=False)


async def test_members_are_found_by_their_accounts(tx: Tx) -> None:
    """A new member is found, with every field as it was given."""
    assert await create_members(tx, [(ANN, ANNS), (BOB, BOBS)], NOW) == {1, 2}

    found = await find_accounts(tx, HOME, [("discord", "200"), ("discord", "100"), ("telegram", "100")])

    assert sorted(found, key=lambda each: each.member_id) == [ANNS, BOBS]
    assert await find_accounts(tx, AWAY, [("discord", "100")]) == []
    assert await member(tx, HOME, 1) == ANN
    assert await member(tx, HOME, 2) == BOB
    assert await member(tx, AWAY, 1) is None


async def test_a_known_account_makes_no_second_member(tx: Tx) -> None:
    """A known account stays with its member, and no member is left without one."""
    await create_members(tx, [(ANN, ANNS)], NOW)

    assert await create_members(tx, [(replace(ANN, id=9), replace(ANNS, member_id=9)), (BOB, BOBS)], NOW) == {2}

    assert await member(tx, HOME, 9) is None
    assert await find_accounts(tx, HOME, [("discord", "100")]) == [ANNS]


async def test_two_processes_meet_the_same_stranger(store: Store, other: Store) -> None:
    """If two processes create the same account at once, one succeeds, and then both know the same member."""
    async with store.write() as tx:
        await create_community(tx, HOME, "Home", NOW)

    async def meet(by: Store, id: int) -> set[int]:
        async with by.write() as tx:
            created = await create_members(tx, [(replace(ANN, id=id), replace(ANNS, member_id=id))], NOW)
            await asyncio.sleep(0.05)
            return created

    first, second = await asyncio.gather(meet(store, 1), meet(other, 2))

    assert len(first | second) == 1
    async with store.read() as tx:
        (account,) = await find_accounts(tx, HOME, [("discord", "100")])
        assert {account.member_id} == first | second
        row = await tx.one("SELECT COUNT(*) AS members FROM member")
        assert row is not None
        assert row["members"] == 1


async def test_an_account_needs_its_member(store: Store) -> None:
    """No account can be committed if its member does not exist."""
    with pytest.raises((sqlite3.IntegrityError, asyncpg.ForeignKeyViolationError)):  # noqa: PT012 - the block is the transaction
        async with store.write() as tx:
            await create_community(tx, HOME, "Home", NOW)
            await create_members(tx, [(ANN, replace(ANNS, member_id=7))], NOW)


async def test_a_member_may_have_many_accounts(tx: Tx) -> None:
    """All accounts of a member are found, the longest linked first."""
    await create_members(tx, [(ANN, ANNS)], NOW)
    second = replace(ANNS, platform="telegram")
    await tx.run(
        """
        INSERT INTO account (community_id, platform, external_id, member_id, name, username, reachable, linked_at)
        VALUES (:home, 'telegram', '100', 1, 'Ann', 'ann', TRUE, :now)
        """,
        home=HOME,
        now=NOW - 1,
    )

    assert await accounts_of(tx, HOME, 1) == [second, ANNS]
    assert await accounts_of(tx, HOME, 2) == []


@pytest.mark.parametrize("typed", ["ann", "@Ann", "ANN"])
async def test_at_name_is_found_in_any_case(tx: Tx, typed: str) -> None:
    """@name finds the member of that platform, in any case."""
    await create_members(tx, [(ANN, replace(ANNS, username="@aNN")), (BOB, BOBS)], NOW)

    assert await by_username(tx, HOME, "discord", typed) == ANN
    assert await by_username(tx, HOME, "telegram", typed) is None
    assert await by_username(tx, HOME, "discord", "nobody") is None
    assert await by_username(tx, HOME, "discord", "@") is None


async def test_a_username_that_changed_hands_means_who_has_it_now(tx: Tx) -> None:
    """Two accounts never have the same username: the one seen with it last has it, and the other lost it."""
    await create_members(tx, [(ANN, ANNS), (BOB, replace(BOBS, username="Ann"))], NOW)

    assert await claim_usernames(tx, [replace(BOBS, username="Ann")]) == {("discord", "100")}
    assert await by_username(tx, HOME, "discord", "ann") == BOB
    assert [each.username for each in await accounts_of(tx, HOME, 1)] == [None]

    both = [replace(BOBS, username="tea"), replace(ANNS, username="TEA")]
    await rename(tx, both)

    assert await claim_usernames(tx, both) == {("discord", "200")}
    assert await by_username(tx, HOME, "discord", "tea") == ANN
    assert await claim_usernames(tx, both[1:]) == set()


async def test_who_did_something_there_is_present(tx: Tx) -> None:
    """From then on, until they leave; and again after they come back."""
    await create_members(tx, [(ANN, ANNS)], NOW)
    assert not ANN.present

    await meet(tx, [(HOME, 1, 5)])
    await meet(tx, [(HOME, 1, 7)])

    assert await member(tx, HOME, 1) == replace(ANN, met_at=5)

    await mark_left(tx, [(HOME, 1, 10)])
    await meet(tx, [(HOME, 1, 9)])
    assert await communities_of(tx, "discord", "100") == []

    await meet(tx, [(HOME, 1, 11)])
    await mark_joined(tx, [(HOME, 1, 11)])
    assert await communities_of(tx, "discord", "100") == [HOME]


async def test_one_person_in_two_communities(tx: Tx) -> None:
    """A private chat knows the communities of its person, and closes for all of them at once."""
    there, account = replace(ANN, community_id=AWAY), replace(ANNS, community_id=AWAY)
    await create_members(tx, [(ANN, ANNS), (there, account)], NOW)
    assert await communities_of(tx, "discord", "100") == []

    await meet(tx, [(HOME, 1, NOW), (AWAY, 1, NOW)])

    assert await communities_of(tx, "discord", "100") == [HOME, AWAY]
    assert await communities_of(tx, "discord", "999") == []

    await set_reachable(tx, "discord", "100", reachable=False)

    assert [each.reachable for each in await accounts_of(tx, HOME, 1) + await accounts_of(tx, AWAY, 1)] == [False] * 2


async def test_a_member_chooses_a_language(tx: Tx) -> None:
    """The choice is the member's alone, and can be taken back."""
    await create_members(tx, [(ANN, ANNS), (BOB, BOBS)], NOW)

    await set_language(tx, HOME, 1, "zh")
    assert await member(tx, HOME, 1) == replace(ANN, language="zh")

    await set_language(tx, HOME, 2, None)
    assert await member(tx, HOME, 2) == replace(BOB, language=None)


async def test_a_member_chooses_a_time_zone(tx: Tx) -> None:
    """It is the member's alone too, and without one the community's applies again."""
    await create_members(tx, [(ANN, ANNS), (BOB, BOBS)], NOW)

    await set_time_zone(tx, HOME, 1, "Europe/Berlin")
    assert await member(tx, HOME, 1) == replace(ANN, time_zone="Europe/Berlin")

    await set_time_zone(tx, HOME, 2, None)
    assert await member(tx, HOME, 2) == replace(BOB, time_zone=None)


async def test_members_come_and_go(tx: Tx) -> None:
    """A member who left is gone until they join again."""
    await create_members(tx, [(ANN, ANNS), (BOB, BOBS)], NOW)

    await mark_joined(tx, [(HOME, 1, 10), (HOME, 2, 11)])
    await mark_left(tx, [(HOME, 1, 20), (AWAY, 2, 20)])

    assert await member(tx, HOME, 1) == replace(ANN, joined_at=10, left_at=20)
    assert await member(tx, HOME, 2) == replace(BOB, joined_at=11, left_at=None)


async def test_members_are_renamed_with_their_accounts(tx: Tx) -> None:
    """A new name on the platform is the member's new name, and the new username finds them."""
    await create_members(tx, [(ANN, ANNS), (BOB, BOBS)], NOW)

    await rename(tx, [replace(ANNS, name="Anne", username="Annie")])

    assert await member(tx, HOME, 1) == replace(ANN, name="Anne")
    assert await accounts_of(tx, HOME, 1) == [replace(ANNS, name="Anne", username="annie")]
    assert await by_username(tx, HOME, "discord", "ann") is None
    assert await member(tx, HOME, 2) == BOB


async def test_members_are_found_by_the_thousand(tx: Tx) -> None:
    """By @names in any case, by exact names, and by our own ids; with all their accounts."""
    twin, twins = replace(ANN, id=3), replace(ANNS, member_id=3, external_id="300", username="other")
    await create_members(tx, [(ANN, ANNS), (BOB, BOBS), (twin, twins)], NOW)

    assert await by_usernames(tx, HOME, [("discord", "@ANN"), ("telegram", "ann"), ("discord", "nobody")]) == [ANNS]
    assert await by_names(tx, HOME, ["Ann", "bob", "Ann"]) == [ANN, twin]
    assert sorted(await by_ids(tx, HOME, [2, 1, 9]), key=lambda each: each.id) == [ANN, BOB]
    assert sorted(await accounts(tx, HOME, [1, 2, 2]), key=lambda each: each.member_id) == [ANNS, BOBS]
    assert await by_names(tx, AWAY, ["Ann"]) == []
    assert await known(tx, HOME, 1) == ANN
    with pytest.raises(LookupError):
        await known(tx, AWAY, 1)


@pytest.mark.parametrize(
    ("joined_at", "left_at", "since", "at", "back"),
    [
        (None, None, 0, NOW, None),
        (None, None, 5, NOW, False),
        (5, None, 5, NOW, None),
        (5, None, 9, NOW, None),
        (5, 20, 5, 19, None),
        (5, 20, 5, 21, True),
        (5, 20, 9, 19, True),
        (None, 20, 0, 20, None),
        (None, 20, 0, 21, True),
    ],
)
async def test_what_a_sign_of_life_tells(
    *, tx: Tx, joined_at: int | None, left_at: int | None, since: int, at: int, back: bool | None
) -> None:
    """When they came, if no platform told it; and that a leaver is back, by a later deed or a newer membership."""
    await create_members(tx, [(replace(ANN, joined_at=joined_at, left_at=left_at), ANNS)], NOW)

    expected = [] if back is None else [Sign(ANN.id, since, at, back)]
    assert await news(tx, [(HOME, ANN.id, since, at), (AWAY, ANN.id, since, at)]) == expected


async def test_who_was_not_seen(tx: Tx) -> None:
    """No member who did something or was looked for, no bot, no leaver; the longest unseen come first."""
    people = [replace(ANN, id=number) for number in range(1, 7)]
    people[4], people[5] = replace(people[4], bot=True), replace(people[5], left_at=NOW)
    arrivals = [(each, replace(ANNS, member_id=each.id, external_id=str(each.id))) for each in people]
    await create_members(tx, arrivals, NOW)
    await count(tx, [(HOME, 10, 1, "message", 1), (HOME, 3, 2, "message", 1)])
    await mark_looked(tx, HOME, [3], NOW)
    ids = [each.id for each in people]

    assert await unseen(tx, HOME, ids, 11, NOW) == [2, 4]
    assert await unseen(tx, HOME, ids, 12, NOW + 1) == [1, 2, 3, 4]
    assert await longest_unseen(tx, HOME, "discord", 4, 10) == [2, 4, 3]
    assert await longest_unseen(tx, HOME, "discord", 4, 1) == [2]
    assert await longest_unseen(tx, HOME, "telegram", 4, 10) == []
