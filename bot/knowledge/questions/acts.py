"""Changes a question: posts it, locks it for a decision, stores it, updates it by its answers, takes it down."""

from dataclasses import replace

from bot.economy.points import acts as points_acts
from bot.kit import Access, OptionRefused, Post, Refusal, Reply, Tell, Tone, Work, happened
from bot.kit.events import QuestionAsked, QuestionChanged
from bot.kit.terms import terms
from bot.knowledge.questions import views
from bot.knowledge.questions.rules import BODY, Draft, read_draft, state_of
from bot.knowledge.questions.settings import ASKED, PAID
from bot.knowledge.threads import acts as threads_acts
from models import circles, communities, ledger, members, questions, text_index
from models import threads as threads_store
from models.ledger import Entry
from models.members import Member
from models.numbers import next_number
from models.questions import Question


async def hold(work: Work, typed: str, option: str = "question") -> Question:
    """Find a question under the ledger's lock: nobody else changes it, its answers, or any points meanwhile."""
    await ledger.lock(work.tx, work.community)
    return await views.find_question(work, typed, option)


async def theirs(work: Work, typed: str) -> Question:
    """A question that the actor may decide about."""
    found = await hold(work, typed)
    if found.state == "draft":
        raise Refusal("question.over.draft", number=found.number)
    if found.asker_id != work.member.id and work.access < Access.STAFF:
        raise Refusal("question.not_yours")
    return found


async def keep(work: Work, question: Question) -> None:
    """Store it, and update the search index; this is the one way for a state to change, and listeners hear of it.

    They plan what follows in the same transaction, so that a question which waits always has a next step.
    """
    before = await questions.question(work.tx, work.community, question.number)
    await questions.put_question(work.tx, question)
    await remember(work, question)
    await threads_acts.expect(work, question.number)
    if question.state not in views.WAITING:
        await threads_store.forget_words(work.tx, work.community, question.number, 0)
    if before is None or before.state != question.state:
        await _tell(work, question)


async def _tell(work: Work, question: Question) -> None:
    changed = QuestionChanged(
        cause=f"question:{question.number}:{question.state}:{work.cause}",
        at=work.now,
        home=work.community,
        question=question.number,
        state=question.state,
    )
    await happened(work, changed)


async def settle(work: Work, question: Question) -> None:
    """Update its state by its answers, unless the question is over."""
    found = [each.answer for each in await questions.answers_of(work.tx, work.community, question.number)]
    over = question.state in (*views.OVER, "deleted")
    await keep(work, question if over else replace(question, state=state_of(found)))


async def still_paid(work: Work, member_id: int) -> bool:
    """Whether this member's questions and answers earn today."""
    earned = await ledger.earnings(work.tx, work.community, work.today, [member_id])
    most: int = work.setting(PAID)
    return sum(each.times for each in earned if each.reason in ("asked", "answered")) < most


async def remember(work: Work, question: Question) -> None:
    """Index its present words and those of its answers; drop it from the index when it is gone."""
    if question.state in ("draft", "deleted"):
        await text_index.drop(work.tx, question.id)
        return
    answers = await questions.answers_of(work.tx, work.community, question.number)
    texts = [question.title, question.body, question.tags, *(each.answer.body for each in answers)]
    await text_index.keep(work.tx, question.id, terms("\n".join(texts)))


async def draft(work: Work, read: Draft, place_id: int, asker: Member) -> Question:
    """Not stored yet."""
    return Question(
        community_id=work.community,
        number=await next_number(work.tx, work.community),
        id=work.desk.ids.new(work.now),
        asker_id=asker.id,
        place_id=place_id,
        title=read.title,
        body=read.body,
        tags=read.tags,
        asked_at=work.now,
        state="draft",
    )


async def post(work: Work, draft: Question, *, pictured: bool = False) -> Question:
    """Post it: now members can find and answer it; the asker earns points, and is told if somebody else posted it."""
    question = replace(draft, state="open")
    await keep(work, question)
    asker = await members.known(work.tx, work.community, question.asker_id)
    if await still_paid(work, asker.id):
        worth = work.setting(ASKED)
        await points_acts.earn(work, asker, worth, "asked", asking(question), note=question.title)
    if asker.id != work.member.id:
        told = work.speaking(asker.speaks).say("ask.yours", number=question.number, title=question.title)
        await work.promise(Tell(member=asker.id, reply=told), once=f"{asking(question)}:told")
    event = QuestionAsked(
        cause=asking(question), at=work.now, home=work.community, question=question.number, pictured=pictured
    )
    await happened(work, event)
    return question


async def take_down(work: Work, question: Question) -> list[Entry]:
    """Nobody finds it any more; take back what asking earned, and return the reversing entries."""
    await keep(work, replace(question, state="deleted", same_as=None))
    return await points_acts.unearn(work, [asking(question)], "deleted")


async def post_here(work: Work, title: str, text: str, place_id: int, *, pictured: bool) -> Question | None:
    """Post what a member opened in a forum; use the text where the title says nothing, or return None if both do."""
    for first, details in ((title, text), (text, "")):
        try:
            read = read_draft(first[:BODY], details[:BODY])
        except OptionRefused:
            continue
        return await post(work, await draft(work, read, place_id, work.member), pictured=pictured)
    return None


async def aloud(work: Work, question: Question, said: Reply, instead: Reply | None = None) -> Reply:
    """Say it where the question lives, for everybody; an actor elsewhere, as in private, is told that we said it there.

    If that place is gone, say it here, publicly if everybody here may read the question.
    """
    place = await views.lives(work, question)
    here = work.place is not None and work.place.id in (place, question.place_id)
    if not here and await communities.is_there(work.tx, work.community, place):
        await work.promise(Post(place=place, reply=said))
        told = instead or work.say("question.there", number=question.number, title=question.title)
        return told.but(private=True, replaces=True, tone=Tone.GOOD)
    read = await replace(work, circles=frozenset()).reading()
    open_here = here or await circles.reads(work.tx, work.community, question.number, read)
    return said if open_here else said.but(private=True)


def asking(question: Question) -> str:
    """By the id, since numbers begin at one in each community, and communities may become one."""
    return f"asked:{question.id}"
