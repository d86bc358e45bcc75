"""Looks every night for rings that staff have not seen; staff decide what to make of them."""

from bot.community.basics.settings import STAFF_PLACE
from bot.economy.rings import rings, views
from bot.economy.rings.rules import Found, grown_from, news
from bot.economy.rings.rules import rings as found_in
from bot.economy.rings.settings import AMOUNT, SHARE
from bot.kit import Post, Reply, Tone, Work, join
from models import rings as rings_store
from models.numbers import next_number
from models.rings import Ring
from models.spans import DAY

#: how far back gifts are read
SPAN = 30 * DAY
#: fewer gifts from one member to another are courtesy
TIMES = 3
#: how many of the largest gifts are read, at some 100 bytes each; a place with more has other worries than rings
MOST = 200_000
#: how many rings staff hear of in one night, those with most points first; the rest waits
TOLD = 10
#: how many gifts are kept for each ring; nobody reads more of them
EVIDENCE = 100


@rings.job("10 5 * * *")
async def look(work: Work) -> None:
    amount = work.setting(AMOUNT)
    if not amount:
        return
    gifts = await rings_store.gifts(work.tx, work.community, work.now - SPAN, amount, TIMES, MOST)
    told = 0
    for found in found_in(gifts, work.setting(SHARE)):
        known = await rings_store.sharing(work.tx, work.community, [each.member_id for each in found.shares])
        if news(found, known):
            await _tell(work, found, grown_from(known))
            told += 1
        if told == TOLD:
            return


async def _tell(work: Work, found: Found, before: int | None) -> None:
    ring = Ring(
        community_id=work.community,
        number=before or await next_number(work.tx, work.community),
        found_at=work.now,
        amount=found.amount,
    )
    await rings_store.put(work.tx, ring, found.shares, found.gifts[:EVIDENCE])
    staff_place = work.setting(STAFF_PLACE)
    if staff_place is None:
        return
    begin = work.say("rings.grown" if before else "rings.found", number=ring.number).text
    lines = [begin, *await views.described(work, ring), work.say("rings.harmless").text]
    told = Reply(text=join(lines), buttons=(views.close_button(work, ring),), tone=Tone.CAREFUL)
    await work.promise(Post(place=staff_place, reply=told), once=f"ring:{ring.number}:{ring.found_at}")
