"""Members of both platforms who talk, give and ask while the bot lives, dies and comes back.

What they said and heard is recorded, and compared with what the store has.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from adapters.telegram.people import message_cause
from bot.community.activity.rules import COUNTED, RECEIVED
from models import activity, proof, standings
from models.store import Store, Tx
from tests.servers.discord import Answer, DiscordServer
from tests.servers.telegram import TelegramServer

ADMINISTRATOR = 1 << 3
#: seconds between two deeds of one member
TALK, PRESS, COMMAND = 0.2, 0.15, 3.0
BUSY = "I am busy just now."
#: one command in so many is answered publicly, which Telegram allows twenty times a minute
PUBLIC = 4


@dataclass
class Crowd:
    discord: DiscordServer
    telegram: TelegramServer
    #: the causes of all that was said, and where
    said: set[str] = field(default_factory=set)
    #: commands by their reason: on Telegram all that were typed, on Discord those that were answered
    typed: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    #: commands that Discord was told to retry, which must then not have run
    put_off: set[str] = field(default_factory=set)
    pressed: int = 0
    _waiting: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        guild, self.group = self.discord.guild("Hearth"), self.telegram.group("Hearth")
        self.general = guild.channel("general")
        self.ann, self.bob = guild.member("ann", permissions=ADMINISTRATOR), guild.member("bob")
        self.tom, self.tim = (self.telegram.user(name, username=name) for name in ("tom", "tim"))
        self.group.add(self.tom, status="creator")
        self.group.add(self.tim)

    async def arrives(self) -> None:
        """Open private chats first, so that messages find their member; a late setting may take points from tim."""
        for who, place, words in (
            (self.tom, self.group, "hello"),
            (self.tom, self.tom.private, "/start"),
            (self.tim, self.tim.private, "/start"),
        ):
            await who.says(place, words)
            await self.telegram.settled(60)

    @asynccontextmanager
    async def acting(self) -> AsyncIterator[None]:
        """All at once, until the block ends."""
        acts = [(TALK, self._write), (TALK, self._say), (PRESS, self._give), (COMMAND, self._type)]
        tasks = [asyncio.create_task(_again(act, every)) for every, act in acts]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            done = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(each, asyncio.CancelledError) for each in done), done

    async def at_rest(self) -> None:
        """Wait until nobody waits for an answer."""
        if self._waiting:
            await asyncio.wait(self._waiting)

    async def _write(self) -> None:
        message = await self.bob.says(self.general, "hello")
        self.said.add(f"discord:msg:{message.id}")

    async def _say(self) -> None:
        message = await self.tim.says(self.group, "hello")
        self.said.add(message_cause(self.group.id, message.id))

    async def _type(self) -> None:
        why = f"typed-{len(self.typed)}."
        self.typed.add(why)
        number = len(self.typed)
        command = "give @tim 1" if number % PUBLIC == 0 else f"set @tim {10_000 + number}"
        await self.tom.says(self.group, f"/points {command} {why}")

    async def _give(self) -> None:
        """Nobody can press anything while the bot is away."""
        if not any(session.reader for session in self.discord.gateway.sessions.values()):
            return
        self.pressed += 1
        why = f"given-{self.pressed}."
        with suppress(LookupError):  # its commands are not registered yet
            answer = await self.ann.slash(self.general, "points give", {"to": self.bob, "amount": 1, "why": why})
            task = asyncio.create_task(self._wait(answer, why))
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)

    async def _wait(self, answer: Answer, why: str) -> None:
        with suppress(TimeoutError):
            await answer.done(4)
        if why in answer.text:
            self.answered.add(why)
        elif BUSY in answer.text:
            self.put_off.add(why)

    # what must hold

    def replies(self) -> Counter[str]:
        """How often each typed command was answered, as its author sees it."""
        seen = [each.text for each in self.telegram.visible_to(self.tom) if each.sender is self.telegram.bot]
        return Counter(why for text in seen for why in self.typed if text.endswith(why))

    async def unheard(self, tx: Tx) -> set[str]:
        """Commands that were never answered, although no record says that they were tried as often as allowed."""
        unsure = await tx.all("SELECT body FROM promise WHERE outcome = 'unknown'")
        unanswered = self.typed - set(self.replies())
        return {why for why in unanswered if not any(why in row["body"] for row in unsure)}

    async def missing(self, tx: Tx) -> set[str]:
        """All that was said, or typed on Telegram, and is not in the store, unless as many were set aside."""
        facts = {row["cause"] for row in await tx.all("SELECT cause FROM activity")}
        aside = await tx.all("SELECT cause FROM dead_letter WHERE error LIKE 'Deadly%'")
        missing = (self.said - facts) | (self.typed - set(await given(tx)))
        return missing if len(missing) > len(aside) else set()

    async def owed(self, tx: Tx) -> Sequence[Mapping[str, object]]:
        """What is promised to members, without the later withdrawals."""
        rows = await tx.all("SELECT kind, attempts, error FROM promise WHERE outcome IS NULL AND kind <> 'Withdraw'")
        return [dict(row) for row in rows]

    async def prove(self, store: Store) -> None:
        """At any moment: answered commands ran, none ran twice, and the books are right."""
        async with store.read() as tx:
            done = await given(tx)
            faults = [await proof.prove(tx, each) for each in await communities(tx)]
            days = await tx.all("SELECT DISTINCT community_id, day FROM activity")
            wrong = [
                await activity.prove_counts(tx, each["community_id"], each["day"], COUNTED, tuple(RECEIVED))
                for each in days
            ]
            # An event in hand at three kills was set aside, and is retried by command.
            dead = await tx.all("SELECT cause, error FROM dead_letter WHERE error NOT LIKE 'Deadly%'")
        assert set(done.values()) <= {1}, f"doubled: {done}"
        assert self.answered <= set(done), f"lost: {self.answered - set(done)}"
        assert not self.put_off & set(done), f"done though put off: {self.put_off & set(done)}"
        assert not any(faults), faults
        assert not any(wrong), wrong
        assert not dead, dead

    async def prove_the_end(self, store: Store) -> None:
        """When all is quiet: nothing is lost, nothing is owed, and each balance is the sum of its entries."""
        await self.prove(store)
        async with store.write() as tx:
            for each in await communities(tx):
                await standings.settle(tx, each)
        await self.prove(store)
        async with store.read() as tx:
            assert await tx.all("SELECT cause FROM dead_letter") == []
            assert await self.missing(tx) == set()
            owed = await self.owed(tx)
            failed = await tx.all(
                "SELECT kind, outcome, error, cause, body FROM promise WHERE outcome NOT IN ('kept', 'unknown')"
            )
        assert not owed, owed
        assert not failed, failed


async def given(tx: Tx) -> Counter[str]:
    """How often points were given, by reason."""
    rows = await tx.all("SELECT note FROM entry WHERE reason IN ('give', 'set')")
    return Counter(row["note"] for row in rows)


async def communities(tx: Tx) -> Sequence[int]:
    return [row["id"] for row in await tx.all("SELECT id FROM community")]


async def _again(act: Callable[[], Awaitable[None]], every: float) -> None:
    while True:
        await act()
        await asyncio.sleep(every)
