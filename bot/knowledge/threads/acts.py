"""Shows the state of a question in the name of its own place: some time later, but always the present state."""

from datetime import timedelta

from bot.kit import Remind, Retitle, Work
from bot.knowledge.threads.rules import named
from bot.knowledge.threads.settings import MARKS
from models import communities, ledger, questions, threads

#: changes within this time are shown together
SOON = timedelta(seconds=10)
#: Discord lets a place be renamed twice in ten minutes, and a third rename makes everybody else wait
APART = timedelta(minutes=5)
SUBJECT = "mark"


async def expect(work: Work, number: int) -> None:
    """The state may have changed: check each of its places soon, once for all changes until then."""
    places = await threads.places_of(work.tx, work.community, number)
    if places and work.setting(MARKS):
        for place in places:
            last = timedelta(milliseconds=work.now - place.looked_at)
            look = Remind(subject=f"{SUBJECT}:{place.place_id}")
            once = f"{SUBJECT}:{place.place_id}:{place.looked_at}"
            await work.promise(look, after=max(SOON, APART - last), once=once)


async def renew(work: Work, place_id: int) -> None:
    """Checked under the lock of everybody who changes questions, so that no change between two checks is missed."""
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
