"""Steps of the walk: members, roles, moderation and the audit log."""

from datetime import timedelta

import discord

from tests.servers.discord_records import SEND_MESSAGES
from tests.servers.discord_walk import Walk, absent, refusal, step


@step
async def reads_a_member(walk: Walk) -> None:
    """It reads a single member; a stranger is unknown."""
    stranger = walk.server.world.user("stranger")

    assert (await walk.guild.fetch_member(int(walk.ann.id))).name == "ann"
    assert await refusal(walk.guild.fetch_member(int(stranger.id))) == 10007


@step
async def finds_members_by_name(walk: Walk) -> None:
    """It finds members by the beginning of a name, over the gateway and over HTTP."""
    asked = await walk.asks("GET", f"/guilds/{walk.guild.id}/members/search", params={"query": "AN", "limit": 5})

    assert [one.name for one in await walk.guild.query_members("an")] == ["ann"]
    assert [one["user"]["username"] for one in asked] == ["ann"]


@step
async def lists_members(walk: Walk) -> None:
    """It lists the members in pages, and requests them over the gateway."""
    listed = {one.name async for one in walk.guild.fetch_members(limit=None)}

    assert listed == {one.name for one in walk.home.members.values()}
    assert {one.name for one in await walk.guild.chunk()} == listed


@step
async def names_a_member(walk: Walk) -> None:
    """It gives a nickname to a member and to itself."""
    await walk.member(walk.ann).edit(nick="Annie")
    await walk.guild.me.edit(nick="Fire")
    assert (walk.ann.nick, walk.home.bot.nick) == ("Annie", "Fire")
    await walk.member(walk.ann).edit(nick=None)

    assert walk.ann.nick is None


@step
async def silences_a_member(walk: Walk) -> None:
    """It times a member out, and lifts that; a month is too long."""
    bob = walk.member(walk.bob)
    await bob.timeout(timedelta(minutes=5), reason="cool down")
    assert not walk.bob.permissions(walk.place) & SEND_MESSAGES
    await bob.timeout(None)

    assert walk.bob.permissions(walk.place) & SEND_MESSAGES
    assert await refusal(bob.timeout(timedelta(days=29))) == 50035


@step
async def puts_a_member_out(walk: Walk) -> None:
    """It removes a member, who may come back."""
    eve = await walk.home.joins("eve")
    await walk.guild.kick(discord.Object(int(eve.id)), reason="spam")
    assert (await walk.hears("raw_member_remove")).user.name == "eve"
    back = await walk.home.joins("eve")

    assert back.id == eve.id


@step
async def bans_and_pardons(walk: Walk) -> None:
    """It bans a member with a reason, finds the ban, and lifts it."""
    mallory = await walk.home.joins("mallory")
    spam = await mallory.says(walk.place, "buy now")
    await walk.guild.ban(discord.Object(int(mallory.id)), reason="spam", delete_message_seconds=3600)
    assert (await walk.hears("member_ban")).id == walk.guild.id
    found = await walk.guild.fetch_ban(discord.Object(int(mallory.id)))
    assert (found.reason, found.user.name) == ("spam", "mallory")
    assert walk.place.message(spam.id) is None
    assert "mallory" in [one.user.name async for one in walk.guild.bans()]
    await walk.guild.unban(found.user)

    assert await refusal(walk.guild.fetch_ban(found.user)) == 10026


@step
async def bans_many(walk: Walk) -> None:
    """It bans several at once, and learns which of them it could not ban."""
    raiders = [await walk.home.joins(name) for name in ("raider1", "raider2")]
    asked = [discord.Object(int(one.id)) for one in (*raiders, walk.home.members[walk.home.owner.id])]
    done = await walk.guild.bulk_ban(asked)

    assert {one.id for one in done.banned} == {int(one.id) for one in raiders}
    assert [one.id for one in done.failed] == [int(walk.home.owner.id)]


@step
async def stays_below_the_owner(walk: Walk) -> None:
    """It can remove neither the owner nor a member above it."""
    chief = walk.home.member("chief", roles=[walk.home.role("Chief", position=90)])

    for one in (chief, walk.home.members[walk.home.owner.id]):
        assert await refusal(walk.guild.kick(discord.Object(int(one.id)))) == 50013


