"""What we owe on Discord and what becomes of it, all the way over the wire."""

from pathlib import Path

import pytest

from bot.core.clock import HandClock, SystemClock
from bot.kit import Post, Reply
from bot.kit.errors import Later
from bot.kit.events import EffectRefused
from bot.kit.markup import Span
from bot.kit.platform import Delivery
from bot.kit.replies import Document, Image
from models.communities import Place
from tests.adapters.discord.running import Notebook, Running, eventually, running
from tests.servers.discord import Community, DiscordServer, Person

BAN_MEMBERS, MANAGE_MESSAGES, MUTE_MEMBERS, MOVE_MEMBERS, PIN_MESSAGES = 1 << 2, 1 << 13, 1 << 22, 1 << 24, 1 << 51
MESSAGES = r"/channels/\d+/messages"


async def owe(house: Running, ann: Person, what: str, **given: object) -> None:
    """Let Ann ask for it, and perform what was promised."""
    answer = await (
        await ann.slash(ann.guild.channels[_general(ann)], "owe", {"what": what, "to": ann, **given})
    ).done()
    assert answer.text == "Owed."
    await house.settle()


def _general(ann: Person) -> str:
    return next(key for key, channel in ann.guild.channels.items() if channel.name == "general")


def reasons(notebook: Notebook) -> list[str]:
    return [event.reason for event in notebook.events if isinstance(event, EffectRefused)]


async def test_posts_and_direct_messages(server: DiscordServer, guild: Community, ann: Person, tmp_path: Path) -> None:
    """A post answers its message, a private message arrives in private, and a post can be withdrawn."""
    general = guild.channel("general")
    async with running(server, tmp_path) as house:
        said = await ann.says(general, "hi")
        await owe(house, ann, "post", message=said.id)
        await owe(house, ann, "tell")
        post = next(message for message in general.messages if message.nonce)
        assert (post.text, post.reply_to) == ("For your eyes, Ann.", said)
        assert [message.text for message in ann.dm.messages] == ["For your eyes, Ann."]

        await owe(house, ann, "withdraw", message=post.id)
        await owe(house, ann, "withdraw", message=post.id)
        assert post not in general.messages


async def test_a_post_outlives_the_message_it_answers(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """The message that a post answers may be gone by then; the post still arrives."""
    general = guild.channel("general")
    async with running(server, tmp_path) as house:
        said = await ann.says(general, "hi")
        await ann.deletes(said)
        await owe(house, ann, "post", message=said.id)

        assert "For your eyes, Ann." in [message.text for message in general.messages]
        assert reasons(notebook) == []


@pytest.mark.parametrize("asked", [1e9, 1e17, 1e300])
async def test_a_wait_without_end(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path, asked: float
) -> None:
    """If Discord puts a channel off for ages, we ask again after a quarter of an hour, and others go on."""
    clock = HandClock(SystemClock().now())
    general = guild.channel("general")
    async with running(server, tmp_path, clock) as house:
        server.fault("POST", MESSAGES, 429, times=1, retry_after=asked)
        await owe(house, ann, "post")
        assert not any(message.nonce for message in general.messages)
        await owe(house, ann, "tell")
        assert len(ann.dm.messages) == 1

        await house.core.pass_time(clock, clock.now() + 900_000)
        assert [message.text for message in general.messages if message.nonce] == ["For your eyes, Ann."]


async def test_roles(server: DiscordServer, guild: Community, ann: Person, tmp_path: Path) -> None:
    """A role is given and taken, any number of times, with the reason in the audit log."""
    role = guild.role("Patron")
    async with running(server, tmp_path) as house:
        await owe(house, ann, "grant", role=role)
        await owe(house, ann, "grant", role=role)
        assert guild.roles_of(ann) == ["Patron"]

        await owe(house, ann, "take", role=role)
        assert guild.roles_of(ann) == []


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ({"position": 99}, "role_above"),
        ({"permissions": BAN_MEMBERS}, "dangerous_role"),
        ({"permissions": MUTE_MEMBERS}, "dangerous_role"),
        ({"permissions": MOVE_MEMBERS}, "dangerous_role"),
        ({"permissions": PIN_MESSAGES}, "dangerous_role"),
        ({"in_a_channel": MANAGE_MESSAGES}, "dangerous_role"),
        ({"managed": True}, "managed_role"),
    ],
)
async def test_roles_that_may_not_be_given(
    *,
    server: DiscordServer,
    guild: Community,
    ann: Person,
    notebook: Notebook,
    tmp_path: Path,
    made: dict[str, int],
    reason: str,
) -> None:
    """A role's rights and rank are checked at the grant, and then Discord is not even asked."""
    role = guild.role("Patron", position=made.get("position"), managed=bool(made.get("managed")))
    guild.channel("lounge", overwrites={role: (made.get("in_a_channel", 0), 0)})
    async with running(server, tmp_path) as house:
        await guild.changes(role, permissions=made.get("permissions", 0))
        await (await ann.slash(guild.channel("general"), "ping")).done()
        await owe(house, ann, "grant", role=role)

        assert (reasons(notebook), guild.roles_of(ann)) == ([reason], [])
        assert not [request for request in server.requests if "/roles/" in request.path]


