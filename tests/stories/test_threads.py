"""Replies to a question where it was asked are answers or comments."""

import pytest

from tests.stories.stage import Stage

LONG = "Use asyncio.timeout: cancel the task, then await it, so that it can clean up after itself before it ends."


@pytest.mark.parametrize(
    ("language", "title", "short", "answer", "noted", "accept", "solved", "edited"),
    [
        (
            "en",
            "How do I cancel a task in asyncio?",
            "Which version is that?",
            LONG,
            "👀 I noted this as answer 2. ann, does it help?",
            "Accept 2",
            "is solved by answer 2 of bob.",
            f"{LONG} Nothing else does.",
        ),
        (
            "zh-CN",
            "怎么取消 asyncio 的任务？",
            "是哪个版本？",
            "先取消任务，然后等待它结束，这样它就能在程序退出之前做完清理工作，不会丢掉任何东西。",
            "👀 我把这条记作回答 2。ann，这有帮助吗？",
            "采纳 2",
            "已采纳 bob 的回答 2。",
            "先取消任务，然后等待它结束，程序退出之前它就能做完清理工作。",
        ),
    ],
)
async def test_a_reply_answers_a_question(
    stage: Stage, language: str, title: str, short: str, answer: str, noted: str, accept: str, solved: str, edited: str
) -> None:
    """A short one is a comment, a long one an answer, which a press accepts; it changes with its message."""
    owner = await stage.admin("owner")
    ann, bob, cat = await stage.members("ann", "bob", "cat")
    await owner.says(f"/settings set community.language {language}")
    for each in (ann, cat):
        await each.says(f"/language {language}")
    await ann.says(f"/ask {title}")

    await cat.answers(short)
    assert cat.signs == set()
    assert not ann.hears("👀")
    await bob.answers(answer)
    assert bob.signs == {"👀"}
    assert ann.hears(noted)

    await ann.presses(accept)
    assert cat.hears(solved)
    await bob.edits(edited)
    await cat.says("/question show 1")
    assert cat.hears(edited)


@pytest.mark.words
async def test_replies_go_on_from_replies(stage: Stage) -> None:
    """A reply to a comment belongs to the question too; the asker's own words are never an answer."""
    ann, bob, cat = await stage.members("ann", "bob", "cat")
    await ann.says("/ask How do I cancel a task in asyncio?")

    await bob.answers("Which version?")
    await ann.replies(bob, f"The newest. I read this somewhere: {LONG}")
    assert ann.signs == set()
    await cat.replies(ann, f"{LONG} What you read is right.")

    assert cat.signs == {"👀"}
    assert ann.hears("I noted this as answer 2.")


async def test_a_reaction_says_what_one_thinks(stage: Stage) -> None:
    """A thumb is a vote until it is removed, and the asker accepts with a sign that each platform has."""
    ann, bob, cat = await stage.members("ann", "bob", "cat")
    await ann.says("/ask How do I cancel a task in asyncio?")
    await bob.answers(LONG)

    await cat.reacts(bob, "👍")
    await cat.says("/question show 1")
    assert cat.hears("Answer 2 by bob · 👍 1")
    await cat.unreacts(bob, "👍")
    await cat.reacts(bob, "👌")
    assert not cat.hears("is solved")

    await ann.reacts(bob, "👌")
    assert cat.hears("is solved by answer 2 of bob.")
    assert bob.hears("was accepted")
    await cat.says("/question show 1")
    assert cat.hears("✅ Answer 2 by bob · 👍 0")


async def test_a_forum_is_watched(stage: Stage) -> None:
    """Where an administrator names one, until they change their mind."""
    owner = await stage.admin("owner")
    (ann,) = await stage.members("ann")
    place = "Hearth" if stage.name == "telegram" else "#general"

    await ann.says(f"/questions watch {place}")
    assert ann.hears("Only administrators can do this. Ask one of them.")
    await owner.says(f"/questions watch {place}")
    assert owner.hears("Every new post or topic in")
    await owner.says("/language zh-CN")
    await owner.says(f"/questions unwatch {place}")
    assert owner.hears("里的新帖子和话题不再是问题，已有的问题保留。")


