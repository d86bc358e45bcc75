"""Reads what a community publishes, page by page, for the writer; the archive capability decides what may be told."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.host.adapters import module
from bot.host.config import Config
from bot.kit.references import clean
from bot.kit.setting import Settings, configured
from bot.kit.terms import terms
from bot.kit.texts import Catalogue, Spoken
from bot.knowledge.archive.rules import Names, Veil, hidden, publish
from bot.knowledge.archive.views import ExportRefused, Publication, PublishedQuestion
from models import circles, communities, members, publishing, text_index
from models.communities import Community
from models.engines import open_store
from models.migrate import pending
from models.publishing import Called
from models.questions import Question, Standing
from models.store import Store, Tx

#: questions, and members, that are read at a time
PAGE = 200

Asked = tuple[Question, Sequence[Standing]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the operator asked for."""

    #: md, json or site
    kind: str
    #: a file or a folder; None for standard output
    output: Path | None = None
    #: the id or the name; None if there is only one community
    community: str | None = None
    #: also questions that are answered but not solved
    everything: bool = False
    title: str | None = None
    url: str | None = None


async def export(config: Config, wanted: Wanted) -> int:
    """Export and return how many questions were written. It reads beside the serving process and delays nobody."""
    store = await open_store(config.store.url.get_secret_value(), make=False)
    try:
        if await pending(store):
            raise ExportRefused(f"{store.url} has an older schema; run `hearth migrate`")
        async with store.read() as tx:
            community = await _find(tx, wanted.community)
            settings = await configured(tx, community.id)
        catalogue = Catalogue()
        spoken = Spoken(catalogue, catalogue.choose(settings.language))
        title = clean(wanted.title or community.name)
        publication = Publication(title=title, spoken=spoken, url=wanted.url)
        found = published(store, community.id, spoken, settings, everything=wanted.everything)
        written: int = await module("archive", "client").write(wanted.kind, publication, found, wanted.output)
        return written
    finally:
        await store.close()


async def published(
    store: Store, community: int, spoken: Spoken, settings: Settings, *, everything: bool = False
) -> AsyncIterator[list[PublishedQuestion]]:
    """The questions by number. Each page is a reading of its own, so that no reading takes long."""
    names = await _names(store, community)
    after = 0
    while True:
        async with store.read() as tx:
            read = await circles.common(tx, community, *settings.common)
            found = await publishing.answered(tx, community, after, PAGE, read)
            if not found:
                return
            answers = await publishing.answers(tx, community, [each.number for each in found])
            asked = [(each, answers.get(each.number, [])) for each in found]
            ids = [member for each in asked for member in _taking_part(*each)]
            people = await publishing.called(tx, community, ids)
            names_of = await _names_of(tx, community, [each for each in people.values() if hidden(each)])
            bare = [_veil(names, [names_of.get(each, []) for each in _taking_part(*pair)], spoken) for pair in asked]
            veils = await _counted(tx, community, read, asked, bare)
        after = found[-1].number
        pairs = zip(asked, veils, strict=True)
        day = settings.calendar.date_of
        shown = [publish(question, given, people, veil.over, day) for (question, given), veil in pairs]
        yield [each for each in shown if each and (everything or each.state == "solved")]


def _taking_part(question: Question, answers: Sequence[Standing]) -> list[int]:
    return [question.asker_id, *(each.answer.author_id for each in answers)]


def _veil(names: Names, own: Sequence[Sequence[str]], spoken: Spoken) -> Veil:
    whole = [name for each in own for name in each]
    return Veil(
        names=names,
        own=Names(whole),
        parts=Names(part for name in whole for part in name.split()),
        member=spoken.words("archive.member"),
        place=spoken.words("archive.place"),
    )


async def _counted(
    tx: Tx, community: int, circles: Collection[str], asked: Sequence[Asked], veils: Sequence[Veil]
) -> list[Veil]:
    """The veils, with how often each name occurs that they may have to hide."""
    found = {
        "".join(spot.name)
        for (question, answers), veil in zip(asked, veils, strict=True)
        for text in (question.title, question.body, *question.tags.split(), *(each.answer.body for each in answers))
        for spot in veil.spots(text)
    }
    counted, texts = await text_index.rarity(
        tx, community, circles, sorted({term for name in found for term in terms(name)})
    )
    return [replace(veil, counted=counted, texts=texts) for veil in veils]


async def _find(tx: Tx, wanted: str | None) -> Community:
    known = await communities.communities(tx)
    found = [each for each in known if wanted in (None, str(each.id), each.name)]
    if len(found) == 1:
        return found[0]
    if not known:
        raise ExportRefused("there is no community yet; Hearth founds one when it first hears from a guild or a group")
    listed = ", ".join(f"{each.id} ({clean(each.name)})" for each in known)
    raise ExportRefused(f"say which community with --community and its number: {listed}")


async def _names(store: Store, community: int) -> Names:
    """Names of every member who did not agree to be named."""
    names, after = Names(), 0
    while True:
        async with store.read() as tx:
            found = await publishing.everybody(tx, community, after, PAGE)
            if not found:
                return names
            called = await _names_of(tx, community, [each for each in found if hidden(each)])
        for name in (name for each in called.values() for name in each):
            names.add(name)
        after = found[-1].id


async def _names_of(tx: Tx, community: int, people: Sequence[Called]) -> dict[int, list[str]]:
    """Their names as members, and on their platforms."""
    names = {each.id: [each.name] for each in people}
    for account in await members.accounts(tx, community, list(names)):
        names[account.member_id] += [each for each in (account.name, account.username, account.external_id) if each]
    return names
