"""Direct messages on the wire: Discord itself tells which members may act there, and for which server."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.memory import Memory
from bot.kit.events import EffectRefused, MessagePosted
from tests.adapters.discord.running import Notebook, eventually, running
from tests.servers.discord import Community, DiscordServer, Person

MANAGE_GUILD = 1 << 5


async def test_who_left_the_server_is_a_stranger(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path
) -> None:
    """Discord is asked each time, so nobody acts in private for a server they are not in."""
    async with running(server, tmp_path):
        await ann.says(guild.channel("general"), "hi")
        before = await (await ann.slash(ann.dm, "leaderboard")).done()
        del guild.members[ann.id]
        after = await (await ann.slash(ann.dm, "leaderboard")).done()

        assert "members only" not in before.text
        assert (after.ephemeral, "I answer members only" in after.text) == (True, True)


@pytest.mark.parametrize(("told", "hears"), [("tell", True), ("tell there", False), ("no answer", True)])
async def test_what_is_for_those_in_the_server_is_told_nobody_else(
    *, server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path, told: str, hears: bool
) -> None:
    """A member was removed without our knowledge, but shares another server; they receive nothing of this one."""
    server.guild("Other").member("bob")
    general, bob = guild.channel("general"), guild.member("bob")
    async with running(server, tmp_path) as house:
        effect = "tell" if told == "tell" else "tell there"
        await (await ann.slash(general, "owe", {"what": effect, "to": bob})).done()
        await house.settle()
        assert len(bob.dm.messages) == 1, "while he is there"
        await (await ann.slash(general, "owe", {"what": effect, "to": bob})).done()
        if told == "no answer":
            server.fault("GET", f"/guilds/.*/members/{bob.id}", 500, times=20)
        del guild.members[bob.id]
        await house.settle()

        assert len(bob.dm.messages) == 1 + hears
        reasons = [event.reason for event in notebook.events if isinstance(event, EffectRefused)]
        assert reasons == ([] if hears else ["member_gone"])


async def test_who_is_timed_out_acts_nowhere_else(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path
) -> None:
    """Nobody speaks through us in a server that took their voice."""
    async with running(server, tmp_path):
        await (await ann.slash(guild.channel("general"), "ping")).done()
        ann.timed_out_until = datetime.now(UTC) + timedelta(hours=1)
        answer = await (await ann.slash(ann.dm, "leaderboard")).done()

        assert "You may not write in the community at the moment" in answer.text


async def test_of_the_hasty_nothing_is_asked(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path
) -> None:
    """For a hasty author Discord is not asked, since each question costs, and Discord answers only so many."""
    async with running(server, tmp_path, paced=True):
        await ann.says(guild.channel("general"), "hi")
        await asyncio.gather(*[(await ann.slash(ann.dm, "ping")).done() for _ in range(60)])

        assert sum(each.path.endswith(f"/members/{ann.id}") for each in server.requests) < 30


async def test_forms_cost_as_much_as_commands(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path
) -> None:
    """Each form needs a question to Discord and a line in the store, so it costs like a command."""
    async with running(server, tmp_path, paced=True) as house:
        await (await ann.slash(guild.channel("general"), "ping")).done()
        shown = await asyncio.gather(
            *[(await ann.slash(ann.dm, "answer", {"question": str(number)})).done() for number in range(100)]
        )
        async with house.core.store.read() as tx:
            (kept,) = await tx.all("SELECT COUNT(*) AS count FROM sent")

        assert 5 < sum(bool(each.modal) for each in shown) < 30
        assert sum(each.path.endswith(f"/members/{ann.id}") for each in server.requests) < 30
        assert kept["count"] < 30


async def test_two_forms_that_are_open_at_once(server: DiscordServer, tmp_path: Path) -> None:
    """Each form belongs to the community it was shown for; a form that nobody knows any more belongs to none."""
    homes = [server.guild(name) for name in ("One", "Two")]
    anns = [home.member("ann") for home in homes]
    async with running(server, tmp_path) as house:
        for ann, home in zip(anns, homes, strict=True):
            form = await (await ann.slash(home.channel("general"), "ask")).done()
            await (await ann.submits(form, {"title": f"What is the plan of {home.name}?"})).done()
        open_forms = []
        for home in homes:
            which = await (await anns[0].slash(anns[0].dm, "community")).done()
            await (await anns[0].presses(which, home.name)).done()
            open_forms.append(await (await anns[0].slash(anns[0].dm, "answer", {"question": "1"})).done())
        said = [await (await anns[0].submits(form, {"text": "Wait for it to end."})).done() for form in open_forms]
        async with house.core.store.write() as tx:
            await tx.run("DELETE FROM sent")
        late = await (await anns[0].submits(open_forms[0], {"text": "Wait for it to end."})).done()

        assert ["What is the plan of One?" in said[0].text, "What is the plan of Two?" in said[1].text] == [True, True]
        assert "no longer belongs" in late.text


async def test_nobody_is_a_member_because_discord_does_not_answer(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path
) -> None:
    """Otherwise members who were removed or timed out would still act."""
    async with running(server, tmp_path):
        await (await ann.slash(guild.channel("general"), "leaderboard")).done()
        server.fault("GET", "/guilds/.*/members/.*", 500, times=20)
        answer = await (await ann.slash(ann.dm, "leaderboard")).done()

        assert (answer.ephemeral, "I could not find out who you are" in answer.text) == (True, True)


async def test_nobody_has_rights_by_what_was_known_before_an_outage(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path
) -> None:
    """Roles' rights are unknown while their server is away, and may have changed meanwhile."""
    async with running(server, tmp_path):
        await (await ann.slash(guild.channel("general"), "leaderboard")).done()
        server.gateway.announce("GUILD_DELETE", {"id": guild.id, "unavailable": True})
        answer = await (await ann.slash(ann.dm, "leaderboard")).done()

        assert "I could not find out who you are" in answer.text


