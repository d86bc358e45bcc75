"""Opening a raffle, taking seats, listing and cancelling."""

from datetime import timedelta
from typing import Annotated

from bot.economy import pots
from bot.economy.points import acts as points_acts
from bot.economy.pots import Lasts, Points
from bot.economy.raffles import acts, raffles
from bot.economy.raffles.rules import fingerprint
from bot.kit import (
    Access,
    Button,
    Choice,
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
)
from models import pots as pots_store
from models.pots import Pot, Seat

#: more than any raffle has sold
SEATS = 100_000
#: the most seats of one member, taken at once or one by one
MOST = 100
#: how many seat numbers are named in the reply
SHOWN = 10


async def open_raffles(work: Work, typed: str) -> list[Choice]:
    return await pots.choices(work, acts.KIND, typed)


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
    """Without a prize, the winners share what was paid for the seats."""
    opened = await pots.open_pot(
        work,
        acts.KIND,
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
    """The price of the seats is in escrow until the draw."""
    found = await pots.find_pot(work, acts.KIND, raffle)
    mine = await pots_store.seats_of(work.tx, work.community, found.number, work.member.id)
    last = await pots_store.last_seat(work.tx, work.community, found.number)
    if len(mine) + seats > found.per_member:
        raise Refusal("raffle.enough", number=found.number, limit=found.per_member, have=len(mine))
    if last + seats > found.seats:
        left = found.seats - last
        raise Refusal("raffle.full" if left else "raffle.sold_out", number=found.number, left=left)
    paid = await points_acts.stake(work, work.member, found.amount * seats, acts.KIND, found.subject)
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
    found = await pots.heard_of(work, acts.KIND)
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
    found = await pots.find_pot(work, acts.KIND, raffle)
    await pots.cancel(work, found)
    return work.say("done", number=found.number).but(private=True)


def _described(work: Work, pot: Pot) -> list[Rich]:
    lines = [work.say("raffle.cost", count=pot.amount, limit=pot.per_member, ends=pots.ends(pot)).text]
    if pot.seats < SEATS:
        lines.append(work.say("raffle.seats", count=pot.seats).text)
    if pot.winners > 1:
        lines.append(work.say("raffle.winners", count=pot.winners).text)
    return lines


def _join(work: Work, pot: Pot) -> Button:
    return Button(work.words("raffle.join_in", number=pot.number), command_line("raffle join", pot.number), Style.MAIN)
