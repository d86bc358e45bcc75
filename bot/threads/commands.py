"""Naming the forums, and the chats with topics, in which every post or topic is a question."""

from bot.access import Access
from bot.errors import OptionRefused, Refusal
from bot.noting import note
from bot.replies import Reply, Tone
from bot.threads import threads
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
