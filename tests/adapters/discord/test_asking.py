"""Members' commands on Discord and the answers to them, all the way over the wire."""

from pathlib import Path

import pytest

from bot.kit.events import Said
from tests.adapters.discord.running import Notebook, eventually, running
from tests.servers.discord import Community, DiscordServer, File, Person

MANAGE_GUILD = 1 << 5
CALLBACK = r"/interactions/.*/callback"


async def test_ping(server: DiscordServer, guild: Community, ann: Person, tmp_path: Path) -> None:
    """A command is registered, given and answered, privately or publicly as the reply says."""
    async with running(server, tmp_path):
        answer = await (await ann.slash(guild.channel("general"), "ping")).done()

        assert "I am here." in answer.text


async def test_commands_are_registered_when_they_change(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path
) -> None:
    """A second start with the same commands registers nothing."""
    for _ in range(2):
        async with running(server, tmp_path):
            await (await ann.slash(guild.channel("general"), "ping")).done()

    assert server.syncs == 1


async def test_typed_options(server: DiscordServer, guild: Community, ann: Person, bob: Person, tmp_path: Path) -> None:
    """Every kind of option arrives by name, with the right type."""
    role = guild.role("Patron")
    given = {
        "number": 3,
        "yes": True,
        "pick": "blue",
        "time": "90m",
        "who": bob,
        "role": role,
        "place": guild.channel("general"),
        "picture": File(filename="cat.png", content=b"PNG"),
    }
    async with running(server, tmp_path):
        await bob.says(guild.channel("general"), "here I am")
        answer = await (await ann.slash(guild.channel("general"), "all", given)).done()

        assert answer.text == "3 True blue 5400.0 Bob Patron general cat.png"


async def test_a_named_member_is_pinged_and_nobody_else(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path
) -> None:
    """A mention pings its member; a hostile name or reason is shown as it is and pings nobody."""
    evil = guild.member("@everyone")
    everywhere = f"@everyone <@{ann.id}> <@&{guild.id}>"
    async with running(server, tmp_path):
        await evil.says(guild.channel("general"), "hi")
        answer = await ann.slash(guild.channel("general"), "points give", {"to": evil, "amount": 5, "why": everywhere})
        await answer.done()

        assert answer.message
        assert [user.id for user in answer.message.mentions] == [evil.id]
        assert (answer.message.mention_everyone, answer.message.mention_roles) == (False, [])
        assert f"<@{evil.id}> **+5**" in answer.text
        assert "@everyone" not in answer.text.replace(r"\@everyone", "")


async def test_suggestions(server: DiscordServer, guild: Community, ann: Person, bob: Person, tmp_path: Path) -> None:
    """Suggestions complete what is typed, and know the options given before."""
    async with running(server, tmp_path):
        await (await ann.slash(guild.channel("general"), "points give", {"to": bob, "amount": 1})).done()
        found = await ann.completes(
            guild.channel("general"), "points give", {"to": bob, "amount": 1, "why": "hu"}, focused="why"
        )

        assert found == [{"name": "humour Bob", "value": "humour"}]


async def test_a_refusal_is_private(server: DiscordServer, guild: Community, ann: Person, tmp_path: Path) -> None:
    """An admin may override Discord's own hint, so we check the right again, and refuse in private."""
    async with running(server, tmp_path):
        hint = next(each for each in server.interactions.commands[""] if each["name"] == "points")
        answer = await (await ann.slash(guild.channel("general"), "points reset")).done()

        assert hint["default_member_permissions"] is None
        assert (answer.ephemeral, answer.text) == (True, "Only administrators can do this. Ask one of them.")


async def test_rights_come_with_the_interaction(server: DiscordServer, guild: Community, tmp_path: Path) -> None:
    """A person who may manage the server is an administrator for us."""
    chief = guild.member("chief", permissions=MANAGE_GUILD)
    async with running(server, tmp_path):
        answer = await (await chief.slash(guild.channel("general"), "points reset")).done()

        assert answer.text == "Done."


async def test_the_members_language(server: DiscordServer, guild: Community, tmp_path: Path) -> None:
    """The reply is in the language of the member's client."""
    mei = guild.member("mei", locale="zh-CN")
    async with running(server, tmp_path):
        answer = await (await mei.slash(guild.channel("general"), "points reset")).done()

        assert answer.text == "只有管理员可以这样做，请联系管理员。"


