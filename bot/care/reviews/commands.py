"""Reviewing cases, deciding them, and deciding appeals."""

from dataclasses import replace
from enum import Enum
from typing import Annotated

from bot.care.reports.rules import DAYS
from bot.care.reviews import acts, reviews
from bot.care.reviews.rules import CLAIM, hint, holder, partial
from bot.kit import (
    Access,
    Button,
    Choice,
    OptionRefused,
    Range,
    Refusal,
    Reply,
    Rich,
    Suggest,
    Tail,
    Tell,
    Tone,
    Work,
    command_line,
    join,
    read_number,
)
from bot.kit.audit import note
from models import ledger, members
from models import reviews as reviews_store
from models.members import Member
from models.reviews import Case

#: cases on one page, and cases suggested
LISTED, CHOICES = 10, 25
#: the most reviewers of a community, and how many answers one answer is compared with
MOST, SAMPLES = 50, 200
#: the longest reason of a decision, in characters
WHY = 1000


class Verdict(Enum):
    KEEP = "keep"
    WARN = "warn"
    REMOVE = "remove"


async def no_reviewer(work: Work) -> Refusal | None:
    if work.access >= Access.STAFF or work.member.id in await reviews_store.reviewers(work.tx, work.community):
        return None
    return Refusal("review.not_reviewer")


async def waiting(work: Work, typed: str) -> list[Choice]:
    found = await reviews_store.waiting(work.tx, work.community, CHOICES)
    return [Choice(str(each.number), f"#{each.number}") for each in found if str(each.number).startswith(typed)]


Waiting = Annotated[str, Suggest(waiting)]


@reviews.command("review list", varies=True, only=no_reviewer, reads=True)
async def list_(work: Work) -> Reply:
    found = await reviews_store.waiting(work.tx, work.community, LISTED + 1)
    if not found:
        return work.say("none").but(private=True)
    lines = [await _line(work, each) for each in found[:LISTED]]
    if len(found) > LISTED:
        lines.append(work.say("further").text)
    buttons = tuple(
        Button(work.words("review.look", number=each.number), command_line("review show", each.number))
        for each in found[:LISTED]
    )
    return Reply(title=work.say("title").text, text=join(lines), buttons=buttons, private=True)


@reviews.command("review show", varies=True, only=no_reviewer)
async def show(work: Work, case: Waiting) -> Reply:
    """The evidence: what it says, what others say about it, and what we know about them."""
    found = await _case(work, case)
    lines = [*await acts.shown(work, found), *await _voices(work, found), *await _known(work, found)]
    return Reply(
        title=work.say("review.title", number=found.number).text,
        text=join(lines),
        buttons=_judging(work, found),
        private=True,
    )


@reviews.command("review claim", varies=True, only=no_reviewer)
async def claim(work: Work, case: Waiting) -> Reply:
    """Nobody else decides it for a day, unless the reviewer gives it back."""
    found = await _judged(work, case)
    await reviews_store.put_case(work.tx, replace(found, claimed_by=work.member.id, claimed_until=work.now + CLAIM))
    said = work.say("done", number=found.number)
    return said.but(private=True, replaces=True, buttons=_judging(work, found, claimed=True))


@reviews.command("review release", varies=True, only=no_reviewer)
async def release(work: Work, case: Waiting) -> Reply:
    found = await _judged(work, case)
    await reviews_store.put_case(work.tx, replace(found, claimed_by=None, claimed_until=None))
    return work.say("done", number=found.number).but(private=True, replaces=True)


