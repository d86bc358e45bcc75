"""Communities and their places."""

from dataclasses import replace

from models import activity, gatherings, ledger, point_tables, pots, proof, rings, shop, standings
from models.activity import Fact
from models.communities import (
    Community,
    Place,
    Shown,
    communities,
    create_community,
    create_places,
    find_places,
    found_place,
    is_there,
    lost_place,
    missed_place,
    move_place,
    place,
    search_places,
    show_places,
)
from models.gatherings import Gathering
from models.ids import Ids
from models.ledger import Entry
from models.members import Account, Member, accounts_of, communities_of, create_members, member
from models.numbers import next_number
from models.point_tables import Batch, Line
from models.pots import Pot, Seat
from models.rings import Gift, Ring, Share
from models.settings import get_all, put
from models.shop import Item, Purchase
from models.store import Tx
from tests.models.conftest import AWAY, HOME, NOW

GROUP = Place(
    community_id=HOME, id=10, platform="telegram", external_id="-5", parent_id=None, kind="chat", name="The Group"
)
SUPERGROUP = replace(GROUP, id=11, external_id="-100")
DAY = 20_000
STICKER = Item(community_id=HOME, number=1, name="Sticker", about="", price=5, added_at=NOW)
ORDER = Purchase(community_id=HOME, number=2, item=1, member_id=7, price=5, entry_id=11, at=NOW, state="open")
BATCH = Batch(community_id=HOME, number=1, owner_id=7, made_at=NOW, state="shown", changed_at=NOW)
MEETING = Gathering(
    community_id=HOME,
    number=3,
    title="Tea",
    points=10,
    code=None,
    place_id=10,
    owner_id=7,
    opened_at=NOW,
    closes_at=NOW + 1000,
)
RAFFLE = Pot(
    community_id=HOME,
    number=3,
    kind="raffle",
    title="A mug",
    prize="thing",
    amount=10,
    winners=1,
    seats=50,
    per_member=2,
    owner_id=7,
    place_id=10,
    opened_at=NOW,
    ends_at=NOW + 1000,
)


def fact(community: int, cause: str, member_id: int, place_id: int, target_id: int | None = None) -> Fact:
    return Fact(
        community_id=community,
        cause=cause,
        at=NOW,
        day=DAY,
        kind="message",
        member_id=member_id,
        place_id=place_id,
        target_id=target_id,
    )


async def arrive(tx: Tx, community: int, id: int, external_id: str) -> None:
    newcomer = Member(
        community_id=community,
        id=id,
        name=external_id,
        language=None,
        time_zone=None,
        bot=False,
        joined_at=None,
        left_at=None,
        met_at=NOW,
    )
    account = Account(
        community_id=community,
        platform="telegram",
        external_id=external_id,
        member_id=id,
        name=external_id,
        username=None,
        reachable=False,
    )
    await create_members(tx, [(newcomer, account)], NOW)


async def test_communities_are_listed(tx: Tx) -> None:
    """A new community is in the list of all communities."""
    await create_community(tx, 3, "社区", NOW)

    assert await communities(tx) == [
        Community(id=HOME, name="Home"),
        Community(id=AWAY, name="Away"),
        Community(id=3, name="社区"),
    ]


async def test_places_are_found_from_outside(tx: Tx) -> None:
    """A place is found by platform and external id, whatever its community, and by its own id."""
    room = replace(GROUP, community_id=AWAY, id=12, platform="console", parent_id=10, kind="room")
    await create_places(tx, [GROUP, room])

    found = await find_places(tx, [("telegram", "-5"), ("console", "-5"), ("discord", "-5")])

    assert sorted(found, key=lambda each: each.id) == [GROUP, room]
    assert await place(tx, AWAY, 12) == room
    assert await place(tx, HOME, 12) is None


async def test_a_known_place_stays_as_it_is(tx: Tx) -> None:
    """Making a place again changes nothing."""
    await create_places(tx, [GROUP])

    await create_places(tx, [replace(GROUP, id=99, name="Another"), SUPERGROUP])

    assert await find_places(tx, [("telegram", "-5"), ("telegram", "-100")]) == [GROUP, SUPERGROUP]


