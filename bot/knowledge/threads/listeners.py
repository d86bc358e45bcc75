"""Follows what members say about questions, as an answer or a comment, and the places of questions."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from bot.kit import BulkWork, OpenThread, OptionRefused, Post, React, Work, command_line
from bot.kit.events import (
    EffectRefused,
    Event,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    PlaceLost,
    Said,
    ThreadOpened,
)
from bot.kit.markup import plain
from bot.kit.references import clean
from bot.knowledge.answers import acts as answers_acts
from bot.knowledge.questions import acts as questions_acts
from bot.knowledge.questions import views as questions_views
from bot.knowledge.questions.rules import BODY, TAGS, read_draft
from bot.knowledge.threads import acts, threads, views
from bot.knowledge.threads.rules import KEPT, NOTED, PAUSE, Likely, Line, is_glad, is_own_fix, judge
from bot.knowledge.threads.settings import NOTICE, OPEN
from models import communities, ledger, members, questions
from models import threads as threads_store
from models.questions import Answer, Question
from models.threads import Linked, QuestionPlace


@threads.listener(Said, ThreadOpened, MessagePosted, MessageEdited, MessageDeleted, bulk=True)
async def follow(work: BulkWork, events: Sequence[Event]) -> None:
    """In the order of the events, since a batch may hold a question and replies to it."""
    known = await _known(work, events)
    for event in events:
        link = known.messages.get(event.about or "")
        place = known.places.get(work.of(event).place or 0)
        found: Linked | None = None
        match event:
            case Said():
                found = await _show(work, event)
            case ThreadOpened():
                await _opened(work, event, known)
            case MessagePosted(opens=True) if place is None and known.watched and event.cause not in work.retracted:
                found = await _ask(work, event, known)
            case MessagePosted() if (link or place) and event.cause not in work.retracted:
                found = await _hear(work, event, link, place)
            case MessageEdited() if link:
                await _edit(work, event, link)
            case MessageDeleted() if link:
                await _delete(work, event, link)
        if found:
            await threads_store.link(work.tx, found)
            known.messages[found.cause] = found
            if found.body and not found.answer:
                await threads_store.forget_words(work.tx, work.community, found.question, KEPT)


threads.moment(acts.SUBJECT)(acts.renew)


@threads.listener(PlaceLost)
async def lose(work: Work, _event: PlaceLost) -> None:
    if work.place:
        await threads_store.lose_place(work.tx, work.community, work.place.id)


@threads.listener(EffectRefused)
async def miss(work: Work, event: EffectRefused) -> None:
    """Not every platform tells us that a thread is gone, and none does while we are away."""
    if event.reason != "place_gone" or event.place_id is None:
        return
    if await communities.missed_place(work.tx, work.community, event.place_id, work.now):
        await threads_store.lose_place(work.tx, work.community, event.place_id)


class _Known(NamedTuple):
    """The messages and places of questions that these events mention."""

    #: by cause
    messages: dict[str, Linked]
    places: dict[int, QuestionPlace]
    #: places where every post or topic becomes a question; only read if the batch opens one
    watched: list[int]


async def _known(work: BulkWork, events: Sequence[Event]) -> _Known:
    about = sorted({event.about for event in events if event.about})
    where = {work.of(event).place for event in events if isinstance(event, MessagePosted)}
    there = sorted(place for place in where if place)
    return _Known(
        dict(await threads_store.linked(work.tx, work.community, about)) if about else {},
        dict(await threads_store.in_places(work.tx, work.community, there)) if there else {},
        await threads_store.watched(work.tx, work.community) if any(map(_opens, events)) else [],
    )


def _opens(event: Event) -> bool:
    return isinstance(event, MessagePosted) and event.opens


async def _ask(work: BulkWork, event: MessagePosted, known: _Known) -> Linked | None:
    """A post or topic becomes a question where that is configured, unless it says nothing."""
    there = await _open(work, event)
    if there.place is None or there.place.parent_id not in known.watched or there.member.bot:
        return None
    await ledger.lock(work.tx, work.community)
    # A new topic has only its name.
    text = "" if clean(event.text) == there.place.name else event.text.strip()
    question = await questions_acts.post_here(there, there.place.name, text, there.place.id, pictured=event.pictured)
    if question is None:
        return None
    place = QuestionPlace(
        community_id=work.community,
        place_id=there.place.id,
        question=question.number,
        body=event.cause if question.body else None,
    )
    await threads_store.give_place(work.tx, place)
    known.places[place.place_id] = place
    await acts.expect(there, question.number)
    welcome = Post(place=place.place_id, reply=await questions_views.welcome(there, question))
    await there.promise(welcome, once=f"threads:asked:{question.id}")
    return _said(work, event, question, None)


def _said(work: BulkWork, event: MessagePosted, question: Question, given: Answer | None) -> Linked | None:
    """Link a member's message to its question."""
    known = work.of(event)
    if known.place is None:
        return None
    return Linked(
        community_id=work.community,
        cause=event.cause,
        question=question.number,
        answer=given.number if given else None,
        member_id=known.member,
        place_id=known.place,
        at=event.at,
        message=event.message,
    )