async def test_a_deleted_role(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """A deleted role cannot be given, and counts as taken already."""
    role = guild.role("Patron")
    server.fault("PUT", ".*/roles/.*", 404, 10011)
    server.fault("DELETE", ".*/roles/.*", 404, 10011)
    async with running(server, tmp_path) as house:
        await owe(house, ann, "take", role=role)
        await owe(house, ann, "grant", role=role)

        assert reasons(notebook) == ["role_gone"]


@pytest.mark.parametrize(
    ("what", "status", "code", "reason"),
    [
        ("grant", 403, 50013, "missing_permission"),
        ("grant", 404, 10007, "member_gone"),
        ("post", 404, 10003, "place_gone"),
        ("post", 403, 50001, "missing_permission"),
        ("post", 400, 50035, "bad_request"),
        ("post", 401, 0, "token"),
        ("tell", 403, 50278, "member_gone"),
    ],
)
async def test_a_final_no(
    *,
    server: DiscordServer,
    guild: Community,
    ann: Person,
    notebook: Notebook,
    tmp_path: Path,
    what: str,
    status: int,
    code: int,
    reason: str,
) -> None:
    """Each of Discord's refusals becomes advice for the operator, and is not asked again."""
    server.strict = status != 401  # the API description has no 401 here
    server.fault("PUT" if what == "grant" else "POST", r".*/(messages|roles/\d+)", status, code)
    async with running(server, tmp_path) as house:
        await owe(house, ann, what, role=guild.role("Patron"))
        await house.settle()

        assert reasons(notebook) == [reason]


async def test_closed_dms(server: DiscordServer, ann: Person, notebook: Notebook, tmp_path: Path) -> None:
    """Nothing more is written to a member who closed their direct messages."""
    ann.closes_dms()
    async with running(server, tmp_path) as house:
        await owe(house, ann, "tell")

        assert (reasons(notebook), ann.dm.messages) == (["closed_dm"], [])


async def test_an_answer_lost_on_the_way(server: DiscordServer, guild: Community, ann: Person, tmp_path: Path) -> None:
    """A post whose answer was lost is sent again under the same nonce, and stands there once."""
    async with running(server, tmp_path) as house:
        server.fault("POST", MESSAGES, None, after=True)
        await owe(house, ann, "post")

        posts = [request for request in server.requests if request.path.endswith("/messages")]
        assert len(posts) == 2
        assert posts[0].json["nonce"] == posts[1].json["nonce"]
        assert [message.text for message in guild.channel("general").messages if message.nonce] == [
            "For your eyes, Ann."
        ]


async def test_performed_twice(server: DiscordServer, guild: Community, tmp_path: Path) -> None:
    """A process that ended before it recorded its deed does it again, without effect."""
    general = guild.channel("general")
    place = Place(
        community_id=1, id=1, platform="discord", external_id=general.id, parent_id=None, kind="channel", name=""
    )
    picture = Image(name="board", png=b"\x89PNG", alt="A board")
    table = Document("points.csv", b"ann,1", "text/csv")
    reply = Reply(text=(Span(text="Look"),), image=picture, file=table)
    owed = Delivery(effect=Post(place=1, reply=reply), key="7", place=place)
    first = second = None
    async with running(server, tmp_path) as house:
        first = await house.adapter.perform(owed)
    async with running(server, tmp_path) as house:
        second = await house.adapter.perform(owed)

    assert first == second
    assert [message.text for message in general.messages] == ["Look"]
    assert [file["filename"] for file in general.messages[0].attachments] == ["board.png", "points.csv"]
    assert server.world.files[general.messages[0].attachments[1]["id"]] == ("text/csv", b"ann,1")


async def test_an_edit_takes_the_place(server: DiscordServer, guild: Community, tmp_path: Path) -> None:
    """A post that replaces another leaves nothing of it; if the other is gone, it is posted as new."""
    general = guild.channel("general")
    place = Place(
        community_id=1, id=1, platform="discord", external_id=general.id, parent_id=None, kind="channel", name=""
    )
    before = Delivery(effect=Post(place=1, reply=Reply(title=(Span(text="Old"),))), key="1", place=place)
    async with running(server, tmp_path) as house:
        number = (await house.adapter.perform(before)).message
        new = Delivery(
            effect=Post(place=1, reply=Reply(text=(Span(text="New"),)), replaces=number), key="2", place=place
        )
        await house.adapter.perform(new)
        assert [message.text for message in general.messages] == ["New"]

        general.messages.clear()
        await house.adapter.perform(new)
        assert [message.text for message in general.messages] == ["New"]


async def test_before_we_are_there(server: DiscordServer, guild: Community, tmp_path: Path) -> None:
    """What is owed while Discord is not connected is performed later."""
    async with running(server, tmp_path) as house:
        await house.adapter.stop()
        with pytest.raises(Later):
            await house.adapter.perform(Delivery(effect=Post(place=1, reply=Reply()), key="1"))
    assert guild.channel("general").messages == []
    await eventually(house.serving.done)