async def test_places_are_searched_literally(tx: Tx) -> None:
    """A fragment matches in any case, and its own % and _ mean themselves."""
    names = ["Help", "help_desk", "100% off!", "帮助"]
    await create_places(
        tx, [replace(GROUP, id=20 + at, external_id=str(at), name=name) for at, name in enumerate(names)]
    )

    async def found(text: str) -> list[str]:
        return [each.name for each in await search_places(tx, HOME, text, 10, ())]

    assert await found("HELP") == ["Help", "help_desk"]
    assert await found("_") == ["help_desk"]
    assert await found("0%") == ["100% off!"]
    assert await found("!") == ["100% off!"]
    assert await found("帮") == ["帮助"]
    assert len(await search_places(tx, HOME, "", 2, ())) == 2


async def test_a_lost_place_is_no_longer_offered(tx: Tx) -> None:
    """A place that is gone is lost once, and not found by search."""
    await create_places(tx, [GROUP])

    assert await lost_place(tx, "telegram", "-5", NOW)
    assert not await lost_place(tx, "telegram", "-5", NOW)
    assert await search_places(tx, HOME, "Group", 10, ()) == []


async def test_a_topic_is_missed(tx: Tx) -> None:
    """Once, while its chat is there; a chat itself tells when it is lost, and may be found again with its topics."""
    topic = replace(GROUP, parent_id=GROUP.id, kind="topic")
    topics = [replace(topic, id=each, external_id=f"-5/{each}") for each in (21, 22)]
    await create_places(tx, [GROUP, *topics])

    assert [await missed_place(tx, HOME, each, NOW) for each in (21, 21, GROUP.id, 99)] == [True, False, False, False]
    await lost_place(tx, "telegram", "-5", NOW)
    assert not await missed_place(tx, HOME, 22, NOW)
    assert [await is_there(tx, HOME, each) for each in (21, 22, GROUP.id, 99)] == [False, True, False, False]


async def test_a_place_is_called_otherwise(tx: Tx) -> None:
    """A place keeps its id under a new name."""
    await create_places(tx, [GROUP])

    await show_places(tx, [Shown(HOME, GROUP.id, None, GROUP.kind, "Hearthside", "")])

    assert await place(tx, HOME, GROUP.id) == replace(GROUP, name="Hearthside")


async def test_a_place_found_again_is_as_it_was(tx: Tx) -> None:
    """A second admission is news once, and the place keeps its data."""
    await create_places(tx, [GROUP])
    await lost_place(tx, "telegram", "-5", NOW)

    assert await found_place(tx, "telegram", "-5")
    assert not await found_place(tx, "telegram", "-5")
    assert await search_places(tx, HOME, "Group", 10, ()) == [GROUP]


async def test_a_place_moves(tx: Tx) -> None:
    """A group that became a supergroup keeps its id and all it has, and is no longer lost."""
    await create_places(tx, [GROUP])
    await lost_place(tx, "telegram", "-5", NOW)

    moved = await move_place(tx, "telegram", "-5", "-100")

    assert moved == replace(GROUP, external_id="-100")
    assert await move_place(tx, "telegram", "-5", "-100") == moved
    assert await search_places(tx, HOME, "Group", 10, ()) == [moved]


async def test_a_place_nobody_knew_does_not_move(tx: Tx) -> None:
    """Without a row for either id there is nothing to do."""
    assert await move_place(tx, "telegram", "-5", "-100") is None


async def test_a_place_moves_onto_one_already_seen(tx: Tx) -> None:
    """What happened under the new id, its topics and its message numbers move to the old row."""
    topic = replace(GROUP, id=13, external_id="-100/7", parent_id=SUPERGROUP.id, kind="topic")
    await create_places(tx, [GROUP, SUPERGROUP, topic])
    await activity.record(tx, [fact(HOME, "telegram:1", 7, GROUP.id), fact(HOME, "telegram:2", 7, SUPERGROUP.id)])
    await activity.raise_watermarks(tx, [(HOME, GROUP.id, 900, NOW), (HOME, SUPERGROUP.id, 3, NOW)])

    await move_place(tx, "telegram", "-5", "-100")

    assert await find_places(tx, [("telegram", "-100")]) == [replace(GROUP, external_id="-100")]
    assert await place(tx, HOME, SUPERGROUP.id) is None
    assert (await place(tx, HOME, topic.id)) == replace(topic, parent_id=GROUP.id)
    assert await activity.watermarks(tx, "telegram") == [("-100", 3)]
    facts = await activity.retract(tx, HOME, ["telegram:1", "telegram:2"], NOW)
    assert {each.place_id for each in facts} == {GROUP.id}


