"""The end of a raffle: draw the winners, or give the stakes back."""

from bot.economy import pots
from bot.economy.points import acts as points_acts
from bot.economy.raffles.rules import draw, fingerprint
from bot.kit import Reply, Tell, Tone, Work, join
from models import ledger, members
from models import pots as pots_store
from models.members import Member
from models.pots import Pot, Seat

KIND = "raffle"
#: in a raffle of at most so many members, all are looked for before the draw
SMALL = 50


async def finish(work: Work, pot: Pot) -> None:
    """Draw; a member who has left by now cannot win and gets their stake back."""
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
    """All members of a small raffle; of a larger one the winners, and if one of them left, their substitutes."""
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
