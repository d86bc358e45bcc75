"""Members take part day after day, and earn for it once a day."""

from collections.abc import Sequence

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.host.registry import open_house
from bot.kit import Access, Capability, Work
from bot.kit.capability import House
from bot.kit.events import Event, MessageDeleted, StreakReached, VoiceSpent
from bot.kit.references import Person
from bot.kit.replies import Drawing
from models import ledger, members, proof, standings, streaks
from models.streaks import Streak
from tests.bot.conftest import home_of
from tests.bot.recorder import ANN, BOB, CAT, DAY, HOUR, LOBBY, NAME, NOON, posted, reacted, typed, unreacted

TODAY = NOON // DAY


async def id_of(core: Core, who: Person) -> int:
    async with core.store.read() as tx:
        (account,) = await members.find_accounts(tx, await home_of(core), [(NAME, who.id)])
    return account.member_id


async def streak(core: Core, who: Person = ANN, day: int = TODAY) -> Streak:
    home, member = await home_of(core), await id_of(core, who)
    async with core.store.read() as tx:
        return await streaks.streak(tx, home, member, day)


async def rewards(core: Core, who: Person = ANN) -> Sequence[tuple[int, int]]:
    """Day and amount, oldest first; the books are proven."""
    home, member = await home_of(core), await id_of(core, who)
    async with core.store.write() as tx:
        found = await ledger.history(tx, home, member, None, 1000)
        await standings.settle(tx, home)
        assert await proof.prove(tx, home) == []
    return [(each.day, each.amount) for each in found[::-1] if each.reason == "streak"]


async def goes(core: Core, days: int, who: Person = ANN, since: int = NOON) -> None:
    """Two messages a day, each in its own batch."""
    for day in range(days):
        for hour in range(2):
            at = since + day * DAY + hour * HOUR
            await core.absorb([posted(f"{who.name}.{at}", who, at=at)])


async def configure(core: Core, line: str) -> None:
    await core.invoke(typed(f"/settings set {line}", CAT, access=Access.ADMIN))


async def test_each_day_in_a_row_is_worth_points(core: Core) -> None:
    """From the second day on, once a day, with an entry that says so."""
    await goes(core, 3)

    assert await streak(core, day=TODAY + 2) == Streak(days=3, longest=3)
    assert await rewards(core) == [(TODAY + 1, 2), (TODAY + 2, 2)]


async def test_everything_that_is_taking_part_counts(core: Core) -> None:
    """Messages, replies, own reactions and talk count; what a member receives does not, nor what a bot does."""
    robot = Person(NAME, "99", "Robot", "robot", bot=True)
    did: Sequence[Event] = [
        posted(1),
        posted(2, about=1, at=NOON + DAY),
        reacted(2, ANN, at=NOON + 2 * DAY),
        VoiceSpent(cause="talk", at=NOON + 3 * DAY, who=ANN, spot=LOBBY, minutes=5),
    ]
    await core.absorb([posted("b", BOB), posted("r", robot)])
    for event in did:
        await core.absorb([event])
    await core.absorb([reacted(1, BOB, at=NOON + 4 * DAY)])

    assert await streak(core, day=TODAY + 4) == Streak(days=4, longest=4)
    assert await streak(core, BOB, TODAY + 4) == Streak(days=1, longest=1)
    assert await streak(core, robot) == Streak(days=0, longest=0)


async def test_history_read_late_is_one_batch(core: Core) -> None:
    """Many members and days, told twice, count as they would day by day."""
    history = [posted(f"{who.name}.{day}", who, at=NOON + day * DAY) for day in (2, 0, 1) for who in (ANN, BOB)]

    await core.absorb([*history, *history])
    await core.absorb(history)

    for who in (ANN, BOB):
        assert await streak(core, who, TODAY + 2) == Streak(days=3, longest=3)
        assert await rewards(core, who) == [(TODAY + 1, 2), (TODAY + 2, 2)]


