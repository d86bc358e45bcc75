"""What a deed earns."""

from dataclasses import replace
from functools import reduce
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.economy.points.rules import (
    STRETCHES,
    Award,
    Deed,
    Multipliers,
    Rates,
    Today,
    accrue,
    days_of,
    deeds_of,
    earned,
    imprinted,
    left,
    named_as,
    nearest,
    of_roles,
    tally,
    until,
)
from bot.kit.calendar import calendar_in
from bot.kit.events import Event, MemberJoined, VoiceSpent
from bot.kit.references import Person
from bot.kit.work import Known
from models.expiry import Warned
from models.imprints import KEPT, Imprints
from models.ledger import Earning, Entry
from models.multipliers import Multiplier
from models.spans import DAY
from tests.bot.recorder import ANN, BOB, LOBBY, NAME, NOON, SECOND, posted, reacted

RATES = Rates(
    message=1,
    reply=2,
    post=5,
    reaction=1,
    voice=1,
    streak=2,
    cooldown=60 * SECOND,
    daily_cap=200,
    min_length=3,
    similarity=90,
    weight=100,
)
TODAY = NOON // DAY
MINUTE = 60 * SECOND
MINE, YOURS = 7, 8
ROBOT = Person(NAME, "99", "Robot", "robot", bot=True)


def deed(reason: str = "message", seconds: int = 0, *, member: int = MINE, length: int = 10) -> Deed:
    at = NOON + seconds * SECOND
    return Deed(f"{reason}:{seconds}", at, at // DAY, reason, member, YOURS, 1, length)


def amounts(deeds: list[Deed], rates: Rates = RATES, today: Today | None = None) -> list[int]:
    before = {(TODAY, MINE): today} if today else {}
    return [award.amount for award in earned(deeds, rates, before)]


def deeds(event: Event, *, member: int | None = MINE, target: int | None = None) -> list[Deed]:
    return list(deeds_of(event, Known(1, 5, member, target), calendar_in("UTC")))


def talk(minutes: int, until: int) -> VoiceSpent:
    return VoiceSpent(cause=f"talk:{until}", at=NOON + until * MINUTE, who=ANN, spot=LOBBY, minutes=minutes)


# Who earns by what


@pytest.mark.parametrize(("target", "reason"), [(YOURS, "reply"), (MINE, "message"), (None, "message")])
def test_a_reply_is_a_reply_to_somebody_else(target: int | None, reason: str) -> None:
    """A reply to oneself, or to nobody we know, counts as a message."""
    other = YOURS if reason == "reply" else None

    assert deeds(posted(2, about=1), target=target) == [Deed("recorder:msg:2", NOON, TODAY, reason, MINE, other, 5, 5)]


def test_a_message_is_its_author_s() -> None:
    """A mention without a reply changes nothing."""
    assert deeds(posted(1), target=YOURS) == [Deed("recorder:msg:1", NOON, TODAY, "message", MINE, None, 5, 5)]


def test_a_reaction_is_earned_by_whoever_receives_it() -> None:
    """The entry keeps who reacted; nobody earns by liking themselves, or for a message without an author."""
    assert deeds(reacted(1), target=YOURS) == [
        Deed("recorder:msg:1:reaction:7", NOON, TODAY, "reaction", YOURS, MINE, 5)
    ]
    assert deeds(reacted(1), target=MINE) == []
    assert deeds(reacted(1), target=None) == []


def test_bots_neither_earn_nor_give() -> None:
    """A bot's message earns nothing, liking a bot earns it nothing, and a reply to one counts as a message."""
    assert deeds(posted(1, ROBOT)) == []
    assert deeds(reacted(1, ROBOT), target=YOURS) == []
    assert deeds(replace(reacted(1), target=ROBOT), target=YOURS) == []
    assert [each.reason for each in deeds(replace(posted(2, about=1), target=ROBOT), target=YOURS)] == ["message"]


def test_nothing_else_earns() -> None:
    """A join is welcome and earns nothing; an event without an author earns for nobody."""
    assert deeds(MemberJoined(cause="j", at=NOON, who=BOB, spot=LOBBY)) == []
    assert deeds(talk(60, 60), member=None) == []


@pytest.mark.parametrize(
    ("minutes", "until", "tens"),
    [(5, 5, []), (5, 9, []), (1, 10, [10]), (5, 10, [10]), (5, 14, [10]), (5, 15, []), (35, 35, [10, 20, 30])],
)
def test_talk_is_earned_when_a_tenth_minute_ends(minutes: int, until: int, tens: list[int]) -> None:
    """Each tenth minute counts alone, at its own moment, so that a long talk over midnight belongs to both days."""
    found = deeds(talk(minutes, until))

    assert [each.at for each in found] == [NOON + ten * MINUTE for ten in tens]
    assert all((each.reason, each.member, each.place) == ("voice", MINE, 5) for each in found)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=10))
