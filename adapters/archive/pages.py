"""Builds the site's pages: HTML without scripts, in which a member's text is always only text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from urllib.parse import quote

from adapters.archive.texts import Code, Kind, Line, Part, blocks, excerpt
from bot.knowledge.archive.views import Publication, PublishedAnswer, PublishedQuestion

#: a page loads only the style sheet, and sends nothing
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'"
SCHEMA = "https://schema.org"
#: characters that search engines show below a title
DESCRIPTION = 160
#: bytes of a file's name, below the limit of every file system
LONGEST = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The parts around the content of a page."""

    #: path from the root of the site
    path: str
    title: str
    content: str
    description: str = ""
    #: whether search engines show it, or only follow its links
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A question as lists show it."""

    number: int
    title: str
    #: the text below it
    about: str

    @property
    def path(self) -> str:
        return question_path(self.number)


def question_path(number: int) -> str:
    return f"questions/{number}.html"


def frame(page: Page, site: Publication) -> str:
    """A whole page."""
    up = "../" * page.path.count("/")
    words = site.spoken.words
    title = site.title if page.title == site.title else f"{page.title} · {site.title}"
    return "\n".join([
        "<!doctype html>",
        f'<html lang="{escape(site.spoken.language)}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}</title>",
        *_head(page, site),
        f'<link rel="stylesheet" href="{up}style.css">',
        "</head>",
        "<body>",
        f'<a class="skip" href="#content">{escape(words("archive.site.skip"))}</a>',
        "<header>",
        f'<p dir="auto"><a href="{up}index.html">{escape(site.title)}</a></p>',
        f'<nav aria-label="{escape(words("archive.site.pages"))}">',
        f'<a href="{up}index.html">{escape(words("archive.site.questions"))}</a>',
        f'<a href="{up}tags.html">{escape(words("archive.site.tags"))}</a>',
        f'<a href="{up}search.html">{escape(words("archive.site.find"))}</a>',
        "</nav>",
        "</header>",
        f'<main id="content">\n{page.content}\n</main>',
        f'<footer><p>{escape(words("archive.site.footer"))}</p></footer>',
        "</body>",
        "</html>",
        "",
    ])  # fmt: skip


def question_page(question: PublishedQuestion, site: Publication) -> Page:
    """A question's page, marked up for schema.org in attributes, so that search engines know the answer."""
    tags = [f'<a href="../{quote(tag_path(tag))}" rel="tag">#{escape(tag)}</a>' for tag in question.tags]
    content = [
        f'<article itemscope itemtype="{SCHEMA}/QAPage">',
        f'<div itemprop="mainEntity" itemscope itemtype="{SCHEMA}/Question">',
        f'<h1 itemprop="name" dir="auto">{escape(question.title)}</h1>',
        _by(question, site),
        f'<meta itemprop="answerCount" content="{len(question.answers)}">',
        *([f'<div itemprop="text">{_text(question.text)}</div>'] if question.text else []),
        *([f'<p class="by">{" ".join(tags)}</p>'] if tags else []),
        *(_answer(answer, site) for answer in question.answers),
        "</div>",
        "</article>",
    ]
    said = excerpt(question.text or question.answers[0].text, DESCRIPTION)
    return Page(path=question_path(question.number), title=question.title, content="\n".join(content), description=said)


def listed(entries: Iterable[Entry], path: str) -> str:
    up = "../" * path.count("/")
    lines = [
        f'<li><a href="{up}{each.path}" dir="auto">{escape(each.title)}</a>'
        f' <span class="about">{escape(each.about)}</span></li>'
        for each in entries
    ]
    return "\n".join(['<ul class="list">', *lines, "</ul>"])


def links(found: Iterable[tuple[str, str, str]]) -> str:
    """Links, each with its address and a text about it."""
    lines = [
        f'<li><a href="{escape(to)}" dir="auto">{escape(word)}</a> {escape(more)}</li>' for word, to, more in found
    ]
    return "\n".join(['<ul class="words">', *lines, "</ul>"])


