"""When Telegram is slow about one chat, that chat waits, and the others lose some seconds once."""

import math
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.telegram.running import running
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_world import Group, Person

#: longer than any wait on a busy machine; and how long an answer takes that waits for nothing
LONG, AT_ONCE = 8, 2.5


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
def ann(server: TelegramServer) -> Person:
    return server.user("Ann", username="ann", language="en")


@pytest.fixture
def group(server: TelegramServer, ann: Person) -> Group:
    return owned(server, ann, "Hearth")


@pytest.fixture
def other(server: TelegramServer, ann: Person) -> Group:
    return owned(server, ann, "Other")


def owned(server: TelegramServer, person: Person, title: str) -> Group:
    group = server.group(title)
    group.add(person, "creator")
    return group


async def answered(server: TelegramServer, person: Person, group: Group, seconds: float) -> float:
    """Seconds until the answer to a command arrives."""
    before, began = len(group.messages), time.monotonic()
    await person.says(group, "/ping")
    await server.world.until(lambda: any("I am here" in each.text for each in group.messages[before:]), seconds, "mute")
    return time.monotonic() - began


@pytest.mark.parametrize("method", ["getChatMember", "getChatAdministrators"])
async def test_a_chat_of_which_telegram_says_nothing(
    server: TelegramServer, ann: Person, group: Group, other: Group, tmp_path: Path, method: str
) -> None:
    """The others wait some seconds once, and the chat itself is answered as far as anybody would be."""
    async with running(server, tmp_path):
        await answered(server, ann, other, 20)
        server.fault(method, hang=True, chat=group, times=math.inf)
        await ann.says(group, "/ping")
        assert await answered(server, ann, other, LONG) < LONG
        for _ in range(3):
            await ann.says(group, "/ping")
            assert await answered(server, ann, other, LONG) < AT_ONCE

        def here() -> int:
            return sum("I am here" in each.text for each in group.messages)

        await server.world.until(lambda: here() == 4, LONG, "mute")
        asked = [each for each in server.calls if each.method == method and each.params["chat_id"] == group.id]
        assert len(asked) == 1


async def test_rights_that_telegram_does_not_say_in_time(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path
) -> None:
    """Nobody has rights meanwhile."""
    server.fault("getChatMember", hang=True, chat=group, times=math.inf)
    async with running(server, tmp_path):
        await ann.says(group, "/poll")

        await server.heard(ann, "Only moderators", timeout=20)


async def test_a_file_that_dribbles(
    server: TelegramServer, ann: Person, group: Group, other: Group, tmp_path: Path
) -> None:
    """The author is asked for it again after some seconds, and at once at the next try; others go on."""
    server.dribbles = 0.5
    async with running(server, tmp_path):
        await answered(server, ann, other, 20)
        await ann.says(group, "/copy", document=("tea.csv", b"tea" * 100))
        assert await answered(server, ann, other, LONG + 2) < LONG + 2
        await server.heard(ann, "I could not fetch the file.", timeout=20)
        await ann.says(group, "/copy", document=("tea.csv", b"tea" * 100))
        assert await answered(server, ann, other, LONG) < AT_ONCE


async def test_many_chats_of_which_telegram_says_nothing(
    server: TelegramServer, ann: Person, other: Group, tmp_path: Path
) -> None:
    """However many they are, a batch waits some seconds; an unidentified author is told to try again."""
    groups = [owned(server, ann, f"Group {number}") for number in range(90)]
    async with running(server, tmp_path):
        await answered(server, ann, other, 20)
        for each in groups:
            await ann.says(each, "hello")
        await server.settled(60)
        for each in groups:
            server.fault("getChatMember", hang=True, chat=each, times=math.inf)
            await ann.says(each, "/ping")
        await ann.says(other, "/ping")

        began = time.monotonic()
        await server.settled(30)
        assert time.monotonic() - began < 16
        await server.heard(ann, "I could not find out who you are", timeout=20)
