"""The site as files: by its links a reader finds every question, its tags and the words of its title."""

import re
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest

from adapters.archive.client import write
from adapters.archive.index import cut
from adapters.archive.pages import Entry
from adapters.archive.site import LINES, LIST, OURS
from bot.kit.texts import Spoken
from bot.knowledge.archive.views import Publication, PublishedQuestion
from tests.adapters.archive.test_markdown import ENGLISH, QUESTION
from tests.adapters.archive.test_pages import Reader

SITE = Publication(title="Home", spoken=ENGLISH)
URL = "https://a.example"


async def paged(questions: Sequence[PublishedQuestion]) -> AsyncIterator[Sequence[PublishedQuestion]]:
    for at in range(0, len(questions), 40):
        yield questions[at : at + 40]


async def built(folder: Path, questions: Sequence[PublishedQuestion], site: Publication = SITE) -> dict[str, Reader]:
    """Every page by its path."""
    assert await write("site", site, paged(questions), folder) == len(questions)
    return {
        file.relative_to(folder).as_posix(): Reader(file.read_text(encoding="utf-8")) for file in folder.rglob("*.html")
    }


def links(page: Reader, path: str) -> list[tuple[str, str]]:
    """The links to other pages of the site, each with its fragment."""
    found = [given["href"] or "" for tag, given in page.tags if tag == "a"]
    near = [urldefrag(urljoin(f"https://here/{path}", each)) for each in found]
    return [(unquote(url.removeprefix("https://here/")), unquote(mark)) for url, mark in near if "//here/" in url]


def many(count: int) -> list[PublishedQuestion]:
    """Questions in two scripts, with tags that cannot be file names."""
    titles = ("How do I cancel task {}?", "如何取消任务 {}？", "Which classes cache C++ {}?")
    tags = (("python", "c++"), ("账号",), ("python", "c#"))
    return [
        replace(QUESTION, number=n, title=titles[n % 3].format(n), tags=tags[n % 3], day=date(2026, 1, 1 + n % 28))
        for n in range(1, count + 1)
    ]


async def test_every_link_leads_somewhere(tmp_path: Path) -> None:
    """Links lead from the first page to every page, and each target exists, with its fragment."""
    pages = await built(tmp_path / "site", many(130))

    marks = {path: {given["id"] for _, given in page.tags if "id" in given} for path, page in pages.items()}
    reached, left = set[str](), {"index.html"}
    while left:
        path = left.pop()
        reached.add(path)
        for to, mark in links(pages[path], path):
            assert to in pages, (path, to)
            assert not mark or mark in marks[to], (path, to, mark)
            left |= {to} - reached
    assert reached == set(pages)
    assert {path for path in pages if path.startswith("questions/")} == {f"questions/{n}.html" for n in range(1, 131)}
    assert all(
        OURS.fullmatch(f"{each.name}/" if each.is_dir() else each.name) for each in (tmp_path / "site").glob("[!.]*")
    )


async def test_questions_are_found_by_their_words(tmp_path: Path) -> None:
    """Words are found in English singular and plural, in Chinese by two characters, and with signs as in C++."""
    pages = await built(tmp_path / "site", many(130))

    found: dict[str, set[str]] = {}
    for path, page in pages.items():
        if path.startswith("words/"):
            text = (tmp_path / "site" / path).read_text(encoding="utf-8")
            for word, block in re.findall(r'<h2 id="([^"]+)"[^\n]*\n(.*?)(?=<h2|</main>)', text, re.DOTALL):
                found.setdefault(word, set()).update(re.findall(r"questions/(\d+)\.html", block))
            assert page.within["main"].count("answers") <= LINES
    assert found["取消"] == {str(n) for n in range(1, 131) if n % 3 == 1}
    assert found["task"] == {str(n) for n in range(1, 131) if n % 3 == 0}
    assert found["classes"] == found["c++"] == {str(n) for n in range(1, 131) if n % 3 == 2}
    assert found["77"] == {"77"}
    assert "how" not in found


async def test_lists_are_cut_into_pages(tmp_path: Path) -> None:
    """Lists have the newest question first, and each question once."""
    pages = await built(tmp_path / "site", many(130))

    lists = ["index.html", "page_2.html", "page_3.html"]
    shown = [[to for to, _ in links(pages[path], path) if to.startswith("questions/")] for path in lists]
    assert [len(each) for each in shown] == [LIST, LIST, 30]
    assert [each for page in shown for each in page] == [f"questions/{n}.html" for n in range(130, 0, -1)]
    assert [path for path in pages if path.startswith("tags/c-2b-2b")] == ["tags/c-2b-2b_1.html"]


async def test_search_engines_are_shown_the_way(tmp_path: Path) -> None:
    """The site map has every question and tag with its day, and robots.txt names it."""
    await built(tmp_path / "site", many(3), replace(SITE, url=URL))
    await built(tmp_path / "deep", many(3), replace(SITE, url=f"{URL}/qa"))
    await built(tmp_path / "none", many(3))

    root = ET.parse(tmp_path / "site" / "sitemap.xml").getroot()
    found = {each[0].text: each[1].text for each in root}
    assert found[f"{URL}/questions/2.html"] == "2026-03-02"
    assert found.keys() == {
        f"{URL}/", *(f"{URL}/questions/{n}.html" for n in (1, 2, 3)),
        *(f"{URL}/tags/{each}_1.html" for each in ("python", "c-2b-2b", "c-23", "%E8%B4%A6%E5%8F%B7")),
    }  # fmt: skip
    assert f"Sitemap: {URL}/sitemap.xml" in (tmp_path / "site" / "robots.txt").read_text()
    assert not (tmp_path / "deep" / "robots.txt").exists()
    assert not (tmp_path / "none" / "sitemap.xml").exists()


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_a_site_without_questions(tmp_path: Path, language: str) -> None:
    """A site without questions says so, in the community's language."""
    spoken = Spoken(ENGLISH.catalogue, language)
    pages = await built(tmp_path / "site", [], replace(SITE, spoken=spoken))

    assert sorted(pages) == ["index.html", "search.html", "tags.html"]
    assert spoken.words("archive.site.nothing") in pages["index.html"].within["main"]


async def test_the_same_questions_make_the_same_site(tmp_path: Path) -> None:
    """The same questions give the same bytes, and a question that is no longer published is gone."""
    await built(tmp_path / "one", many(90), replace(SITE, url=URL))
    await built(tmp_path / "two", many(130), replace(SITE, url=URL))
    await built(tmp_path / "two", many(90), replace(SITE, url=URL))

    one, two = (
        {each.relative_to(root): each.read_bytes() for each in root.rglob("*") if each.is_file()}
        for root in (tmp_path / "one", tmp_path / "two")
    )
    assert one == two


def test_a_word_on_many_questions_goes_on_on_the_next_page() -> None:
    """No page is longer than allowed, no line is lost, and the order stays."""
    entries = [Entry(number, str(number), "") for number in range(7)]

    found = list(cut([("a", entries[:2]), ("b", entries), ("c", entries[:1])], 4))

    assert [[(word, len(lines)) for word, lines in page] for page in found] == [
        [("a", 2), ("b", 2)], [("b", 4)], [("b", 1), ("c", 1)]
    ]  # fmt: skip
    assert [each for page in found for word, lines in page if word == "b" for each in lines] == entries
