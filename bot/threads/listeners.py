"""Follows what is said about questions: it answers or comments, is edited, and is deleted."""

from collections.abc import Sequence

from bot import answered, asked
from bot.effects import Post, React
from bot.events import Event, MessageDeleted, MessageEdited, MessagePosted, Said
from bot.questions.rules import BODY
from bot.threads import threads
from bot.threads.rules import NOTED, is_answer
from bot.threads.settings import LENGTH
from bot.work import BulkWork, Work, open_work
from models import communities, ledger, members
from models import questions as store
from models import threads as links
from models.questions import Answer, Question
from models.threads import Linked


@threads.listener(Said, MessagePosted, MessageEdited, MessageDeleted, bulk=True)
async def follow(work: BulkWork, events: Sequence[Event]) -> None:
    """In the order in which it was heard, for a batch may hold a question and what is said to it."""
    about = sorted({event.about for event in events if event.about})
    known = dict(await links.linked(work.tx, work.community, about)) if about else {}
    for event in events:
        link = known.get(event.about or "")
        if isinstance(event, Said):
            found = await _show(work, event)
        elif link and isinstance(event, MessagePosted) and event.cause not in work.retracted:
            found = await _hear(work, event, link)
        else:
            found = None
            if link and isinstance(event, MessageEdited):
                await _edit(work, event, link)
            elif link and isinstance(event, MessageDeleted):
                await _delete(work, event, link)
        if found:
            await links.link(work.tx, found)
            known[found.cause] = found


async def _show(work: BulkWork, event: Said) -> Linked | None:
    """A question or an answer was shown, and can be replied to."""
    kind, _, digits = event.subject.partition(":")
    place, number = event.place_id or work.of(event).place, int(digits)
    if place is None or kind not in ("question", "answer"):
        return None
    given = await store.answer(work.tx, work.community, number) if kind == "answer" else None
    return Linked(
        community_id=work.community,
        cause=event.cause,
        question=given.question if given else number,
        answer=given.number if given else None,
        place_id=place,
        at=event.at,
    )


async def _hear(work: BulkWork, event: MessagePosted, about: Linked) -> Linked | None:
    """Somebody's words to a question or to what belongs to it."""
    known = work.of(event)
    if known.member is None or known.place is None or (event.who and event.who.bot):
        return None
    await ledger.lock(work.tx, work.community)
    question = await store.question(work.tx, work.community, about.question)
    if question is None or question.state in ("draft", "deleted"):
        return None
    opened = await _open(work, event)
    given = None
    if known.member != question.asker_id and question.state not in asked.OVER:
        given = await _answer(opened, event, question)
    return Linked(
        community_id=work.community,
        cause=event.cause,
        question=question.number,
        answer=given.number if given else None,
        member_id=known.member,
        place_id=known.place,
        at=event.at,
    )


async def _answer(work: Work, event: MessagePosted, question: Question) -> Answer | None:
    """If it is one by itself, with a sign that it was taken for one; beside the first stands how to judge it."""
    if work.place is None or not event.message or not is_answer(event.text, await work.setting(LENGTH)):
        return None
    given = await answered.give(work, question, event.text[:BODY])
    sign = React(place=work.place.id, message=event.message, emoji=NOTED)
    await work.promise(sign, once=f"threads:noted:{event.cause}")
    asker = await members.known(work.tx, work.community, question.asker_id)
    told = work.say("threads.noted", number=given.number, member=await work.mention(asker), emoji=NOTED)
    told = told.but(buttons=answered.judge(work, given), subject=f"answer:{given.number}")
    post = Post(place=work.place.id, reply=told, answers=event.message)
    await work.promise(post, once=f"threads:first:{question.id}")
    return given


async def _edit(work: BulkWork, event: MessageEdited, link: Linked) -> None:
    """What a platform does not show is not taken for nothing."""
    given = await _given(work, link)
    text = event.text.strip()[:BODY]
    if given and text:
        await answered.edit(await _open(work, event), given, text)


async def _delete(work: BulkWork, event: MessageDeleted, link: Linked) -> None:
    if given := await _given(work, link):
        await answered.retract(await _open(work, event), given)
    await links.unlink(work.tx, work.community, link.cause)


async def _given(work: BulkWork, link: Linked) -> Answer | None:
    """The answer that a member's message gives, while it stands."""
    if link.answer is None or link.member_id is None:
        return None
    await ledger.lock(work.tx, work.community)
    found = await store.answer(work.tx, work.community, link.answer)
    return found if found and found.deleted_at is None else None


async def _open(work: BulkWork, event: Event) -> Work:
    known = work.of(event)
    return await open_work(
        work.tx,
        work.desk,
        work.community,
        work.now,
        cause=event.cause,
        platform=event.spot.platform if event.spot else "",
        actor=await members.member(work.tx, work.community, known.member) if known.member else None,
        place=await communities.place(work.tx, work.community, known.place) if known.place else None,
    )
