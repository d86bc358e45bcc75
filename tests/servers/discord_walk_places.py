"""Steps of the walk: the bot itself, the guild, its channels, forums and threads."""

import discord

from tests.servers.discord_records import Channel
from tests.servers.discord_walk import Walk, refusal, step


@step
async def knows_itself(walk: Walk) -> None:
    """The bot knows who it is."""
    assert walk.client.user is not None
    assert (walk.client.user.name, walk.client.user.bot) == ("hearth", True)


@step
async def reads_its_application(walk: Walk) -> None:
    """It reads its own application."""
    assert (await walk.client.application_info()).owner.name == "owner"


@step
async def looks_somebody_up(walk: Walk) -> None:
    """It looks up somebody by their id."""
    assert (await walk.client.fetch_user(int(walk.ann.id))).name == "ann"


@step
async def reads_the_guild(walk: Walk) -> None:
    """It reads the guild with its counts."""
    guild = await walk.client.fetch_guild(walk.guild.id, with_counts=True)

    assert (guild.name, guild.approximate_member_count) == ("Hearth", len(walk.home.members))


@step
async def lists_channels(walk: Walk) -> None:
    """It lists the channels of the guild."""
    assert "general" in [channel.name for channel in await walk.guild.fetch_channels()]


@step
async def reads_a_channel(walk: Walk) -> None:
    """It reads a single channel."""
    channel = await walk.client.fetch_channel(walk.general.id)

    assert isinstance(channel, discord.TextChannel)


def kept(walk: Walk, thing: discord.abc.Snowflake) -> Channel:
    return walk.server.world.channels[str(thing.id)]


@step
async def makes_a_channel(walk: Walk) -> None:
    """It creates a channel with a topic and slow mode."""
    made = await walk.guild.create_text_channel("lobby", topic="Say hello", slowmode_delay=5)

    assert (made.topic, made.slowmode_delay) == ("Say hello", 5)
    assert (await walk.hears("guild_channel_create")).id == made.id


@step
async def makes_a_private_channel(walk: Walk) -> None:
    """It creates a channel that only some can see."""
    hidden = discord.PermissionOverwrite(view_channel=False)
    shown = discord.PermissionOverwrite(view_channel=True)
    over: dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite]
    over = {walk.guild.default_role: hidden, walk.guild.me: shown, walk.member(walk.ann): shown}
    made = await walk.guild.create_text_channel("staff", overwrites=over)
    await made.send("between us")

    assert "between us" in [one.text for one in walk.server.visible_to(walk.ann)]
    assert "between us" not in [one.text for one in walk.server.visible_to(walk.bob)]


@step
async def makes_a_category(walk: Walk) -> None:
    """It creates a category and a channel in it."""
    category = await walk.guild.create_category("Answers")
    inside = await category.create_text_channel("solved")

    assert inside.category_id == category.id


@step
async def makes_a_voice_channel(walk: Walk) -> None:
    """It creates a voice channel and hears who enters."""
    await walk.guild.create_voice_channel("tea")
    await walk.ann.voice(walk.home.channel("tea"))

    assert (await walk.hears("voice_state_update")).name == "ann"


@step
async def renames_a_channel(walk: Walk) -> None:
    """It renames a channel and changes its topic."""
    made = await walk.guild.create_text_channel("before")
    await made.edit(name="after", topic="New", reason="tidy")

    assert (kept(walk, made).name, kept(walk, made).topic) == ("after", "New")


@step
async def closes_a_channel_to_a_role(walk: Walk) -> None:
    """It sets what a role may do in a channel, and removes that again."""
    made = await walk.guild.create_text_channel("quiet")
    await made.set_permissions(walk.guild.default_role, send_messages=False)
    place = kept(walk, made)
    assert not walk.ann.permissions(place) & 1 << 11
    await made.set_permissions(walk.guild.default_role, overwrite=None)

    assert walk.ann.permissions(place) & 1 << 11


