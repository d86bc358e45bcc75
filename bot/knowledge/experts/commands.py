"""Agreeing to be asked when nobody else answers, and finding questions that a member could answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from bot.kit import Access, OptionRefused, Range, Refusal, Remind, Reply, Style, Tone, Work, command_line, join
from bot.kit.calendar import moment
from bot.knowledge.experts import acts, experts
from bot.knowledge.experts.rules import CLAIM, MORE, WANTED, known, known_for, skill, subject, wanted, wants
from bot.knowledge.questions import acts as questions_acts
from bot.knowledge.questions import views as questions_views
from bot.knowledge.questions.acts import hold, theirs
from bot.knowledge.questions.rules import read_tag, typed_tags
from bot.knowledge.questions.views import Asked, find_question
from models import experts as experts_store
from models import ladder, ledger, members, questions
from models.experts import Helper
from models.ladder import Claim
from models.spans import DAY

#: how many answers show what a member knows, and how many open questions are searched for it
DEEDS, WAITING = 50, 100
#: how many questions are shown, and how many tags
PAGE, BEST = 10, 5
#: how long a claim lasts, in milliseconds
CLAIMED = DAY

Hour = Annotated[int, Range(0, 23)]


@experts.command("helper on")
async def on(
    work: Work, tags: Annotated[str, Range(0, 200)] = "", daily: Annotated[int, Range(1, 20)] | None = None
) -> Reply:
    """Options that are left out keep their values."""
    before = await _helper(work)
    chosen = [tag for tag in map(read_tag, typed_tags(tags)) if tag]
    if tags and not chosen:
        raise OptionRefused("tags", "helper.no_tag")
    helper = replace(
        before,
        tags=" ".join(dict.fromkeys(chosen)) or before.tags,
        daily=daily or before.daily,
        unreachable_at=None,
    )
    await experts_store.put_helper(work.tx, helper)
    return (await _told(work, helper)).but(tone=Tone.GOOD)


@experts.command("helper quiet")
async def quiet(work: Work, start: Hour, end: Hour) -> Reply:
    """Hours in the member's own time zone, which `/timezone` sets; the same hour twice means none."""
    helper = replace(await _helper(work), quiet_from=start, quiet_until=end)
    await experts_store.put_helper(work.tx, helper)
    return (await _told(work, helper)).but(tone=Tone.GOOD)


@experts.command("helper off")
async def off(work: Work) -> Reply:
    await experts_store.forget_helper(work.tx, work.community, work.member.id)
    return work.say("done").but(private=True, replaces=True)


@experts.command("helper status", reads=True)
async def status(work: Work) -> Reply:
    helper = await experts_store.helper(work.tx, work.community, work.member.id)
    if helper is None:
        return work.say("off").but(private=True, buttons=(work.button("helper.start", command_line("helper on")),))
    return await _told(work, helper)


@experts.command("helper pass")
async def pass_(work: Work, question: Asked) -> Reply:
    """A helper who was asked declines; each refusal makes us ask one other helper."""
    found = await find_question(work, question)
    if not await experts_store.was_asked(work.tx, work.community, found.number, work.member.id):
        raise Refusal("helper.pass.not_asked", number=found.number)
    once = f"pass:{found.id}:{work.member.id}"
    await work.promise(Remind(subject=subject(found.number, MORE)), once=once)
    return work.say("done", number=found.number, title=found.title).but(private=True, replaces=True)


@experts.command("question claim")
async def claim(work: Work, question: Asked) -> Reply:
    """Others see that somebody works on it, so they need not; it ends after a day, or with an answer.

    The same member has it for one day, even if they give it back in between: afterwards it is somebody else's turn.
    """
    found = await hold(work, question)
    if found.state not in questions_views.WAITING:
        raise Refusal("question.claim.not_waiting", number=found.number)
    if found.asker_id == work.member.id:
        raise Refusal("question.claim.own")
    before = await ladder.claim(work.tx, work.community, found.number, work.now)
    if before and before.member_id != work.member.id:
        other = await members.known(work.tx, work.community, before.member_id)
        raise Refusal("question.claim.taken", member=other, number=found.number)
    ends_at = await _take(work, found.number)
    answer = work.button("question.answer", command_line("answer", found.number), Style.MAIN)
    back = work.button("back", command_line("question unclaim", found.number))
    yours = work.say("yours", number=found.number, title=found.title, ends=moment(ends_at))
    yours = yours.but(private=True, replaces=True, tone=Tone.GOOD, buttons=(answer, back))
    if before:
        return yours
    mine = work.say("question.claimed", member=await work.mention(work.member), number=found.number, title=found.title)
    return await questions_acts.aloud(work, found, mine.but(buttons=(answer,)), yours)


