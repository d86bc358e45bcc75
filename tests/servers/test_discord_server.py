"""Tests the localhost Discord with the real discord.py: what it sends, accepts, refuses and notices."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.servers.discord import Community, DiscordServer, File, NotOfferedError, Person, ViolationError
from tests.servers.discord_client import Client, connected
from tests.servers.spec_discord import spec

MESSAGES = "/channels/{channel_id}/messages"
described = pytest.mark.skipif(spec() is None, reason="the API descriptions are not beside the checkout")


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as started:
        yield started


@pytest.fixture
def guild(server: DiscordServer) -> Community:
    return server.guild("Hearth")


@pytest.fixture
def ann(guild: Community) -> Person:
    return guild.member("ann")


@pytest.mark.usefixtures("ann")
async def test_ready_fills_the_cache(server: DiscordServer, guild: Community) -> None:
    """A client that identified knows the guild, its channels, roles and members."""
    async with connected(server, Client()) as client:
        await server.ready()
        known = client.get_guild(int(guild.id))

        assert known is not None
        assert [channel.name for channel in known.text_channels] == ["general"]
        assert {member.name for member in known.members} == {"hearth", "owner", "ann"}
        assert known.me.top_role.name == "Hearth"


async def test_a_message_arrives_whole(server: DiscordServer, guild: Community, ann: Person) -> None:
    """A message has its author as a member, the people it mentions and the message it answers."""
    bob = guild.member("bob")
    async with connected(server, Client()) as client:
        first = await ann.says(guild.channel("general"), f"look {bob.mention}")
        await bob.says(guild.channel("general"), "yes?", reply_to=first)
        one, two = await client.hears("message"), await client.hears("message")

        assert isinstance(one.author, discord.Member)
        assert [user.name for user in one.mentions] == ["bob"]
        assert (two.reference.message_id, two.type) == (int(first.id), discord.MessageType.reply)


async def test_words_are_withheld_without_the_intent(server: DiscordServer, guild: Community, ann: Person) -> None:
    """Without the message content intent a bot reads only messages addressed to it."""
    async with connected(server, Client()) as client:
        bot = guild.bot.mention
        for channel, words in (
            (guild.channel("general"), "secret"),
            (guild.channel("general"), bot),
            (ann.dm, "hello"),
        ):
            await ann.says(channel, words)

        assert [(await client.hears("message")).content for _ in range(3)] == ["", bot, "hello"]


async def test_people_come_go_react_and_talk(server: DiscordServer, guild: Community, ann: Person) -> None:
    """Joins, leaves, reactions, edits, deletions and voice are sent as they happen."""
    intents = discord.Intents.all()
    async with connected(server, Client(intents)) as client:
        eve = await guild.joins("eve")
        message = await ann.says(guild.channel("general"), "hi")
        await eve.reacts(message, "👍")
        await eve.unreacts(message, "👍")
        await ann.edits(message, "hi all")
        await ann.deletes(message)
        await ann.voice(guild.voice_channel("lounge"), muted=True)
        await ann.voice(None)
        await guild.leaves(eve)

        assert (await client.hears("member_join")).name == "eve"
        assert (await client.hears("raw_reaction_add")).emoji.name == "👍"
        assert (await client.hears("raw_reaction_remove")).user_id == int(eve.id)
        assert (await client.hears("raw_message_edit")).data["content"] == "hi all"
        assert (await client.hears("raw_message_delete")).message_id == int(message.id)
        assert (await client.hears("voice_state_update")).name == "ann"
        assert (await client.hears("raw_member_remove")).user.name == "eve"


def ask(client: Client) -> None:
    """Give the client one command of each kind of option, a button and a modal."""
    points = app_commands.Group(name="points", description="Points")

    async def keys(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=key, value=key) for key in ("community", "colour") if key.startswith(typed)]

    @points.command(description="Give points")
    @app_commands.autocomplete(key=keys)
    async def give(
        interaction: discord.Interaction, to: discord.Member, amount: app_commands.Range[int, 1, 9], key: str = ""
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.edit_original_response(content=f"{to.name} +{amount} {key}", view=view())
        await interaction.followup.send("and a word more", ephemeral=True)

    client.tree.add_command(points)


def view() -> discord.ui.View:
    """Three buttons: one opens a form, one defers and rewrites its own message, one is never answered."""
    buttons = discord.ui.View(timeout=60)

    class Form(discord.ui.Modal, title="Why"):
        why: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Reason", max_length=20)

        async def on_submit(self, interaction: discord.Interaction) -> None:
            await interaction.response.send_message(f"because {self.why.value}")

    async def explain(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form())

    async def accept(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="accepted", view=None)

    async def ignore(_: discord.Interaction) -> None:
        return

    for label, press in (("Explain", explain), ("Accept", accept), ("Ignore", ignore)):
        button: discord.ui.Button[Any] = discord.ui.Button(label=label)
        button.callback = press  # type: ignore[method-assign, assignment]  # discord.py's own way without a subclass
        buttons.add_item(button)
    return buttons


@asynccontextmanager
async def asked(server: DiscordServer) -> AsyncIterator[Client]:
    client = Client()
    ask(client)
    async with connected(server, client):
        await client.tree.sync()
        yield client


async def test_a_command_is_deferred_edited_and_followed_up(
    server: DiscordServer, guild: Community, ann: Person
) -> None:
    """A slash command built from the registration brings a private answer that only its author sees."""
    bob = guild.member("bob")
    async with asked(server):
        answer = await ann.slash(guild.channel("general"), "points give", {"to": bob, "amount": 5})
        await answer.done()
        while not answer.followups:
            await asyncio.sleep(0.01)

        assert (answer.deferred, answer.ephemeral, answer.content) == (True, True, "bob +5 ")
        assert [message.text for message in server.visible_to(ann)] == ["bob +5 ", "and a word more"]
        assert server.visible_to(bob) == []
        assert server.syncs == 1


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("points take", {}),
        ("points give", {"amount": 5}),
        ("points give", {"to": "bob", "amount": 5}),
        ("points give", {"to": None, "amount": 10}),
        ("points give", {"sum": 5}),
        ("points", {}),
    ],
)
async def test_only_what_is_offered_can_be_asked(
    server: DiscordServer, guild: Community, ann: Person, command: str, options: dict[str, Any]
) -> None:
    """What Discord's client would not send cannot be sent."""
    if "to" in options and options["to"] is None:
        options = options | {"to": ann}
    async with asked(server):
        with pytest.raises(NotOfferedError):
            await ann.slash(guild.channel("general"), command, options)


