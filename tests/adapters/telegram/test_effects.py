"""Deliveries on the wire: what is sent, and what each of Telegram's answers leads to."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from adapters.telegram.client import Telegram
from adapters.telegram.effects import Effects
from adapters.telegram.pace import Pace
from bot.kit import Button, Effect, GrantRole, Post, React, Reply, Tell, Withdraw
from bot.kit.errors import Later, Moved, Refused, Unknown
from bot.kit.markup import Span
from bot.kit.platform import Delivery
from bot.kit.replies import Document, Image
from models.communities import Place
from models.members import Account
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_world import Group, Person

PIXEL = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03\x08\x06\x00\x00\x00"
HELLO = Reply(text=(Span(text="hello"),))


@pytest.fixture
async def effects(server: TelegramServer) -> AsyncIterator[Effects]:
    async with Bot(server.token, f"{server.api_url}/bot") as bot:
        yield Effects(bot, Pace())


def in_place(effect: Effect, group: Group, topic: int | None = None) -> Delivery:
    number = f"{group.id}/{topic}" if topic else str(group.id)
    place = Place(
        community_id=1, id=2, platform="telegram", external_id=number, parent_id=None, kind="chat", name="Hearth"
    )
    return Delivery(effect=effect, key="1", place=place)


def post(group: Group, reply: Reply = HELLO, topic: int | None = None, **more: str) -> Delivery:
    return in_place(Post(place=2, reply=reply, **more), group, topic)  # type: ignore[arg-type]  # answers or replaces


def tell(person: Person, reply: Reply = HELLO) -> Delivery:
    account = Account(
        community_id=1,
        platform="telegram",
        external_id=str(person.id),
        member_id=3,
        name=person.name,
        username=None,
        reachable=True,
    )
    return Delivery(effect=Tell(member=3, reply=reply), key="1", account=account)


async def test_a_post(server: TelegramServer, effects: Effects, ann: Person, group: Group) -> None:
    """A post answers its message, or stands alone if that is gone; its receipt names the post."""
    asked = await ann.says(group, "/ping")
    receipt = await effects.perform(post(group, answers=str(asked.id)))
    asked.is_deleted = True
    await effects.perform(post(group, answers=str(asked.id)))

    _, answer, alone = group.messages
    assert (answer.text, answer.reply_to, receipt.message) == ("hello", asked, str(answer.id))
    assert receipt.cause == f"telegram:msg:{group.id}:{answer.id}"
    assert alone.reply_to is None
    assert all(call.params["link_preview_options"] == {"is_disabled": True} for call in server.calls[1:])


async def test_a_sign(server: TelegramServer, effects: Effects, ann: Person, group: Group) -> None:
    """A reaction stands while its message exists; a group may forbid it, or Telegram may fail."""
    said = await ann.says(group, "like so")
    for _ in range(2):
        await effects.perform(in_place(React(place=2, message=str(said.id), emoji="👀"), group))
    assert list(said.reactions.values()) == [["👀"]]
    await effects.perform(in_place(React(place=2, message=str(said.id), emoji="👀", shown=False), group))
    assert list(said.reactions.values()) == [[]]

    said.is_deleted = True
    await effects.perform(in_place(React(place=2, message=str(said.id), emoji="👀"), group))
    server.fault("setMessageReaction", 400, "Bad Request: REACTION_INVALID")
    with pytest.raises(Refused) as refused:
        await effects.perform(in_place(React(place=2, message=str(said.id), emoji="👀"), group))
    assert refused.value.reason == "reactions_off"
    server.fault("setMessageReaction", cut=True)
    with pytest.raises(Later):
        await effects.perform(in_place(React(place=2, message=str(said.id), emoji="👀"), group))


async def test_a_topic(server: TelegramServer, effects: Effects) -> None:
    """A post to a topic arrives in the topic."""
    forum = server.group("Forum", forum=True)
    topic = forum.topic("help")
    await effects.perform(post(forum, topic=topic.id))

    assert forum.messages[-1].topic is topic


async def test_a_picture(effects: Effects, group: Group) -> None:
    """A picture has its words below it; longer words follow in a message."""
    reply = HELLO.but(image=Image("chart.png", PIXEL, "A chart"))
    await effects.perform(post(group, reply))
    receipt = await effects.perform(post(group, reply.but(text=(Span(text="x" * 2000),))))

    below, alone, words = group.messages
    assert (below.photo, below.text) == (PIXEL, "hello")
    assert (alone.photo, alone.text) == (PIXEL, "A chart")
    assert (words.text, receipt.message) == ("x" * 2000, str(words.id))


async def test_a_document(effects: Effects, ann: Person, group: Group) -> None:
    """A document is sent under its name, in a group or in private, and never edited into a message."""
    reply = HELLO.but(file=Document("points.csv", "ann,积分".encode(), "text/csv"))
    receipt = await effects.perform(post(group, HELLO))
    await effects.perform(post(group, reply, replaces=receipt.message or ""))
    await ann.says(ann.private, "/start")
    await effects.perform(tell(ann, reply.but(text=(Span(text="x" * 2000),))))

    plain, below = group.messages
    assert (plain.text, below.text, below.document) == ("hello", "hello", ("points.csv", "ann,积分".encode()))
    _, alone, words = ann.private.messages
    assert (alone.document, alone.text, words.text) == (below.document, "", "x" * 2000)


async def test_replacing(effects: Effects, group: Group) -> None:
    """A message is edited in place; the same again succeeds, and a deleted one is sent as new."""
    await effects.perform(post(group, HELLO.but(buttons=(Button("Go", "/go"),))))
    (message,) = group.messages
    done = HELLO.but(text=(Span(text="done"),))
    for _ in range(2):
        receipt = await effects.perform(post(group, done, replaces=str(message.id)))
        assert receipt.message == str(message.id)
    assert (message.text, message.labels) == ("done", [])

    message.is_deleted = True
    await effects.perform(post(group, done, replaces=str(message.id)))
    assert [one.text for one in group.messages] == ["done", "done"]


async def test_withdrawing(effects: Effects, ann: Person, group: Group) -> None:
    """A withdrawn message is gone, and a second withdrawal succeeds; a forbidden deletion is told."""
    receipt = await effects.perform(post(group))
    assert receipt.message
    for _ in range(2):
        await effects.perform(in_place(Withdraw(place=2, message=receipt.message), group))
    assert group.messages[-1].is_deleted

    group.deny("can_delete_messages")
    theirs = await ann.says(group, "hello")
    with pytest.raises(Refused, match="missing_permission"):
        await effects.perform(in_place(Withdraw(place=2, message=str(theirs.id)), group))


async def test_closed_doors(server: TelegramServer, effects: Effects, ann: Person, group: Group) -> None:
    """Never started, blocked, removed from the group, group unknown: each is its own final no."""
    with pytest.raises(Refused, match="closed_dm"):
        await effects.perform(tell(ann))
    await ann.says(ann.private, "/start")
    await effects.perform(tell(ann))
    assert ann.private.messages[-1].text == "hello"
    ann.blocks_bot()
    with pytest.raises(Refused, match="blocked"):
        await effects.perform(tell(ann))

    group.add(server.bot, "kicked")
    with pytest.raises(Refused, match="place_gone"):
        await effects.perform(post(group))
    del server.world.chats[group.id]
    with pytest.raises(Refused, match="place_gone"):
        await effects.perform(post(group))


async def test_roles(effects: Effects, group: Group) -> None:
    """Telegram has no roles."""
    role = GrantRole(place=2, member=3, role="9", name="Gold", why="")
    with pytest.raises(Refused, match="unsupported"):
        await effects.perform(in_place(role, group))


async def test_what_telegram_did_not_like(server: TelegramServer, effects: Effects, group: Group) -> None:
    """A bad request is final, although the library calls it a network error."""
    server.fault("sendMessage", 400, "Bad Request: something new")
    with pytest.raises(Refused, match="bad_request: Something new"):
        await effects.perform(post(group))


async def test_a_move(server: TelegramServer, effects: Effects) -> None:
    """For the old id of a group Telegram names the new one."""
    small = server.group(kind="group")
    before = post(small)
    await small.migrate()
    with pytest.raises(Moved) as moved:
        await effects.perform(before)

    assert moved.value.new == str(small.id)


async def test_a_flood_wait(server: TelegramServer, effects: Effects, group: Group) -> None:
    """We wait it out without asking again, while another chat goes on."""
    other = server.group("Other")
    server.fault("sendMessage", 429, "Too Many Requests: retry after 77", retry_after=77, chat=group)
    for _ in range(2):
        with pytest.raises(Later) as later:
            await effects.perform(post(group))
        assert 76 < later.value.seconds <= 77
    await effects.perform(post(other))

    assert len([call for call in server.calls if call.method == "sendMessage"]) == 2


@pytest.mark.parametrize("asked", [901, 10**9, 10**13])
async def test_a_flood_wait_without_end(server: TelegramServer, effects: Effects, group: Group, asked: int) -> None:
    """A wait that Telegram asks for lasts a quarter of an hour at most, for the chat too."""
    server.fault("sendMessage", 429, f"Too Many Requests: retry after {asked}", retry_after=asked, chat=group)
    for _ in range(2):
        with pytest.raises(Later) as later:
            await effects.perform(post(group))
        assert 899 < later.value.seconds <= 900


async def test_unknown_outcomes(server: TelegramServer, effects: Effects, group: Group) -> None:
    """Sent without an answer is unknown; what is harmless is repeated instead."""
    server.fault("sendMessage", cut=True, after_delivery=True)
    with pytest.raises(Unknown):
        await effects.perform(post(group))
    assert len(group.messages) == 1

    server.fault("deleteMessage", 502, "Bad Gateway")
    with pytest.raises(Later):
        await effects.perform(in_place(Withdraw(place=2, message=str(group.messages[0].id)), group))


async def test_nobody_there(group: Group) -> None:
    """What never left is tried again later."""
    with pytest.raises(Later):
        await Effects(Bot("1:token", "http://127.0.0.1:9/bot"), Pace()).perform(post(group))


async def test_a_revoked_token(server: TelegramServer, effects: Effects, group: Group) -> None:
    """Without a valid token nothing can be sent, and the token is not shown."""
    token, server.token = server.token, "another"
    with pytest.raises(Refused, match="token") as refused:
        await effects.perform(post(group))

    assert token not in str(refused.value)


def test_what_it_is_able_to() -> None:
    """The abilities that the core must not expect of Telegram."""
    abilities = Telegram.abilities

    assert not any((abilities.private_replies, abilities.roles, abilities.history, abilities.keyed))
