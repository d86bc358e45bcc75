"""The end of a contest."""

from collections.abc import Sequence

from bot.economy import pots
from bot.economy.contests.rules import best
from bot.economy.points import acts as points_acts
from bot.kit import Reply, Rich, Tell, Tone, Work, join, written
from models import ledger, members
from models import pots as pots_store
from models.pots import Pot, Scored

KIND = "contest"


async def finish(work: Work, pot: Pot) -> None:
    """The votes decide among members who are still here."""
    won = best(await pots_store.scores(work.tx, work.community, pot.number), pot.winners)
    if not await pots.awaits(work, pot, [each.seat.member_id for each in won]):
        await end(work, pot, won)


async def end(work: Work, pot: Pot, won: Sequence[Scored]) -> None:
    if not await pots.close(work, pot, "won" if won else "empty"):
        return
    out = await pots.aloud(work, pot)
    title = out.say("contest.over", number=pot.number, title=pot.title).text
    if not won:
        await points_acts.give_back(work, pot.subject, "contest_back")
        await pots.announce(out, pot, Reply(title=title, text=out.say("contest.nobody").text))
        return
    staked = await ledger.staked(work.tx, work.community, pot.subject)
    total = -sum(each.amount for each in staked) if pot.prize == "stakes" else pot.amount
    shares = pots.split(total, [each.seat.member_id for each in won])
    await pots.pay(work, pot, shares)
    lines: list[Rich] = []
    for each in won:
        winner, share = await members.known(work.tx, work.community, each.seat.member_id), shares[each.seat.member_id]
        who, text = await out.mention(winner), written(each.seat.text or "")
        lines += [out.say("contest.winner", member=who, votes=each.votes, count=share).text, text]
        told = work.speaking(winner.speaks).say("contest.told", number=pot.number, title=pot.title, count=share)
        await work.promise(Tell(member=winner.id, reply=told), once=f"{pot.subject}:won:{winner.id}")
    await pots.announce(out, pot, Reply(title=title, text=join(lines), tone=Tone.GOOD))
