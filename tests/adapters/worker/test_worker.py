"""The worker process and what it draws: started when needed, replaced when it dies, ended when idle."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Picture

from adapters.worker import card, certificate
from adapters.worker.client import Worker
from adapters.worker.lettering import UNKNOWN, glyphs
from bot.core.pictures import Studio, Undrawn
from bot.kit import Post, Reply
from bot.kit.codec import dump, load_effect
from bot.kit.replies import Document, Drawing, Image

VALUES: dict[str, Any] = {
    "theme": "dark",
    "seed": "7",
    "name": "Ann",
    "level": "12",
    "level_label": "Level",
    "rank": "Rank 3 of 128",
    "score": "Score 1,234",
    "permille": 620,
    "done": "62 / 100",
    "missing": "38 more for level 13",
}
PAPER: dict[str, Any] = {
    "theme": "light",
    "community": "Garden",
    "heading": "Certificate",
    "to": "is given to",
    "name": "Ann",
    "for": "for",
    "title": "Leading the workshop",
    "date": "March 5, 2026",
    "code": "7KQ4-9XYZ-2M3N-AB0K",
    "how": "To verify it, send /verify",
    "about": "Leading the workshop · Ann",
}
#: draws one picture, tells which process drew it, and waits to be killed
BOT = f"""
import asyncio
from adapters.worker.client import Worker
from bot.kit.replies import Drawing