def heading(word: str, anchor: str = "") -> str:
    """A heading with an anchor for links."""
    mark = f' id="{escape(anchor)}"' if anchor else ""
    return f'<h2{mark} dir="auto">{escape(word)}</h2>'


def tag_path(tag: str, page: int = 1) -> str:
    """The path of a tag: letters and digits stay, the rest is spelled out, so no two tags share a path."""
    name = "".join(each if each.isalnum() else "".join(f"-{byte:02x}" for byte in each.encode()) for each in tag)
    if len(name.encode()) > LONGEST:
        name = sha256(tag.encode()).hexdigest()
    return f"tags/{name}_{page}.html"


def _head(page: Page, site: Publication) -> Iterator[str]:
    if page.description:
        yield f'<meta name="description" content="{escape(page.description)}">'
    if not page.shown:
        yield '<meta name="robots" content="noindex, follow">'
    if site.url:
        yield f'<link rel="canonical" href="{escape(address(site.url, page.path))}">'


def address(url: str, path: str) -> str:
    return f"{url}/{quote('' if path == 'index.html' else path)}"


def _answer(answer: PublishedAnswer, site: Publication) -> str:
    number = str(answer.number)
    words = site.spoken.words
    says = words("archive.solves", number=number) if answer.accepted else words("archive.answer", number=number)
    role = "acceptedAnswer" if answer.accepted else "suggestedAnswer"
    kind = "answer solves" if answer.accepted else "answer"
    scope = f'itemprop="{role}" itemscope itemtype="{SCHEMA}/Answer"'
    return "\n".join([
        f'<section class="{kind}" id="answer-{number}" {scope}>',
        f'<h2><a itemprop="url" href="#answer-{number}">{escape(says)}</a></h2>',
        _by(answer, site),
        f'<div itemprop="text">{_text(answer.text)}</div>',
        "</section>",
    ])  # fmt: skip


def _by(said: PublishedQuestion | PublishedAnswer, site: Publication) -> str:
    """The author, if they agreed to be named, the time, and the votes."""
    parts = []
    if said.author is not None:
        name = f'<span itemprop="name" dir="auto">{escape(said.author)}</span>'
        parts.append(f'<span itemprop="author" itemscope itemtype="{SCHEMA}/Person">{name}</span>')
    day = escape(site.spoken.words("archive.day", date=said.day))
    parts.append(f'<time itemprop="dateCreated" datetime="{said.day.isoformat()}">{day}</time>')
    if isinstance(said, PublishedAnswer):
        parts.append(f'👍 <span itemprop="upvoteCount">{said.score}</span>')
    return f'<p class="by">{" · ".join(parts)}</p>'


def _text(text: str) -> str:
    return "\n".join(
        f'<pre dir="ltr" tabindex="0"><code>{escape(block.text)}</code></pre>'
        if isinstance(block, Code)
        else f'<p dir="auto">{"<br>".join(map(_line, block.lines))}</p>'
        for block in blocks(text)
    )


def _line(line: Line) -> str:
    return "".join(map(_part, line))


def _part(part: Part) -> str:
    text = escape(part.text)
    match part.kind:
        case Kind.CODE:
            return f"<code>{text}</code>"
        case Kind.LINK:
            return f'<a href="{text}" rel="nofollow ugc noopener noreferrer">{text}</a>'
        case _:
            return text


def turn(site: Publication, paths: Sequence[str], place: int) -> Iterator[str]:
    """Links to the pages before and after."""
    if len(paths) == 1:
        return
    up = "../" * paths[place].count("/")
    words = site.spoken.words
    where = escape(words("archive.site.page", page=place + 1, pages=len(paths)))
    yield f'<nav aria-label="{where}">'
    if place:
        yield f'<a href="{up}{quote(paths[place - 1])}" rel="prev">{escape(words("archive.site.back"))}</a>'
    yield f"<span>{where}</span>"
    if place + 1 < len(paths):
        yield f'<a href="{up}{quote(paths[place + 1])}" rel="next">{escape(words("archive.site.on"))}</a>'
    yield "</nav>"
