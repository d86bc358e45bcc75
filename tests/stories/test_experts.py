"""Whoever knows says so, and is brought what waits for them."""

from tests.stories.stage import Stage


async def test_a_helper_sees_what_they_may_know(stage: Stage) -> None:
    """By the tags they name; when they are asked is theirs to say."""
    ann, bob = await stage.members("ann", "bob")
    await ann.says("/ask Why does my loop hang? #asyncio")

    await bob.says("/helper on asyncio 2")
    assert bob.hears("are about #asyncio.")
    await bob.says("/helper quiet 20 9")
    assert bob.hears("Not between 20:00 and 9:00 in UTC.")
    await bob.says("/questions forme")
    assert bob.hears("Why does my loop hang?")
    assert not ann.hears("Why does my loop hang?")
    await bob.says("/helper off")
    assert bob.hears("I ask you no more.")
    await bob.says("/helper status")
    assert bob.hears("I do not ask you")
