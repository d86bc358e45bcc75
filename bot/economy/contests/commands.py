"""Opening a contest, submitting an entry, voting, and naming the winner."""

from datetime import timedelta
from typing import Annotated

from bot.economy import pots
from bot.economy.contests import acts, contests
from bot.economy.contests.rules import no_vote
from bot.economy.points import acts as points_acts
from bot.economy.pots import Lasts, Points
from bot.kit import (
    Access,
    Block,
    Button,
    Choice,
    Long,
    OptionRefused,
    Range,
    Refusal,
    Reply,
    Rich,
    Style,
    Suggest,
    Tone,
    Work,
    command_line,
    join,
    read_name,
    written,
)
from bot.kit.references import clean
from models import members
from models import pots as pots_store
from models.pots import Pot, Scored, Seat

#: the most entries of a contest, and how many one page shows, each with its button
MOST, PAGE = 500, 5
#: the longest entry, in characters
TEXT = 1000


async def open_contests(work: Work, typed: str) -> list[Choice]:
    return await pots.choices(work, acts.KIND, typed)


Contest = Annotated[str, Suggest(open_contests)]
Entry = Annotated[int, Range(1, 100_000)]


@contests.command("contest open", access=Access.STAFF)
async def open_(
    work: Work,
    title: Annotated[str, Range(1, pots.TITLE)],
    prize: Points,
    lasts: Lasts = timedelta(days=7),
    winners: Annotated[int, Range(1, 20)] = 1,
    own: bool = False,
) -> Reply:
    """The prize is new points, which needs the right to give points, or the member who opens it pays it into escrow."""
    if not own and work.access < Access.ADMIN:
        raise Refusal("contest.open.new")
    opened = await pots.open_pot(
        work,
        acts.KIND,
        lasts,
        title=read_name("title", title, pots.TITLE),
        prize="stakes" if own else "new",
        amount=prize,
        winners=winners,
        seats=MOST,
        per_member=1,
    )
    if own:
        await points_acts.stake(work, work.member, prize, acts.KIND, opened.subject)
    said = work.say("title", number=opened.number, title=opened.title).text
    return Reply(title=said, text=_described(work, opened), buttons=_part(work, opened), tone=Tone.GOOD)


@contests.command("contest enter")
async def enter(work: Work, contest: Contest, text: Annotated[str, Long(), Range(1, TEXT)]) -> Reply:
    """One entry for each member. A new text replaces the old one, whose votes are removed."""
    if clean(text) == clean(""):
        raise OptionRefused("text", "refusal.length", low=1, high=TEXT)
    found = await pots.find_pot(work, acts.KIND, contest)
    if found.prize == "stakes" and found.owner_id == work.member.id:
        raise Refusal("contest.own_prize")
    mine = await pots_store.seats_of(work.tx, work.community, found.number, work.member.id)
    last = await pots_store.last_seat(work.tx, work.community, found.number)
    if not mine and last >= found.seats:
        raise Refusal("contest.full", number=found.number)
    number = mine[0].number if mine else last + 1
    await pots_store.forget_votes(work.tx, work.community, found.number, number)
    await pots_store.sit(work.tx, [Seat(work.community, found.number, number, work.member.id, work.now, text)])
    said = work.say("again" if mine else "entered", entry=number, number=found.number, title=found.title)
    return said.but(private=True, tone=Tone.GOOD)


@contests.command("contest withdraw")
async def withdraw(work: Work, contest: Contest) -> Reply:
    found = await pots.find_pot(work, acts.KIND, contest)
    mine = await pots_store.seats_of(work.tx, work.community, found.number, work.member.id)
    if not mine or mine[0].text is None:
        raise Refusal("contest.withdraw.none", number=found.number)
    await pots_store.stand_up(work.tx, work.community, found.number, mine[0].number)
    return work.say("done", number=found.number, title=found.title).but(private=True)