@step
async def moves_a_channel(walk: Walk) -> None:
    """It moves a channel to the top."""
    made = await walk.guild.create_text_channel("last")
    await made.move(beginning=True)

    assert kept(walk, made).position == min(one.position for one in walk.home.channels.values() if not one.is_thread)


@step
async def deletes_a_channel(walk: Walk) -> None:
    """It deletes a channel, whose messages then are unknown."""
    made = await walk.guild.create_text_channel("short")
    await made.delete()

    assert await refusal(made.send("too late")) == 10003


@step
async def makes_a_forum(walk: Walk) -> None:
    """It creates a forum with tags."""
    tags = [discord.ForumTag(name="open"), discord.ForumTag(name="solved")]
    made = await walk.guild.create_forum("ideas", available_tags=tags)

    assert [tag.name for tag in made.available_tags] == ["open", "solved"]


@step
async def opens_a_forum_post(walk: Walk) -> None:
    """It opens a forum post with a tag, and changes the tag later."""
    forum = await walk.guild.create_forum("help", available_tags=[discord.ForumTag(name=name) for name in "ab"])
    first, second = forum.available_tags
    made = await forum.create_thread(name="Why?", content="because", applied_tags=[first])
    assert made.thread.applied_tags == [first]
    await made.thread.edit(applied_tags=[second])

    assert kept(walk, made.thread).applied_tags == [str(second.id)]


@step
async def opens_a_thread(walk: Walk) -> None:
    """It opens a thread in a channel and writes into it."""
    thread = await walk.general.create_thread(name="Talk", type=discord.ChannelType.public_thread)
    await thread.send("inside")

    assert [one.text for one in kept(walk, thread).messages] == ["inside"]


@step
async def opens_a_thread_on_a_message(walk: Walk) -> None:
    """It opens a thread on a message, once."""
    message = await walk.general.send("a question")
    thread = await message.create_thread(name="Answers")

    assert thread.id == message.id
    assert await refusal(message.create_thread(name="Again")) == 160004


@step
async def archives_a_thread(walk: Walk) -> None:
    """It archives and locks a thread, and finds it among the archived ones."""
    thread = await walk.general.create_thread(name="Done", type=discord.ChannelType.public_thread)
    await thread.edit(archived=True, locked=True)

    assert thread.id in [one.id async for one in walk.general.archived_threads()]


@step
async def lists_active_threads(walk: Walk) -> None:
    """It lists the threads that are open."""
    thread = await walk.general.create_thread(name="Open", type=discord.ChannelType.public_thread)

    assert thread.id in [one.id for one in await walk.guild.active_threads()]


@step
async def joins_and_leaves_a_thread(walk: Walk) -> None:
    """It joins a thread that a member opened, and leaves it."""
    opened = await walk.ann.opens_thread(walk.place, "Ann's")
    thread = await walk.client.fetch_channel(int(opened.id))
    assert isinstance(thread, discord.Thread)
    await thread.join()
    assert [one.id for one in await thread.fetch_members()] == [walk.guild.me.id]
    await thread.leave()

    assert opened.joined == []


@step
async def brings_a_member_into_a_thread(walk: Walk) -> None:
    """It adds a member to a thread and removes them."""
    thread = await walk.general.create_thread(name="Come", type=discord.ChannelType.public_thread)
    await thread.add_user(walk.member(walk.bob))
    assert (await thread.fetch_member(int(walk.bob.id))).id == int(walk.bob.id)
    await thread.remove_user(walk.member(walk.bob))

    assert kept(walk, thread).joined == []


@step
async def deletes_a_thread(walk: Walk) -> None:
    """It renames a thread, and deletes it."""
    thread = await walk.general.create_thread(name="Draft", type=discord.ChannelType.public_thread)
    await thread.edit(name="Final")
    assert kept(walk, thread).name == "Final"
    await thread.delete()

    assert str(thread.id) not in walk.server.world.channels
