"""Rights in a group on Telegram: those of this moment."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from telegram import Bot, ChatMember

from adapters.telegram.rights import FRESH, INSIDE, Rights, access_of
from bot.core.clock import SystemClock
from bot.host.replay import _again
from bot.kit import Access
from bot.kit.access import Standing
from bot.kit.events import CommandGiven, Unrecognised
from bot.kit.invocation import Invocation, Line
from bot.kit.references import Person as Sender
from bot.kit.references import Spot
from models import dead_letters, members
from tests.adapters.telegram.running import running
from tests.security.test_displayed_text import settled
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_members import RIGHTS, Membership
from tests.servers.telegram_world import Group, Person


@pytest.mark.parametrize(
    ("after", "told"), [("member", "Only administrators can do this"), ("left", "I answer members only")]
)
async def test_who_was_demoted_is_so_at_once(
    server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path, after: str, told: str
) -> None:
    """An earlier answer is checked again as soon as Telegram tells of a change."""
    group.add(mallory, "administrator")
    async with running(server, tmp_path, SystemClock()) as world:
        await mallory.says(group, "/settings set points.message 41")
        await settled(world, server)
        await server.heard(mallory, "is now 41")
        group.change(mallory, Membership(status=after), by=ann)  # type: ignore[arg-type] # one of Telegram's
        where = group if after == "member" else mallory.private
        await mallory.says(where, "/settings set points.message 42")
        await settled(world, server)

        await server.heard(mallory, told)
        assert not any("is now 42" in message.text for message in server.visible_to(mallory))


CONFIGURES = frozenset({"can_promote_members", "can_change_info"})


@pytest.mark.parametrize(
    ("membership", "access"),
    [
        ({"status": "creator"}, Access.ADMIN),
        ({"status": "administrator"}, Access.ADMIN),
        ({"status": "administrator", "denied": CONFIGURES}, Access.STAFF),
        ({"status": "administrator", "denied": {*RIGHTS} - {"can_promote_members"}}, Access.ADMIN),
        ({"status": "administrator", "denied": {*RIGHTS} - {"can_change_info"}}, Access.ADMIN),
        ({"status": "administrator", "denied": {*RIGHTS}}, Access.STAFF),
        ({"status": "member"}, Access.MEMBER),
        ({"status": "restricted"}, Access.MEMBER),
        ({"status": "restricted", "denied": {"can_send_photos"}}, Access.MEMBER),
        ({"status": "restricted", "denied": {"can_send_messages"}}, Access.SILENCED),
        ({"status": "left"}, Access.STRANGER),
        ({"status": "kicked"}, Access.STRANGER),
    ],
)
def test_what_a_membership_allows(membership: dict[str, Any], access: Access) -> None:
    """Members who may promote others or change the group may configure us; other administrators moderate."""
    told = Membership(**membership | {"denied": frozenset(membership.get("denied", ()))})
    user = {"id": 7, "is_bot": False, "first_name": "Ann"}

    assert access_of(ChatMember.de_json(told.wire(user), None)) is access


async def test_who_is_restricted_and_left_is_a_stranger() -> None:
    told = Membership(status="restricted").wire({"id": 7, "is_bot": False, "first_name": "Ann"})

    assert access_of(ChatMember.de_json(told | {"is_member": False}, None)) is Access.STRANGER


async def test_who_only_looks_in_types_nothing(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path
) -> None:
    """In a public group, and under the posts of a channel, people write who never joined."""
    eve = server.user("Eve", language="en")
    async with running(server, tmp_path, SystemClock()) as world:
        await ann.says(group, "/ask What is the plan here?")
        await settled(world, server)
        line = {
            "text": "/answer 1 I never joined this group at all.",
            "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
        }
        said = {"message_id": 900, "date": server.world.now(), "chat": group.wire(), "from": eve.wire()}
        await server.push({"message": said | line})
        await settled(world, server)

        await server.heard(ann, "I answer members only")
        assert not any("never joined" in message.text for message in group.messages)
        account = await world.account(group, eve)
        async with world.core.store.read() as tx:
            assert not (await members.known(tx, account.community_id, account.member_id)).present


async def test_in_private_nobody_is_a_member_because_telegram_does_not_answer(
    server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path
) -> None:
    """Otherwise members who were muted or removed meanwhile would still act."""
    async with running(server, tmp_path, SystemClock()) as world:
        await ann.says(group, "/ask What is the plan here?")
        await mallory.says(group, "hello")
        await settled(world, server)
        group.change(mallory, Membership(status="restricted", denied=frozenset({"can_send_messages"})), by=ann)
        server.fault("getChatMember", 500, times=20)
        await mallory.says(mallory.private, "/answer 1 I am muted and still speak.")
        await settled(world, server)

        await server.heard(mallory, "I could not find out who you are in the community")
        assert not any("still speak" in message.text for message in group.messages)


@pytest.mark.parametrize(("name", "told"), [("ann", "is now 43"), ("mallory", "Only administrators can do this")])
async def test_what_is_tried_again_has_the_rights_of_now(
    server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path, name: str, told: str
) -> None:
    """A command that was set aside unread has nothing about its author's rights."""
    who = {"ann": ann, "mallory": mallory}[name]
    said = {"message_id": 900, "date": server.world.now(), "chat": group.wire(), "from": who.wire()}
    line = {
        "text": "/settings set points.message 43",
        "entities": [{"type": "bot_command", "offset": 0, "length": 9}],
    }
    async with running(server, tmp_path, SystemClock()) as world:
        await who.says(group, "hello")
        await settled(world, server)
        raw = json.dumps({"update_id": 7, "message": said | line})
        await world.core.set_aside(Unrecognised(cause="telegram:update:7", at=0, platform="telegram", raw=raw))
        async with world.core.store.read() as tx:
            (letter,) = await dead_letters.letters(tx, 10)
        await _again(world.core, letter)
        await settled(world, server)

        await server.heard(who, told)


