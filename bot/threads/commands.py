"""Which places have questions in every post, and which message is no answer after all."""

from dataclasses import replace

from bot import answered
from bot.access import Access
from bot.answers.commands import AnswerNumber
from bot.asked import hold
from bot.effects import React
from bot.errors import OptionRefused, Refusal
from bot.noting import note
from bot.replies import Reply, Tone
from bot.threads import threads
from bot.threads.rules import NOTED
from bot.work import Work
from models import threads as links
from models.communities import Place

#: forums of one community
MOST = 50
#: what a forum contains, and is none itself
WITHIN = ("thread", "topic", "dm")


@threads.command("questions watch", access=Access.ADMIN)
async def watch(work: Work, place: Place) -> Reply:
    """From its next post on."""
    if place.kind in WITHIN:
        raise OptionRefused("place", "questions.watch.within")
    if len(await links.watched(work.tx, work.community)) >= MOST:
        raise Refusal("questions.watch.enough", limit=MOST)
    if not await links.watch(work.tx, work.community, place.id, work.now):
        raise Refusal("questions.watch.already", place=place)
    await note(work, (f"place:{place.id}", None, "watched"))
    return work.say("done", place=place).but(tone=Tone.GOOD)


@threads.command("questions unwatch", access=Access.ADMIN)
async def unwatch(work: Work, place: Place) -> Reply:
    """What was asked there stays a question."""
    if not await links.unwatch(work.tx, work.community, place.id):
        raise Refusal("questions.unwatch.not", place=place)
    await note(work, (f"place:{place.id}", "watched", None))
    return work.say("done", place=place)


@threads.command("comment", varies=True)
async def comment(work: Work, answer: AnswerNumber) -> Reply:
    """Said by its author, the asker or staff; it gives back what it earned as an answer."""
    found = await answered.find(work, answer)
    question = await hold(work, str(found.question))
    if work.member.id not in (found.author_id, question.asker_id) and work.access < Access.STAFF:
        raise Refusal("comment.not_yours")
    given = await links.given_by(work.tx, work.community, question.number, found.number)
    if given is None:
        raise Refusal("comment.command", number=found.number)
    await answered.retract(work, found)
    await links.link(work.tx, replace(given, answer=None))
    if given.message:
        sign = React(place=given.place_id, message=given.message, emoji=NOTED, shown=False)
        await work.promise(sign, once=f"threads:none:{given.cause}:{found.number}")
    return work.say("done", number=found.number).but(private=True, tone=Tone.GOOD)
