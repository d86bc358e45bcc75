"""Ranks are drawn, and the picture reaches the member who asked, on every platform."""

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from PIL import Image as Picture

from adapters.worker.client import Worker
from tests.stories.stage import Stage


@pytest.fixture
async def drawing(stage: Stage) -> AsyncIterator[Stage]:
    """With the worker process that draws."""
    stage.core.studio.artist = Worker()
    yield stage
    await stage.core.studio.close()


@pytest.mark.parametrize(("language", "said"), [("en", "level"), ("zh-CN", "级")])
async def test_a_rank_is_a_picture(drawing: Stage, language: str, said: str) -> None:
    """With words beside it, for readers who cannot see it; without a worker only the words come."""
    owner = await drawing.admin("owner")
    (ann,) = await drawing.members("ann")
    await owner.says("/points give @ann 500 for the workshop")
    await ann.says(f"/language {language}")

    await ann.says("/rank")

    assert ann.hears(said)
    with Picture.open(BytesIO(ann.sees)) as card:
        assert (card.format, card.width > card.height) == ("PNG", True)


async def test_without_a_worker_words_are_enough(stage: Stage) -> None:
    """Only the picture is missing."""
    (ann,) = await stage.members("ann")

    await ann.says("/rank")

    assert ann.hears("level")
    assert ann.sees == b""