@pytest.mark.parametrize("hidden", [False, True])
async def test_a_slow_answer_is_promised(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path, *, hidden: bool
) -> None:
    """A slow answer is deferred in time, and shown as privately as it must be, whatever was guessed."""
    async with running(server, tmp_path):
        answer = await ann.slash(guild.channel("general"), "weigh", {"hidden": hidden})
        while not answer.response:
            await answer.changed.wait()
        notebook.door.set()
        while "Done." not in answer.text:
            answer.changed.clear()
            await answer.changed.wait()

        assert answer.deferred
        assert [(message.text, message.ephemeral) for message in answer.messages] == [("Done.", hidden)]
        if not hidden:  # members can reply to what everybody sees
            await eventually(lambda: notebook.causes(Said))
        assert notebook.causes(Said) == [f"discord:msg:{each.id}" for each in answer.messages if not each.ephemeral]


async def test_buttons_outlive_the_process(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path
) -> None:
    """A button pressed after a restart works, and its answer replaces the message that carried it."""
    async with running(server, tmp_path):
        board = await (await ann.slash(guild.channel("general"), "board")).done()
    async with running(server, tmp_path):
        await (await ann.presses(board, "Next")).done()

        assert board.message
        assert (board.message.text, board.message.embeds, board.message.components) == ("Page 2", [], [])


async def test_a_button_too_old(server: DiscordServer, guild: Community, ann: Person, tmp_path: Path) -> None:
    """A button whose command no longer exists is refused in private, and its message stays."""
    async with running(server, tmp_path):
        board = await (await ann.slash(guild.channel("general"), "board")).done()
        refused = await (await ann.presses(board, "Delete")).done()

        assert (refused.ephemeral, "I do not know /gone" in refused.text) == (True, True)
        assert board.message
        assert board.message.text == "Board\nPage 1"


async def test_a_form(server: DiscordServer, guild: Community, ann: Person, tmp_path: Path) -> None:
    """A form asks for long texts, survives a restart, and keeps what was given before it."""
    text = 'A "quoted" line\nand /another one'
    given = {"tag": "two words", "urgent": True, "place": guild.channel("general")}
    async with running(server, tmp_path):
        asked = await (await ann.slash(guild.channel("general"), "enquire", given)).done()
    async with running(server, tmp_path):
        answer = await (await ann.submits(asked, {"text": text})).done()

        assert answer.text == f"two words/ ✓ general: {text}"


async def test_a_form_behind_a_button(server: DiscordServer, guild: Community, ann: Person, tmp_path: Path) -> None:
    """A button whose command needs a long text opens the form."""
    async with running(server, tmp_path):
        board = await (await ann.slash(guild.channel("general"), "board")).done()
        opened = await (await ann.presses(board, "Answer")).done()
        answer = await (await ann.submits(opened, {"text": "42"})).done()

        assert answer.text.startswith("maths/")
        assert answer.text.endswith("42")


async def test_a_file_in_and_out(server: DiscordServer, guild: Community, ann: Person, tmp_path: Path) -> None:
    """A file can be an option; an answer with a file for one member is seen by nobody else."""
    handed = File(filename="tea.csv", content="茶,1".encode("utf-16"), content_type="text/csv")
    async with running(server, tmp_path):
        answer = await (await ann.slash(guild.channel("general"), "copy", {"file": handed})).done()

        assert (answer.text, answer.ephemeral) == ("Here is tea.csv again.", True)
        assert answer.message
        assert [server.world.files[each["id"]] for each in answer.message.attachments] == [
            ("text/plain", "茶,1".encode())
        ]


