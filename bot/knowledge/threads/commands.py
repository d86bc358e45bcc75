"""Which places make every post a question, and which messages count as answers."""

from collections.abc import Sequence
from dataclasses import replace

from bot.kit import Access, OptionRefused, Quoted, React, Refusal, Reply, Tone, Work, join
from bot.kit.audit import note
from bot.knowledge.answers import acts as answers_acts
from bot.knowledge.answers.views import AnswerNumber
from bot.knowledge.questions import acts as questions_acts
from bot.knowledge.questions.acts import hold, theirs
from bot.knowledge.questions.rules import BODY
from bot.knowledge.questions.views import OVER, Asked
from bot.knowledge.threads import threads
from bot.knowledge.threads.rules import NOTED
from bot.knowledge.threads.views import LOOKED_AT, groups
from models import members
from models import threads as threads_store
from models.communities import Place
from models.questions import Answer, Question
from models.threads import Linked

#: the most forums of one community
MOST = 50
#: kinds of places within a forum, which are no forums themselves
WITHIN = ("thread", "topic", "dm")


@threads.command("questions watch", access=Access.ADMIN)
async def watch(work: Work, place: Place) -> Reply:
    """Every new post there becomes a question."""
    if place.kind in WITHIN:
        raise OptionRefused("place", "questions.watch.within")
    if len(await threads_store.watched(work.tx, work.community)) >= MOST:
        raise Refusal("questions.watch.enough", limit=MOST)
    if not await threads_store.watch(work.tx, work.community, place.id, work.now):
        raise Refusal("questions.watch.already", place=place)
    await note(work, (f"place:{place.id}", None, "watched"))
    done = work.say("done", place=place)
    lines = [done.text] if work.desk.abilities[place.platform].words else [done.text, work.say("unread").text]
    return done.but(text=join(lines), tone=Tone.GOOD)


@threads.command("questions unwatch", access=Access.ADMIN)
async def unwatch(work: Work, place: Place) -> Reply:
    """Questions that were asked there stay questions."""
    if not await threads_store.unwatch(work.tx, work.community, place.id):
        raise Refusal("questions.unwatch.not", place=place)
    await note(work, (f"place:{place.id}", "watched", None))
    return work.say("done", place=place)


@threads.command("mark", varies=True)
async def mark(work: Work, message: Quoted | None = None) -> Reply:
    """The message's author, the asker or staff count it as an answer."""
    if message is None:
        raise OptionRefused("message", "refusal.message")
    link, question = await _belonging(work, message)
    if link and link.answer:
        raise Refusal("mark.already", number=link.answer)
    if message.author is None or message.author.bot or message.author.left_at is not None:
        raise Refusal("mark.nobody")
    _may(work, message.author.id, question)
    if not message.text.strip():
        raise Refusal("mark.wordless")
    given = await answers_acts.give(replace(work, actor=message.author), question, message.text.strip()[:BODY])
    linked = Linked(
        community_id=work.community,
        cause=message.cause,
        question=question.number,
        answer=given.number,
        member_id=message.author.id,
        place_id=link.place_id if link else work.place.id if work.place else question.place_id,
        at=work.now,
        message=link.message if link else None,
    )
    await threads_store.link(work.tx, linked)
    await _sign(work, linked, given.number, shown=True)
    said = work.say("done", number=given.number, member=await work.mention(message.author), title=question.title)
    return said.but(buttons=answers_acts.judge(work, given), subject=f"answer:{given.number}")


@threads.command("question solution", varies=True)
async def solution(work: Work, question: Asked, message: str) -> Reply:
    """The asker or staff choose what solved it: a message that we remember becomes the accepted answer."""
    to = await theirs(work, question)
    if to.state in OVER:
        raise Refusal(f"question.over.{to.state}", number=to.number, other=to.same_as)
    lines = await threads_store.spoken(work.tx, work.community, to.number, LOOKED_AT)
    told = [group for group in groups(lines, to.asker_id) if any(each.message == message for each in group)]
    if not told:
        raise Refusal("question.solution.gone")
    chosen = told[0][0]
    given = await answers_acts.find(work, str(chosen.answer)) if chosen.answer else await _becomes(work, to, told[0])
    author = await answers_acts.accept(work, to, given)
    return await questions_acts.aloud(work, to, await answers_acts.solved(work, to, given, author))


async def _becomes(work: Work, to: Question, lines: Sequence[Linked]) -> Answer:
    """One answer of these lines of one author, the newest first."""
    author = await members.known(work.tx, work.community, lines[0].member_id or 0)
    if author.left_at is not None:
        raise Refusal("mark.nobody")
    text = "\n".join(each.body or "" for each in reversed(lines))[:BODY]
    given = await answers_acts.give(replace(work, actor=author), to, text)
    for each in lines:
        await threads_store.link(work.tx, replace(each, answer=given.number))
    await _sign(work, lines[0], given.number, shown=True)
    return given


@threads.command("comment", varies=True)
async def comment(work: Work, answer: AnswerNumber = "", message: Quoted | None = None) -> Reply:
    """The answer's author, the asker or staff count it as a comment; the points of the answer go back."""
    found = await answers_acts.find(work, answer or await _number(work, message))
    question = await hold(work, str(found.question))
    _may(work, found.author_id, question)
    given = await threads_store.given_by(work.tx, work.community, question.number, found.number)
    if given is None:
        raise Refusal("comment.command", number=found.number)
    lines = await threads_store.lines_of(work.tx, work.community, question.number, found.number)
    await answers_acts.retract(work, found)
    for each in lines:
        await threads_store.link(work.tx, replace(each, answer=None))
    await _sign(work, given, found.number, shown=False)
    return work.say("done", number=found.number).but(private=True, tone=Tone.GOOD)


async def _belonging(work: Work, message: Quoted) -> tuple[Linked | None, Question]:
    """The message's link, if it has one, and the question that it can answer."""
    link = (await threads_store.linked(work.tx, work.community, [message.cause])).get(message.cause)
    here = work.place.id if work.place else 0
    place = (await threads_store.in_places(work.tx, work.community, [here])).get(here)
    number = link.question if link else place.question if place else None
    if number is None:
        raise Refusal("mark.nowhere")
    question = await hold(work, str(number))
    if question.state in (*OVER, "draft"):
        raise Refusal(f"question.over.{question.state}", number=question.number, other=question.same_as)
    return link, question


async def _number(work: Work, message: Quoted | None) -> str:
    """The number of the answer that a message gives or shows."""
    if message is None:
        raise OptionRefused("answer", "refusal.missing", so_far="/comment")
    link = (await threads_store.linked(work.tx, work.community, [message.cause])).get(message.cause)
    if link is None or link.answer is None:
        raise Refusal("comment.none")
    return str(link.answer)


def _may(work: Work, author_id: int, question: Question) -> None:
    if work.member.id not in (author_id, question.asker_id) and work.access < Access.STAFF:
        raise Refusal("comment.not_yours")


async def _sign(work: Work, linked: Linked, number: int, *, shown: bool) -> None:
    if linked.message:
        sign = React(place=linked.place_id, message=linked.message, emoji=NOTED, shown=shown)
        await work.promise(sign, once=f"threads:sign:{linked.cause}:{number}:{shown}")
