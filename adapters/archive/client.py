"""Writes what is published to the operator's folder or file, a page of questions at a time."""

import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import BinaryIO

import orjson

from adapters.archive import markdown
from adapters.archive.folders import replacing_file, replacing_folder
from adapters.archive.site import OURS, write_site
from bot.knowledge.archive.views import ExportRefused, Publication, PublishedQuestion

#: version of the JSON document: raise it when programs that read it would have to change
VERSION = 1

Pages = AsyncIterator[Sequence[PublishedQuestion]]


async def write(kind: str, publication: Publication, pages: Pages, output: Path | None) -> int:
    """Write it, and return how many questions there were."""
    try:
        if kind == "json" and output is None:
            return await _json(publication, pages, sys.stdout.buffer)
        if output is None:
            raise ExportRefused("say where to with --output and a folder")
        if kind == "json":
            with replacing_file(output) as file:
                return await _json(publication, pages, file)
        ours, fill = (OURS, write_site) if kind == "site" else (markdown.OURS, _markdown)
        with replacing_folder(output, ours) as folder:
            return await fill(publication, pages, folder)
    except OSError as error:
        raise ExportRefused(f"{error.filename or output or 'standard output'}: {error.strerror}") from None


async def _json(publication: Publication, pages: Pages, to: BinaryIO) -> int:
    """Write one document, with a line for each question."""
    head = {"version": VERSION, "community": publication.title, "language": publication.spoken.language}
    to.write(orjson.dumps(head)[:-1] + b',"questions":[')
    count = 0
    async for page in pages:
        for question in page:
            to.write(b"\n" if not count else b",\n")
            to.write(orjson.dumps(_plain(question)))
            count += 1
    to.write(b"\n]}\n")
    to.flush()
    return count


def _plain(question: PublishedQuestion) -> dict[str, object]:
    return {
        "number": question.number,
        "title": question.title,
        "text": question.text,
        "tags": question.tags,
        "author": question.author,
        "asked": question.day,
        "state": question.state,
        "answers": [
            {
                "number": answer.number,
                "text": answer.text,
                "author": answer.author,
                "answered": answer.day,
                "accepted": answer.accepted,
                "score": answer.score,
            }
            for answer in question.answers
        ],
    }


async def _markdown(publication: Publication, pages: Pages, folder: Path) -> int:
    """Write a file for each question, and an index."""
    count = 0
    with (folder / "index.md").open("w", encoding="utf-8", newline="\n") as index:
        index.write(f"{markdown.title(publication.title)}\n")
        async for page in pages:
            for question in page:
                text = markdown.render(question, publication.spoken)
                (folder / markdown.name(question)).write_text(text, encoding="utf-8", newline="\n")
                index.write(markdown.line(question))
                count += 1
    return count