async def main():
    worker = Worker()
    await worker.draw(Drawing("card", {VALUES!r}, "rank.png", "Ann"))
    print(worker.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""
DRAWING = Drawing("card", VALUES, "rank.png", "Ann is on level 12")
NAMES = [
    "Ann",
    "林小雨",
    "龍鳳齋",
    "さくらタロウ",
    "한국어",
    "Женя",
    "Ἀθηνᾶ",
    "Đặng Thị Hà",
    "👩🏽‍💻🏳️‍🌈👨‍👩‍👧🇩🇪1️⃣❤️",
    "a\u202ebc\u200bd\x00e",
]


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    made = Worker()
    yield made
    await made.close()


async def test_it_is_started_when_there_is_work(worker: Worker) -> None:
    """Nothing runs before the first picture; the same process draws the next one, to the same bytes."""
    assert worker.pid is None
    first = await worker.draw(DRAWING)
    pid = worker.pid

    assert await worker.draw(DRAWING) == first
    assert worker.pid == pid
    assert Picture.open(BytesIO(first)).format == "PNG"


async def test_a_streak_has_a_line_of_its_own(worker: Worker) -> None:
    """The streak's line is the lowest, and takes no room when there is none."""
    with_it = await worker.draw(Drawing("card", VALUES | {"streak": "🔥 12 days in a row"}, "rank.png", ""))

    heights = [Picture.open(BytesIO(each)).height for each in (await worker.draw(DRAWING), with_it)]
    assert heights == [card.HEIGHT, card.HEIGHT + card.FOOT]


async def test_one_that_was_killed_is_replaced(worker: Worker) -> None:
    """The picture comes even if its worker is killed."""
    await worker.draw(DRAWING)
    assert worker.pid
    os.kill(worker.pid, signal.SIGKILL)

    assert (await worker.draw(DRAWING)).startswith(b"\x89PNG")


async def test_what_kills_two_is_given_up() -> None:
    """The reply goes out without its picture, and its words say everything."""
    studio = Studio()
    studio.artist = Worker([sys.executable, "-c", "import os; os._exit(9)"])

    assert await studio.finish(Reply(image=DRAWING)) == Reply()
    await studio.close()


async def test_what_it_cannot_draw_is_told(worker: Worker) -> None:
    """The worker says what was wrong and goes on with the next one."""
    with pytest.raises(Undrawn, match="KeyError"):
        await worker.draw(Drawing("card", {}, "rank.png", ""))
    assert (await worker.draw(DRAWING)).startswith(b"\x89PNG")


async def test_it_is_let_go_when_idle() -> None:
    """Nothing of an idle worker is left."""
    worker = Worker(idle=0.05)
    await worker.draw(DRAWING)
    pid = worker.pid
    assert pid

    async with asyncio.timeout(10):
        while _lives(pid):
            await asyncio.sleep(0.02)
    await worker.close()


async def test_a_promised_picture_is_drawn_before_it_goes_out(worker: Worker) -> None:
    """The drawing survives the store, and the same content is drawn once."""
    studio = Studio()
    studio.artist = worker
    stored = load_effect("Post", dump(Post(place=1, reply=Reply(image=DRAWING))))

    finished = await studio.finish_effect(stored)

    assert isinstance(finished, Post)
    assert isinstance(finished.reply.image, Image)
    assert finished.reply.image.alt == "Ann is on level 12"
    await worker.close()
    assert (await studio.finish(Reply(image=DRAWING))).image == finished.reply.image


@pytest.mark.parametrize("name", NAMES)
def test_names_have_glyphs(name: str) -> None:
    """Every name is drawn with signs that our fonts have."""
    assert UNKNOWN not in [glyph.text for glyph in glyphs(name)]


def test_sequences_stay_together() -> None:
    """Joined emoji are one picture, skin tones fall back to the plain one, and control characters are left out."""
    assert len(glyphs("👩🏽‍💻🏳️‍🌈👨‍👩‍👧🇩🇪")) == 4
    assert "".join(glyph.text for glyph in glyphs(NAMES[-1])) == "abcde"


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("name", [*NAMES, "", "محمد", "x" * 4000, "👩" * 1000])
def test_a_card_holds_any_name(name: str, theme: str) -> None:
    """The card has one size, and its margins stay empty on both sides."""
    picture = Picture.open(BytesIO(card.draw(VALUES | {"name": name, "theme": theme}))).convert("RGB")

    assert picture.size == (card.WIDTH, card.HEIGHT)
    ground = picture.getpixel((0, 0))
    right = picture.crop((card.RIGHT + 4, 0, card.WIDTH, card.HEIGHT))
    assert right.getcolors() == [(right.width * right.height, ground)]


@pytest.mark.parametrize(
    "words", ["林小雨", NAMES[-2], NAMES[-1], "", "محمد", "x" * 4000, "x y" * 100, "林 小雨" * 50, "👩" * 1000]
)
def test_a_certificate_holds_any_words(words: str) -> None:
    """Whatever name and title it has, nothing touches the frame."""
    values = PAPER | dict.fromkeys(("name", "title", "community", "date", "how"), words)
    picture = Picture.open(BytesIO(certificate.draw(values))).convert("RGB")

    assert picture.size == (certificate.WIDTH, certificate.HEIGHT)
    for left in (certificate.FRAME + 24, certificate.WIDTH - certificate.MARGIN + 4):
        side = picture.crop((left, 100, left + 60, certificate.HEIGHT - 100))
        assert side.getcolors() == [(side.width * side.height, picture.getpixel((0, 0)))]


async def test_a_certificate_is_a_picture_or_a_page(worker: Worker) -> None:
    """The drawing decides which; a page of the same content has the same bytes, and is small enough to be sent."""
    page = Drawing("certificate", PAPER, "certificate.pdf", "", "application/pdf")
    drawn = await worker.draw(page)

    assert (await worker.draw(Drawing("certificate", PAPER, "certificate.png", ""))).startswith(b"\x89PNG")
    assert drawn.startswith(b"%PDF-")
    assert await worker.draw(page) == drawn
    studio = Studio()
    studio.artist = worker
    finished = await studio.finish(Reply(file=page))
    assert finished.document == Document("certificate.pdf", drawn, "application/pdf")


async def test_a_page_that_is_owed_survives_being_written_down() -> None:
    """A page is drawn when it goes out, and is left out where nobody draws."""
    page = Drawing("certificate", PAPER, "certificate.pdf", "", "application/pdf")
    stored = load_effect("Post", dump(Post(place=1, reply=Reply(file=page))))

    assert isinstance(stored, Post)
    assert stored.reply.file == page
    assert await Studio().finish_effect(stored) == Post(place=1, reply=Reply())


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_it_ends_with_the_bot() -> None:
    """However the bot ends, a worker without a partner ends too, and leaves nothing behind."""
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", BOT, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    assert bot.stdout
    number = int(await asyncio.wait_for(bot.stdout.readline(), 30))
    assert _runs(number)

    bot.kill()
    await bot.wait()

    async with asyncio.timeout(5):
        while _runs(number):
            await asyncio.sleep(0.05)


def _runs(number: int) -> bool:
    try:
        return "adapters.worker" in Path(f"/proc/{number}/cmdline").read_text(encoding="utf-8")
    except OSError:
        return False