async def test_a_file_in_a_form(server: DiscordServer, guild: Community, tmp_path: Path) -> None:
    """Where a file or a long text may be given, one form asks for either."""
    chief, general = guild.member("chief", permissions=MANAGE_GUILD), guild.channel("general")
    handed = File(filename="tea.csv", content=b"from a file", content_type="text/csv")
    async with running(server, tmp_path):
        for given, heard in (({"file": handed}, "from a file"), ({"text": "typed"}, "typed")):
            opened = await (await chief.slash(general, "collect")).done()
            assert (await (await chief.submits(opened, given)).done()).text == heard


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff\x00", "cannot read this file as text"), (b"x" * (256 * 1024 + 1), "the file is too large")],
)
async def test_a_file_that_cannot_be_read(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path, content: bytes, said: str
) -> None:
    """An unreadable file is refused in private, with what to do."""
    async with running(server, tmp_path):
        handed = File(filename="tea.csv", content=content, content_type="text/csv")
        answer = await (await ann.slash(guild.channel("general"), "copy", {"file": handed})).done()

        assert (said in answer.text, answer.ephemeral) == (True, True)


async def test_a_file_is_fetched_for_members_alone(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path
) -> None:
    """A file is not fetched for a member who may not give the command."""
    stranger = server.guild("Elsewhere").member("eve")
    handed = File(filename="tea.csv", content=b"tea", content_type="text/csv")
    async with running(server, tmp_path):
        await ann.says(guild.channel("general"), "hi")
        answers = [await (await who.slash(who.dm, "copy", {"file": handed})).done() for who in (stranger, ann)]

    assert ["members only" in each.text for each in answers] == [True, False]
    assert len(server.handed_out) == 1


async def test_a_file_that_is_gone(server: DiscordServer, guild: Community, ann: Person, tmp_path: Path) -> None:
    """A member whose file could not be fetched is asked for it again."""
    async with running(server, tmp_path):
        server.world.forgets_files = True
        handed = File(filename="tea.csv", content=b"tea", content_type="text/csv")
        answer = await (await ann.slash(guild.channel("general"), "copy", {"file": handed})).done()

        assert "I could not fetch the file." in answer.text


async def test_what_does_not_fit_rides_along(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path
) -> None:
    """Text that is too long for the form's id comes in a field that is filled in already."""
    async with running(server, tmp_path):
        asked = await (await ann.slash(guild.channel("general"), "enquire", {"tag": "t", "title": "long " * 60})).done()
        answer = await (await ann.submits(asked, {"text": "why?"})).done()

        assert asked.modal
        assert len(asked.modal["custom_id"]) <= 100
        assert f"t/{('long ' * 60).strip()}" in answer.text


async def test_what_breaks_is_said(server: DiscordServer, guild: Community, ann: Person, tmp_path: Path) -> None:
    """When Discord does not accept an answer, the member gets a private message instead."""
    async with running(server, tmp_path):
        server.fault("POST", CALLBACK, 400, 50035)
        answer = await (await ann.slash(guild.channel("general"), "board")).done()

        assert (answer.ephemeral, "Something broke" in answer.text) == (True, True)


async def test_in_private(server: DiscordServer, guild: Community, ann: Person, tmp_path: Path) -> None:
    """A command in a direct message is about the author's community."""
    async with running(server, tmp_path):
        await ann.says(guild.channel("general"), "hi")
        answer = await (await ann.slash(ann.dm, "ping")).done()

        assert "I am here." in answer.text


async def test_a_menu(server: DiscordServer, guild: Community, ann: Person, bob: Person, tmp_path: Path) -> None:
    """A command from a message's menu is about that message, and only there do we see its words."""
    general = guild.channel("general")
    async with running(server, tmp_path, message_content="false"):
        wondering = await bob.says(general, "Where is the tea kept?\nI looked everywhere.")
        refused = await (await ann.uses(wondering, "Make this a question")).done()
        asked = await (await bob.uses(wondering, "Make this a question")).done()

        assert (refused.ephemeral, "Only its author" in refused.text) == (True, True)
        assert "Where is the tea kept?" in asked.text
        assert "I looked everywhere." in asked.text
        assert bob.mention in asked.text


async def test_a_menu_of_nobody(server: DiscordServer, guild: Community, ann: Person, tmp_path: Path) -> None:
    """A message of ours can be asked as a question by nobody, not even by staff."""
    general = guild.channel("general")
    chief = guild.member("chief", permissions=MANAGE_GUILD)
    async with running(server, tmp_path):
        pong = await (await ann.slash(general, "ping")).done()
        assert pong.message
        refused = await (await chief.uses(pong.message, "Make this a question")).done()

        assert (refused.ephemeral, "I cannot tell who asks there" in refused.text) == (True, True)