async def test_being_inside_says_nothing_of_rights(ann: Person, group: Group) -> None:
    """Membership holds for an hour where we hear of changes; rights may be lost within that time."""
    rights = Rights(Bot("1:token"))
    rights._staff[str(group.id)] = time.monotonic(), frozenset({"1"})
    rights._known[str(group.id), str(ann.id)] = (time.monotonic() - 60, Access.ADMIN)

    assert await rights.inside(str(group.id), str(ann.id)) is Access.MEMBER


@pytest.mark.parametrize("how", ["left", "restricted"])
async def test_where_nobody_tells_who_is_inside_it_is_asked_again(
    server: TelegramServer,
    ann: Person,
    mallory: Person,
    group: Group,
    tmp_path: Path,
    how: Literal["left", "restricted"],
) -> None:
    """A member who was removed or muted presses no button of a group where we are no administrator."""
    group.is_public = True
    async with running(server, tmp_path, SystemClock()) as world:
        group.add(server.bot, "member")
        await ann.says(group, "/poll")
        await settled(world, server)
        vote = await server.heard(ann, "", after=None)
        await mallory.says(group, "/ping")
        await settled(world, server)
        denied = frozenset({"can_send_messages"}) if how == "restricted" else frozenset()
        group.change(mallory, replace(group.membership(mallory), status=how, denied=denied), by=ann)
        rights = world.telegram.ears.rights
        rights._known = {key: (at - 11, access) for key, (at, access) in rights._known.items()}
        await mallory.presses(vote, "Yes", timeout=3)
        await settled(world, server)

        assert not vote.is_edited


