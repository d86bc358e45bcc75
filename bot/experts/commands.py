"""Being asked when nobody else answers, and what waits for somebody who knows it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from bot import asked
from bot.errors import OptionRefused
from bot.experts import experts
from bot.experts.rules import known, known_for, skill, wanted, wants
from bot.markup import join
from bot.options import Range
from bot.parsing import write
from bot.questions.rules import read_tag, typed_tags
from bot.replies import Reply, Tone
from bot.work import Work
from models import experts as store
from models import ledger, questions
from models.experts import Helper

#: answers that tell what a member knows, and questions that are looked through for it
DEEDS, WAITING = 50, 100
#: questions that are shown, and tags
PAGE, BEST = 10, 5
#: what they want of a question they were not seen to answer the like of counts so much
WANTED = 0.1

Hour = Annotated[int, Range(0, 23)]


@experts.command("helper on")
async def on(
    work: Work, tags: Annotated[str, Range(0, 200)] = "", daily: Annotated[int, Range(1, 20)] | None = None
) -> Reply:
    """What is left out stays as it was."""
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
    await store.put_helper(work.tx, helper)
    return (await _told(work, helper)).but(tone=Tone.GOOD)


@experts.command("helper quiet")
async def quiet(work: Work, start: Hour, end: Hour) -> Reply:
    """Hours of their own clock, which `/timezone` sets; the same hour twice for none."""
    helper = replace(await _helper(work), quiet_from=start, quiet_until=end)
    await store.put_helper(work.tx, helper)
    return (await _told(work, helper)).but(tone=Tone.GOOD)


@experts.command("helper off")
async def off(work: Work) -> Reply:
    await store.forget_helper(work.tx, work.community, work.member.id)
    return work.say("done").but(private=True, replaces=True)


@experts.command("helper status", reads=True)
async def status(work: Work) -> Reply:
    helper = await store.helper(work.tx, work.community, work.member.id)
    if helper is None:
        return work.say("off").but(private=True, buttons=(work.button("helper.start", write("helper on")),))
    return await _told(work, helper)


@experts.command("questions forme", reads=True)
async def forme(work: Work) -> Reply:
    """Of the questions that wait, those they were seen to answer the like of, and those with the tags they want."""
    helper = await store.helper(work.tx, work.community, work.member.id)
    deeds = [known(deed) for deed in await store.deeds_of(work.tx, work.community, work.member.id, DEEDS)]
    numbers = await questions.waiting(work.tx, work.community, ledger.LATEST, WAITING)
    found = [
        each
        for each in await questions.shown(work.tx, work.community, numbers)
        if each.question.asker_id != work.member.id
    ]
    weights = await asked.weights(work, [each.question for each in found])
    fits = {}
    for each in found:
        about = wanted(each.question.title, each.question.tags, weights)
        named = helper is not None and helper.tags != "" and wants(helper.tags, about)
        fits[each] = skill(about, deeds, work.now) + WANTED * named
    best = sorted((each for each in found if fits[each]), key=lambda each: (-fits[each], -each.question.number))
    if not best:
        return work.say("empty").but(private=True)
    return asked.listed(work, work.say("title").text, best[:PAGE])


async def _helper(work: Work) -> Helper:
    """As they are, or as they would begin."""
    found = await store.helper(work.tx, work.community, work.member.id)
    return found or Helper(
        community_id=work.community, member_id=work.member.id, tags="", daily=3, quiet_from=22, quiet_until=8
    )


async def _told(work: Work, helper: Helper) -> Reply:
    """What they said, and what they were seen to know."""
    if helper.unreachable_at is not None:
        again = work.button("helper.start", write("helper on"))
        return work.say("helper.unreachable").but(private=True, tone=Tone.CAREFUL, buttons=(again,))
    lines = [work.say("helper.tagged" if helper.tags else "helper.anything", tags=_tags(helper.tags.split())).text]
    lines.append(work.say("helper.daily", count=helper.daily).text)
    zone = work.calendar_of(work.member).zone.key
    awake = helper.quiet_from == helper.quiet_until
    hours = {"start": f"{helper.quiet_from}:00", "end": f"{helper.quiet_until}:00", "zone": zone}
    lines.append(work.say("helper.always" if awake else "helper.hours", **hours).text)
    if tags := await _known_for(work):
        lines.append(work.say("helper.known", tags=_tags(tags)).text)
    stop = work.button("helper.stop", write("helper off"))
    return Reply(text=join(lines), private=True, buttons=(stop,))


async def _known_for(work: Work) -> Sequence[str]:
    deeds = await store.deeds_of(work.tx, work.community, work.member.id, DEEDS)
    return known_for([known(deed) for deed in deeds], work.now, BEST)


def _tags(tags: Sequence[str]) -> str:
    return " ".join(f"#{tag}" for tag in tags)
