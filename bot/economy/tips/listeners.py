"""Gives points with a reaction, by the rules of the command, and takes them back if it is removed soon."""

from collections.abc import Sequence

from bot.economy.points import acts as points_acts
from bot.economy.tips import acts, tips
from bot.economy.tips.rules import FRESH, REGRET, same_emoji, within
from bot.economy.tips.settings import EMOJI, EMOJI_AMOUNT
from bot.kit import BulkWork, Refusal, Tell, Tone, Work, join
from bot.kit.events import ReactionAdded, ReactionRemoved
from models import activity, ledger, members
from models.ledger import Entry
from models.members import Member


@tips.listener(ReactionAdded, bulk=True)
async def reward(work: BulkWork, events: Sequence[ReactionAdded]) -> None:
    """Only for a recent message of another member: a reaction to oneself or a bot is no gift, but is not refused."""
    emoji = work.setting(EMOJI)
    for event in events if emoji else ():
        if not same_emoji(emoji, event.emoji):
            continue
        known = work.of(event)
        if known.member is None or known.target in (None, known.member) or not await _fresh(work, event):
            continue
        donor = await members.member(work.tx, work.community, known.member)
        to = await members.member(work.tx, work.community, known.target)
        if donor and to and not donor.bot and not to.bot and not await _paid(work, event.cause):
            await _reward(await work.alone(event, donor), to, work.setting(EMOJI_AMOUNT), event.emoji)


@tips.listener(ReactionRemoved, bulk=True)
async def regret(work: BulkWork, events: Sequence[ReactionRemoved]) -> None:
    """Only soon after: later, a removed reaction changes nothing."""
    taking = {event.added: event for event in events}
    fresh = [cause for cause, event in taking.items() if _regretted(work, event)]
    for cause in fresh:
        if given := await _paid(work, cause):
            await points_acts.reverse(await work.alone(taking[cause]), given, "removed")


async def _reward(work: Work, to: Member, amount: int, emoji: str) -> None:
    try:
        await acts.give(work, to, amount, emoji)
    except Refusal as refusal:
        why = work.say(refusal.path, **refusal.values).text
        told = work.say("tip.emoji_refused", emoji=emoji).but(tone=Tone.CAREFUL)
        told = told.but(text=join([told.text, why]))
        once = f"tip_refused:{refusal.path}:{work.member.id}:{work.today}"
        await work.promise(Tell(member=work.member.id, reply=told, repeats=False), once=once)
        return
    theirs = work.speaking(to.speaks)
    told = theirs.say("tip.emoji_told", who=work.member.name, count=amount, emoji=emoji)
    await work.promise(Tell(member=to.id, reply=told, repeats=False), once=f"tip_emoji:{to.id}:{work.today}")


async def _paid(work: BulkWork, cause: str) -> list[Entry]:
    """What this reaction has given, even if it was taken back since."""
    written = await ledger.entries_of_cause(work.tx, work.community, [cause])
    return [each for each in written if each.reason == acts.REASON]


async def _fresh(work: BulkWork, event: ReactionAdded) -> bool:
    """A message that we never heard of counts as an old one."""
    facts = await activity.facts(work.tx, work.community, [event.about]) if event.about else []
    return any(within(fact.at, event.at, FRESH) for fact in facts)


def _regretted(work: BulkWork, event: ReactionRemoved) -> bool:
    fact = work.retracted.get(event.added)
    return fact is not None and within(fact.at, event.at, REGRET)
