"""Writes a static site: a page for each question as it is read, then the lists, from a line kept for each."""

import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import date
from functools import partial
from html import escape
from pathlib import Path
from urllib.parse import quote, urlsplit

from adapters.archive.index import Index, cut, often
from adapters.archive.pages import Entry, Page, address, frame, heading, links, listed, question_page, tag_path, turn
from bot.knowledge.archive.views import Publication, PublishedQuestion

#: matches the names of what we put into a site's folder
OURS = re.compile(
    r"(?:index|page_\d+|search|tags)\.html|style\.css|sitemap(?:-\d+)?\.xml|robots\.txt|(?:questions|tags|words)/"
)
STYLE = Path(__file__).with_name("style.css")
#: questions of a list, and lines of the word index, on one page
LIST, LINES = 50, 200
#: the most addresses in one site map, as sitemaps.org says
MAPPED = 50_000
MAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


async def write_site(site: Publication, pages: AsyncIterator[Sequence[PublishedQuestion]], folder: Path) -> int:
    """Write the site, and return how many questions it has."""
    index = Index()
    for name in ("questions", "tags", "words"):
        (folder / name).mkdir()
    (folder / STYLE.name).write_bytes(STYLE.read_bytes())
    async for page in pages:
        for question in page:
            _put(folder, question_page(question, site), site)
            index.add(question, site)
    for made in _lists(index, site):
        _put(folder, made, site)
    if site.url:
        for name, text in _maps(site.url, index):
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return len(index.entries)


def _put(folder: Path, page: Page, site: Publication) -> None:
    (folder / page.path).write_text(frame(page, site), encoding="utf-8", newline="\n")


def _lists(index: Index, site: Publication) -> Iterator[Page]:
    words = site.spoken.words
    lead = "" if index.entries else words("archive.site.nothing")
    yield from _list(site, site.title, index.newest(), _path, lead)
    for tag, places in sorted(index.tags.items()):
        title = words("archive.site.tagged", tag=tag)
        yield from _list(site, title, index.newest(places), partial(tag_path, tag))
    tags = [(f"#{tag}", quote(tag_path(tag)), str(len(places))) for tag, places in sorted(index.tags.items())]
    yield _page("tags.html", words("archive.site.tags"), links(tags))
    yield from _words(index, site)


def _path(page: int) -> str:
    return "index.html" if page == 1 else f"page_{page}.html"


def _list(
    site: Publication, title: str, entries: Sequence[Entry], path: Callable[[int], str], lead: str = ""
) -> Iterator[Page]:
    """The pages of a list, newest first, as many as needed."""
    starts = range(0, len(entries), LIST) or range(1)
    paths = [path(page) for page in range(1, len(starts) + 1)]
    for place, start in enumerate(starts):
        parts = [f"<p>{escape(lead)}</p>"] if lead else [listed(entries[start : start + LIST], paths[place])]
        yield _page(paths[place], title, *parts, *turn(site, paths, place))


def _words(index: Index, site: Publication) -> Iterator[Page]:
    """The pages of the word index, as in a book: from the first to every word, and from there to the questions."""
    words = site.spoken.words
    found = index.words()
    pages = list(cut(found, LINES))
    paths = [f"words/{number}.html" for number in range(1, len(pages) + 1)]
    first: dict[str, str] = {}
    ranges = []
    for place, (path, page) in enumerate(zip(paths, pages, strict=True)):
        title = words("archive.site.range", first=page[0][0], last=page[-1][0])
        ranges.append((title, path, ""))
        parts = []
        for word, entries in page:
            first.setdefault(word, f"{path}#{quote(word)}")
            parts += [heading(word, word), listed(entries, path)]
        yield _page(path, title, *parts, *turn(site, paths, place), shown=False)
    counted = [(word, first[word], str(count)) for word, count in often(found)]
    parts = [f"<p>{escape(words('archive.site.how'))}</p>"]
    if counted:
        parts += [heading(words("archive.site.often")), links(counted)]
    if ranges:
        parts += [heading(words("archive.site.words")), links(ranges)]
    yield _page("search.html", words("archive.site.find"), *parts)


def _page(path: str, title: str, *parts: str, shown: bool = True) -> Page:
    return Page(
        path=path, title=title, content="\n".join([f'<h1 dir="auto">{escape(title)}</h1>', *parts]), shown=shown
    )


def _maps(url: str, index: Index) -> Iterator[tuple[str, str]]:
    """Site maps for search engines, with every page worth finding; robots.txt works only at a host's root."""
    newest = max(index.days, default=None)
    found: list[tuple[str, date | None]] = [("index.html", newest)]
    found += [(entry.path, day) for entry, day in zip(index.entries, index.days, strict=True)]
    found += [(tag_path(tag), max(index.days[place] for place in places)) for tag, places in sorted(index.tags.items())]
    maps = [found[start : start + MAPPED] for start in range(0, len(found), MAPPED)]
    if len(maps) == 1:
        yield "sitemap.xml", _map("urlset", "url", url, maps[0])
    else:
        names: list[tuple[str, date | None]] = [(f"sitemap-{number}.xml", newest) for number in range(1, len(maps) + 1)]
        yield "sitemap.xml", _map("sitemapindex", "sitemap", url, names)
        for (name, _), part in zip(names, maps, strict=True):
            yield name, _map("urlset", "url", url, part)
    if not urlsplit(url).path:
        yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {address(url, 'sitemap.xml')}\n"


def _map(root: str, each: str, url: str, found: Sequence[tuple[str, date | None]]) -> str:
    lines = [
        f"<{each}><loc>{escape(address(url, path))}</loc>"
        f"{f'<lastmod>{day.isoformat()}</lastmod>' if day else ''}</{each}>"
        for path, day in found
    ]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', f"<{root} {MAP}>", *lines, f"</{root}>", ""])
