"""Pages of the site: members' text stays text, and everybody can read the pages."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.archive import site
from adapters.archive.pages import POLICY, frame, question_page, tag_path
from bot.knowledge.archive.views import Publication, PublishedQuestion
from tests.adapters.archive.test_markdown import ANSWER, ENGLISH, QUESTION

SITE = Publication(title="Home", spoken=ENGLISH, url="https://a.example/qa")
#: what HTML treats as markup, and what may stand around it
PIECES = [*"<>&\"'`/=!-:;#?ax1茶 \n\t", "http://", "</p>", "<script>", "]]>"]
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
VOID = {"meta", "link", "br"}


class Reader(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.said: list[str] = []
        #: the texts inside elements, joined by the element's name
        self.within: dict[str, str] = {}
        self.strange: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.within[tag] = self.within.get(tag, "") + data

    def handle_comment(self, data: str) -> None:
        self.strange.append(data)

    def handle_pi(self, data: str) -> None:
        self.strange.append(data)

    def unknown_decl(self, data: str) -> None:
        self.strange.append(data)

    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(tag, tuple(given)) for tag, given in self.tags if tag not in ("p", "br", "pre", "code")]


def read(question: PublishedQuestion, where: Publication = SITE) -> Reader:
    return Reader(frame(question_page(question, where), where))


def bare(text: str) -> str:
    return "".join(text.split())


@given(HOSTILE | st.text(), HOSTILE | st.text(), HOSTILE)
def test_text_stays_text(text: str, title: str, name: str) -> None:
    """No element or attribute comes from a title, a text, a name or a tag, and every word is shown."""
    text, title, name = (each.replace("\r", " ").replace("\0", "") for each in (f"x{text}", f"x{title}", f"x{name}"))
    tame = replace(
        QUESTION, title="t", text="t", author="t", tags=("t",), answers=(replace(ANSWER, text="t", author="t"),)
    )
    wild = replace(
        tame, title=title, text=text, author=name, tags=(name,), answers=(replace(ANSWER, text=text, author=name),)
    )
    page = read(wild, replace(SITE, title=name))

    links = [given["href"] or "" for tag, given in page.tags if tag == "a" and "ugc" in (given.get("rel") or "")]
    left = [each for each in page.shape() if each != ("a", ("href", "rel"))]
    assert left == [each for each in read(tame, SITE).shape() if each != ("a", ("href", "rel"))]
    assert all(re.match("https?://", link, re.IGNORECASE) for link in links)
    assert page.open == page.strange == []
    assert bare(page.within["h1"]) == bare(title)
    assert bare(title) in bare(page.within["title"])
    if "`" not in text:
        assert bare(page.within["article"]).count(bare(text)) >= 2


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_page_asks_for_nothing(language: str) -> None:
    """A page has no script, no picture, nothing from elsewhere; links stay links, and the policy forbids the rest."""
    spoken = replace(ENGLISH, language=language)
    page = read(QUESTION, replace(SITE, spoken=spoken))

    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "iframe", "form", "object", "style", "base"})
    assert ("html", {"lang": language}) in page.tags
    loads = [given["href"] for tag, given in page.tags if tag == "link" and given["rel"] == "stylesheet"]
    assert loads == ["../style.css"]
    assert [given["content"] for tag, given in page.tags if given.get("http-equiv")] == [POLICY]
    assert not [name for _, given in page.tags for name in given if name.startswith("on") or name == "style"]


def test_search_engines_know_the_answer() -> None:
    """The page has the attributes of schema.org, and its own address as the only one."""
    page = read(QUESTION)
    properties = [given["itemprop"] for _, given in page.tags if "itemprop" in given]

    assert properties == [
        "mainEntity", "name", "dateCreated", "answerCount", "text",
        "acceptedAnswer", "url", "author", "name", "dateCreated", "upvoteCount", "text",
        "suggestedAnswer", "url", "dateCreated", "upvoteCount", "text",
    ]  # fmt: skip
    kinds = [given["itemtype"] for _, given in page.tags if "itemtype" in given]
    assert kinds == [f"https://schema.org/{each}" for each in ("QAPage", "Question", "Answer", "Person", "Answer")]
    address = "https://a.example/qa/questions/3.html"
    assert ("link", {"rel": "canonical", "href": address}) in page.tags
    assert "canonical" not in frame(question_page(QUESTION, replace(SITE, url=None)), replace(SITE, url=None))


def test_it_is_read_without_eyes_and_hands() -> None:
    """A page has one main heading, the others in order, a way past the menu, and code that scrolls by keys."""
    page = read(QUESTION)

    assert [tag for tag, _ in page.tags if re.fullmatch(r"h\d", tag)] == ["h1", "h2", "h2"]
    body = [(tag, given) for tag, given in page.tags if tag == "a"]
    assert body[0] == ("a", {"class": "skip", "href": "#content"})
    assert ("main", {"id": "content"}) in page.tags
    assert ("pre", {"dir": "ltr", "tabindex": "0"}) in page.tags
    assert page.within["pre"] == "await task"


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_can_be_told_apart(scheme: int) -> None:
    """Every text colour has the contrast of 4.5 that WCAG 2 asks for, on every background."""
    found = re.findall(r"--(\w+): (#[0-9a-f]+);", Path(site.STYLE).read_text(encoding="utf-8"))
    colours = dict(found[: len(found) // 2] if scheme == 0 else found[len(found) // 2 :])

    assert len(colours) == 7
    for ground in ("ground", "raised"):
        for ink in ("ink", "quiet", "link", "good"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


@given(st.lists(st.text(min_size=1, max_size=40), min_size=2, max_size=2, unique=True))
def test_every_tag_has_a_page_of_its_own(tags: list[str]) -> None:
    """Whatever a tag is called, its page has its own name, leads to no other folder, and is not too long."""
    first, second = map(tag_path, tags)

    assert first != second
    assert re.fullmatch(r"tags/[^\W_][\w-]*_1\.html|tags/-[\w-]*_1\.html", first)
    assert len(first.encode()) < 200


@pytest.mark.parametrize(
    ("tag", "path"),
    [
        ("python", "tags/python_1.html"),
        ("c++", "tags/c-2b-2b_1.html"),
        ("c#", "tags/c-23_1.html"),
        ("../x", "tags/-2e-2e-2fx_1.html"),
        ("账号", "tags/账号_1.html"),
        ("con", "tags/con_1.html"),
    ],
)
def test_tags_are_told_by_their_names(tag: str, path: str) -> None:
    """The page of a tag has the tag's name, as far as file names allow."""
    assert tag_path(tag) == path


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * each for each in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