async def test_an_interaction_is_answered_first_once_and_in_time() -> None:
    """A second first response is 40060, an unknown interaction 10062, an old token 50027."""
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    async with DiscordServer(clock=lambda: int(now[0].timestamp() * 1000)) as server:
        guild = server.guild("Hearth")
        client = Client()
        ask(client)
        async with connected(server, client):
            await client.tree.sync()
            ann = guild.member("ann")
            answer = await ann.slash(guild.channel("general"), "points give", {"to": ann, "amount": 1})
            await answer.done()
            codes = []
            for method, path, body in (
                ("POST", f"/interactions/{answer.id}/{answer.token}/callback", {"type": 5}),
                ("POST", f"/interactions/{answer.id}/unknown/callback", {"type": 5}),
                ("PATCH", f"/webhooks/{server.application_id}/{answer.token}/messages/@original", {"content": "late"}),
            ):
                now[0] += timedelta(minutes=6)
                with pytest.raises(discord.HTTPException) as refused:
                    await client.http.request(Route(method, path), json=body)
                codes.append(refused.value.code)

            assert codes == [40060, 10062, 50027]


async def test_a_bot_is_put_out_and_let_in(server: DiscordServer, guild: Community, ann: Person) -> None:
    """Removed from a guild, the bot hears nothing of it; back in it, the guild is announced again."""
    async with connected(server, Client()) as client:
        await guild.expels_bot()
        await ann.says(guild.channel("general"), "alone at last")
        await guild.invites_bot()
        await client.hears("guild_remove")
        event, joined = await client.heard.get()
        while event.startswith("socket"):
            event, joined = await client.heard.get()

        assert (event, joined.name) == ("guild_join", "Hearth")