async def test_no_form_is_shown_before_it_is_known_for_whom(server: DiscordServer, tmp_path: Path) -> None:
    """Otherwise the member's words would go to a community that they did not mean."""
    homes = [server.guild(name) for name in ("One", "Two")]
    members = [home.member("ann") for home in homes]
    async with running(server, tmp_path):
        for ann, home in zip(members, homes, strict=True):
            await ann.says(home.channel("general"), "hi")
            form = await (await ann.slash(home.channel("general"), "ask")).done()
            await (await ann.submits(form, {"title": f"What is the plan of {home.name}?"})).done()
        ann = members[0]
        asked = await (await ann.slash(ann.dm, "answer", {"question": "1"})).done()
        assert (asked.modal, "Which one do you mean" in asked.text) == (None, True)

        await (await ann.presses(asked, "Two")).done()
        form = await (await ann.slash(ann.dm, "answer", {"question": "1"})).done()
        bob = homes[0].member("bob")
        await (await bob.slash(homes[0].channel("general"), "ping")).done()
        assert (await (await bob.slash(bob.dm, "answer", {"question": "1"})).done()).modal, "the same form of another"
        said = await (await ann.submits(form, {"text": "We wait and drink tea."})).done()

        assert "What is the plan of Two?" in said.text


async def test_who_left_the_server_is_suggested_nothing(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path
) -> None:
    """Suggestions show what the server has, so a leaver gets none. Discord is not asked at each key."""
    async with running(server, tmp_path) as house:
        await (await ann.slash(guild.channel("general"), "leaderboard")).done()

        async def suggested() -> list[dict[str, str]]:
            return await ann.completes(ann.dm, "timezone", {"zone": "Berl"}, focused="zone")

        before = [await suggested() for _ in range(5)]
        asked = sum(each.path.endswith(f"/members/{ann.id}") for each in server.requests)
        del guild.members[ann.id]
        assert "members only" in (await (await ann.slash(ann.dm, "leaderboard")).done()).text, "a command asks anew"
        house.adapter._interactions._rights._known = Memory(1)  # as after ten seconds

        assert ([len(found) for found in before], asked, await suggested()) == ([1] * 5, 1, [])


async def test_a_stranger_is_told_so(server: DiscordServer, guild: Community, ann: Person, tmp_path: Path) -> None:
    """A person who shares only another server with us has no access to this one."""
    eve = server.guild("Elsewhere").member("eve")
    async with running(server, tmp_path):
        await ann.says(guild.channel("general"), "hi")
        asked = await (await eve.slash(eve.dm, "find", {"words": "tea"})).done()
        helped = await (await eve.slash(eve.dm, "help")).done()

        assert "found" not in asked.text.casefold()
        assert "/leaderboard" not in helped.text


@pytest.mark.parametrize("chief", [True, False])
async def test_rights_in_private_are_those_of_the_server(
    server: DiscordServer, guild: Community, notebook: Notebook, tmp_path: Path, *, chief: bool
) -> None:
    """A person who may manage the server may do so from a direct message; nobody else may."""
    asker = guild.member("asker", roles=[guild.role("chiefs", permissions=MANAGE_GUILD)] if chief else ())
    async with running(server, tmp_path):
        await asker.says(guild.channel("general"), "hi")
        await eventually(lambda: notebook.causes(MessagePosted))
        answer = await (await asker.slash(asker.dm, "points reset")).done()

        assert answer.text == ("Done." if chief else "Only administrators can do this. Ask one of them.")