@contests.command("contest vote")
async def vote(work: Work, contest: Contest, entry: Entry) -> Reply:
    """One vote for each member, who may change it until the end."""
    found = await pots.find_pot(work, acts.KIND, contest)
    meant = await pots_store.seat(work.tx, work.community, found.number, entry)
    if refusal := no_vote(found, meant, work.member):
        raise refusal
    await pots_store.vote(work.tx, work.community, found.number, work.member.id, entry, work.now)
    return work.say("done", entry=entry, number=found.number, title=found.title).but(private=True, tone=Tone.GOOD)


@contests.command("contest show", reads=True)
async def show(work: Work, contest: Contest, page: Annotated[int, Range(1, 1000)] = 1) -> Reply:
    """In the order of entry, so that the first page does not favour the leader."""
    found = await _seen(work, contest)
    entries = await pots_store.scores(work.tx, work.community, found.number)
    some = entries[(page - 1) * PAGE : page * PAGE]
    numbers = [each.seat.number for each in some]
    votes = [
        Button(work.words("contest.vote_for", entry=number), command_line("contest vote", found.number, number))
        for number in numbers
    ]
    around = [page - 1] * (page > 1) + [page + 1] * (len(entries) > page * PAGE)
    turn = [Button("◀" if to < page else "▶", command_line("contest show", found.number, to)) for to in around]
    return Reply(
        title=work.say("contest.open.title", number=found.number, title=found.title).text,
        text=_described(work, found),
        blocks=tuple([await _shown(work, each) for each in some]),
        buttons=(*_part(work, found)[:1], *votes, *turn),
        private=True,
        replaces=True,
    )


@contests.command("contest list", reads=True)
async def list_(work: Work) -> Reply:
    found = await pots.heard_of(work, acts.KIND)
    if not found:
        return work.say("empty").but(private=True)
    lines = [work.say("contest.open.title", number=each.number, title=each.title).text for each in found]
    return Reply(text=join(lines), buttons=tuple(_part(work, each)[1] for each in found), private=True)


@contests.command("contest award", access=Access.STAFF)
async def award(work: Work, contest: Contest, entry: Entry) -> Reply:
    """For judged contests: end it now and give all to one entry, whatever the votes say; nobody awards their own."""
    found = await pots.find_pot(work, acts.KIND, contest)
    entries = await pots_store.scores(work.tx, work.community, found.number)
    meant = [each for each in entries if each.seat.number == entry]
    if not meant:
        raise Refusal("contest.no_entry", number=found.number)
    if meant[0].seat.member_id == work.member.id:
        raise Refusal("contest.award.own")
    await acts.end(work, found, meant)
    return work.say("done", number=found.number, title=found.title).but(private=True)


@contests.command("contest cancel", access=Access.STAFF)
async def cancel(work: Work, contest: Contest) -> Reply:
    found = await pots.find_pot(work, acts.KIND, contest)
    await pots.cancel(work, found)
    return work.say("done", number=found.number).but(private=True)


async def _seen(work: Work, typed: str) -> Pot:
    """An open contest, to look at only."""
    found = await pots.heard_of(work, acts.KIND)
    meant = next((each for each in found if str(each.number) == typed.strip().removeprefix("#")), None)
    if meant is None:
        raise OptionRefused("contest", "contest.pot_no_such", so_far=command_line(work.path.replace(".", " ")))
    return meant


async def _shown(work: Work, entry: Scored) -> Block:
    author = await members.known(work.tx, work.community, entry.seat.member_id)
    name = work.say("contest.entry", entry=entry.seat.number, member=author, votes=entry.votes).text
    return Block(name, written(entry.seat.text or ""))


def _described(work: Work, pot: Pot) -> Rich:
    prize = work.say("contest.prize_own" if pot.prize == "stakes" else "contest.prize", count=pot.amount).text
    lines = [prize, work.say("contest.until", ends=pots.ends(pot)).text]
    if pot.winners > 1:
        lines.append(work.say("contest.winners", count=pot.winners).text)
    return join(lines)


def _part(work: Work, pot: Pot) -> tuple[Button, Button]:
    enter = Button(
        work.words("contest.enter_in", number=pot.number), command_line("contest enter", pot.number), Style.MAIN
    )
    return enter, Button(work.words("contest.look_at", number=pot.number), command_line("contest show", pot.number))
