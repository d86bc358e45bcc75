"""How a question stands, told by the name of the place it has for itself: late, but as it stands at that moment."""

from datetime import timedelta

from bot.kit import Remind, Retitle, Work
from bot.knowledge.threads.rules import named
from bot.knowledge.threads.settings import MARKS
from models import communities, ledger, questions, threads

#: what changes together is told together
SOON = timedelta(seconds=10)
#: Discord lets a place be renamed twice in ten minutes, and everybody else waits behind a third
APART = timedelta(minutes=5)
SUBJECT = "mark"


async def expect(work: Work, number: int) -> None:
    """It may stand otherwise now: each of its places is looked at before long, once for all that changes until then."""
    places = await threads.places_of(work.tx, work.community, number)
    if places and work.setting(MARKS):
        for place in places:
            last = timedelta(milliseconds=work.now - place.looked_at)
            look = Remind(subject=f"{SUBJECT}:{place.place_id}")
            once = f"{SUBJECT}:{place.place_id}:{place.looked_at}"
            await work.promise(look, after=max(SOON, APART - last), once=once)


async def renew(work: Work, place_id: int) -> None:
    """Looked at under the lock of whoever changes questions, so that no change is missed between two looks."""
    await ledger.lock(work.tx, work.community)
    here = (await threads.in_places(work.tx, work.community, [place_id])).get(place_id)
    place = await communities.place(work.tx, work.community, place_id)
    question = await questions.question(work.tx, work.community, here.question) if here else None
    if here is None or place is None or question is None:
        return
    ours = work.words("question.titled", mark="", number=question.number, title="").strip()
    name, called = named(question, place.name, ours), here.called or place.name
    wanted = name != called and work.setting(MARKS)
    await threads.look(work.tx, here, name if wanted else here.called, work.now)
    if wanted:
        await work.promise(Retitle(place=place_id, name=name))