async def test_a_community_founded_by_mistake_is_dissolved(tx: Tx) -> None:
    """If the new id had its own community, its people and facts move back, each person once."""
    stray = replace(SUPERGROUP, community_id=AWAY)
    await create_places(tx, [GROUP, stray])
    await arrive(tx, HOME, 1, "ann")
    await arrive(tx, AWAY, 51, "ann")
    await arrive(tx, AWAY, 52, "bob")
    await put(tx, AWAY, "language", '"en"', NOW)
    await activity.record(
        tx,
        [
            fact(HOME, "telegram:1", 1, GROUP.id),
            fact(AWAY, "telegram:2", 51, stray.id, target_id=52),
            fact(AWAY, "telegram:3", 52, stray.id, target_id=51)._replace(kind="reply"),
        ],
    )
    await activity.count(tx, [(HOME, DAY, 1, "message", 1), (HOME, DAY, 1, "reply_received", 0)])
    counts = [(51, "message"), (51, "reply_received"), (52, "reply")]
    await activity.count(tx, [(AWAY, DAY, member_id, kind, 1) for member_id, kind in counts])

    moved = await move_place(tx, "telegram", "-5", "-100")

    assert moved == replace(GROUP, external_id="-100")
    assert [each.id for each in await communities(tx)] == [HOME]
    assert await communities_of(tx, "telegram", "ann") == await communities_of(tx, "telegram", "bob") == [HOME]
    assert [each.external_id for each in await accounts_of(tx, HOME, 52)] == ["bob"]
    assert await member(tx, HOME, 51) is None
    assert await get_all(tx, AWAY) == {}
    assert await activity.prove_counts(tx, HOME, DAY, ["message", "reply", "reaction"], ["reply"]) == []
    facts = await activity.retract(tx, HOME, ["telegram:1", "telegram:2", "telegram:3"], NOW)
    assert sorted((each.cause, each.member_id, each.place_id, each.target_id) for each in facts) == [
        ("telegram:1", 1, GROUP.id, None),
        ("telegram:2", 1, GROUP.id, 52),
        ("telegram:3", 52, GROUP.id, 1),
    ]


async def test_what_points_were_for_comes_home(tx: Tx) -> None:
    """Orders, raffles and votes keep their people and meaning, under numbers that continue ours."""
    ids = Ids(1)
    stray = replace(SUPERGROUP, community_id=AWAY)
    await create_places(tx, [GROUP, stray])
    await arrive(tx, HOME, 1, "ann")
    await arrive(tx, AWAY, 51, "ann")
    await arrive(tx, AWAY, 52, "bob")
    for community, count in ((HOME, 4), (AWAY, 3)):
        for _ in range(count):
            await next_number(tx, community)
    await ledger.write(tx, [spent(HOME, 1, "gift", 9)], ids)
    (paid,) = await ledger.write(tx, [spent(AWAY, 52, "shop", -5)], Ids(2))
    await ledger.write(tx, [spent(AWAY, 51, "raffle", -10)._replace(kind="stake", subject="raffle:3")], ids)
    await shop.put_item(tx, replace(STICKER, community_id=AWAY))
    await shop.add_purchase(tx, replace(ORDER, community_id=AWAY, number=2, member_id=52, entry_id=paid.id))
    await pots.add(tx, replace(RAFFLE, community_id=AWAY, number=3, owner_id=51, place_id=stray.id))
    await pots.sit(tx, [Seat(AWAY, 3, 1, 51, NOW, "a poem"), Seat(AWAY, 3, 2, 52, NOW, "a song")])
    await pots.vote(tx, AWAY, 3, 51, 2, NOW)

    await move_place(tx, "telegram", "-5", "-100")

    assert await shop.items(tx, HOME, 9) == [replace(STICKER, number=5)]
    (order,) = await shop.purchases_of(tx, HOME, 52, ledger.LATEST, 9)
    assert (order.number, order.item) == (6, 5)
    entry = await ledger.entry(tx, HOME, order.entry_id)
    assert entry
    assert (entry.member_id, entry.reason) == (52, "shop")
    raffle = replace(RAFFLE, number=7, owner_id=1, place_id=GROUP.id)
    assert await pots.open_pots(tx, HOME, "raffle", 9) == [raffle]
    assert [(each.seat.member_id, each.votes) for each in await pots.scores(tx, HOME, 7)] == [(1, 0), (52, 1)]
    (staked,) = await ledger.staked(tx, HOME, "raffle:7")
    assert (staked.member_id, staked.amount) == (1, -10)
    assert await next_number(tx, HOME) == 8
    await standings.settle(tx, HOME)
    assert await proof.prove(tx, HOME) == []