async def test_what_was_asked_before_a_change_is_not_believed_after_it(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path
) -> None:
    """An answer was still on its way when Telegram told that the member left."""
    async with running(server, tmp_path, SystemClock()) as world:
        await ann.says(group, "hello")
        await settled(world, server)
        rights = world.telegram.ears.rights
        rights._known.clear()

        def overtaken(answer: Any) -> Any:
            rights.expect_changes([{"chat_member": {"chat": {"id": group.id}}}])
            return answer

        server.fault("getChatMember", spoil=overtaken)
        assert not await rights.are_out([str(group.id)], str(ann.id))

        assert rights._known == {}


async def test_rights_in_private_are_those_of_the_last_seconds(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path
) -> None:
    """As in a group; although nobody told of the change."""
    async with running(server, tmp_path, SystemClock()) as world:
        await ann.says(group, "hello")
        await settled(world, server)
        group.members[ann.id] = Membership(status="member")
        world.telegram.ears.rights._known[str(group.id), str(ann.id)] = (time.monotonic() - 11, Access.ADMIN)
        await ann.says(ann.private, "/settings set points.message 43")
        await settled(world, server)

        await server.heard(ann, "Only administrators can do this")


async def test_what_failed_has_no_rights_of_then(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path
) -> None:
    """A command whose transaction broke is stored with its author's rights; by now they may have none."""
    async with running(server, tmp_path, SystemClock()) as world:
        await ann.says(group, "hello")
        await settled(world, server)
        given = Invocation(
            line=Line.of("/settings set points.message 43"),
            author=Sender("telegram", str(ann.id), "Ann", "ann"),
            standing=Standing(access=Access.ADMIN),
            spot=Spot("telegram", str(group.id), "chat", "Hearth"),
            cause="telegram:msg:1:900",
            at=world.core.clock.now(),
        )
        await world.core.set_aside(CommandGiven.of(given))
        async with world.core.store.read() as tx:
            (letter,) = await dead_letters.letters(tx, 10)
        await _again(world.core, letter)
        await settled(world, server)

        await server.heard(ann, "I could not find out who you are")


@pytest.mark.parametrize(
    "update",
    [
        {"chat_member": {"chat": {"id": -5}}},
        {"my_chat_member": {"chat": {"id": -5}}},
        {"message": {"chat": {"id": -5}, "left_chat_member": {"id": 7}}},
    ],
)
async def test_who_may_have_changed_is_asked_about_again(update: dict[str, Any]) -> None:
    """Each event that tells of a change counts, for that chat only; an unreadable one tells nothing."""
    rights = Rights(Bot("1:token"))
    for chat in ("-5", "-6"):
        rights._known[chat, "7"] = (time.monotonic(), Access.MEMBER)
        rights._staff[chat] = (time.monotonic(), frozenset({"7"}))

    rights.expect_changes([{"message": {"chat": {"id": -6}}}, {"chat_member": None}, {}])
    assert set(rights._known) == {("-5", "7"), ("-6", "7")}
    rights.expect_changes([update])

    assert (set(rights._known), set(rights._staff)) == ({("-6", "7")}, {"-6"})


@pytest.mark.parametrize(
    ("age", "access", "fresh", "asked"),
    [
        (9, Access.ADMIN, FRESH, False),
        (11, Access.ADMIN, FRESH, True),
        (11, Access.MEMBER, INSIDE, False),
        (3601, Access.MEMBER, INSIDE, True),
        (11, Access.STRANGER, INSIDE, True),
        (11, Access.SILENCED, INSIDE, True),
    ],
)
async def test_how_long_an_answer_holds(
    server: TelegramServer, ann: Person, group: Group, age: float, access: Access, fresh: float, asked: bool
) -> None:
    """Rights hold for seconds, membership for an hour, non-membership for seconds again."""
    async with Bot(server.token, base_url=f"{server.api_url}/bot") as bot:
        rights = Rights(bot)
        rights._known[str(group.id), str(ann.id)] = (time.monotonic() - age, access)

        told = await rights.of(str(group.id), str(ann.id), fresh)

    assert told is (Access.ADMIN if asked else access), "ann has the group"
