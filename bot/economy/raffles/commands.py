"""Opening a raffle, taking seats in it, and drawing the winners."""

from datetime import timedelta
from typing import Annotated

from bot.economy import pots
from bot.economy.points import acts as points_acts
from bot.economy.pots import Lasts, Points
from bot.economy.raffles import raffles
from bot.economy.raffles.rules import draw, fingerprint
from bot.kit.access import Access
from bot.kit.effects import Tell
from bot.kit.errors import Refusal
from bot.kit.grammar import write
from bot.kit.markup import Rich, join
from bot.kit.options import Choice, Range, Suggest
from bot.kit.replies import Button, Reply, Style, Tone
from bot.kit.typed import read_name
from bot.kit.work import Work
from models import ledger, members
from models import pots as pots_store
from models.members import Member
from models.pots import Pot, Seat

KIND = "raffle"
#: more than any raffle has sold
SEATS = 100_000
#: seats one may take, at once or one by one
MOST = 100
#: as many members can all be looked for before the draw
SMALL = 50
#: seats whose numbers are said one by one
SHOWN = 10


async def open_raffles(work: Work, typed: str) -> list[Choice]:
    return await pots.choices(work, KIND, typed)


@raffles.command("raffle open", access=Access.STAFF)
async def open_(
    work: Work,
    cost: Points,
    prize: Annotated[str, Range(0, pots.TITLE)] = "",
    lasts: Lasts = timedelta(days=1),
    seats: Annotated[int, Range(1, SEATS)] = SEATS,
    per_member: Annotated[int, Range(1, MOST)] = 1,
    winners: Annotated[int, Range(1, 20)] = 1,
) -> Reply:
    """Without a prize what was paid for the seats is won."""
    opened = await pots.open_pot(
        work,
        KIND,
        lasts,
        title=read_name("prize", prize, pots.TITLE) if prize else "",
        prize="thing" if prize else "stakes",
        amount=cost,
        winners=winners,
        seats=seats,
        per_member=per_member,
        seed=work.desk.chance(),
    )
    text = join([*_described(work, opened), work.say("fair", fingerprint=fingerprint(opened.seed or "")).text])
    title = work.say("title", number=opened.number, title=pots.titled(work, opened)).text
    return Reply(title=title, text=text, buttons=(_join(work, opened),), tone=Tone.GOOD)


@raffles.command("raffle join")
async def join_(
    work: Work, raffle: Annotated[str, Suggest(open_raffles)], seats: Annotated[int, Range(1, MOST)] = 1
) -> Reply:
    """What the seats cost is in escrow until the draw."""
    found = await pots.find_pot(work, KIND, raffle)
    mine = await pots_store.seats_of(work.tx, work.community, found.number, work.member.id)
    last = await pots_store.last_seat(work.tx, work.community, found.number)
    if len(mine) + seats > found.per_member:
        raise Refusal("raffle.enough", number=found.number, limit=found.per_member, have=len(mine))
    if last + seats > found.seats:
        raise Refusal("raffle.full", number=found.number, left=found.seats - last)
    paid = await points_acts.stake(work, work.member, found.amount * seats, KIND, found.subject)
    taken = [Seat(work.community, found.number, last + each, work.member.id, work.now) for each in range(1, seats + 1)]
    await pots_store.sit(work.tx, taken)
    numbers = [str(each.number) for each in [*mine, *taken][:SHOWN]]
    numbers += ["…"] if len(mine) + seats > SHOWN else []
    said = work.say(
        "joined",
        seats=numbers,
        number=found.number,
        title=pots.titled(work, found),
        count=-paid.amount,
        ends=pots.ends(found),
    )
    return said.but(private=True, tone=Tone.GOOD)


@raffles.command("raffle list", reads=True)
async def list_(work: Work) -> Reply:
    found = await pots.heard_of(work, KIND)
    if not found:
        return work.say("empty").but(private=True)
    lines: list[Rich] = []
    for each in found:
        lines.append(work.say("raffle.open.title", number=each.number, title=pots.titled(work, each)).text)
        lines += _described(work, each)
    title, buttons = work.say("title").text, tuple(_join(work, each) for each in found)
    private = not all([await work.known_here(each.place_id) for each in found])
    return Reply(title=title, text=join(lines), buttons=buttons, private=private)


