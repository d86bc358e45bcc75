"""In private only present members act, in the community that was decided for them, with their rights there."""

from pathlib import Path

import pytest

from bot.core.clock import HandClock, SystemClock
from bot.host.registry import open_house
from bot.kit import Access
from models import choices, members
from tests.adapters.telegram.running import Running, running
from tests.security.test_displayed_text import settled
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_members import Membership
from tests.servers.telegram_world import Group, Person

HOUR = 3_600_000
#: what a person outside all our communities may ask
FOR_STRANGERS = {"help", "about", "community", "verify"}


def test_what_strangers_may_do_is_declared() -> None:
    """The list is short, and grows only on purpose."""
    commands = open_house().commands.values()

    assert {each.name for each in commands if each.access is Access.STRANGER} == FOR_STRANGERS


async def test_a_stranger_reads_and_does_nothing(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path
) -> None:
    """They get no questions and no boards, and above all cannot answer into the group for points."""
    eve = server.user("Eve", language="en")
    async with running(server, tmp_path, SystemClock()) as world:
        await ann.says(group, "/ask Where is the key to the cellar?")
        await settled(world, server)
        before = len(group.messages)
        for line in ("/find key cellar", "/leaderboard", "/question show 1", "/answer 1 Below the mat.", "/rank"):
            await eve.says(eve.private, line)
            await settled(world, server)

        told = [message.text for message in eve.private.messages if message.sender is server.bot]
        assert told == ["⚠️ I answer members only. Write something in the community first, then come back to me."] * 5
        assert len(group.messages) == before
        assert not any("cellar" in text for text in told)


async def test_a_stranger_asks_about_each_command(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path
) -> None:
    """Each is refused as for members only, or says what it does; nothing breaks."""
    eve = server.user("Eve", language="en")
    async with running(server, tmp_path, SystemClock()) as world:
        await ann.says(group, "hello")
        await settled(world, server)
        for line in ("/help rank", "/help settings set", "/help verify", "/help nonsense"):
            await eve.says(eve.private, line)
            await settled(world, server)

        told = [message.text for message in eve.private.messages if message.sender is server.bot]
        assert ["members only" in text for text in told] == [True, True, False, False]
        assert not any("broke" in text for text in told)


async def test_a_stranger_is_shown_the_way_in(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path
) -> None:
    """If the community gives away an invitation; and they are told what everybody may ask."""
    eve = server.user("Eve", language="en")
    async with running(server, tmp_path, SystemClock()) as world:
        for link in ("https://t.me/+tea", "javascript:tea", "come_in"):
            await ann.says(group, f"/settings set community.invite {link}")
        await settled(world, server)
        assert sum("write a web address" in message.text for message in server.visible_to(ann)) == 2
        await eve.says(eve.private, "/start")
        await eve.says(eve.private, "/rank")
        await settled(world, server)

        start, refused = (message.text for message in eve.private.messages if message.sender is server.bot)
        assert "/verify" in start
        assert "join here: https://t.me/+tea" in start
        assert "/rank" not in start
        assert "join here: https://t.me/+tea" in refused


