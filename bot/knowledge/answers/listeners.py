"""Reads reactions to answers: votes by members, and acceptance by the asker."""

from collections.abc import Sequence

from bot.kit import BulkWork, Post, Refusal, Tell, Tone, Work
from bot.kit.events import ReactionAdded, ReactionRemoved
from bot.knowledge.answers import acts, answers
from bot.knowledge.answers.rules import Sign, sign_of
from models import members, questions, threads
from models.questions import Answer


@answers.listener(ReactionAdded, ReactionRemoved, bulk=True)
async def judge(work: BulkWork, events: Sequence[ReactionAdded | ReactionRemoved]) -> None:
    """An answer may be a member's message, or a message in which we show it."""
    told = [(event, sign) for event in events if (sign := sign_of(event.emoji)) and event.about]
    known = (
        await threads.linked(work.tx, work.community, sorted({event.about or "" for event, _ in told})) if told else {}
    )
    for event, sign in told:
        link, member = known.get(event.about or ""), _reacting(work, event)
        if link is None or link.answer is None or member is None:
            continue
        reacting = await members.known(work.tx, work.community, member)
        given = await acts.standing(work, link.answer)
        if given is None or reacting.bot:
            continue
        opened = await work.alone(event, reacting)
        if sign is Sign.UP:
            await _vote(opened, given, up=isinstance(event, ReactionAdded))
        else:
            await _accept(opened, given, taken=isinstance(event, ReactionAdded))


async def _vote(work: Work, answer: Answer, *, up: bool) -> None:
    """Nobody votes for their own; removing the reaction removes only a vote in favour."""
    before = await questions.vote(work.tx, work.community, answer.number, work.member.id)
    if answer.author_id != work.member.id and (before == 1) is not up:
        await acts.vote(work, answer, int(up))


async def _accept(work: Work, answer: Answer, *, taken: bool) -> None:
    """Only by the asker; everybody hears of it once, however often the asker changes their mind."""
    to = await questions.question(work.tx, work.community, answer.question)
    if (
        to is None
        or to.asker_id != work.member.id
        or to.state == "deleted"
        or taken is (answer.accepted_at is not None)
    ):
        return
    if not taken:
        await acts.unaccept(work, to, answer)
        return
    try:
        author = await acts.accept(work, to, answer)
    except Refusal as refusal:
        told = work.say(refusal.path, **refusal.values).but(tone=Tone.CAREFUL)
        await work.promise(Tell(member=work.member.id, reply=told), once=f"answers:refused:{work.cause}:{work.today}")
        return
    if work.place:
        post = Post(place=work.place.id, reply=await acts.solved(work, to, answer, author))
        await work.promise(post, once=f"answers:solved:{to.id}:{answer.number}")


def _reacting(work: BulkWork, event: ReactionAdded | ReactionRemoved) -> int | None:
    """The author of the reaction; if the platform does not say who removed it, the removed fact does."""
    fact = work.retracted.get(event.undoes or "")
    return fact.member_id if fact else work.of(event).member