@raffles.command("raffle cancel", access=Access.STAFF)
async def cancel(work: Work, raffle: Annotated[str, Suggest(open_raffles)]) -> Reply:
    found = await pots.find_pot(work, KIND, raffle)
    await pots.cancel(work, found)
    return work.say("done", number=found.number).but(private=True)


async def finish(work: Work, pot: Pot) -> None:
    """Draw; whoever has left by now has their stake back, and cannot win."""
    seats = await pots_store.seats_taken(work.tx, work.community, pot.number)
    if await pots.awaits(work, pot, _looked_for(pot, seats)):
        return
    if not await pots.close(work, pot, "won" if seats else "empty"):
        return
    staked = await ledger.staked(work.tx, work.community, pot.subject)
    gone = {each.member_id for each in staked} - {each.member_id for each in seats}
    await points_acts.give_back(work, pot.subject, "raffle_back", gone)
    out = await pots.aloud(work, pot)
    if not seats:
        await pots.announce(out, pot, out.say("raffle.nobody", number=pot.number, title=pots.titled(out, pot)))
        return
    left = [each for each in staked if each.member_id not in gone]
    won = draw(pot.seed or "", seats, pot.winners)
    winners = [each.member_id for each in won]
    shares = pots.split(-sum(each.amount for each in left), winners) if pot.prize == "stakes" else {}
    if pot.prize == "stakes":
        await pots.pay(work, pot, shares)
    else:
        await pots.use_up(work, pot, left)
    await pots.announce(out, pot, await _result(out, pot, seats, won, shares))
    for each in winners:
        await _tell(work, pot, await members.known(work.tx, work.community, each), shares.get(each, 0))


def _looked_for(pot: Pot, seats: list[Seat]) -> list[int]:
    """Everybody in a small raffle; of more those who would win, and if one of them left, those who win instead."""
    holders = list(dict.fromkeys(each.member_id for each in seats))
    won = draw(pot.seed or "", seats, pot.winners) if len(holders) > SMALL else []
    return [each.member_id for each in won] or holders


async def _tell(work: Work, pot: Pot, winner: Member, share: int) -> None:
    theirs = work.speaking(winner.speaks)
    said = theirs.say("raffle.told_share" if share else "raffle.told", number=pot.number, count=share, title=pot.title)
    await work.promise(Tell(member=winner.id, reply=said), once=f"{pot.subject}:won:{winner.id}")


async def _result(work: Work, pot: Pot, seats: list[Seat], won: list[Seat], shares: dict[int, int]) -> Reply:
    lines = []
    for seat in won:
        who, share = (
            await work.mention(await members.known(work.tx, work.community, seat.member_id)),
            shares.get(seat.member_id, 0),
        )
        said = work.say("raffle.winner_share" if share else "raffle.winner", member=who, seat=seat.number, count=share)
        lines.append(said.text)
    proof = work.say("raffle.proof", seed=pot.seed, fingerprint=fingerprint(pot.seed or ""), count=len(seats)).text
    title = work.say("raffle.drawn", number=pot.number, title=pots.titled(work, pot)).text
    return Reply(title=title, text=join([*lines, proof]), tone=Tone.GOOD)


def _described(work: Work, pot: Pot) -> list[Rich]:
    lines = [work.say("raffle.cost", count=pot.amount, limit=pot.per_member, ends=pots.ends(pot)).text]
    if pot.seats < SEATS:
        lines.append(work.say("raffle.seats", count=pot.seats).text)
    if pot.winners > 1:
        lines.append(work.say("raffle.winners", count=pot.winners).text)
    return lines


def _join(work: Work, pot: Pot) -> Button:
    return Button(work.words("raffle.join_in", number=pot.number), write("raffle join", pot.number), Style.MAIN)