@reviews.command("review decide", varies=True, only=no_reviewer)
async def decide(work: Work, case: Waiting, verdict: Verdict, why: Annotated[Tail, Range(0, WHY)] = "") -> Reply:
    """Decide once. Unless it stays, tell its author why and how to appeal; tell each reporter what was decided."""
    found = await _judged(work, case)
    if found.verdict is not None:
        raise Refusal("review.decided", number=found.number)
    undo = await acts.take_down(work, found) if verdict is Verdict.REMOVE else None
    decided = replace(
        found, verdict=verdict.value, decided_by=work.member.id, decided_at=work.now, why=why.strip(), undo=undo
    )
    await reviews_store.put_case(work.tx, decided)
    await note(work, (f"case:{found.number}", None, verdict.value))
    if verdict is not Verdict.KEEP:
        await _tell_author(work, decided, verdict)
    for each in await reviews_store.reports(work.tx, work.community, found.number):
        told = (await _speaking(work, each.member_id)).say(f"review.reporter.{_outcome(decided, verdict)}")
        await _tell(work, each.member_id, told, f"review:{found.number}:{each.member_id}")
    done = work.say(f"done.{_outcome(decided, verdict)}", number=found.number)
    return done.but(private=True, replaces=True, tone=Tone.GOOD)


@reviews.command("review uphold", varies=True, only=no_reviewer)
async def uphold(work: Work, case: Waiting) -> Reply:
    return await _settle(work, case, "upheld")


@reviews.command("review overturn", varies=True, only=no_reviewer)
async def overturn(work: Work, case: Waiting) -> Reply:
    """Bring back what was taken down, with what it had earned."""
    return await _settle(work, case, "overturned")


@reviews.command("reviewer add", access=Access.ADMIN)
async def add(work: Work, member: Member) -> Reply:
    if member.bot:
        raise Refusal("reviewer.bot")
    if len(await reviews_store.reviewers(work.tx, work.community)) >= MOST:
        raise Refusal("reviewer.enough", limit=MOST)
    if not await reviews_store.add_reviewer(work.tx, work.community, member.id):
        raise Refusal("reviewer.already", member=member)
    await note(work, (f"member:{member.id}", None, "reviewer"))
    told = work.speaking(member.speaks).say("told")
    await work.promise(Tell(member=member.id, reply=told))
    return work.say("reviews", member=member).but(private=True, tone=Tone.GOOD)


@reviews.command("reviewer remove", access=Access.ADMIN)
async def remove(work: Work, member: Member) -> Reply:
    if not await reviews_store.drop_reviewer(work.tx, work.community, member.id):
        raise Refusal("reviewer.not", member=member)
    await note(work, (f"member:{member.id}", "reviewer", None))
    return work.say("no_more", member=member).but(private=True)


@reviews.command("reviewer list", access=Access.STAFF, reads=True)
async def reviewers(work: Work) -> Reply:
    found = await members.by_ids(work.tx, work.community, await reviews_store.reviewers(work.tx, work.community))
    if not found:
        return work.say("none").but(private=True)
    return work.say("named", members=sorted(each.name for each in found)).but(private=True)


async def _settle(work: Work, typed: str, outcome: str) -> Reply:
    found = await _judged(work, typed)
    if not found.appealed:
        raise Refusal("review.no_appeal", number=found.number)
    if outcome == "overturned" and found.verdict == Verdict.REMOVE.value:
        await acts.bring_back(work, found)
    settled = replace(found, outcome=outcome, settled_by=work.member.id, settled_at=work.now)
    await reviews_store.put_case(work.tx, settled)
    await note(work, (f"case:{found.number}", found.verdict, outcome))
    gone = "remove" if found.verdict == Verdict.REMOVE.value else "warn"
    said = f"{outcome}.{gone}" if outcome == "overturned" else outcome
    told = (await _speaking(work, found.author_id)).say(f"review.appeal.{said}", number=found.number)
    await _tell(work, found.author_id, told, f"review:{found.number}:{outcome}")
    return work.say("done", number=found.number).but(private=True, replaces=True, tone=Tone.GOOD)


async def _case(work: Work, typed: str) -> Case:
    await ledger.lock(work.tx, work.community)
    found = await reviews_store.case(work.tx, work.community, read_number("case", typed))
    if found is None:
        raise OptionRefused("case", "review.unknown", so_far=command_line(work.path.replace(".", " ")))
    return found