def test_slices_add_up(slices: list[int]) -> None:
    """However a talk is cut, it earns what it earns whole: one for ten minutes, give or take one."""
    ends = [sum(slices[: number + 1]) for number in range(len(slices))]
    whole = deeds(talk(ends[-1], ends[-1]))

    assert [each for minutes, end in zip(slices, ends, strict=True) for each in deeds(talk(minutes, end))] == whole
    assert abs(len(whole) - ends[-1] / 10) < 1


def test_slices_that_overlap_have_the_same_cause() -> None:
    """So the ledger pays the ten minutes once."""
    assert {each.cause for each in deeds(talk(5, 10))} == {each.cause for each in deeds(talk(5, 12))} != set()


def test_no_talk_is_endless() -> None:
    """An event that tells of ten years, as after a clock jump, earns no more than a day."""
    found = deeds(talk(10 * 365 * 24 * 60, 0))

    assert len(found) == STRETCHES
    assert found[-1].at == NOON


def test_what_is_opened_is_no_ordinary_message() -> None:
    """Even if it answers somebody, as an opened topic may seem to."""
    assert [each.reason for each in deeds(replace(posted(1), opens=True))] == ["post"]
    assert [each.reason for each in deeds(replace(posted(2, about=1), opens=True), target=YOURS)] == ["post"]


# How much it is


@pytest.mark.parametrize(
    ("deeds", "paid"),
    [
        ([], []),
        ([deed("message")], [1]),
        ([deed("reply")], [2]),
        ([deed("post")], [5]),
        ([deed("post"), deed("message", 59), deed("post", 60)], [5, 5]),
        ([deed("reaction")], [1]),
        ([deed("message", length=2)], []),
        ([deed("message", length=3)], [1]),
        ([deed("message", length=0)], [1]),
        ([deed("reaction", length=1)], [1]),
        ([deed("message", 0), deed("message", 59)], [1]),
        ([deed("message", 0), deed("message", 60)], [1, 1]),
        ([deed("message", 0), deed("reply", 30)], [1]),
        ([deed("message", 0), deed("message", 59), deed("message", 60)], [1, 1]),
        ([deed("message", 0, length=1), deed("message", 1)], [1]),
        ([deed("message", 0), deed("reaction", 1), deed("reaction", 2)], [1, 1, 1]),
        ([deed("message", 0), deed("message", 1, member=YOURS)], [1, 1]),
        ([deed("message", 61), deed("message", 0)], [1, 1]),
        ([deed("voice"), deed("voice", 600)], [1, 1]),
    ],
)
def test_what_is_paid(deeds: list[Deed], paid: list[int]) -> None:
    """By the default rates, with nothing earned before."""
    assert amounts(deeds) == paid


@pytest.mark.parametrize(
    ("today", "deeds", "paid"),
    [
        (Today(amount=199), [deed("reply")], [1]),
        (Today(amount=200), [deed("reply")], []),
        (Today(amount=250), [deed("reply")], []),
        (Today(amount=199), [deed("message"), deed("reaction", 1), deed("reaction", 2)], [1]),
        (Today(amount=199), [deed("voice", 0), deed("voice", 600)], [1]),
        (Today(written=(NOON,)), [deed("message", 59)], []),
        (Today(written=(NOON,)), [deed("message", 60)], [1]),
        (Today(written=(NOON,)), [deed("message", -59)], []),
        (Today(written=(NOON,)), [deed("message", -120), deed("message", -59), deed("message", -60)], [1, 1]),
    ],
)
def test_what_was_earned_today_counts(today: Today, deeds: list[Deed], paid: list[int]) -> None:
    """The cap and the cooldown continue from the store's sums."""
    assert amounts(deeds, today=today) == paid


def test_a_day_ends_at_midnight() -> None:
    """Earnings of one day leave the next one untouched."""
    today = {(TODAY, MINE): Today(amount=200)}

    (award,) = earned([deed("message", 12 * 3600)], RATES, today)

    assert (award.deed.day, award.amount) == (TODAY + 1, 1)


def test_without_a_cap_everything_is_paid() -> None:
    """0 means that there is no cap."""
    assert amounts([deed("reaction")], replace(RATES, daily_cap=0), Today(amount=10_000)) == [1]


