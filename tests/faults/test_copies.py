"""How often a message appears when the answer to sending it is lost or unreadable: as the rule says."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.core.clock import HandClock, SystemClock
from bot.core.patience import ANSWERED
from tests.adapters.discord import running as discord_houses
from tests.adapters.telegram.running import Running, running
from tests.servers.discord import DiscordServer
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_world import Group, Person
from tests.stories.telegram import Hurried

HOUR, DAY = 3_600_000, 86_400_000


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
def ann(telegram: TelegramServer) -> Person:
    return telegram.user("Ann", username="ann")


@pytest.fixture
def group(telegram: TelegramServer, ann: Person) -> Group:
    group = telegram.group()
    group.add(ann, "creator")
    return group


def lose(server: TelegramServer) -> None:
    server.fault("sendMessage", cut=True, after_delivery=True, times=99)


def garble(server: TelegramServer) -> None:
    server.fault("sendMessage", spoil=lambda sent: {"message_id": sent["message_id"]}, times=99)


async def outcomes(house: Running | discord_houses.Running) -> list[str]:
    async with house.core.store.read() as tx:
        return [row["outcome"] for row in await tx.all("SELECT outcome FROM promise WHERE kind <> 'Remind'")]


@pytest.mark.parametrize("fault", [lose, garble])
@pytest.mark.parametrize(
    ("line", "said", "copies"), [("/about", "keeps this community warm", 1), ("/give @ann 5", "5 for Ann", 2)]
)
async def test_a_reply_on_telegram(
    *,
    telegram: TelegramServer,
    ann: Person,
    group: Group,
    tmp_path: Path,
    fault: Callable[[TelegramServer], None],
    line: str,
    said: str,
    copies: int,
) -> None:
    """An answer that can be asked again comes once, a receipt of a change at most twice, however long it goes on."""
    clock = HandClock(SystemClock().now())
    fault(telegram)
    async with running(telegram, tmp_path, clock) as house:
        await ann.says(group, "hello")
        await ann.says(group, line)
        await telegram.settled(20)
        await house.core.pass_time(clock, clock.now() + DAY)

        assert len([one for one in group.messages if said in one.text]) == copies
        assert await outcomes(house) == ["unknown"]


async def test_a_pressed_button_on_telegram(
    telegram: TelegramServer, ann: Person, group: Group, tmp_path: Path
) -> None:
    """Its message is edited in place, until we know that it worked."""
    clock = HandClock(SystemClock().now())
    async with running(telegram, tmp_path, clock) as house:
        await ann.says(group, "/poll")
        await telegram.settled(20)
        await house.core.settle()
        telegram.fault("editMessageText", cut=True, after_delivery=True, times=3)
        await ann.presses(await telegram.heard(ann, "Shall we?", timeout=20), "Yes")
        await telegram.settled(20)
        await house.core.pass_time(clock, clock.now() + HOUR)

        assert [one.text for one in group.messages if one.sender.is_bot] == ["One more yes."]
        assert await outcomes(house) == ["kept", "kept"]


async def test_telegram_broken_for_a_minute(
    telegram: TelegramServer, ann: Person, group: Group, tmp_path: Path
) -> None:
    """When Telegram says that it broke, it is believed for a while."""
    clock = HandClock(SystemClock().now())
    telegram.fault("sendMessage", 502, "Bad Gateway", times=4)
    async with running(telegram, tmp_path, clock) as house:
        await ann.says(group, "/ping")
        await telegram.settled(20)
        await house.core.pass_time(clock, clock.now() + HOUR)

        assert len([one for one in group.messages if "I am here" in one.text]) == 1


async def test_telegram_broken_for_ever(telegram: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """And then no longer."""
    clock = HandClock(SystemClock().now())
    telegram.fault("sendMessage", 500, after_delivery=True, times=99)
    async with running(telegram, tmp_path, clock, pace=Hurried()) as house:
        await ann.says(group, "/give @ann 5")
        await telegram.settled(20)
        await house.core.pass_time(clock, clock.now() + DAY)

        assert len([one for one in group.messages if "5 for Ann" in one.text]) == ANSWERED
        assert await outcomes(house) == ["unknown"]


def without_id(_: object) -> object:
    return {}


@pytest.mark.parametrize("forgetful", [False, True])
async def test_a_post_on_discord(tmp_path: Path, forgetful: bool) -> None:
    """Discord recognises it by its nonce for some minutes; after that we find it in the channel."""
    clock = HandClock(SystemClock().now())
    async with DiscordServer(clock=clock.now) as server:
        guild = server.guild("Hearth")
        ann, general = guild.member("ann"), guild.channel("general")
        server.fault("POST", r"/channels/\d+/messages", 200, times=99, spoil=without_id)
        async with discord_houses.running(server, tmp_path, clock) as house:
            await (await ann.slash(general, "owe", {"what": "post", "to": ann})).done()
            await house.settle()
            if forgetful:
                clock.move(clock.now() + HOUR)
            await house.core.pass_time(clock, clock.now() + DAY)

            assert [one.text for one in general.messages if one.nonce] == ["For your eyes, Ann."]
            assert await outcomes(house) == ["kept"]