async def test_menus_files_and_direct_messages(server: DiscordServer, guild: Community, ann: Person) -> None:
    """Menus of messages and members, attached files and commands in a DM arrive as they should."""
    client = Client()

    @client.tree.context_menu(name="Make a question")
    async def make(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"asked: {message.content}", ephemeral=True)

    @client.tree.context_menu(name="Points")
    async def points(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(f"{member.name} has 3")

    @client.tree.command(name="show", description="Show a picture")
    async def show(interaction: discord.Interaction, picture: discord.Attachment) -> None:
        await interaction.response.send_message(f"{picture.filename}: {await picture.read()!r}")

    async with connected(server, client):
        await client.tree.sync()
        message = await ann.says(guild.channel("general"), "why?")
        asked_menu = await (await ann.uses(message, "Make a question")).done()
        of_member = await (await ann.uses(ann, "Points", channel=message.channel)).done()
        shown = await (await ann.slash(ann.dm, "show", {"picture": File(filename="a.png", content=b"PNG")})).done()

        assert (asked_menu.content, asked_menu.ephemeral) == ("asked: why?", True)
        assert of_member.content == "ann has 3"
        assert (shown.content, shown.channel) == ("a.png: b'PNG'", ann.dm)


async def test_options_are_suggested(server: DiscordServer, guild: Community, ann: Person) -> None:
    """Typing into an option returns the bot's suggestions."""
    async with asked(server):
        suggested = await ann.completes(guild.channel("general"), "points give", {"key": "comm"}, focused="key")

        assert suggested == [{"name": "community", "value": "community"}]


async def test_buttons_and_forms(server: DiscordServer, guild: Community, ann: Person) -> None:
    """A button opens a form or rewrites its message; an unanswered one fails after three seconds."""
    async with asked(server):
        answer = await ann.slash(guild.channel("general"), "points give", {"to": ann, "amount": 5})
        await answer.done()
        opened = await (await ann.presses(answer, "Explain")).done()
        reason = await (await ann.submits(opened, {"Reason": "kindness"})).done()
        ignored = await ann.presses(answer, "Ignore")
        accepted = await (await ann.presses(None, "Accept")).done()

        assert (reason.content, reason.ephemeral) == ("because kindness", False)
        assert (answer.content, accepted.message) == ("accepted", answer.message)
        assert (await ignored.done()).failed
        with pytest.raises(NotOfferedError):
            await ann.presses(answer, "Accept")


@pytest.mark.parametrize(("position", "code"), [(1, None), (99, 50013)])
async def test_roles_obey_the_hierarchy(
    server: DiscordServer, guild: Community, ann: Person, position: int, code: int | None
) -> None:
    """A role below the bot's can be given; one above it is refused with 50013."""
    role = guild.role("Patron", position=position)
    async with connected(server, Client()) as client:
        member = client.guilds[0].get_member(int(ann.id))
        assert member is not None
        try:
            await member.add_roles(discord.Object(int(role.id)))
            refused = None
        except discord.Forbidden as error:
            refused = error.code

        assert refused == code
        assert guild.roles_of(ann) == ([] if code else ["Patron"])


async def test_closed_dms_and_deleted_roles_are_refused(server: DiscordServer, guild: Community, ann: Person) -> None:
    """A closed DM answers 50007 and a deleted role 10011."""
    role = guild.role("Gone")
    ann.closes_dms()
    async with connected(server, Client()) as client:
        member = client.guilds[0].get_member(int(ann.id))
        assert member is not None
        await guild.deletes(role)
        with pytest.raises(discord.HTTPException) as closed:
            await member.send("hello")
        with pytest.raises(discord.HTTPException) as gone:
            await member.add_roles(discord.Object(int(role.id)))

        assert (closed.value.code, gone.value.code) == (50007, 10011)


async def test_history_is_paged_after_an_outage(server: DiscordServer, guild: Community, ann: Person) -> None:
    """Messages from a time without connection are found in the history, oldest first."""
    general = guild.channel("general")
    async with connected(server, Client()) as client:
        seen = await ann.says(general, "before")
        await server.offline()
        for number in range(120):
            await ann.says(general, f"missed {number}")
        await server.online()
        await client.hears("ready")
        channel = client.get_channel(int(general.id))
        assert isinstance(channel, discord.TextChannel)
        found = [
            one async for one in channel.history(limit=None, after=discord.Object(int(seen.id)), oldest_first=True)
        ]

        assert [one.id for one in found] == [int(one.id) for one in general.messages[1:]]
        assert server.identified == 2


async def test_a_cut_connection_resumes(server: DiscordServer, guild: Community, ann: Person) -> None:
    """After a cut the client resumes at its sequence and gets what it missed, once."""
    async with connected(server, Client()) as client:
        await server.cut()
        await ann.says(guild.channel("general"), "missed")
        await client.hears("message")
        await client.hears("resumed")

        assert (server.identified, server.resumed) == (1, 1)
        assert client.heard.empty()


async def test_an_invalid_session_identifies_again(server: DiscordServer) -> None:
    """After op 9 the client starts a new session."""
    async with connected(server, Client()) as client:
        await server.invalidate()
        await client.hears("ready")

        assert server.identified == 2


async def test_a_nonce_is_posted_once(server: DiscordServer, guild: Community) -> None:
    """The same nonce within minutes returns the message already sent."""
    async with connected(server, Client()) as client:
        channel = client.guilds[0].text_channels[0]
        first, second = [await channel.send("owed", nonce="promise-7") for _ in range(2)]

        assert first.id == second.id
        assert [message.content for message in guild.channel("general").messages] == ["owed"]


async def test_a_rate_limit_is_waited_out(server: DiscordServer, guild: Community) -> None:
    """discord.py understands a 429: it waits and sends again."""
    server.fault("POST", "/channels/.*/messages", 429, retry_after=0.05)
    async with connected(server, Client()) as client:
        await client.guilds[0].text_channels[0].send("patience")

        assert [request.method for request in server.requests].count("POST") == 2
        assert [message.content for message in guild.channel("general").messages] == ["patience"]


async def test_an_answer_can_be_lost_after_the_deed(server: DiscordServer, guild: Community) -> None:
    """A dropped connection may hide a message that was posted all the same."""
    server.fault("POST", "/channels/.*/messages", None, after=True)
    async with connected(server, Client()) as client:
        with pytest.raises(Exception, match="disconnected"):
            await client.guilds[0].text_channels[0].send("unknown outcome", nonce="9")

        assert [message.content for message in guild.channel("general").messages] == ["unknown outcome"]


async def test_forums_threads_files_and_cards(server: DiscordServer, guild: Community, ann: Person) -> None:
    """Forum posts, threads, files and embeds are accepted and returned as by Discord."""
    guild.forum("questions", tags=["open"])
    async with connected(server, Client()) as client:
        forum, general = client.guilds[0].forums[0], client.guilds[0].text_channels[0]
        made = await forum.create_thread(name="Why?", content="because", applied_tags=[forum.available_tags[0]])
        closed = await made.thread.edit(archived=True, locked=True)
        card = discord.Embed(title="Board", description="first").add_field(name="ann", value="9")
        sent = await general.send(embed=card, file=discord.File(__file__, "board.txt"), view=view())
        thread = await sent.create_thread(name="Talk")

        assert (await sent.attachments[0].read()) == Path(__file__).read_bytes()
        assert (thread.id, closed.locked) == (sent.id, True)
        assert "Board\nfirst\nann: 9" in [message.text for message in server.visible_to(ann)]


@pytest.mark.parametrize(
    ("intents", "token", "error"),
    [(0, None, discord.PrivilegedIntentsRequired), (1 << 1, "wrong", discord.LoginFailure)],
)
async def test_a_client_without_rights_is_turned_away(intents: int, token: str | None, error: type[Exception]) -> None:
    """Intents that are not allowed close with 4014; a wrong token is answered 401."""
    async with DiscordServer(intents=intents) as server, Client() as client:
        Route.BASE = server.api_url
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(server.gateway_url)
        with pytest.raises(error):
            await client.start(token or server.token)


async def test_the_clock_is_the_worlds() -> None:
    """Ids and times follow the given clock, and ids grow even when it stands still."""
    stopped = datetime(2030, 1, 1, tzinfo=UTC)
    async with DiscordServer(clock=lambda: int(stopped.timestamp() * 1000)) as other:
        general = other.guild("Later").channel("general")
        eve = other.guild("Later").member("eve")
        one, two = await eve.says(general, "a"), await eve.says(general, "b")

        assert discord.utils.snowflake_time(int(one.id)).date() == stopped.date()
        assert int(two.id) > int(one.id)


async def requests(client: Client, method: str, path: str, body: Any = None) -> None:
    """Send what discord.py itself never would."""
    channel = client.guilds[0].text_channels[0].id
    with suppress(discord.NotFound):
        await client.http.request(Route(method, path, channel_id=channel), **({"json": body} if body else {}))


@described
@pytest.mark.parametrize(
    ("method", "path", "body", "line"),
    [
        (
            "POST",
            MESSAGES,
            {"content": "a", "embeds": [{"title": "b", "headline": 1}]},
            "embeds.headline: no such field",
        ),
        ("POST", MESSAGES, {"content": "hello", "flags": "many"}, "flags: 'many' is not of type"),
        ("POST", MESSAGES, {"content": "hello", "embeds": [{"title": 7}]}, "embeds/0/title: 7 is not of type"),
        ("GET", "/nowhere", None, "REQ GET /nowhere: no such operation"),
        ("GET", "/sticker-packs", None, "SRV GET /sticker-packs: not served"),
    ],
)
async def test_a_planted_request_is_found(method: str, path: str, body: Any, line: str) -> None:
    """A request that Discord's description does not know is noted, and strictness raises it."""
    with pytest.raises(ViolationError, match=re.escape(line)):
        await violated(lambda _, client: requests(client, method, path, body))


@described
async def test_a_planted_event_is_found() -> None:
    """An event that Discord would not send so is noted."""

    async def announces(server: DiscordServer, _: Client) -> None:
        server.gateway.announce("TYPING_START", {"channel_id": 7})

    with pytest.raises(ViolationError, match="EVT TYPING_START: channel_id: 7 is not of type 'string'"):
        await violated(announces)


async def violated(plant: Callable[[DiscordServer, Client], Awaitable[None]]) -> None:
    async with DiscordServer() as server:
        server.guild("Hearth")
        async with connected(server, Client()) as client:
            await plant(server, client)
