"""The steps for a question that waits."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from bot.community.endings import acts as endings_acts
from bot.community.endings.acts import Ending
from bot.economy.points import acts as points_acts
from bot.kit import Button, Post, Remind, Reply, Rich, Style, Tell, Work, command_line, join, written
from bot.kit.calendar import Calendar
from bot.knowledge.experts.rules import (
    BEFORE_LAST,
    LAST,
    WAKE,
    WANTED,
    Candidate,
    affordable,
    following,
    in_turn,
    is_quiet,
    known,
    skill,
    subject,
    wanted,
    wants,
)
from bot.knowledge.experts.settings import AFTER, BOUNTY, CALL, PLACE, STALE, STILL
from bot.knowledge.questions import acts as questions_acts
from bot.knowledge.questions import views as questions_views
from bot.knowledge.threads import views as threads_views
from models import bounties, ladder, ledger, members, questions
from models import experts as experts_store
from models.experts import Helper
from models.ladder import Step
from models.members import Member
from models.questions import Question
from models.spans import DAY, HOUR

#: how many helpers are asked at first, and how many bounties are offered
MOST = 3
#: how many late steps are taken in one transaction
LATE_STEPS = 200
#: how many characters of a question helpers see at once
EXTRACT = 500
#: requests since then tire a helper; it is before the beginning of any member's day
LATELY = 7 * DAY
#: how many hours ahead we look for a helper who wakes up
AHEAD = 36


async def climb(work: Work, number: int, rung: str) -> None:
    """Take one step, if it is due, the question still waits, and nobody has claimed it."""
    step = await ladder.step(work.tx, work.community, number)
    if step is None or step.rung != rung:
        return
    question = await questions.question(work.tx, work.community, number)
    if question is None or question.state not in questions_views.WAITING:
        await over(work, number)
        return
    claim = await ladder.claim(work.tx, work.community, number, work.now)
    due_at = max(step.due_at, claim.ends_at if claim else 0)
    if work.now < due_at:
        await _remind(work, step, due_at)
        return
    if rung == LAST and not await endings_acts.may(
        work, Ending.QUESTIONS, await ladder.due(work.tx, work.community, rung, work.now)
    ):
        return
    await STEPS[rung](work, question)
    if rung != LAST:
        await go_on(work, number, rung)


async def catch_up(work: Work, before: int) -> None:
    """Take steps whose reminder did not come; a question without any, as before it had all its steps, rests soon."""
    await ledger.lock(work.tx, work.community)
    for step in await ladder.overdue(work.tx, work.community, before, LATE_STEPS):
        await climb(work, step.question, step.rung)
    for number in await ladder.stranded(work.tx, work.community, LATE_STEPS):
        await go_on(work, number, BEFORE_LAST)


async def go_on(work: Work, number: int, rung: str | None = None) -> None:
    """Schedule the rung after this one, or the first; each question has one timer."""
    waits: dict[str, timedelta] = {
        "helpers": work.setting(AFTER),
        "call": work.setting(CALL),
        "bounty": work.setting(BOUNTY),
        "still": work.setting(STILL),
        "stale": work.setting(STALE),
    }
    if (then := following(waits, rung)) is None:
        await ladder.forget_step(work.tx, work.community, number)
        return
    step = Step(number, then, work.now + round(waits[then].total_seconds() * 1000))
    await ladder.put_step(work.tx, work.community, step)
    await _remind(work, step, step.due_at)


async def _remind(work: Work, step: Step, at: int) -> None:
    moment = subject(step.question, step.rung)
    await work.promise(Remind(subject=moment), after=timedelta(milliseconds=at - work.now), once=f"{moment}:{at}")


async def over(work: Work, number: int) -> None:
    """The question no longer waits, so forget its step and its claim."""
    await ladder.forget_step(work.tx, work.community, number)
    await ladder.forget_claim(work.tx, work.community, number)


async def _ask_helpers(work: Work, question: Question) -> None:
    await _ask(work, question, MOST)


async def ask_more(work: Work, number: int, most: int) -> None:
    """Ask other helpers: in place of one who declined, or when those wake up who slept at first."""
    question = await questions.question(work.tx, work.community, number)
    claim = await ladder.claim(work.tx, work.community, number, work.now)
    if question and question.state == "open" and claim is None:
        await _ask(work, question, most)


async def lapse(work: Work, number: int, ends_at: int) -> None:
    """A claim ended without an answer: tell its member, and the others that the question is free."""
    claim = await ladder.latest_claim(work.tx, work.community, number)
    question = await questions.question(work.tx, work.community, number)
    if question is None or claim is None or claim.ends_at != ends_at or claim.released_at is not None:
        return
    member = await members.known(work.tx, work.community, claim.member_id)
    about = {"number": number, "title": question.title}
    answer = command_line("answer", number)
    spoken = work.speaking(member.speaks)
    title = await questions_views.title_for(work, question, member.id)
    told = spoken.say("ladder.lapsed", number=number, title=title).but(
        buttons=(Button(spoken.words("question.answer"), answer, Style.MAIN),)
    )
    once = f"claim:{question.id}:{ends_at}"
    await work.promise(Tell(member=member.id, reply=told), once=f"{once}:told")
    take = Button(work.words("ladder.take"), command_line("question claim", number))
    free = work.say("ladder.free", member=await work.mention(member), **about).but(
        buttons=(Button(work.words("question.answer"), answer, Style.MAIN), take)
    )
    await work.promise(Post(place=await questions_views.lives(work, question), reply=free), once=f"{once}:free")


class _Asked(NamedTuple):
    """A helper who was not yet asked about a question, and what they were asked about before."""

    helper: Helper
    member: Member
    #: when they were last asked; 0 for never
    asked_at: int
    #: when they were lately asked
    asks: Sequence[int]

    def is_awake(self, calendar: Calendar, at: int) -> bool:
        """Not at night, and not more often than they allow."""
        today = sum(calendar.day(each) == calendar.day(at) for each in self.asks)
        hour = int(calendar.time(at)[:2])
        return today < self.helper.daily and not is_quiet(hour, self.helper.quiet_from, self.helper.quiet_until)


async def _ask(work: Work, question: Question, most: int) -> None:
    """Ask the helpers whose turn it is; none if not every member reads the question, since a helper may not."""
    if not await questions_views.is_everybodys(work, question):
        return
    helpers = await _askable(work, question)
    fits = await _fits(work, question, helpers)
    awake = {each for each in fits if helpers[each].is_awake(work.calendar_of(helpers[each].member), work.now)}
    turn = in_turn([Candidate(each, fits[each], helpers[each].asked_at, len(helpers[each].asks)) for each in awake])
    told = 0
    for member_id in turn:
        if told == most:
            return
        told += await _tell_helper(work, question, helpers[member_id].member)
    if told < most:
        await _wait_for(work, question, [helpers[each] for each in fits if each not in awake], most - told)


async def _wait_for(work: Work, question: Question, asleep: Sequence[_Asked], most: int) -> None:
    """Ask again when the first of them can be asked."""
    hours = range(work.now - work.now % HOUR + HOUR, work.now + AHEAD * HOUR, HOUR)
    calendars = [(each, work.calendar_of(each.member)) for each in asleep]
    first = next((at for at in hours if any(each.is_awake(calendar, at) for each, calendar in calendars)), None)
    if first is not None:
        wake = Remind(subject=f"{WAKE}:{question.number}:{most}")
        after = timedelta(milliseconds=first - work.now)
        await work.promise(wake, after=after, once=f"{WAKE}:{question.id}:{first}")


async def _askable(work: Work, question: Question) -> dict[int, _Asked]:
    """Helpers who were not asked about it yet."""
    found = {
        helper.member_id: (helper, asked_at)
        for helper, asked_at in await experts_store.askable(work.tx, work.community, question.number, question.asker_id)
    }
    asks: defaultdict[int, list[int]] = defaultdict(list)
    for member_id, at in await experts_store.asks_since(work.tx, work.community, list(found), work.now - LATELY):
        asks[member_id].append(at)
    return {
        member.id: _Asked(found[member.id][0], member, found[member.id][1], asks[member.id])
        for member in await members.by_ids(work.tx, work.community, list(found))
    }


async def _fits(work: Work, question: Question, helpers: Mapping[int, _Asked]) -> dict[int, float]:
    """How well each of them fits, among helpers who want this kind of question."""
    about = wanted(question.title, question.tags, await questions_views.weights(work, [question]))
    deeds = defaultdict(list)
    for deed in await experts_store.deeds_on(work.tx, work.community, await questions_views.related(work, question)):
        deeds[deed.member_id].append(known(deed))
    return {
        member_id: skill(about, deeds[member_id], work.now) + WANTED * bool(each.helper.tags)
        for member_id, each in helpers.items()
        if wants(each.helper.tags, about)
    }


async def _tell_helper(work: Work, question: Question, member: Member) -> bool:
    """Returns whether there is a way to tell them."""
    spoken = work.speaking(member.speaks)
    asker = await members.known(work.tx, work.community, question.asker_id)
    take = Button(spoken.words("ladder.take"), command_line("question claim", question.number), Style.MAIN)
    show = Button(spoken.words("ladder.show"), command_line("question show", question.number))
    leave = Button(spoken.words("ladder.pass"), command_line("helper pass", question.number))
    reply = Reply(
        title=questions_views.titled(spoken, question),
        text=join([*_begun(question), spoken.say("ladder.ask", member=asker).text]),
        buttons=(take, show, leave),
    )
    once = f"helper:{question.id}:{member.id}"
    promise = await work.promise_once(Tell(member=member.id, reply=reply, present=True), once)
    if promise is None:
        return False
    await experts_store.asked(work.tx, work.community, question.number, member.id, promise, work.now)
    return True


async def _call(work: Work, question: Question) -> None:
    """Tell everybody, where the question was asked, or in the place for such calls."""
    asker = await members.known(work.tx, work.community, question.asker_id)
    answer = Button(work.words("question.answer"), command_line("answer", question.number), Style.MAIN)
    show = Button(work.words("ladder.show"), command_line("question show", question.number))
    take = Button(work.words("ladder.take"), command_line("question claim", question.number))
    text = work.say("ladder.call", member=asker).text
    reply = Reply(title=questions_views.titled(work, question), text=text, buttons=(answer, show, take))
    elsewhere: int | None = work.setting(PLACE)
    place = elsewhere if elsewhere and await questions_views.is_everybodys(work, question) else question.place_id
    await work.promise(Post(place=place, reply=reply), once=f"call:{question.id}:{work.now}")


async def _offer(work: Work, question: Question) -> None:
    """Suggest a bounty to the asker, if they have the points and have not put one up."""
    asker = await members.known(work.tx, work.community, question.asker_id)
    amounts = affordable((await points_acts.look(work, asker)).balance, MOST)
    if not amounts or asker.left_at or await bounties.open_on(work.tx, work.community, question.number):
        return
    spoken = work.speaking(asker.speaks)
    buttons = [
        Button(spoken.words("ladder.amount", count=each), command_line("bounty", question.number, each))
        for each in amounts
    ]
    told = spoken.say("ladder.bounty", number=question.number, title=question.title).but(buttons=tuple(buttons))
    await work.promise(Tell(member=asker.id, reply=told), once=f"offer:{question.id}:{work.now}")


async def _ask_whether(work: Work, question: Question) -> None:
    """Ask the asker, where the question lives: a press says that it waits, that it does not, or what solved it."""
    asker = await members.known(work.tx, work.community, question.asker_id)
    spoken = work.speaking(asker.speaks)
    solved = await threads_views.choices(spoken, question, likely=True)
    about = {"number": question.number, "title": question.title, "member": await work.mention(asker)}
    said = spoken.say("ladder.solved", **about) if solved else spoken.say("ladder.still", **about)
    found = Button(spoken.words("ladder.found"), command_line("answer", question.number))
    waits = Button(spoken.words("ladder.waits"), command_line("question still", question.number), Style.MAIN)
    close = Button(spoken.words("ladder.close"), command_line("question close", question.number))
    post = Post(
        place=await questions_views.lives(work, question), reply=said.but(buttons=(*(solved or [found]), waits, close))
    )
    await work.promise(post, once=f"still:{question.id}:{work.now}")


async def _let_rest(work: Work, question: Question) -> None:
    """The asker says nothing, so mark it stale; an answer, or an acceptance, brings it back."""
    asker = await members.known(work.tx, work.community, question.asker_id)
    spoken = work.speaking(asker.speaks)
    again = Button(spoken.words("ladder.again"), command_line("question reopen", question.number))
    about = {"number": question.number, "title": question.title}
    said = spoken.say("ladder.rests", **about) if question.state == "open" else spoken.say("ladder.unjudged", **about)
    told = said.but(buttons=(again,))
    await questions_acts.keep(work, replace(question, state="stale"))
    await work.promise(Tell(member=asker.id, reply=told), once=f"stale:{question.id}:{work.now}")


def _begun(question: Question) -> list[Rich]:
    """The beginning of the text below the title; `/question show` has the rest."""
    body = question.body if len(question.body) <= EXTRACT else f"{question.body[: EXTRACT - 1]}…"
    return [written(body)] if body else []


STEPS: Mapping[str, Callable[[Work, Question], Awaitable[None]]] = {
    "helpers": _ask_helpers,
    "call": _call,
    "bounty": _offer,
    "still": _ask_whether,
    "stale": _let_rest,
}