async def test_a_stranger_is_owed_nothing(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """They are answered at once, and can reply to what we ask."""
    eve = server.user("Eve", language="en")
    async with running(server, tmp_path, SystemClock()) as world:
        await ann.says(group, "hello")
        await settled(world, server)
        await eve.says(eve.private, "/verify")
        await settled(world, server)
        asked = eve.private.messages[-1]
        await eve.says(eve.private, "AAAAA-BBBBB-CCCCC-DDDDD", reply_to=asked)
        await settled(world, server)

        words, answer = (message.text for message in eve.private.messages if message.sender is server.bot)
        assert "this is missing" in words
        assert "this is missing" not in answer
        async with world.core.store.read() as tx:
            assert await tx.all("SELECT id FROM promise") == []


@pytest.mark.parametrize("how", ["leaves", "is removed", "is removed unseen"])
async def test_who_left_is_a_stranger(
    server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path, how: str
) -> None:
    """Even where nobody told us; and they are a member again when they are back."""
    async with running(server, tmp_path, SystemClock()) as world:
        await mallory.says(group, "hello")
        await mallory.says(mallory.private, "/rank")
        await settled(world, server)
        if how == "is removed unseen":
            group.add(server.bot, "member")
        if how == "leaves":
            await mallory.leaves(group)
        else:
            group.add(mallory, "kicked", by=ann)
        await settled(world, server)
        if how == "is removed unseen":  # nobody tells, so it is noticed when the last answer is too old
            world.telegram.ears.rights._known.clear()
        await mallory.says(mallory.private, "/leaderboard")
        await settled(world, server)
        await server.heard(mallory, "I answer members only")

        group.add(mallory)
        world.telegram.ears.rights._known.clear()
        await mallory.says(mallory.private, "/leaderboard")
        await settled(world, server)

        assert "members only" not in mallory.private.messages[-1].text


@pytest.mark.parametrize("known", [True, False])
async def test_who_was_removed_is_asked_nothing_more(
    *, server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path, known: bool
) -> None:
    """A letter with questions of a group is for its members, even if nobody told us of the removal."""
    clock = HandClock(SystemClock().now())
    async with running(server, tmp_path, clock) as world:
        group.add(server.bot, "member")
        await mallory.says(mallory.private, "/start")
        for line in ("/helper on", "/helper quiet 0 0"):
            await mallory.says(group, line)
        await settled(world, server)
        await ann.says(group, "/ask Who wants tea?")
        await settled(world, server)
        await world.core.pass_time(clock, clock.now() + HOUR)
        assert any("wants tea" in message.text for message in mallory.private.messages), "while they are there"

        group.change(mallory, Membership(status="kicked"), by=ann)
        await ann.says(group, "/ask Where is the spare key hidden now?")
        await settled(world, server)
        if not known:
            server.fault("getChatMember", times=20)
        await world.core.pass_time(clock, clock.now() + HOUR)

        assert any("spare key" in message.text for message in mallory.private.messages) is not known


async def test_who_was_only_named_is_a_stranger(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path
) -> None:
    """A mention by a member makes nobody a member."""
    eve = server.user("Eve", language="en")
    async with running(server, tmp_path, SystemClock()) as world:
        await ann.says(group, "/give {} 5", mention=[eve])
        await eve.says(eve.private, "/leaderboard")
        await settled(world, server)

        await server.heard(eve, "I answer members only")


async def test_who_only_looks_in_presses_nothing(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path
) -> None:
    """Everybody can look into a public group, and a press there makes them no member."""
    group.is_public, eve = True, server.user("Eve", language="en")
    async with running(server, tmp_path, SystemClock()) as world:
        await ann.says(group, "/poll")
        await settled(world, server)
        vote = await server.heard(ann, "", after=None)
        press = await eve.presses(vote, "Yes")
        await settled(world, server)

        assert "members only" in press.text
        assert not vote.is_edited
        account = await world.account(group, eve)
        async with world.core.store.read() as tx:
            known = await members.known(tx, account.community_id, account.member_id)
            assert not known.present

        group.add(eve)
        world.telegram.ears.rights._known.clear()
        await eve.presses(vote, "Yes", timeout=0)
        await settled(world, server)
        assert vote.is_edited


async def test_rights_hold_in_the_community_they_were_asked_in(
    server: TelegramServer, ann: Person, mallory: Person, tmp_path: Path
) -> None:
    """If another community is chosen between the question for rights and the deed, the deed is where the rights are."""
    mine, theirs = server.group("Mine"), server.group("Theirs")
    mine.add(mallory, "creator")
    theirs.add(ann, "creator")
    theirs.add(mallory)
    async with running(server, tmp_path, SystemClock()) as world:
        for place in (mine, theirs):
            await mallory.says(place, "hello")
            await settled(world, server)
        homes = [(await world.place(place)).community_id for place in (mine, theirs)]
        for round_number in range(4):
            await chooses(world, mallory, homes[0])
            world.core.before.clear()
            world.core.asked.clear()
            await mallory.says(mallory.private, f"/settings set points.message {round_number + 40}")
            await world.core.asked.wait()
            await chooses(world, mallory, homes[1])
            world.core.before.set()
            await settled(world, server)

            assert await stored(world, homes[1]) is None
            assert await stored(world, homes[0]) == str(round_number + 40)


async def test_a_line_is_completed_where_it_was_asked_for(server: TelegramServer, ann: Person, tmp_path: Path) -> None:
    """Even if another community was chosen since: words meant for one are not said in the other."""
    mine, theirs = server.group("Mine"), server.group("Theirs")
    async with running(server, tmp_path, SystemClock()) as world:
        for place in (mine, theirs):
            place.add(ann, "creator")
            await ann.says(place, "/ask What is the plan here?")
            await settled(world, server)
        homes = [(await world.place(place)).community_id for place in (mine, theirs)]
        await chooses(world, ann, homes[0])
        await ann.says(ann.private, "/answer 1")
        await settled(world, server)
        prompt = await server.heard(ann, "this is missing")
        await chooses(world, ann, homes[1])
        await ann.says(ann.private, "The secret is 4711.", reply_to=prompt)
        await settled(world, server)

        assert any("4711" in message.text for message in mine.messages)
        assert not any("4711" in message.text for message in theirs.messages)


@pytest.mark.parametrize("chosen", [True, False])
async def test_what_is_typed_in_full_goes_on_from_nothing(
    server: TelegramServer, ann: Person, tmp_path: Path, *, chosen: bool
) -> None:
    """Even as a reply to a community's message, or to the question which of them is meant."""
    mine, theirs = server.group("Mine"), server.group("Theirs")
    async with running(server, tmp_path, SystemClock()) as world:
        for place in (mine, theirs):
            place.add(ann, "creator")
            await ann.says(place, "hello")
            await settled(world, server)
        homes = [(await world.place(place)).community_id for place in (mine, theirs)]
        await ann.says(ann.private, "/settings list")
        await settled(world, server)
        which = await server.heard(ann, "Which one do you mean")
        if chosen:
            await chooses(world, ann, homes[1])
        await ann.says(ann.private, "/settings set points.message 43", reply_to=which)
        await settled(world, server)

        assert [await stored(world, each) for each in homes] == [None, "43" if chosen else None]


async def test_who_was_silenced_is_silent_here_too(
    server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path
) -> None:
    """Nobody speaks through us in a group that took their voice."""
    async with running(server, tmp_path, SystemClock()) as world:
        await ann.says(group, "/ask What is the plan here?")
        await mallory.says(group, "hello")
        await settled(world, server)
        group.change(mallory, Membership(status="restricted", denied=frozenset({"can_send_messages"})), by=ann)
        await mallory.says(mallory.private, "/answer 1 I am muted and still speak.")
        await settled(world, server)

        assert not any("still speak" in message.text for message in group.messages)
        await server.heard(mallory, "You may not write in the community at the moment")
        account = await world.account(group, mallory)
        async with world.core.store.read() as tx:
            assert (await members.known(tx, account.community_id, account.member_id)).present, "nobody left"


async def chooses(world: Running, who: Person, community: int) -> None:
    """From now on their private chat is about this community."""
    async with world.core.store.write() as tx:
        await choices.choose(tx, "telegram", str(who.id), community)


async def stored(world: Running, community: int) -> str | None:
    async with world.core.store.read() as tx:
        row = await tx.one(
            "SELECT value FROM setting WHERE community_id = :id AND key = 'points.message'", id=community
        )
    return row["value"] if row else None


@pytest.mark.parametrize("line", ["/start", "/help", "/rank"])
@pytest.mark.parametrize("groups", [0, 2])
async def test_somebody_whom_no_community_knows_is_told_who_we_are(
    server: TelegramServer, ann: Person, tmp_path: Path, line: str, groups: int
) -> None:
    """The very first act of an operator, and a stranger where there are several communities."""
    eve = server.user("Eve", language="zh-hans")
    async with running(server, tmp_path, SystemClock()) as world:
        for number in range(groups):
            place = server.group(f"Group {number}")
            place.add(ann, "creator")
            await ann.says(place, "hello")
        await settled(world, server)
        await eve.says(eve.private, line)
        await settled(world, server)

        await server.heard(eve, "我是 Hearth")