async def test_what_is_deleted_later_breaks_nothing(core: Core) -> None:
    """The member was here that day; what comes and goes within one batch counts for nothing."""
    await core.absorb([posted(1)])
    await core.absorb([posted(2, at=NOON + DAY)])
    await core.absorb(
        [MessageDeleted(cause="gone", at=NOON + DAY, spot=LOBBY, about=posted(2).cause), reacted(1, BOB), unreacted(1)]
    )

    assert await streak(core, day=TODAY + 1) == Streak(days=2, longest=2)
    assert await rewards(core) == [(TODAY + 1, 2)]
    assert await streak(core, BOB) == Streak(days=0, longest=0)


async def test_a_day_ends_where_the_member_lives(core: Core, clock: HandClock) -> None:
    """At their own midnight, else the community's, not at Greenwich's."""
    evenings = [NOON + 11 * HOUR, NOON + 37 * HOUR]
    await core.absorb([posted("a"), posted("b", BOB)])
    await core.invoke(typed("/timezone America/New_York"))
    await configure(core, "community.time_zone Asia/Shanghai")
    await core.absorb([posted(f"{at}.{who.name}", who, at=at) for at in evenings for who in (ANN, BOB)])

    # Eight, 19 and 21 o'clock of one day and the next in New York; three days in Shanghai: the last was skipped.
    clock.move(evenings[-1])
    assert "🔥 2 days in a row. The most so far: 2." in (await core.invoke(typed("/points show"))).plain
    assert await rewards(core) == [(TODAY + 2, 2)]
    assert "days in a row" not in (await core.invoke(typed("/points show @bob"))).plain


async def test_what_a_day_is_worth_is_a_setting(core: Core) -> None:
    """It is doubled where earnings are doubled; at zero no entry is written, but the days count."""
    await goes(core, 2)
    await configure(core, "points.weight 200")
    await goes(core, 1, since=NOON + 2 * DAY)
    await configure(core, "points.streak 0")
    await goes(core, 1, since=NOON + 3 * DAY)

    assert await rewards(core) == [(TODAY + 1, 2), (TODAY + 2, 4)]
    assert await streak(core, day=TODAY + 3) == Streak(days=4, longest=4)


async def test_a_streak_that_broke_begins_anew(core: Core) -> None:
    """The longest one is remembered."""
    await goes(core, 3)
    assert await streak(core, day=TODAY + 8) == Streak(days=0, longest=3)

    await goes(core, 2, since=NOON + 9 * DAY)
    assert await streak(core, day=TODAY + 10) == Streak(days=2, longest=3)


async def test_a_milestone_is_told(core: Core) -> None:
    """Listeners hear of it once, with the number of days."""
    heard: list[tuple[int, int]] = []
    ears = Capability("ears")

    @ears.listener(StreakReached)
    async def hear(work: Work, event: StreakReached) -> None:
        assert event.home == work.community
        heard.append((event.member_id, event.days))

    listening = Core(core.store, House.of([*open_house().capabilities, ears]), core.clock, core.catalogue)
    await goes(listening, 31)

    ann = await id_of(core, ANN)
    assert heard == [(ann, 7), (ann, 30)]


class Easel:
    """Keeps what it should draw."""

    def __init__(self) -> None:
        self.asked: list[Drawing] = []

    async def draw(self, drawing: Drawing) -> bytes:
        self.asked.append(drawing)
        return b"PNG"

    async def close(self) -> None:
        """Nothing is left to close."""


async def test_the_card_shows_it(core: Core, clock: HandClock) -> None:
    """From the second day on, in the language of the member who asks."""
    core.studio.artist = easel = Easel()
    for language in ("en", "zh-CN"):
        await core.invoke(typed("/rank", locale=language))
    await goes(core, 2)
    clock.move(NOON + DAY)
    for language in ("en", "zh-CN"):
        await core.invoke(typed("/rank", locale=language))

    assert [each.values.get("streak") for each in easel.asked] == [None, None, "🔥 2 days in a row", "🔥 连续 2 天"]
    assert [each.alt.splitlines()[-1] for each in easel.asked[2:]] == ["🔥 2 days in a row.", "🔥 已连续参与 2 天。"]