async def role(walk: Walk, name: str, **facts: object) -> discord.Role:
    return await walk.guild.create_role(name=name, **facts)  # type: ignore[call-overload, no-any-return]  # the facts are discord.py's own


@step
async def makes_a_role(walk: Walk) -> None:
    """It creates a role with a colour that can be mentioned."""
    made = await role(walk, "Patron", colour=discord.Colour(0xE67E22), mentionable=True)

    assert (made.colour.value, made.mentionable, made.position) == (0xE67E22, True, 1)
    assert (await walk.hears("guild_role_create")).name == "Patron"


@step
async def changes_a_role(walk: Walk) -> None:
    """It renames a role and changes its permissions; it cannot allow what it may not do itself."""
    made = await role(walk, "Guide")
    await made.edit(name="Helper", permissions=discord.Permissions(manage_messages=True))
    kept = walk.home.roles[str(made.id)]

    assert (kept.name, kept.permissions) == ("Helper", discord.Permissions(manage_messages=True).value)
    assert await refusal(made.edit(permissions=discord.Permissions(administrator=True))) == 50013


@step
async def moves_a_role(walk: Walk) -> None:
    """It moves a role up."""
    made = await role(walk, "Riser")
    await walk.hears("guild_role_create")  # those above it were announced as moved before
    await made.edit(position=3)

    assert walk.home.roles[str(made.id)].position == 3


@step
async def gives_and_takes_a_role(walk: Walk) -> None:
    """It gives a role to a member, and takes it."""
    made, ann = await role(walk, "Gold"), walk.member(walk.ann)
    await ann.add_roles(made, reason="paid")
    assert "Gold" in walk.home.roles_of(walk.ann)
    await ann.remove_roles(made)

    assert "Gold" not in walk.home.roles_of(walk.ann)


@step
async def sets_all_roles(walk: Walk) -> None:
    """It sets all the roles of a member at once."""
    made, bob = [await role(walk, name) for name in ("One", "Two")], walk.member(walk.bob)
    await bob.edit(roles=made)

    assert walk.home.roles_of(walk.bob) == ["One", "Two"]


@step
async def lists_and_counts_roles(walk: Walk) -> None:
    """It lists the roles, reads one, and counts its members."""
    made = await role(walk, "Counted")
    await walk.member(walk.ann).add_roles(made)

    assert "Counted" in [one.name for one in await walk.guild.fetch_roles()]
    assert (await walk.guild.fetch_role(made.id)).name == "Counted"
    assert (await walk.guild.role_member_counts())[made] == 1


@step
async def deletes_a_role(walk: Walk) -> None:
    """It deletes a role, which then nobody has."""
    made = await role(walk, "Gone")
    await walk.member(walk.ann).add_roles(made)
    await made.delete()

    assert "Gone" not in walk.home.roles_of(walk.ann)
    assert await refusal(walk.guild.fetch_role(made.id)) == 10011


@step
async def reads_the_audit_log(walk: Walk) -> None:
    """It reads who did what, and why."""
    made = await role(walk, "Logged")
    await walk.member(walk.ann).add_roles(made, reason="paid for it")
    done = discord.AuditLogAction.member_role_update
    entries = [one async for one in walk.guild.audit_logs(limit=1, action=done)]

    assert [(one.user and one.user.name, one.reason) for one in entries] == [("hearth", "paid for it")]
    assert (entries[0].target or absent("target")).id == int(walk.ann.id)


@step
async def hears_of_the_audit_log(walk: Walk) -> None:
    """It is told of each new entry."""
    await role(walk, "Told")
    entry = await walk.hears("audit_log_entry_create")

    assert (entry.action, entry.after.name) == (discord.AuditLogAction.role_create, "Told")


@step
async def hears_who_gave_a_role(walk: Walk) -> None:
    """It learns who gave a role without it."""
    await walk.home.grants(walk.ann, walk.home.role("By hand"))
    entry = await walk.hears("audit_log_entry_create")

    assert (entry.user.name, entry.action) == ("owner", discord.AuditLogAction.member_role_update)
    assert [one.name for one in entry.after.roles] == ["By hand"]
