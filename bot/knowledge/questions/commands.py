"""Asking questions, and deciding about them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from bot.kit import (
    Access,
    Button,
    Long,
    OptionRefused,
    Quoted,
    Range,
    Refusal,
    Reply,
    Style,
    Tone,
    Work,
    command_line,
    join,
    written,
)
from bot.knowledge.bounties import acts as bounties_acts
from bot.knowledge.questions import acts, questions, views
from bot.knowledge.questions.acts import hold, keep, theirs
from bot.knowledge.questions.rules import BODY, read_draft, state_of
from bot.knowledge.questions.views import Asked
from models import members, threads
from models import questions as questions_store
from models.members import Member
from models.questions import Found, Question
from models.threads import Linked

Title = Annotated[str, Long(), Range(1, BODY)]
Details = Annotated[str, Long(), Range(0, BODY)]
Tags = Annotated[str, Range(0, 200)]
Prize = Annotated[int, Range(0, bounties_acts.MOST)]


@questions.command("ask", varies=True, cost=2)
async def ask(
    work: Work,
    title: Title = "",
    details: Details = "",
    tags: Tags = "",
    bounty: Prize = 0,
    message: Quoted | None = None,
) -> Reply:
    """Ask in these words, or in those of a message. Show similar questions first, since they may have the answer."""
    if work.place is None:
        raise Refusal("refusal.in_public")
    asker, quoted = work.member, None if title else message
    if quoted:
        asker = await _author(work, quoted)
        read = read_draft(quoted.text[:BODY])
    elif title:
        read = read_draft(title, details, tags)
    else:
        raise OptionRefused("title", "refusal.missing", so_far=command_line("ask"))
    draft = await acts.draft(work, read, work.place.id, asker)
    if quoted:
        await threads.link(work.tx, _linked(draft, quoted))
    if near := await views.similar(work, draft, views.SHOWN):
        await questions_store.put_question(work.tx, draft)
        return await _offer(work, draft, near, bounty)
    return await _post(work, draft, bounty, pictured=bool(quoted and quoted.pictured))


@questions.command("question post", varies=True)
async def post(work: Work, question: Asked, bounty: Prize = 0) -> Reply:
    """Post it where it was asked, although the draft was shown in private."""
    draft = await _draft(work, question)
    done = work.say("done", number=draft.number, title=draft.title)
    return await acts.aloud(work, draft, await _post(work, replace(draft, asked_at=work.now), bounty), done)


@questions.command("question helped", varies=True)
async def helped(work: Work, question: Asked, by: Asked) -> Reply:
    """The old answer helped, so the draft is dropped; a vote can thank the author of that answer."""
    draft, before = await _draft(work, question), await hold(work, by, "by")
    await questions_store.put_question(work.tx, replace(draft, state="deleted"))
    best = await views.best_answer(work, before)
    up = [Button(work.words("answer.up", number=best.number), command_line("vote", best.number, "up"))] if best else []
    said = work.say("glad", number=before.number, title=before.title)
    return said.but(private=True, replaces=True, tone=Tone.GOOD, buttons=tuple(up))


@questions.command("question close", varies=True)
async def close(work: Work, question: Asked) -> Reply:
    found = await theirs(work, question)
    return await _become(work, found, replace(found, state="closed", same_as=None))


@questions.command("question reopen", varies=True)
async def reopen(work: Work, question: Asked) -> Reply:
    found = await theirs(work, question)
    if found.state not in (*views.OVER, "stale"):
        raise Refusal("question.reopen.open", number=found.number)
    answers = [each.answer for each in await questions_store.answers_of(work.tx, work.community, found.number)]
    return await _become(work, found, replace(found, state=state_of(answers), same_as=None))


@questions.command("question duplicate", varies=True)
async def duplicate(work: Work, question: Asked, of: Asked) -> Reply:
    """Mark it as the same as the first question of its kind, which has the answers."""
    found, first = await theirs(work, question), await hold(work, of, "of")
    number = first.same_as or first.number
    if number == found.number or first.state == "draft":
        raise OptionRefused("of", "question.duplicate.itself")
    return await _become(work, found, replace(found, state="duplicate", same_as=number))


@questions.command("question edit", varies=True)
async def edit(work: Work, question: Asked, title: Title, details: Details = "", tags: Tags = "") -> Reply:
    """Options that are left out keep their values."""
    found = await theirs(work, question)
    read = read_draft(title, details, tags)
    changed = replace(found, title=read.title, body=read.body or found.body, tags=read.tags or found.tags)
    await keep(work, changed)
    return work.say("done", number=found.number, title=read.title).but(private=True, tone=Tone.GOOD)


@questions.command("question delete", varies=True)
async def delete(work: Work, question: Asked) -> Reply:
    """With other members' answers it is no longer only the asker's: they can close it, and staff can delete it."""
    found = await theirs(work, question)
    answers = await questions_store.answers_of(work.tx, work.community, found.number)
    others = [each for each in answers if each.answer.author_id != found.asker_id]
    if others and work.access < Access.STAFF:
        raise Refusal("question.delete.answered", number=found.number)
    await acts.take_down(work, found)
    return work.say("done", number=found.number, title=found.title).but(private=True)


async def _offer(work: Work, draft: Question, near: Sequence[Found], bounty: int) -> Reply:
    """Before posting: similar earlier questions, with their accepted answers."""
    lines = [work.say("ask.before").text, *await views.before(work, near)]
    numbers = [each.question.number for each in near]
    solves = [
        Button(work.words("ask.solves", number=number), command_line("question helped", draft.number, number))
        for number in numbers
    ]
    put_up = [bounty] if bounty else []
    anyway = Button(work.words("ask.anyway"), command_line("question post", draft.number, *put_up), Style.MAIN)
    return Reply(text=join(lines), buttons=(*solves, anyway), private=True)


async def _post(work: Work, draft: Question, bounty: int, *, pictured: bool = False) -> Reply:
    question = await acts.post(work, draft, pictured=pictured)
    asker = await members.known(work.tx, work.community, question.asker_id)
    lines = [written(question.body)] if question.body else []
    lines.append(work.say("question.asks", member=await work.mention(asker)).text)
    if question.tags:
        lines.append(work.say("question.tagged", tags=" ".join(f"#{tag}" for tag in question.tags.split())).text)
    if bounty:
        lines.append((await bounties_acts.put_up(work, question, bounty)).text)
    reply = Button(work.words("question.answer"), command_line("answer", question.number), Style.MAIN)
    return Reply(
        title=views.titled(work, question), text=join(lines), buttons=(reply,), subject=f"question:{question.number}"
    )


async def _author(work: Work, message: Quoted) -> Member:
    """The asker is the author of the message; the author or staff may ask with it."""
    author = message.author
    if author is None or author.bot or author.left_at is not None:
        raise Refusal("ask.nobody")
    if author.id != work.member.id and work.access < Access.STAFF:
        raise Refusal("ask.not_yours")
    linked = await threads.linked(work.tx, work.community, [message.cause])
    found = await questions_store.question(work.tx, work.community, linked[message.cause].question) if linked else None
    if found and found.state not in ("draft", "deleted"):
        raise Refusal("ask.linked", number=found.number)
    return author


def _linked(question: Question, message: Quoted) -> Linked:
    """A reply to this message is a reply to the question, and the message shows the question's state."""
    return Linked(
        community_id=question.community_id,
        cause=message.cause,
        question=question.number,
        member_id=question.asker_id,
        place_id=question.place_id,
        at=question.asked_at,
        asks=True,
    )


async def _draft(work: Work, typed: str) -> Question:
    found = await hold(work, typed)
    if found.state != "draft":
        raise Refusal("question.posted", number=found.number)
    return found


async def _become(work: Work, old: Question, new: Question) -> Reply:
    if new == old:
        raise Refusal(f"question.already.{old.state}", number=old.number, other=old.same_as)
    await keep(work, new)
    said = work.say(f"question.now.{new.state}", number=new.number, title=new.title, other=new.same_as)
    return await acts.aloud(work, new, said.but(tone=Tone.GOOD), said)
