"""One member or a few send commands without end: all others are answered as usual."""

import asyncio
import time
from pathlib import Path

import pytest

from models.store import Store
from tests.adapters.discord import running as on_discord
from tests.adapters.telegram.running import running
from tests.servers.discord import DiscordServer
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_world import Group, Person

ASKED = 40
#: the longest wait of an administrator on a busy machine
SECONDS = 10
QUICK = "You are quick! Try again in"


async def test_an_administrator_is_answered_while_members_flood_a_group(
    server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path
) -> None:
    """Forty commands each of three members use up what Telegram lets us say in a minute, except for the reserve."""
    flood = [mallory, *(server.user(f"Troll {number}", language="en") for number in range(2))]
    bob = server.user("Bob", language="en")
    for person in [*flood[1:], bob]:
        group.add(person)
    async with running(server, tmp_path, paced=True):
        await bob.says(group, "hello")
        for person in flood:
            await person.says(person.private, "/start")
        await server.settled(20)
        for _ in range(ASKED):
            for person in flood:
                await person.says(group, "/ping")
        await server.settled(20)

        began = time.monotonic()
        await ann.says(group, "/about")
        await server.heard(ann, "keeps this community warm", timeout=SECONDS)
        assert time.monotonic() - began < SECONDS

        for person in flood:
            await server.heard(person, QUICK, timeout=SECONDS)
        said = [message.text for message in server.visible_to(ann) if message.sender.id == server.bot.id]
        assert len(said) <= 20
        assert not any(QUICK in text for text in said)
        for person in flood:
            told = [message for message in server.visible_to(person) if QUICK in message.text]
            assert len(told) == 1


async def test_a_flooded_group_holds_up_no_other(
    server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path
) -> None:
    """Members of another community are answered within seconds too, although none of them is a moderator."""
    assert ann
    other = server.group("Elsewhere")
    bob = server.user("Bob", language="en")
    other.add(bob)
    trolls = [mallory, *(server.user(f"Troll {number}", language="en") for number in range(9))]
    for troll in trolls[1:]:
        group.add(troll)
    async with running(server, tmp_path, paced=True):
        for _ in range(5):
            for troll in trolls:
                await troll.says(group, "/ping")
        await server.settled(20)

        await bob.says(other, "/about")
        await server.heard(bob, "keeps this community warm", timeout=SECONDS)


async def test_who_keeps_order_may_ask_more(
    server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path
) -> None:
    """Even before they are asked about by name: commands given while we were away are no flood."""
    await mallory.says(group, "hello")
    for number in range(ASKED // 2):
        await ann.says(group, f"/points give @mallory 1 for {number}")
    async with running(server, tmp_path, paced=True) as house:
        await server.settled(20)
        async with house.core.store.read() as tx:
            (given,) = await tx.all("SELECT COUNT(*) AS times FROM entry WHERE kind = 'adjust'")

        assert given["times"] == ASKED // 2


@pytest.mark.parametrize("groups", [1, 2])
async def test_strangers_do_not_spend_the_voice_of_a_community(
    server: TelegramServer, ann: Person, tmp_path: Path, groups: int
) -> None:
    """Forty people who are in no group ask in private: a few get an answer, and members wait for none of them."""
    bob, crowd = (
        server.user("Bob", language="en"),
        [server.user(f"Eve {number}", language="en") for number in range(40)],
    )
    places = [server.group(f"Group {number}") for number in range(groups)]
    async with running(server, tmp_path, paced=True) as house:
        for place in places:
            place.add(ann, "creator")
            place.add(bob)
            await bob.says(place, "hello")
        await bob.says(bob.private, "/start")
        await server.settled(20)
        for _ in range(8):
            for eve in crowd:
                await eve.says(eve.private, "/ping")
        await server.settled(60)
        told = len(house.telegram.ears._in_hand)

        for person, chat in ((bob, places[0]), (bob, bob.private), (ann, places[0])):
            began = time.monotonic()
            before = len(chat.messages)
            await person.says(chat, "/about")
            async with asyncio.timeout(SECONDS):
                while not any("keeps this community warm" in each.text for each in chat.messages[before:]):
                    await asyncio.sleep(0.01)
            assert time.monotonic() - began < SECONDS / 3
        assert told < len(crowd)
        await house.telegram.ears.finish()
        assert 0 < sum(eve.private.messages[-1].sender is server.bot for eve in crowd) < len(crowd)


async def test_buttons_and_suggestions_count_too(tmp_path: Path) -> None:
    """On Discord each needs an answer: a hasty member gets it in private, and nothing is done for them."""
    async with DiscordServer() as server:
        guild = server.guild("Hearth")
        general = guild.channel("general")
        mallory, ann = guild.member("mallory"), guild.member("ann", permissions=1 << 3)
        async with on_discord.running(server, tmp_path, paced=True):
            board = await (await mallory.slash(general, "board")).done()
            asked = [await mallory.slash(general, "ping") for _ in range(ASKED)]
            began = time.monotonic()
            answer = await (await ann.slash(general, "ping")).done()
            assert answer.text.startswith("I am here.")
            assert time.monotonic() - began < SECONDS

            answers = await asyncio.gather(*(each.done() for each in asked))
            hasty = [each for each in answers if each.text.startswith(QUICK)]
            assert len(hasty) >= ASKED // 2
            assert all(each.ephemeral for each in hasty)
            pressed = await (await mallory.presses(board, "Next")).done()
            assert pressed.text.startswith(QUICK)
            tried = [await mallory.completes(general, "timezone", {"zone": "Berl"}, focused="zone") for _ in range(100)]
            assert tried[-1] == []
            typed = [await ann.completes(general, "timezone", {"zone": "Berl"}, focused="zone") for _ in range(100)]
            assert (len(typed[0]), typed[-1]) == (1, [])


async def test_guessing_codes_does_not_pay(
    server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path
) -> None:
    """After a few wrong ones, the right code gets the same answer as a wrong one."""
    async with running(server, tmp_path) as house:
        await mallory.says(group, "hello")
        await mallory.says(mallory.private, "/start")
        await ann.says(group, '/attendance open "Tea party" 2h 5 on')
        await server.settled(20)
        code = await _code(house.core.store)
        for number in range(5):
            await mallory.says(group, f"/attend WRONG{number}")
        await mallory.says(group, f"/attend {code}")

        await server.heard(mallory, "too many wrong codes", timeout=SECONDS)

        assert not any("Tea party" in each.text for each in server.visible_to(mallory) if each.chat is mallory.private)


async def _code(store: Store) -> str:
    async with store.read() as tx:
        row = await tx.one("SELECT code FROM gathering")
    assert row
    return str(row["code"])