async def _show(work: BulkWork, event: Said) -> Linked | None:
    """A question or answer was shown, and members can reply to it."""
    kind, _, digits = event.subject.partition(":")
    place, number = event.place_id or work.of(event).place, int(digits)
    if place is None or kind not in ("question", "answer"):
        return None
    given = await questions.answer(work.tx, work.community, number) if kind == "answer" else None
    if kind == "question":
        await _offer_thread(work, event, number, place)
    return Linked(
        community_id=work.community,
        cause=event.cause,
        question=given.question if given else number,
        answer=given.number if given else None,
        place_id=place,
        at=event.at,
        message=event.message,
    )


async def _offer_thread(work: BulkWork, event: Said, number: int, place_id: int) -> None:
    """Promise a thread for a question, once, if one can hang on the message that shows it."""
    opened = await _open(work, event)
    place = await communities.place(work.tx, work.community, place_id)
    question = await questions.question(work.tx, work.community, number)
    if place is None or question is None or place.kind != "channel" or not opened.setting(OPEN):
        return
    if work.desk.abilities[place.platform].threads and question.state not in ("draft", "deleted"):
        name = plain(questions_views.titled(opened, question))
        thread = OpenThread(place=place.id, message=event.message, name=name, subject=event.subject)
        await opened.promise(thread, once=f"threads:open:{question.id}")


async def _opened(work: BulkWork, event: ThreadOpened, known: _Known) -> None:
    kind, _, digits = event.subject.partition(":")
    if kind == "question" and (place := work.of(event).place):
        found = QuestionPlace(community_id=work.community, place_id=place, question=int(digits))
        await threads_store.give_place(work.tx, found)
        await acts.expect(await _open(work, event), found.question)
        known.places[place] = found


async def _hear(
    work: BulkWork, event: MessagePosted, link: Linked | None, place: QuestionPlace | None
) -> Linked | None:
    """Handle a reply to a question, found by the message it replies to, or else by its place."""
    known = work.of(event)
    if known.member is None or known.place is None or (event.who and event.who.bot):
        return None
    await ledger.lock(work.tx, work.community)
    number = link.question if link else place.question if place else 0
    question = await questions.question(work.tx, work.community, number)
    if question is None or question.state in ("draft", "deleted"):
        return None
    opened, said = await _open(work, event), _said(work, event, question, None)
    if said and known.member == question.asker_id:
        if place:
            await _detail(opened, event, question, place)
        await _offer(opened, event, question, link)
    elif said and question.state not in questions_views.OVER:
        return await _judge(opened, event, question, link, said)
    return said


async def _offer(work: Work, event: MessagePosted, question: Question, link: Linked | None) -> None:
    """Ask a glad asker what solved it, with buttons: nothing is solved before they press one."""
    if question.state not in questions_views.WAITING or work.place is None:
        return
    lines = await threads_store.spoken(work.tx, work.community, question.number, 1)
    after_asker = not lines or lines[0].member_id == question.asker_id
    if not is_glad(Line(text=event.text, after_asker=after_asker)):
        return
    buttons = await views.choices(work, question, link)
    about = {"member": await work.mention(work.member), "title": question.title}
    told = work.say("threads.glad", **about) if buttons else work.say("threads.alone", **about)
    if not buttons or is_own_fix(event.text):
        buttons.append(work.button("threads.fixed", command_line("question fixed", question.number)))
    post = Post(place=work.place.id, reply=told.but(buttons=tuple(buttons)), answers=event.message)
    await work.promise(post, once=f"threads:glad:{question.id}:{event.at // PAUSE}")


async def _judge(work: Work, event: MessagePosted, question: Question, link: Linked | None, said: Linked) -> Linked:
    """Take a message as an answer if it surely is one, alone or with the author's lines before it; else remember it."""
    lines = await threads_store.spoken(work.tx, work.community, question.number, views.LOOKED_AT)
    said = replace(said, body=event.text.strip()[:BODY] or None)
    likely = judge(_line(event.text, question, link, lines))
    run = views.together(lines, work.member.id, event.at)
    text = event.text[:BODY]
    if run and likely is not Likely.SURE:
        if (earlier := run[0].answer) and (given := await answers_acts.standing(work, earlier)):
            await answers_acts.edit(work, given, f"{given.body}\n{text}"[:BODY])
            return replace(said, answer=given.number)
        run = list(takewhile(lambda each: each.answer is None, run))
        text = "\n".join([*(each.body or "" for each in reversed(run)), text])[:BODY]
        likely = max(likely, judge(_line(text, question, link, lines[len(run) :])), key=list(Likely).index)
    else:
        run = []
    said = replace(said, likely=likely is not Likely.NO)
    if likely is not Likely.SURE or (given := await _take(work, event, question, text)) is None:
        return said
    for each in run:
        await threads_store.link(work.tx, replace(each, answer=given.number))
    return replace(said, answer=given.number)