async def test_a_message_is_no_answer_after_all(stage: Stage) -> None:
    """The asker says so with a press, and the sign is removed."""
    ann, bob, cat = await stage.members("ann", "bob", "cat")
    await ann.says("/ask How do I cancel a task in asyncio?")
    await bob.answers(f"I wonder, too. {LONG}")
    assert bob.signs == {"👀"}

    await cat.presses("Not an answer")
    assert cat.hears("Only its author, the asker and staff can do this")
    await ann.presses("Not an answer")
    assert ann.hears("Answer 2 is a comment now")
    assert bob.signs == set()
    await cat.says("/comment 2")
    assert cat.hears("was taken back")


async def test_a_short_message_is_an_answer_when_they_say_so(stage: Stage) -> None:
    """In the message's menu where there are menus, by a reply elsewhere; and back again."""
    ann, bob, cat = await stage.members("ann", "bob", "cat")
    await ann.says("/ask How do I cancel a task in asyncio?")
    await bob.answers("Use a timeout.")
    assert bob.signs == set()

    await cat.says("/mark")
    assert cat.hears("reply to the message you mean.")
    await cat.uses("mark", on=bob)
    assert cat.hears("Only its author, the asker and staff can do this")
    await ann.uses("mark", on=bob)
    assert bob.hears("That is answer 2 to “How do I cancel a task in asyncio?” now, by bob.")
    assert bob.signs == {"👀"}
    await bob.uses("comment", on=bob)
    assert bob.hears("Answer 2 is a comment now")
    assert bob.signs == set()


@pytest.mark.words
@pytest.mark.parametrize(
    ("language", "short", "will", "thanks", "asked", "label", "solved"),
    [
        (
            "en",
            "The port is 8080",
            "Will try, thanks",
            "Thanks, that worked!",
            "Good to hear, ann! What solved",
            "bob: The port is 8080",
            "of bob.",
        ),
        (
            "zh-CN",
            "端口是 8080",
            "谢谢，我试试",
            "谢谢，搞定了！",
            "太好了，ann！是哪条消息解决了",
            "bob：端口是 8080",
            "已采纳 bob 的回答",
        ),
    ],
)
async def test_solved_does_not_depend_on_memory(
    stage: Stage, language: str, short: str, will: str, thanks: str, asked: str, label: str, solved: str
) -> None:
    """A glad asker is asked what it was, also of messages that nobody took for answers; only their press solves it."""
    ann, bob, cat = await stage.members("ann", "bob", "cat")
    for each in (ann, cat):
        await each.says(f"/language {language}")
    await ann.says("/ask How do I cancel a task in asyncio?")
    await bob.answers(short)
    assert bob.signs == set()

    await ann.replies(bob, will)
    assert not ann.hears(asked)
    await ann.replies(bob, thanks)
    assert ann.hears(asked)
    assert not cat.hears(solved)
    await ann.presses(label.replace("bob", "Bob") if stage.name == "discord" else label)
    assert cat.hears(solved)
    assert bob.signs == {"👀"}
    await cat.says("/question show 1")
    assert cat.hears(short)


@pytest.mark.words
async def test_who_found_it_alone_posts_it(stage: Stage) -> None:
    """The asker writes what it was, and the question is closed with it."""
    ann, bob, cat = await stage.members("ann", "bob", "cat")
    await ann.says("/ask How do I cancel a task in asyncio?")
    await bob.answers("Which version is that?")

    await ann.replies(bob, "Found it, was my config")
    assert ann.hears("Good to hear, ann! What solved")
    await ann.presses("Post your fix and close")
    await ann.answers("The timeout in my config was 0.")
    assert cat.hears("is solved by answer 2 of ann.")


async def test_a_guess_stops_no_reminder(stage: Stage) -> None:
    """What only looks like an answer lets the question wait; a vote says that it is one."""
    ann, bob, cat = await stage.members("ann", "bob", "cat")
    await ann.says("/ask How do I cancel a task in asyncio?")
    await bob.answers(LONG)
    assert bob.signs == {"👀"}
    await stage.passes(hours=3)
    assert cat.hears("ann still waits for an answer. Who knows it?")

    await cat.says("/vote 2")
    await cat.says("/questions unanswered")
    assert not cat.hears("How do I cancel a task in asyncio?")