async def _take(work: Work, number: int) -> int:
    """Returns until when it is theirs."""
    last = await ladder.latest_claim(work.tx, work.community, number)
    mine = last if last and last.member_id == work.member.id else None
    if mine and mine.ends_at <= work.now:
        raise Refusal("question.claim.again", number=number)
    ends_at = mine.ends_at if mine else work.now + CLAIMED
    await ladder.put_claim(work.tx, work.community, Claim(number, work.member.id, ends_at))
    ends = Remind(subject=f"{CLAIM}:{number}:{ends_at}")
    await work.promise(ends, after=timedelta(milliseconds=ends_at - work.now), once=f"{ends.subject}:{work.member.id}")
    return ends_at


@experts.command("question unclaim", varies=True)
async def unclaim(work: Work, question: Asked) -> Reply:
    """By the member who claimed it, or by staff for them; the question's next step goes on."""
    found = await hold(work, question)
    held = await ladder.claim(work.tx, work.community, found.number, work.now)
    if held is None or (held.member_id != work.member.id and work.access < Access.STAFF):
        raise Refusal("question.unclaim.not_yours", number=found.number)
    await ladder.put_claim(work.tx, work.community, held._replace(released_at=work.now))
    if step := await ladder.step(work.tx, work.community, found.number):
        await work.promise(Remind(subject=subject(found.number, step.rung)))
    return work.say("done", number=found.number, title=found.title).but(private=True, replaces=True)


@experts.command("question still", varies=True)
async def still(work: Work, question: Asked) -> Reply:
    """The asker still wants an answer: start the steps again, with helpers who were not asked before."""
    found = await theirs(work, question)
    if found.state not in questions_views.WAITING:
        raise Refusal("question.claim.not_waiting", number=found.number)
    await acts.go_on(work, found.number)
    done = work.say("done", number=found.number, title=found.title)
    return await questions_acts.aloud(work, found, done.but(replaces=True), done)


@experts.command("questions forme", reads=True, cost=2)
async def forme(work: Work) -> Reply:
    """Open questions that are like those the member answered, and those with the tags they want."""
    helper = await experts_store.helper(work.tx, work.community, work.member.id)
    deeds = [known(deed) for deed in await experts_store.deeds_of(work.tx, work.community, work.member.id, DEEDS)]
    numbers = await questions.waiting(work.tx, work.community, ledger.LATEST, WAITING, await work.reading())
    found = [
        each
        for each in await questions.shown(work.tx, work.community, numbers)
        if each.question.asker_id != work.member.id
    ]
    weights = await questions_views.weights(work, [each.question for each in found])
    fits = {}
    for each in found:
        about = wanted(each.question.title, each.question.tags, weights)
        named = helper is not None and helper.tags != "" and wants(helper.tags, about)
        fits[each] = skill(about, deeds, work.now) + WANTED * named
    best = sorted((each for each in found if fits[each]), key=lambda each: (-fits[each], -each.question.number))
    if not best:
        return work.say("empty").but(private=True)
    return questions_views.listed(work, work.say("title").text, best[:PAGE])


async def _helper(work: Work) -> Helper:
    """The helper as they are, or with the values to begin with."""
    found = await experts_store.helper(work.tx, work.community, work.member.id)
    return found or Helper(
        community_id=work.community, member_id=work.member.id, tags="", daily=3, quiet_from=22, quiet_until=8
    )


async def _told(work: Work, helper: Helper) -> Reply:
    """What the helper chose, and what their answers show that they know."""
    if helper.unreachable_at is not None:
        again = work.button("helper.start", command_line("helper on"))
        return work.say("helper.unreachable").but(private=True, tone=Tone.CAREFUL, buttons=(again,))
    lines = [work.say("helper.tagged" if helper.tags else "helper.anything", tags=_tags(helper.tags.split())).text]
    lines.append(work.say("helper.daily", count=helper.daily).text)
    zone = work.calendar_of(work.member).zone.key
    awake = helper.quiet_from == helper.quiet_until
    hours = {"start": f"{helper.quiet_from}:00", "end": f"{helper.quiet_until}:00", "zone": zone}
    lines.append(work.say("helper.always" if awake else "helper.hours", **hours).text)
    if tags := await _known_for(work):
        lines.append(work.say("helper.known", tags=_tags(tags)).text)
    stop = work.button("helper.stop", command_line("helper off"))
    return Reply(text=join(lines), private=True, buttons=(stop,))


async def _known_for(work: Work) -> Sequence[str]:
    deeds = await experts_store.deeds_of(work.tx, work.community, work.member.id, DEEDS)
    return known_for([known(deed) for deed in deeds], work.now, BEST)


def _tags(tags: Sequence[str]) -> str:
    return " ".join(f"#{tag}" for tag in tags)