@pytest.mark.parametrize(
    ("weight", "paid"), [(100, [2]), (200, [4]), (50, [1]), (25, [1]), (24, []), (0, []), (1000, [20])]
)
def test_the_weight_is_a_percentage(weight: int, paid: list[int]) -> None:
    """It is α of the formula; half a point is a point."""
    assert amounts([deed("reply")], replace(RATES, weight=weight)) == paid


@pytest.mark.parametrize("reason", ["message", "reply", "post", "reaction", "voice"])
def test_what_is_worth_nothing_is_no_entry(reason: str) -> None:
    """And it starts no cooldown."""
    free = replace(RATES, message=0, reply=0, post=0, reaction=0, voice=0)

    assert amounts([deed(reason)], free) == []
    assert amounts([deed("message"), deed("reply", 1)], replace(RATES, message=0)) == [2]


def test_income_adds_up() -> None:
    """500 articles with 1000 interactions each, of 2 points each, are 1,000,000 points (I_t = I_(t-1) + α·P(t))."""
    article = [2] * 1000

    assert reduce(lambda income, points: accrue(income, points, 100), article * 500, 0) == 1_000_000


# What the store tells and is told


def test_the_days_are_read_from_the_store() -> None:
    """All places and reasons that the cap counts, and the latest message or reply; gifts do not count."""
    rows = [
        Earning(1, TODAY, MINE, 5, "message", 3, 3, NOON),
        Earning(1, TODAY, MINE, 6, "reply", 4, 2, NOON + 5),
        Earning(1, TODAY, MINE, 0, "voice", 2, 2, NOON + 9),
        Earning(1, TODAY, MINE, 0, "bounty", 50, 1, NOON + 9),
        Earning(1, TODAY, YOURS, 0, "reaction", 1, 1, NOON),
        Earning(1, TODAY - 1, MINE, 5, "message", 7, 7, NOON - DAY),
    ]

    assert days_of(rows) == {
        (TODAY, MINE): Today(9, (NOON + 5,)),
        (TODAY, YOURS): Today(1, ()),
        (TODAY - 1, MINE): Today(7, (NOON - DAY,)),
    }


def test_what_is_taken_back_lowers_what_was_earned() -> None:
    """Each key comes once, on the day of the deed, and is lowered as often as it was raised."""
    entries = [entry(5, "message", 0), entry(5, "message", 60), entry(None, "reply", 120)]

    assert tally(entries) == [
        Earning(1, TODAY, MINE, 0, "reply", 1, 1, NOON + 120 * SECOND),
        Earning(1, TODAY, MINE, 5, "message", 2, 2, NOON + 60 * SECOND),
    ]
    assert [(each.amount, each.times) for each in tally(entries, -1)] == [(-1, -1), (-2, -2)]