async def _judged(work: Work, typed: str) -> Case:
    """A case that this reviewer may decide."""
    found = await _case(work, typed)
    if not found.waits:
        raise Refusal("review.decided", number=found.number)
    said = await reviews_store.reports(work.tx, work.community, found.number)
    if refusal := partial(found, work.member.id, {each.member_id for each in said}):
        raise refusal
    held = holder(found, work.now)
    if held and held != work.member.id:
        who = await members.known(work.tx, work.community, held)
        raise Refusal("review.claimed", number=found.number, member=who)
    return found


async def _line(work: Work, case: Case) -> Rich:
    kind = "appeal" if case.appealed else "answer" if case.answer else "question" if case.question else "message"
    said = await reviews_store.reports(work.tx, work.community, case.number)
    held = holder(case, work.now)
    by = (await members.known(work.tx, work.community, held)).name if held else ""
    line = work.say(f"review.line.{kind}", number=case.number, count=len(said)).text
    return join([line, work.say("review.held", member=by).text]) if held else line


async def _voices(work: Work, case: Case) -> list[Rich]:
    """Who reported it, how often they were right, and what its author says."""
    lines = []
    for each in await reviews_store.reports(work.tx, work.community, case.number):
        who = await members.known(work.tx, work.community, each.member_id)
        reason = work.words(f"review.reason.{each.reason}")
        lines.append(work.say("review.voice", member=who, reason=reason).text)
        if each.words:
            lines.append(work.say("review.adds", words=each.words).text)
        record = await reviews_store.record_of(work.tx, work.community, each.member_id)
        if record.judged:
            lines.append(work.say("review.record", held=record.held, count=record.judged).text)
    if case.verdict:
        lines.append(work.say(f"review.was.{case.verdict}", why=case.why or "").text)
    if case.appeal:
        lines.append(work.say("review.objects", why=case.appeal).text)
    return lines


async def _known(work: Work, case: Case) -> list[Rich]:
    """What we know of its author, and how the answer compares with others; a person decides."""
    lines = []
    if before := await reviews_store.decided_of(work.tx, work.community, case.author_id):
        lines.append(work.say("review.before", count=before).text)
    if answer := await acts.sample(work, case):
        others = await reviews_store.samples(work.tx, work.community, SAMPLES)
        if (found := hint(answer, others)) is not None:
            sign = "+" if found > 0 else "−" if found < 0 else ""
            lines.append(work.say("review.hint", sign=sign, quality=f"{abs(found):.1f}").text)
    return lines


def _judging(work: Work, case: Case, *, claimed: bool = False) -> tuple[Button, ...]:
    if not case.waits:
        return ()
    number = case.number
    if case.appealed:
        words = {"uphold": command_line("review uphold", number), "overturn": command_line("review overturn", number)}
    else:
        words = {each.value: command_line("review decide", number, each.value) for each in Verdict}
    take = (
        ("release", command_line("review release", number))
        if claimed
        else ("claim", command_line("review claim", number))
    )
    lines = dict([take]) | words
    return tuple(Button(work.words(f"review.press.{name}", number=number), line) for name, line in lines.items())


def _outcome(case: Case, verdict: Verdict) -> str:
    """Staff delete an ordinary message by hand, since nothing of it is ours."""
    ours = case.answer or case.question
    return verdict.value if ours or verdict is not Verdict.REMOVE else "delete"


async def _tell_author(work: Work, case: Case, verdict: Verdict) -> None:
    theirs = await _speaking(work, case.author_id)
    lines = [theirs.say(f"review.author.{_outcome(case, verdict)}").text, *await acts.shown(theirs, case)]
    if case.why:
        lines.append(theirs.say("review.because", why=case.why).text)
    lines.append(theirs.say("review.may_object", number=case.number, days=DAYS).text)
    object_ = Button(theirs.words("review.press.appeal"), command_line("appeal", case.number))
    told = Reply(text=join(lines), tone=Tone.CAREFUL, buttons=(object_,))
    await _tell(work, case.author_id, told, f"review:{case.number}:author")


async def _speaking(work: Work, member_id: int) -> Work:
    return work.speaking((await members.known(work.tx, work.community, member_id)).speaks)


async def _tell(work: Work, member_id: int, told: Reply, once: str) -> None:
    await work.promise(Tell(member=member_id, reply=told, repeats=False), once=once)
