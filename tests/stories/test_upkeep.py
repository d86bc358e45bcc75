"""Occasional work: lists, corrections and changes of mind, in every grammar and both languages."""

import re
from pathlib import Path

import pytest

from bot.host.registry import open_house
from bot.kit.texts import Catalogue
from tests.stories.stage import Actor, Stage

WORDS = Catalogue()
LANGUAGES = ("en", "zh-CN")
HERE = Path(__file__).parent


async def gather(stage: Stage, language: str) -> tuple[Actor, Actor, Actor]:
    """An administrator and two members, who all speak one language; the members have a hundred points more."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says("/points give @ann 100 for the workshop")
    await owner.says("/points give @bob 100 for the workshop")
    await owner.says(f"/settings set community.language {language}")
    for each in (owner, ann, bob):
        await each.says(f"/language {language}")
    await stage.passes(hours=1)
    return owner, ann, bob


def hears(who: Actor, language: str, path: str, **values: object) -> bool:
    """These words of the catalogue, in their own language."""
    return who.hears(WORDS.plain(language, path, **values))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_questions_are_looked_after(stage: Stage, language: str) -> None:
    """Found, judged, corrected, marked and opened again."""
    owner, ann, bob = await gather(stage, language)
    title = "How do I cancel a task in asyncio?"
    await ann.says(f"/ask {title}")
    await bob.says("/ask Cancelling asyncio tasks")
    await bob.says("/question post 2")
    assert hears(ann, language, "question.asks", member="bob")
    await bob.says("/ask Cancelling tasks of asyncio")
    await bob.says("/question helped 3 1")
    assert hears(bob, language, "question.helped.glad", number=1, title=title)

    await bob.says("/questions unanswered")
    assert hears(bob, language, "questions.unanswered.title")
    await ann.says("/questions mine")
    assert hears(ann, language, "questions.mine.title")
    await owner.says("/question duplicate 2 1")
    assert hears(ann, language, "question.now.duplicate", number=2, title="Cancelling asyncio tasks", other=1)
    await bob.says("/question reopen 2")
    assert hears(ann, language, "question.now.open", number=2, title="Cancelling asyncio tasks")
    await bob.says("/question edit 2 Where is the tea kept?")
    assert hears(bob, language, "question.edit.done", number=2, title="Where is the tea kept?")

    await bob.says("/answer 1 Call `task.cancel()` and await it.")
    await ann.says("/vote 4 up")
    assert hears(ann, language, "vote.counted", number=4, score=1)
    await ann.says("/accept 4")
    assert hears(bob, language, "accept.told", number=4, title=title, count=15)
    await ann.says("/unaccept 4")
    assert hears(bob, language, "unaccept.told", number=4, title=title, count=15)
    await ann.says("/question show 1")
    assert hears(ann, language, "answer.standing", number=4, member="bob", score=1)
    await bob.says("/question show 1")
    await bob.presses(WORDS.plain(language, "question.show.report"))
    assert hears(bob, language, "question.report.what", number=1, title=title)
    await bob.says("/question report 1")
    await bob.presses(WORDS.plain(language, "question.report.reason.off-topic"))
    assert hears(bob, language, "report.done")
    await bob.says("/retract 4")
    assert hears(bob, language, "retract.done", number=4)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_administrators_correct_themselves(stage: Stage, language: str) -> None:
    """They change a setting, an entry, a table of points, an item and a badge, and change them back."""
    owner, ann, _ = await gather(stage, language)
    await owner.says("/settings set points.message 3")
    await owner.says("/settings undo")
    assert hears(owner, language, "settings.undo.done", key="points.message", value=1)
    await owner.says("/points give @ann 7 for the tea")
    await ann.says("/points history")
    (number, *_) = re.findall(r"\d{18}", ann.heard[0])
    await owner.says(f"/points undo {number}")
    assert hears(owner, language, "points.undo.done", number=number)

    await owner.says("/points bulk @ann,10,tea")
    await owner.says("/points apply 1")
    assert hears(ann, language, "points.apply.given", count=10, why="tea")
    await owner.says("/points revert 1")
    assert hears(owner, language, "points.revert.done", count=1, number="1")
    await owner.says("/points bulk @ann,10,tea")
    await owner.says("/points cancel 2")
    assert hears(owner, language, "points.cancel.done", number="2")

    await owner.says("/shop add Mug 20")
    await owner.says("/shop edit Mug Cup 25")
    assert hears(owner, language, "shop.edit.done")
    await ann.says("/buy Cup")
    await owner.says("/shop done 4")
    assert hears(ann, language, "shop.done.told", number=4, item="Cup")

    await owner.says("/badge create 🧭 Guide shows the way")
    await owner.says("/badge edit Guide 🧭 Pathfinder")
    assert owner.hears("Pathfinder")
    await owner.says("/badge remove Pathfinder")
    assert hears(owner, language, "badge.remove.done", badge="🧭 Pathfinder")
    await owner.says("/levels progress")
    assert hears(owner, language, "levels.progress.never")
    await owner.says("/overdue orders")
    assert hears(owner, language, "overdue.nothing", things=WORDS.plain(language, "overdue.things.orders"))
    await ann.says("/levels list")
    assert hears(ann, language, "levels.list.title")
    await ann.says("/certificate show nothing")
    assert hears(ann, language, "verify.no_code", length=16)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_open_is_listed_and_ended(stage: Stage, language: str) -> None:
    """Raffles, gatherings and contests, by members who take part and by staff."""
    owner, ann, bob = await gather(stage, language)
    await owner.says("/raffle open 10 Mug 1d")
    await ann.says("/raffle list")
    assert hears(ann, language, "raffle.open.title", number=1, title="Mug")
    await ann.says("/raffle join 1")
    assert ann.hears("Mug")
    await owner.says("/attendance open Talk")
    await ann.says("/attend")
    await owner.says("/attendance list")
    assert hears(owner, language, "attendance.list.line", place=1, member="ann")

    await owner.says("/contest open Snippet 50 2d")
    await ann.says("/contest list")
    assert hears(ann, language, "contest.open.title", number=3, title="Snippet")
    await ann.says("/contest enter 3 `print(1)`")
    await bob.says("/contest enter 3 a walrus")
    await bob.says("/contest vote 3 1")
    assert hears(bob, language, "contest.vote.done", entry=1, number=3, title="Snippet")
    await bob.says("/contest withdraw 3")
    assert hears(bob, language, "contest.withdraw.done", number=3, title="Snippet")
    await bob.says("/contest show 3")
    assert hears(bob, language, "contest.entry", entry=1, member="ann", votes=1)
    await owner.says("/contest award 3 1")
    assert hears(ann, language, "contest.told", number=3, title="Snippet", count=50)
    await owner.says("/contest open Poem 50 2d")
    await owner.says("/contest cancel 4")
    assert hears(owner, language, "contest.cancel.done", number=4)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_failed_is_looked_after(stage: Stage, language: str) -> None:
    """An administrator sees that nothing failed, and that there is nothing to retry."""
    owner, _, _ = await gather(stage, language)
    await owner.says("/failures list")
    assert hears(owner, language, "failures.list.none")
    await owner.says("/failures retry points.award")
    assert hears(owner, language, "failures.unknown")


def test_every_command_is_part_of_a_story() -> None:
    """In some story, which is told in every grammar."""
    told = "\n".join(file.read_text(encoding="utf-8") for file in HERE.glob("test_*.py"))

    assert [name for name in open_house().commands if f"/{name}" not in told] == []
