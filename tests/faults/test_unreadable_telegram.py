"""An unreadable payload of Telegram concerns one chat, one update or one file, and never the others."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from models import dead_letters
from tests.adapters.telegram.running import Running, running
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_world import Group, Person


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
def ann(server: TelegramServer) -> Person:
    return server.user("Ann", username="ann")


@pytest.fixture
def group(server: TelegramServer, ann: Person) -> Group:
    return owned(server, ann, "Hearth")


def owned(server: TelegramServer, person: Person, title: str) -> Group:
    group = server.group(title)
    group.add(person, "creator")
    return group


async def unread(house: Running) -> list[str]:
    """The bodies that were set aside."""
    async with house.core.store.read() as tx:
        return [letter.body for letter in await dead_letters.letters(tx, 10)]


async def test_administrators_nobody_can_read(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path
) -> None:
    """A chat whose list of administrators lacks a field is served without it, and so is every other chat."""
    other = owned(server, ann, "Other")
    fault = server.fault("getChatAdministrators", spoil=lambda found: [{"status": each["status"]} for each in found])
    fault.times, fault.chat = 99, group
    async with running(server, tmp_path) as house:
        await ann.says(group, "/ping")
        await ann.says(other, "/ping")

        for each in (group, other):
            await server.world.until(lambda: any("I am here" in one.text for one in each.messages), 20, each.title)  # noqa: B023 - asked at once
        assert house.telegram.health()["unread"] == 1
        assert house.telegram.health()["ok"]


async def test_rights_nobody_can_read(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """A member whose status is unreadable is no staff for this command; for the next one Telegram is asked again."""
    server.fault("getChatMember", spoil=lambda _: {"status": "administrator"}, times=2)
    async with running(server, tmp_path):
        await ann.says(group, "/poll")
        await server.heard(ann, "Only moderators", timeout=20)
        await ann.says(group, "/poll")

        await server.heard(ann, "Shall we?", timeout=20)


@pytest.mark.parametrize(("code", "words"), [(400, "Bad Request: \ud800"), (403, "Forbidden: \udfff")])
async def test_a_no_nobody_can_read(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path, code: int, words: str
) -> None:
    """A chat that refuses with half a character is refused once; every other chat is answered once."""
    other = owned(server, ann, "Other")
    server.fault("sendMessage", code, words, chat=group)
    async with running(server, tmp_path) as house:
        for each in (group, other, group, other):
            await ann.says(each, "/ping")
        await server.settled(20)
        for each in (group, other):
            await server.world.until(lambda: any("I am here" in one.text for one in each.messages), 20, each.title)  # noqa: B023 - asked at once
        await house.core.settle()

        said = [sum("I am here" in one.text for one in each.messages) for each in (group, other)]
        assert said == [1, 2]


async def test_a_file_nobody_can_read(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """The author is asked for the file again."""
    server.fault("getFile", spoil=lambda _: {"file_size": 3})
    async with running(server, tmp_path):
        await ann.says(group, "/copy", document=("tea.csv", b"tea"))

        await server.heard(ann, "I could not fetch the file.", timeout=20)


@pytest.mark.parametrize("menus", ["unreadable", "broken"])
async def test_menus_that_do_not_come_through(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path, menus: str
) -> None:
    """Members are answered while Telegram does not take the menus."""
    if menus == "broken":
        server.fault("setMyCommands", 500, times=99)
    else:
        server.fault("setMyCommands", spoil=lambda _: None, times=99)
    async with running(server, tmp_path):
        await ann.says(group, "/ping")

        await server.heard(ann, "I am here", timeout=20)


@pytest.mark.parametrize("odd", [7, "update", None, [], {}, {"update_id": "9"}, {"update_id": True, "message": 7}])
async def test_an_update_that_is_none(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path, odd: object
) -> None:
    """An item that is no update is set aside as it came; those beside it are absorbed and confirmed."""
    server.fault("getUpdates", spoil=lambda updates: [odd, *updates, odd], times=99)
    async with running(server, tmp_path) as house:
        await ann.says(group, "/ping")
        await server.heard(ann, "I am here", timeout=20)
        await server.settled(20)
        server.faults.clear()
        (body,) = await unread(house)

        assert "Unrecognised" not in body
        assert house.telegram.health()["ok"]


@pytest.mark.parametrize(
    "odd",
    [
        {"callback_query": 7},
        {"callback_query": {"data": "/ping"}},
        {"message": {"migrate_to_chat_id": 3}},
        {"message": {"migrate_to_chat_id": 3, "chat": 7}},
        {"chat_member": {"chat": 7}},
        {"chat_member": {"chat": []}},
        {"message": {"message_id": 1, "date": 1e30, "chat": {"id": 2**70, "type": "group", "title": "x"}}},
    ],
)
async def test_an_update_of_an_odd_shape(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path, odd: dict[str, object]
) -> None:
    """Whatever its shape, it prevents no other update from being answered, and is confirmed."""
    async with running(server, tmp_path) as house:
        server.raw_update(odd)
        await ann.says(group, "/ping")
        await server.heard(ann, "I am here", timeout=20)
        await server.settled(20)

        assert len(await unread(house)) == 1


@pytest.mark.parametrize("odd", [{}, {"message": {}}, 7, {"update_id": 2**31}])
async def test_an_update_that_is_none_after_an_unclean_end(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path, odd: object
) -> None:
    """An item without a number is noted like the others, and stops none of them."""
    async with running(server, tmp_path) as house:
        await house.core.care.begin(unclean=True)
        server.fault("getUpdates", spoil=lambda updates: [odd, *updates], times=99)
        await ann.says(group, "/ping")
        await server.heard(ann, "I am here", timeout=20)
        server.faults.clear()
        await server.settled(20)

        assert len(await unread(house)) == 1


@pytest.mark.parametrize("number", [2**31 - 1, 2**31, 2**63 - 1, 10**30])
async def test_a_number_out_of_reach(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path, number: int
) -> None:
    """It confirms nothing: what Telegram sends after it is heard."""
    async with running(server, tmp_path):
        await ann.says(group, "hello")
        await server.settled(20)
        fault = server.fault("getUpdates", spoil=lambda updates: [*updates, {"update_id": number, "poll": {}}], times=1)
        for _ in range(2):  # the first ends the open poll
            await ann.says(group, "hello again")
            await server.settled(20)
        assert not fault.times
        await ann.says(group, "/ping")

        await server.heard(ann, "I am here", timeout=20)


@pytest.mark.parametrize("depth", [300, 400, 900])
async def test_an_update_without_a_bottom(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path, depth: int
) -> None:
    """It is kept, and the log says so in one line."""
    deep: list[object] = []
    for _ in range(depth):
        deep = [deep]
    with capture_logs() as logs:
        async with running(server, tmp_path) as house:
            server.raw_update({"message": {"x": deep}})
            await ann.says(group, "/ping")
            await server.heard(ann, "I am here", timeout=20)
            await server.settled(20)
            assert len(await unread(house)) == 1

    (told,) = (each for each in logs if each["event"] == "update not understood")
    assert "exc_info" not in told
    assert "\n" not in told["error"]


async def test_a_poll_with_nothing_to_confirm(server: TelegramServer, tmp_path: Path) -> None:
    """Telegram is not asked again at once for what it sends again at once."""
    server.fault("getUpdates", spoil=lambda _: [{}], times=99)
    async with running(server, tmp_path):
        server.raw_update({"poll": {}})
        await server.world.until(lambda: any(call.method == "getUpdates" for call in server.calls), 20, "no poll")
        await asyncio.sleep(0.5)

        assert len([call for call in server.calls if call.method == "getUpdates"]) <= 2


@pytest.mark.parametrize("answer", [None, {"update_id": 3}, "no list"])
async def test_a_poll_nobody_can_read(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path, answer: object
) -> None:
    """We ask again after an answer that is no list of updates."""
    server.fault("getUpdates", spoil=lambda _: answer, times=1)
    async with running(server, tmp_path):
        await ann.says(group, "/ping")

        await server.heard(ann, "I am here", timeout=20)