def entry(place: int | None, reason: str, seconds: int) -> Entry:
    at = NOON + seconds * SECOND
    return Entry(1, at, at // DAY, MINE, "earn", 1, True, reason, f"{reason}:{seconds}", place_id=place)


# Whatever comes

RATING = st.builds(
    Rates,
    message=st.integers(0, 1000),
    reply=st.integers(0, 1000),
    post=st.integers(0, 1000),
    reaction=st.integers(0, 1000),
    voice=st.integers(0, 1000),
    cooldown=st.integers(0, 300),
    daily_cap=st.integers(0, 3000),
    min_length=st.integers(0, 10),
    similarity=st.integers(0, 100),
    weight=st.integers(0, 1000),
)
DEEDS = st.lists(
    st.builds(
        Deed,
        cause=st.uuids().map(str),
        at=st.integers(0, 2 * DAY) | st.integers(0, 1000),
        reason=st.sampled_from(["message", "reply", "reaction", "voice"]),
        member=st.integers(1, 3),
        other=st.none(),
        place=st.none(),
        length=st.integers(0, 30),
    ),
    max_size=30,
)


def state(awards: list[Award]) -> dict[tuple[int, int], Today]:
    """What the store would say of them afterwards."""
    days: dict[tuple[int, int], Today] = {}
    for each, amount, *_ in awards:
        before, written = days.get((each.day, each.member), Today())
        if each.reason in ("message", "reply", "post"):
            written = (max(each.at, *written, 0),)
        days[each.day, each.member] = Today(before + amount, written)
    return days


@given(DEEDS, RATING)
def test_nobody_earns_above_the_cap(done: list[Deed], rates: Rates) -> None:
    """On any day, whatever happens in whatever order; and every award has points."""
    awards = earned(done, rates, {})

    assert all(award.amount > 0 for award in awards)
    if rates.daily_cap:
        assert all(today.amount <= rates.daily_cap for today in state(awards).values())


@given(DEEDS, RATING)
def test_paid_messages_keep_their_distance(done: list[Deed], rates: Rates) -> None:
    """Between any two paid messages of a member on a day lies the cooldown, and none is too short."""
    paid = [award.deed for award in earned(done, rates, {}) if award.deed.reason in ("message", "reply", "post")]

    assert all(each.length == 0 or each.length >= rates.min_length for each in paid)
    for one, other in combinations(paid, 2):
        if (one.day, one.member) == (other.day, other.member):
            assert other.at - one.at >= rates.cooldown


@given(DEEDS, RATING, st.integers(0, 30))
def test_batches_change_nothing(done: list[Deed], rates: Rates, cut: int) -> None:
    """In order, two batches pay what one does: the state has everything that decides."""
    done = sorted(done, key=lambda each: each.at)
    first = earned(done[:cut], rates, {})

    assert first + earned(done[cut:], rates, state(first)) == earned(done, rates, {})


@given(DEEDS, RATING, st.randoms())
def test_the_order_of_a_batch_changes_nothing(done: list[Deed], rates: Rates, random: Random) -> None:
    """Deeds are decided in the order of their moments."""
    moments = {each.at for each in done}
    shuffled = random.sample(done, len(done))

    if len(moments) == len(done):
        assert earned(shuffled, rates, {}) == earned(done, rates, {})


# Multipliers


def in_place(place: int, percent: int) -> Multiplier:
    return Multiplier(1, place, "", f"#{place}", percent)


def of_role(role: str, percent: int) -> Multiplier:
    return Multiplier(1, 1, role, role, percent)


@pytest.mark.parametrize(
    ("above", "percent"),
    [([5], 200), ([5, 2, 1], 200), ([6, 2, 1], 50), ([7, 3, 1], 10), ([7], None), ([], None)],
)
def test_the_nearest_place_decides(above: list[int], percent: int | None) -> None:
    """The place's own before its channel's, that before its guild's; a role of the guild is no place."""
    declared = [in_place(1, 10), in_place(2, 50), in_place(5, 200), Multiplier(1, 7, "helper", "helper", 0)]

    found = nearest(above, declared)

    assert (found.percent if found else None) == percent


@pytest.mark.parametrize(
    ("held", "percent"),
    [
        ({"a"}, 150),
        ({"b"}, 50),
        ({"a", "b"}, 150),
        ({"b", "stranger"}, 50),
        ({"a", "muted"}, 0),
        ({"muted"}, 0),
        ({"stranger", ""}, None),
        (set(), None),
    ],
)
def test_the_highest_role_decides_unless_one_excludes(held: set[str], percent: int | None) -> None:
    """Roles without a multiplier do not count, and neither do multipliers of places."""
    found = of_roles(held, [in_place(1, 1000), of_role("a", 150), of_role("b", 50), of_role("muted", 0)])

    assert (found.percent if found else None) == percent


@pytest.mark.parametrize(
    ("points", "percents", "worth"),
    [
        (1, (50,), 1),
        (1, (49,), 0),
        (1, (149,), 1),
        (1, (150,), 2),
        (2, (100, 75), 2),
        (3, (50, 50), 1),
        (3, (100, 50, 50), 1),
        (3, (100, 50, 33), 0),
        (1000, (1000, 1000, 1000), 1_000_000),
        (1000, (1000, 0, 1000), 0),
        (7, (), 7),
    ],
)
def test_percentages_are_rounded_once(points: int, percents: tuple[int, ...], worth: int) -> None:
    """Halves count up, after all percentages were multiplied."""
    assert accrue(0, points, *percents) == worth


PERCENT = st.integers(0, 1000)


@given(st.integers(0, 1000), st.lists(PERCENT, max_size=3))
def test_a_hundred_percent_changes_nothing(points: int, percents: list[int]) -> None:
    """In any position; and zero stays zero, whatever is multiplied."""
    assert accrue(5, points, *percents, 100) == accrue(5, points, 100, *percents) == accrue(5, points, *percents)
    assert accrue(5, points, *percents, 0) == 5


@given(DEEDS, RATING, PERCENT, PERCENT)
def test_multipliers_neither_break_the_cap_nor_pay_the_excluded(
    done: list[Deed], rates: Rates, place: int, role: int
) -> None:
    """And an award names its multipliers exactly where they changed its amount."""
    done = [each._replace(place=5 if each.at % 2 else None) for each in done]
    multipliers = Multipliers(places={5: in_place(5, place)}, members={1: of_role("a", role)})

    awards = earned(done, rates, {}, multipliers)

    if rates.daily_cap:
        assert all(today.amount <= rates.daily_cap for today in state(awards).values())
    for each, _, named, _ in awards:
        applied = multipliers.of(each.place, each.member)
        assert all(found.percent for found in applied)
        worth = getattr(rates, each.reason)
        usual = accrue(0, worth, rates.weight)
        changed = accrue(0, worth, rates.weight, *(found.percent for found in applied)) != usual
        assert named == (named_as(applied) if changed else None)


# Repetition

KEY = "ab" * 16
WORDS = ("good morning", "thanks", "谢谢", "任务取消了吗，我不知道怎么办才好", "How do I cancel a task in asyncio?", "")
FREE = replace(RATES, cooldown=0, daily_cap=0)


def saying(*texts: str, member: int = MINE) -> list[Deed]:
    return [deed(seconds=at, member=member)._replace(text=text) for at, text in enumerate(texts)]


def paid(said: list[Deed], rates: Rates = FREE, written: dict[int, Imprints] | None = None) -> list[int]:
    """The numbers of those that were paid."""
    known = {each.member: Imprints(KEY) for each in said} if written is None else written
    return [said.index(award.deed) for award in earned(said, rates, {}, Multipliers(), known)]


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["thanks", "Thanks!", "no thanks", "thanks"], [0, 2]),
        (["谢谢", "谢谢大家", "谢谢！"], [0, 1]),
        (["", "", ""], [0, 1, 2]),
        (["one", "two", "three", "four", "five", "one", "six", "one"], [0, 1, 2, 3, 4, 6, 7]),
    ],
)
def test_who_repeats_themselves_earns_once(texts: list[str], numbers: list[int]) -> None:
    """Until five other messages earned; words that we do not see repeat nothing."""
    assert paid(saying(*texts)) == numbers
    assert paid(saying(*texts), replace(FREE, similarity=100)) == numbers