async def test_what_administrators_prepared_stays_behind(tx: Tx) -> None:
    """Tables and gatherings of the dissolved community are gone; those of the moved place stay."""
    stray = replace(SUPERGROUP, community_id=AWAY)
    await create_places(tx, [GROUP, stray])
    for community, place_id in ((HOME, GROUP.id), (AWAY, stray.id)):
        await point_tables.add(tx, replace(BATCH, community_id=community), [Line(community, 1, 1, 7, 5, "tea")])
        await gatherings.add(tx, replace(MEETING, community_id=community, place_id=place_id))
        await gatherings.attend(tx, community, MEETING.number, 7, NOW)
        ring = Ring(community_id=community, number=1, found_at=NOW, amount=9)
        await rings.put(tx, ring, [Share(7, 9, 9)], [Gift(8, 7, 3, 9, 9)])

    await move_place(tx, "telegram", "-5", "-100")

    assert [each.place_id for each in await gatherings.latest(tx, HOME, 9)] == [GROUP.id]
    assert len(await point_tables.lines(tx, HOME, 1)) == 1
    assert await gatherings.latest(tx, AWAY, 9) == []
    assert await point_tables.batch(tx, AWAY, 1) is None
    assert await point_tables.lines(tx, AWAY, 1) == []
    assert await gatherings.attend(tx, AWAY, MEETING.number, 7, NOW)
    assert await rings.ring(tx, HOME, 1)
    assert await rings.ring(tx, AWAY, 1) is None
    assert await rings.size(tx, AWAY, 1) == 0
    assert await rings.evidence(tx, AWAY, 1, 9) == []


async def test_a_gathering_moves_with_its_place(tx: Tx) -> None:
    """A gathering opened under the new id belongs to the old place."""
    await create_places(tx, [GROUP, SUPERGROUP])
    await gatherings.add(tx, replace(MEETING, place_id=SUPERGROUP.id))

    await move_place(tx, "telegram", "-5", "-100")

    assert [each.place_id for each in await gatherings.latest(tx, HOME, 9)] == [GROUP.id]


def spent(community: int, member_id: int, reason: str, amount: int) -> Entry:
    return Entry(
        community_id=community,
        at=NOW,
        day=DAY,
        member_id=member_id,
        kind="adjust",
        amount=amount,
        counts=False,
        reason=reason,
        cause=f"telegram:{member_id}:{reason}",
    )


async def test_a_community_founded_on_purpose_stays(tx: Tx) -> None:
    """A community with other places gives up this place, and keeps its members and their history."""
    stray = replace(SUPERGROUP, community_id=AWAY)
    await create_places(tx, [GROUP, stray, replace(stray, id=14, external_id="-7")])
    await arrive(tx, AWAY, 51, "ann")

    moved = await move_place(tx, "telegram", "-5", "-100")

    assert moved == replace(GROUP, external_id="-100")
    assert await place(tx, AWAY, stray.id) is None
    assert await communities_of(tx, "telegram", "ann") == [AWAY]
