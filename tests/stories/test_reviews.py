"""A member reports something, and people decide, and decide again after an appeal."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "thanks", "waits", "evidence", "claimed", "take", "told", "looked", "objected", "anew", "sorry"),
    [
        (
            "en",
            "Somebody will look at it",
            "3 an answer · 1 report",
            "• cat: spam.",
            "Case 3 is yours for a day.",
            "Take it down",
            "Something of yours was reported, and a reviewer took it down.",
            "What you reported was looked at, and taken down.",
            "Somebody else looks at case 3 now",
            "The author is right",
            "you were right",
        ),
        (
            "zh-CN",
            "会有人查看",
            "3 一个回答 · 1 次举报",
            "• cat：广告。",
            "举报 3 一天之内归你处理。",
            "撤下",
            "你的内容被举报，审核员撤下了它。",
            "你举报的内容已经查看，并撤下了。",
            "现在由另一个人查看举报 3",
            "作者是对的",
            "你是对的",
        ),
    ],
)
async def test_an_answer_is_reviewed(
    stage: Stage,
    language: str,
    thanks: str,
    waits: str,
    evidence: str,
    claimed: str,
    take: str,
    told: str,
    looked: str,
    objected: str,
    anew: str,
    sorry: str,
) -> None:
    """Reported, claimed, taken down, appealed, and brought back by another reviewer."""
    owner = await stage.admin("owner")
    ann, bob, cat, dora = await stage.members("ann", "bob", "cat", "dora")
    for each in (owner, ann, bob, cat, dora):
        await each.says(f"/language {language}")
    await ann.says("/ask Where is the tea kept?")
    await bob.says("/answer 1 I sell the best tea, write to me.")
    await owner.says("/reviewer add @dora")
    await owner.says("/reviewer list")
    assert owner.hears("dora")

    await cat.says("/report spam 2 he sells tea")
    assert cat.hears(thanks)
    await dora.says("/review list")
    assert dora.hears(waits)
    await dora.says("/review show 3")
    assert dora.hears(evidence)
    await dora.says("/review claim 3")
    assert dora.hears(claimed)
    await dora.says("/review release 3")
    await dora.says("/review show 3")
    await dora.presses(take)
    assert bob.hears(told)
    assert cat.hears(looked)

    await bob.says("/appeal 3 It is a joke among friends.")
    assert bob.hears(objected)
    await owner.says("/review show 3")
    await owner.presses(anew)
    assert bob.hears(sorry)
    await cat.says("/question show 1")
    assert cat.hears("I sell the best tea")


async def test_reviewers_keep_what_is_well(stage: Stage) -> None:
    """A reviewer gives the decision in words; and a message is reported where it stands."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await ann.says("You marzipan!")

    await bob.uses("report", on=ann)
    assert bob.hears("Thank you.")
    await owner.says("/review decide 1 warn Please be kind.")
    assert ann.hears("a reviewer asks you to be careful")
    assert ann.hears("Please be kind.")
    await ann.says("/appeal 1 It was meant kindly.")
    await owner.says("/reviewer add @bob")
    await owner.says("/review uphold 1")
    assert owner.hears("You decided case 1.")
    await bob.says("/review overturn 1")
    assert bob.hears("You reported it yourself.")
    await owner.says("/reviewer remove @bob")
    assert owner.hears("bob does not review any more.")