def test_everybody_may_say_the_same() -> None:
    """Once each; and members who are not compared as often as they like."""
    said = [*saying("thanks"), *saying("thanks", member=YOURS)]

    assert paid(said) == [0, 1]
    assert paid(saying("thanks", "thanks"), written={}) == [0, 1]


def test_what_earned_nothing_is_not_remembered() -> None:
    """So a text that came too early can be said again, and earn then."""
    said = [each._replace(at=NOON + at) for each, at in zip(saying("a", "b", "b"), (0, 1, 60_000), strict=True)]

    assert paid(said, replace(RATES, min_length=0)) == [0, 2]


@given(st.lists(st.sampled_from(WORDS), max_size=20), st.integers(0, 20))
def test_batches_remember_as_one_does(texts: list[str], cut: int) -> None:
    """The imprints of the first batch count in the second, and there are never more than the last few."""
    said = saying(*texts)
    before = {MINE: Imprints(KEY)}
    first = earned(said[:cut], FREE, {}, Multipliers(), before)
    kept = {**before, **imprinted(first, before)}
    second = earned(said[cut:], FREE, state(first), Multipliers(), kept)

    assert first + second == earned(said, FREE, {}, Multipliers(), before)
    assert all(len(each.last) <= KEPT and each.key == KEY for each in kept.values())


# Expiry

#: the points of each evening, and what was spent by then, day after day
LIFE = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=40)


@given(LIFE, st.integers(1, 9), st.integers(1, 9))
def test_what_expires_was_warned_of_in_time(life: list[tuple[int, int]], lasts: int, notice: int) -> None:
    """Compared with a simple pile of lots: the oldest expire, when they are old enough and were named in time."""
    pile: dict[int, int] = {}
    told: dict[int, int] = {}
    warned = None
    for now, (came, spent) in enumerate(life):
        take(pile, min(spent, sum(pile.values())))
        pile[now] = came
        moment = until(warned, now, lasts, notice)
        amount = left(sum(pile.values()), sum(came for came, _ in life[max(0, moment + 1) : now + 1]))
        assert amount == sum(rest for at, rest in pile.items() if at <= moment)
        if not warned and amount:
            warned = Warned(moment, amount, now + notice)
            told |= {at: now for at in pile if at <= moment}
        elif warned and warned.expires_at <= now:
            assert amount <= warned.amount
            assert all(at + lasts <= now and told[at] + notice <= now for at in take(pile, amount))
            warned = None


def take(pile: dict[int, int], amount: int) -> list[int]:
    """The moments of the points that were spent, oldest first."""
    touched = []
    for at in sorted(pile):
        taken = min(amount, pile[at])
        touched += [at] if taken else []
        pile[at] -= taken
        amount -= taken
    return touched