def _line(text: str, question: Question, link: Linked | None, before: Sequence[Linked]) -> Line:
    return Line(
        text=text,
        first=all(each.member_id == question.asker_id for each in before),
        after_asker=not before or before[0].member_id == question.asker_id,
        to_asker=link is not None and link.answer is None and link.member_id in (None, question.asker_id),
    )


async def _detail(work: Work, event: MessagePosted, question: Question, place: QuestionPlace) -> None:
    """The asker's words become the details of a question without any, until somebody else speaks."""
    text = event.text.strip()[:BODY]
    if (
        question.body
        or not text
        or await threads_store.others_spoke(work.tx, work.community, question.number, question.asker_id)
    ):
        return
    await questions_acts.keep(work, replace(question, body=text))
    await threads_store.give_place(work.tx, replace(place, body=event.cause))


async def _take(work: Work, event: MessagePosted, question: Question, text: str) -> Answer | None:
    """Note an answer that nobody has confirmed, and mark its message; below the first, explain how to judge it."""
    if work.place is None or not event.message or not work.setting(NOTICE):
        return None
    given = await answers_acts.give(work, question, text, guessed=True)
    sign = React(place=work.place.id, message=event.message, emoji=NOTED)
    await work.promise(sign, once=f"threads:sign:{event.cause}:{given.number}:True")
    asker = await members.known(work.tx, work.community, question.asker_id)
    spoken = work.speaking(asker.speaks)
    told = spoken.say("threads.noted", number=given.number, member=await work.mention(asker), emoji=NOTED)
    none = spoken.button("threads.none", command_line("comment", given.number))
    told = told.but(buttons=(*answers_acts.judge(spoken, given), none), subject=f"answer:{given.number}")
    post = Post(place=work.place.id, reply=told, answers=event.message)
    await work.promise(post, once=f"threads:first:{question.id}")
    return given


async def _edit(work: BulkWork, event: MessageEdited, link: Linked) -> None:
    """A text that the platform does not show is not an empty text."""
    text = event.text.strip()[:BODY]
    if not text:
        return
    if link.body:
        await threads_store.link(work.tx, replace(link, body=text))
    if given := await _given(work, link):
        await answers_acts.edit(await _open(work, event), given, await _whole(work, link, text))
    elif quoted := await _quoted(work, link):
        await _ask_anew(await _open(work, event), quoted, text)
    elif question := await _detailed(work, link):
        await questions_acts.keep(await _open(work, event), replace(question, body=text))


async def _delete(work: BulkWork, event: MessageDeleted, link: Linked) -> None:
    if given := await _given(work, link):
        if rest := await _whole(work, link, ""):
            await answers_acts.edit(await _open(work, event), given, rest)
        else:
            await answers_acts.retract(await _open(work, event), given)
    elif quoted := await _quoted(work, link):
        await _take_down(await _open(work, event), quoted)
    elif question := await _detailed(work, link):
        await questions_acts.keep(await _open(work, event), replace(question, body=""))
    await threads_store.unlink(work.tx, work.community, link.cause)


async def _whole(work: BulkWork, link: Linked, text: str) -> str:
    """The words of an answer that several messages give, with this text in place of one of them."""
    lines = await threads_store.lines_of(work.tx, work.community, link.question, link.answer or 0)
    said = [text if each.cause == link.cause else each.body for each in lines]
    return "\n".join(filter(None, said))[:BODY]


async def _given(work: BulkWork, link: Linked) -> Answer | None:
    """The answer that a member's message gives, unless it was taken back."""
    return await answers_acts.standing(work, link.answer) if link.answer and link.member_id else None


async def _quoted(work: BulkWork, link: Linked) -> Question | None:
    """The question that was made from this message, unless it was deleted."""
    if not link.asks:
        return None
    await ledger.lock(work.tx, work.community)
    found = await questions.question(work.tx, work.community, link.question)
    return found if found and found.state != "deleted" else None


async def _ask_anew(work: Work, question: Question, text: str) -> None:
    """Replace title and text, and add the new tags to the old; words that say nothing change nothing."""
    try:
        read = read_draft(text)
    except OptionRefused:
        return
    tags = " ".join(list(dict.fromkeys([*question.tags.split(), *read.tags.split()]))[:TAGS])
    await questions_acts.keep(work, replace(question, title=read.title, body=read.body, tags=tags))


async def _take_down(work: Work, question: Question) -> None:
    """A question with others' answers stays, for members who ask the same."""
    answers = await questions.answers_of(work.tx, work.community, question.number)
    if all(each.answer.author_id == question.asker_id for each in answers):
        await questions_acts.take_down(work, question)


async def _detailed(work: BulkWork, link: Linked) -> Question | None:
    """The question whose details are in this message."""
    places = await threads_store.in_places(work.tx, work.community, [link.place_id]) if link.member_id else {}
    place = places.get(link.place_id)
    if place is None or place.body != link.cause:
        return None
    await ledger.lock(work.tx, work.community)
    found = await questions.question(work.tx, work.community, place.question)
    return found if found and found.state != "deleted" else None


async def _open(work: BulkWork, event: Event) -> Work:
    """Work of the member who did it."""
    member = work.of(event).member
    return await work.alone(event, await members.member(work.tx, work.community, member) if member else None)
