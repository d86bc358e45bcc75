"""Steps of the walk: messages, their history, reactions, pins and polls."""

from datetime import timedelta

import discord

from tests.servers.discord_walk import Walk, refusal, step


@step
async def says_something(walk: Walk) -> None:
    """It says something in a channel."""
    sent = await walk.general.send("hello")

    assert (walk.latest.id, walk.latest.text) == (str(sent.id), "hello")


@step
async def answers_somebody(walk: Walk) -> None:
    """It replies to a message without pinging its author."""
    asked = await walk.ann.says(walk.place, "anybody?")
    await (await walk.hears("message")).reply("yes", mention_author=False)

    assert (walk.latest.reply_to, walk.latest.mentions) == (asked, [])


@step
async def mentions_nobody_by_accident(walk: Walk) -> None:
    """Words that look like a mention ping nobody when it allows none."""
    await walk.general.send(f"{walk.ann.mention} @everyone", allowed_mentions=discord.AllowedMentions.none())

    assert (walk.latest.mentions, walk.latest.mention_everyone) == ([], False)


@step
async def shows_a_card_and_a_file(walk: Walk) -> None:
    """It shows a card and attaches a file that can be fetched."""
    sent = await walk.general.send(embed=discord.Embed(title="Board"), file=discord.File(__file__, "board.txt"))

    assert sent.embeds[0].title == "Board"
    assert (await sent.attachments[0].read()).startswith(b'"""Steps')


@step
async def edits_its_words(walk: Walk) -> None:
    """It edits its own message, and only that."""
    sent = await walk.general.send("frist")
    await sent.edit(content="first")
    assert walk.latest.text == "first"
    theirs = await walk.ann.says(walk.place, "mine")

    assert await refusal(walk.general.get_partial_message(int(theirs.id)).edit(content="not mine")) == 50005


@step
async def deletes_words(walk: Walk) -> None:
    """It deletes its own message and a member's."""
    sent = await walk.general.send("oops")
    spam = await walk.ann.says(walk.place, "spam")
    await sent.delete()
    await walk.general.get_partial_message(int(spam.id)).delete()

    assert not {str(sent.id), spam.id} & {one.id for one in walk.place.messages}


@step
async def sweeps_a_channel(walk: Walk) -> None:
    """It deletes many messages in one request, and hears of it once."""
    messages = [await walk.general.send(str(number)) for number in range(3)]
    await walk.general.delete_messages(messages, reason="spam")

    assert (await walk.hears("raw_bulk_message_delete")).message_ids == {one.id for one in messages}
    assert not any(walk.place.message(str(one.id)) for one in messages)


@step
async def does_not_sweep_the_past(walk: Walk) -> None:
    """Messages of more than two weeks ago cannot be deleted in bulk."""
    messages = [await walk.general.send(str(number)) for number in range(2)]
    for one in walk.place.messages[-2:]:
        one.sent_at -= timedelta(days=15)

    assert await refusal(walk.general.delete_messages(messages)) == 50034


@step
async def reads_a_message(walk: Walk) -> None:
    """It reads a single message again; one that is gone is unknown."""
    sent = await walk.general.send("again")
    assert (await walk.general.fetch_message(sent.id)).content == "again"
    await sent.delete()

    assert await refusal(walk.general.fetch_message(sent.id)) == 10008


@step
async def reads_history_in_pages(walk: Walk) -> None:
    """It reads messages after another, the oldest first, in several pages."""
    start = await walk.general.send("start")
    said = [await walk.ann.says(walk.place, str(number)) for number in range(120)]
    read = [one.id async for one in walk.general.history(limit=None, after=start, oldest_first=True)]

    assert read == [int(one.id) for one in said]


@step
async def reads_history_backwards(walk: Walk) -> None:
    """It reads messages before another, and around one."""
    first, middle, last = [await walk.general.send(word) for word in ("one", "two", "three")]
    before = [one.id async for one in walk.general.history(limit=2, before=last)]
    around = [one.id async for one in walk.general.history(limit=3, around=middle)]

    assert before == [middle.id, first.id]
    assert sorted(around) == [first.id, middle.id, last.id]


@step
async def is_typing(walk: Walk) -> None:
    """It shows that it is typing."""
    async with walk.general.typing():
        pass


@step
async def writes_to_a_member(walk: Walk) -> None:
    """It writes to a member in private, but not to one who closed their direct messages."""
    await walk.member(walk.ann).send("between us")
    walk.bob.closes_dms()

    assert walk.ann.dm.messages[-1].text == "between us"
    assert await refusal(walk.member(walk.bob).send("hello?")) == 50007
    walk.bob.opens_dms()


@step
async def says_it_once(walk: Walk) -> None:
    """The same nonce posts one message."""
    one, two = [await walk.general.send("owed", nonce="walk-1") for _ in range(2)]

    assert one.id == two.id


@step
async def reacts(walk: Walk) -> None:
    """It reacts to a message and takes that back."""
    sent = await walk.general.send("well?")
    await sent.add_reaction("👍")
    assert walk.latest.reactions == {"👍": [walk.home.bot.user]}
    await sent.remove_reaction("👍", walk.guild.me)

    assert walk.latest.reactions == {}


@step
async def lists_who_reacted(walk: Walk) -> None:
    """It lists who reacted."""
    sent = await walk.general.send("who?")
    for person in (walk.bob, walk.ann):
        await person.reacts(walk.latest, "🔥")
    shown = (await walk.general.fetch_message(sent.id)).reactions[0]

    assert {one.name async for one in shown.users()} == {"ann", "bob"}


@step
async def takes_a_reaction_away(walk: Walk) -> None:
    """It removes a member's reaction."""
    sent = await walk.general.send("no flames")
    await walk.bob.reacts(walk.latest, "🔥")
    await sent.remove_reaction("🔥", walk.member(walk.bob))

    assert walk.latest.reactions == {}


@step
async def clears_reactions(walk: Walk) -> None:
    """It clears one emoji, then all, and hears of both."""
    sent = await walk.general.send("clean")
    for emoji in ("🔥", "👍", "🎉"):
        await walk.ann.reacts(walk.latest, emoji)
    await sent.clear_reaction("🔥")
    assert (await walk.hears("raw_reaction_clear_emoji")).emoji.name == "🔥"
    await sent.clear_reactions()

    assert (await walk.hears("raw_reaction_clear")).message_id == sent.id
    assert walk.latest.reactions == {}


@step
async def pins_a_message(walk: Walk) -> None:
    """It pins a message, finds it among the pins, and removes the pin."""
    sent = await walk.general.send("rules")
    await sent.pin(reason="read this")
    await walk.hears("guild_channel_pins_update")
    assert [one.id async for one in walk.general.pins()] == [sent.id]
    assert walk.latest.kind == discord.MessageType.pins_add.value
    await sent.unpin()

    assert [one.id async for one in walk.general.pins()] == []


@step
async def asks_in_a_poll(walk: Walk) -> None:
    """It opens a poll, hears the votes, lists the voters and ends it."""
    poll = discord.Poll("When?", duration=timedelta(hours=1))
    poll.add_answer(text="Friday")
    poll.add_answer(text="Sunday")
    sent = await walk.general.send(poll=poll)
    await walk.ann.votes(walk.latest, 2)
    assert (await walk.hears("raw_poll_vote_add")).answer_id == 2
    assert sent.poll is not None
    assert [one.name async for one in sent.poll.answers[1].voters()] == ["ann"]
    await sent.poll.end()

    assert walk.latest.poll is not None
    assert walk.latest.poll.is_over
