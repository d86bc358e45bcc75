"""Shows the boards page by page, and lets a member leave and rejoin them."""

from collections.abc import Sequence
from typing import Annotated

from bot.kit import Button, Range, Reply, Rich, Work, command_line, join
from bot.standing.boards import boards
from bot.standing.boards.rules import MEDALS, Period, first_day
from bot.standing.boards.settings import SEASON
from models import rankings, standings
from models.communities import Place
from models.rankings import Ranked

PAGE = 10


@boards.command("leaderboard", cost=1.5)
async def leaderboard(
    work: Work, period: Period = Period.ALL, place: Place | None = None, page: Annotated[int, Range(1, 10_000)] = 1
) -> Reply:
    await standings.settle(work.tx, work.community)
    found, own = await _ranked(work, period, place, (page - 1) * PAGE)
    lines = [_line(work, ranked) for ranked in found[:PAGE]] or [work.say("empty" if page == 1 else "beyond").text]
    title = work.say(f"title.{period.value}").text
    around = [page - 1] * (page > 1) + [page + 1] * (len(found) > PAGE)
    return Reply(
        title=work.say("in_place", board=title, place=place.name).text if place else title,
        text=join([*lines, (), await _own(work, own)]),
        buttons=tuple(_turn(period, place, to, "◀" if to < page else "▶") for to in around),
        private=place is not None and not await work.known_here(place.id),
        replaces=True,
    )


@boards.command("boards leave")
async def leave(work: Work) -> Reply:
    await standings.hide(work.tx, work.community, work.member.id, hidden=True)
    return work.say("done").but(private=True, buttons=(work.button("back", command_line("boards return")),))


@boards.command("boards return")
async def return_(work: Work) -> Reply:
    await standings.hide(work.tx, work.community, work.member.id, hidden=False)
    return work.say("done").but(private=True)


async def _ranked(
    work: Work, period: Period, place: Place | None, offset: int
) -> tuple[Sequence[Ranked], Ranked | None]:
    """One member more than a page shows, to tell whether another page follows; and the asker's own rank."""
    tx, community, me = work.tx, work.community, work.member.id
    if period is Period.ALL and place is None:
        return await rankings.top(tx, community, PAGE + 1, offset), await rankings.rank(tx, community, me)
    first = first_day(period, work.today, work.setting(SEASON))
    board = tx, community, first, work.today, place.id if place else None
    return await rankings.top_between(*board, PAGE + 1, offset), await rankings.rank_between(*board, me)


def _line(work: Work, ranked: Ranked) -> Rich:
    if medal := MEDALS.get(ranked.rank):
        return work.say("line_medal", medal=medal, name=ranked.name, score=ranked.score).text
    return work.say("line", rank=ranked.rank, name=ranked.name, score=ranked.score).text


async def _own(work: Work, own: Ranked | None) -> Rich:
    if own:
        return work.say("own", name=own.name, rank=own.rank, score=own.score).text
    standing = await standings.standing(work.tx, work.community, work.member.id)
    if standing.excluded:
        return work.say("own_staff", name=work.member.name).text
    return work.say("own_hidden" if standing.hidden else "own_nothing", name=work.member.name).text


def _turn(period: Period, place: Place | None, page: int, label: str) -> Button:
    return Button(label, command_line("leaderboard", period.value, place.external_id if place else "", page))
