"""Measures the platforms' own libraries on the same messages before Hearth sees them: the upper limit for us."""

import asyncio
from time import perf_counter

import discord
import orjson
from telegram import Bot, Update

from bench.crowd import NOON, Crowd
from bench.frame import Figure, Scale, bench
from bench.houses import core_on, filled, pour
from bot.kit.events import MessagePosted

MEMBERS = 1_000


class Listening(discord.Client):
    heard = 0

    async def on_message(self, _: discord.Message) -> None:
        self.heard += 1


async def through_discord(events: list[MessagePosted]) -> float:
    """Messages a second from JSON to `on_message`, without the websocket."""
    client = Listening(intents=discord.Intents.all(), chunk_guilds_at_startup=False)
    client.loop = asyncio.get_running_loop()
    parsers = client._connection.parsers  # noqa: SLF001 - what the gateway calls
    channels = sorted({(event.spot.id, event.spot.name) for event in events if event.spot})
    parsers["GUILD_CREATE"](_guild(channels))
    raw = [orjson.dumps(_discord_message(event)) for event in events]
    began = perf_counter()
    for at, message in enumerate(raw):
        parsers["MESSAGE_CREATE"](orjson.loads(message))
        if at % 100 == 0:
            await asyncio.sleep(0)
    while client.heard < len(raw):
        await asyncio.sleep(0)
    return len(raw) / (perf_counter() - began)


def through_telegram(events: list[MessagePosted]) -> float:
    """Updates a second from JSON to `Update`."""
    bot = Bot("1:bench")
    raw = [orjson.dumps(_telegram_update(number, event)) for number, event in enumerate(events)]
    began = perf_counter()
    for update in raw:
        Update.de_json(orjson.loads(update), bot)
    return len(raw) / (perf_counter() - began)


@bench("libraries", runs=5)
async def libraries(scale: Scale) -> list[Figure]:
    events = Crowd(MEMBERS).messages(scale.of(20_000, 1_000))
    async with core_on(f"sqlite:///{await filled(MEMBERS)}") as core:
        ours = await pour(core, events, page=1)
    what = "absorbing, one event a call"
    beside = {"discord.py's own": await through_discord(events), "python-telegram-bot's own": through_telegram(events)}
    return [
        Figure(what=what, ours=ours, unit="events/s", beside=speed, against=library)
        for library, speed in beside.items()
    ]


def _guild(channels: list[tuple[str, str]]) -> dict[str, object]:
    return {
        "id": "1",
        "name": "Hearth",
        "owner_id": "2",
        "member_count": MEMBERS,
        "roles": [],
        "emojis": [],
        "stickers": [],
        "features": [],
        "members": [],
        "threads": [],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "preferred_locale": "en-US",
        "channels": [
            {"id": number, "type": 0, "name": name, "position": 0, "permission_overwrites": [], "parent_id": None}
            for number, name in channels
        ],
    }


def _discord_message(event: MessagePosted) -> dict[str, object]:
    if event.who is None or event.spot is None:
        raise ValueError("a message has an author and a place")
    author = {
        "id": event.who.id,
        "username": event.who.name,
        "global_name": event.who.name,
        "discriminator": "0",
        "avatar": None,
        "public_flags": 0,
    }
    member = {"roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}
    return {
        "id": str(event.number),
        "type": 0,
        "guild_id": "1",
        "channel_id": event.spot.id,
        "author": author,
        "member": member,
        "content": "x" * event.length,
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "flags": 0,
        "components": [],
    }


def _telegram_update(number: int, event: MessagePosted) -> dict[str, object]:
    if event.who is None:
        raise ValueError("a message has an author")
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": NOON // 1000,
            "from": {"id": int(event.who.id), "is_bot": False, "first_name": event.who.name, "language_code": "en"},
            "chat": {"id": -1_000_000_000_001, "type": "supergroup", "title": "Hearth", "is_forum": True},
            "message_thread_id": 7,
            "is_topic_message": True,
            "text": "x" * event.length,
        },
    }
