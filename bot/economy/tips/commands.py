"""One member gives points to another: two entries of one cause, and a message to the receiver."""

from typing import Annotated

from bot.economy.tips import acts, tips
from bot.kit import Range, Reply, Tail, Tell, Tone, Work
from models.members import Member


@tips.command("tip")
async def tip(
    work: Work, to: Member, amount: Annotated[int, Range(1, 1_000_000)], why: Annotated[Tail, Range(0, 200)] = ""
) -> Reply:
    await acts.give(work, to, amount, why or None)
    theirs = work.speaking(to.speaks)
    told = theirs.say("told_why" if why else "told", who=work.member.name, count=amount, why=why)
    await work.promise(Tell(member=to.id, reply=told, repeats=False), once=f"tip:{work.cause}")
    who, whom = await work.mention(work.member), await work.mention(to)
    done = work.say("given_why" if why else "given", who=who, to=whom, count=amount, why=why)
    return done.but(tone=Tone.GOOD)
