"""Badges: earned once, given and taken by administrators, and shown."""

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, Post, Tell
from bot.kit.events import MemberLeft
from bot.kit.references import Person
from bot.kit.replies import Drawing
from bot.standing.badges import jobs
from models import badges, streaks
from models.streaks import Run
from tests.bot.conftest import home_of
from tests.bot.purses import ADMIN, id_of, meet, rules, says
from tests.bot.recorder import ANN, BOB, CAT, DAY, HOUR, LOBBY, NAME, NOON, Recorder, chosen, posted, reacted, typed

TODAY = NOON // DAY
ROBOT = Person(NAME, "99", "Robot", "robot", bot=True)


@pytest.fixture
async def ready(core: Core) -> Core:
    """Everybody has 100 points, and the community has a badge of its own."""
    await meet(core)
    await rules(core, "/badge create 🧭 Guide shows newcomers around")
    return core


async def held(core: Core, who: Person = ANN) -> list[str]:
    home, member = await home_of(core), await id_of(core, who)
    async with core.store.read() as tx:
        return sorted(each.badge for each in await badges.awards(tx, home, member, member) if each.taken_at is None)


async def told(core: Core, recorder: Recorder) -> list[str]:
    """What was said about badges since."""
    recorder.done.clear()
    await core.outbox.drain()
    return [each for each in recorder.said if "badge" in each]


async def nights(core: Core, clock: HandClock, count: int = 1) -> None:
    await core.pass_time(clock, clock.now() + count * DAY)


async def test_what_was_done_is_looked_at_every_night(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """Page by page, however late it was read; the first time nobody is told of their past."""
    await meet(core)
    await core.absorb([posted(f"old.{number}", ANN, at=NOON - 40 * DAY) for number in range(100)])
    await nights(core, clock)

    assert await held(core) == ["founder", "messages_100"]
    assert await held(core, BOB) == ["founder"]
    assert not [each for each in recorder.said if "badge" in each]

    recorder.done.clear()
    await core.absorb([posted(f"new.{number}", BOB, at=clock.now()) for number in range(99)])
    await core.absorb([reacted(1, ANN)])
    await nights(core, clock, 2)

    assert await held(core, BOB) == ["founder", "messages_100"]
    assert [each for each in recorder.said if "badge" in each] == [
        "🎖️ You have a new badge: 💬 Good company · write 100 messages"
    ]


async def test_a_round_goes_on_where_it_was(core: Core, clock: HandClock) -> None:
    """Also through more members than one page has."""
    people = [Person(NAME, str(number), f"M{number}", f"m{number}") for number in range(1000, 1000 + jobs.PAGE + 3)]
    await core.absorb([posted(each.id, each) for each in people])
    home, last = await home_of(core), await id_of(core, people[-1])
    async with core.store.write() as tx:
        await streaks.advance(tx, home, [(last, Run(9, TODAY + 1, NOON, 9))])

    await nights(core, clock)

    assert await held(core, people[-1]) == ["streak_7"]
    assert await held(core, people[0]) == ["founder"]


async def test_what_is_told_is_earned_at_once(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """A streak, a first gift, a first gathering; each is told once, in the member's own language."""
    await says(ready, "/language zh-CN")
    for day in range(7):
        await ready.absorb([posted(f"s{day}", BOB, at=NOON + day * DAY)])
    clock.move(NOON + 6 * DAY)
    for _ in range(2):
        await says(ready, "/tip @bob 5")
    await rules(ready, "/attendance open Tea")
    await says(ready, "/attend")

    assert await held(ready) == ["gathering", "gift"]
    assert await held(ready, BOB) == ["streak_7"]
    assert await told(ready, recorder) == ["🎖️ You have a new badge: 🔥 A week in a row · take part on 7 days in a row"]
    assert [each for each in recorder.said if "徽章" in each] == [
        "🎖️ 你获得了新徽章：🎁 慷慨之手 · 把自己的积分送给别人",
        "🎖️ 你获得了新徽章：🎪 我在现场 · 参加一次聚会",
    ]


async def test_without_the_setting_nobody_earns_any(ready: Core, clock: HandClock) -> None:
    """Administrators still give them."""
    await rules(ready, "/settings set badges.earned off")
    await says(ready, "/tip @bob 5")
    await nights(ready, clock)
    await rules(ready, "/badge award @ann Guide")

    assert await held(ready) == ["made:1"]
    assert "What comes next" not in (await says(ready, "/badges")).plain


async def test_a_badge_is_announced_where_it_is_wanted(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """One by one, and many at once are counted; then nobody is told in private."""
    await nights(ready, clock)
    people = [Person(NAME, str(number), f"M{number}", f"m{number}") for number in range(1000, 1007)]
    await ready.absorb([posted(each.id, each, at=clock.now()) for each in people])
    await rules(ready, f"/settings set badges.announce {LOBBY.id}")
    await told(ready, recorder)
    await nights(ready, clock)

    (post,) = [each for each in recorder.effects if isinstance(each, Post)]
    lines = post.reply.plain.splitlines()
    assert lines[0] == "🎖️ M1000 has a new badge: 🌱 Founder · here from the beginning"
    assert lines[-1] == "… and 2 more badges were earned."
    assert len(lines) == 6
    assert not [each for each in recorder.effects if isinstance(each, Tell)]


async def test_an_administrator_gives_and_takes(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """Each is told with its reason and recorded, and a badge that was taken does not come back by itself."""
    await nights(ready, clock)
    assert await held(ready) == ["founder"]
    await told(ready, recorder)

    given = await rules(ready, "/badge award @ann Guide for a hundred warm welcomes")
    assert (given.plain, given.private) == ("Ann has 🧭 Guide now.", True)
    assert await told(ready, recorder) == ["🎖️ You have a new badge: 🧭 Guide · for a hundred warm welcomes"]
    assert (await rules(ready, "/badge award @ann #1")).plain == "Ann has 🧭 Guide already."

    assert (await rules(ready, "/badge take @ann Founder came much later")).plain.startswith("Ann no longer has 🌱")
    assert (await told(ready, recorder))[0].startswith("An administrator took your badge 🌱 Founder: came much later")
    await nights(ready, clock, 2)
    assert await held(ready) == ["made:1"]
    assert (await rules(ready, "/badge take @ann founder twice")).plain == "Ann does not have 🌱 Founder."
    assert "Founder" not in (await says(ready, "/badges")).plain

    await rules(ready, "/badge award @ann founder")
    assert await held(ready) == ["founder", "made:1"]
    home = await home_of(ready)
    async with ready.store.read() as tx:
        rows = await tx.all("SELECT action, subject FROM audit WHERE community_id = :home ORDER BY id", home=home)
    ann = await id_of(ready, ANN)
    assert [(row["action"], row["subject"]) for row in rows if "badge" in row["action"]] == [
        ("badge.create", "made:1"),
        ("badge.award", f"made:1:{ann}"),
        ("badge.take", f"founder:{ann}"),
        ("badge.award", f"founder:{ann}"),
    ]


async def test_a_badge_made_here_is_changed_and_removed(ready: Core) -> None:
    """Members who have it get the new form; a removed one is shown nowhere."""
    await rules(ready, "/badge award @ann Guide")
    assert (await rules(ready, "/badge edit Guide 🗺️ Pathfinder finds the way")).plain == (
        "1 🗺️ Pathfinder · finds the way"
    )
    assert "🗺️ Pathfinder · finds the way ·" in (await says(ready, "/badges @ann", BOB)).plain
    assert "1 🗺️ Pathfinder · finds the way" in (await says(ready, "/badge list")).plain

    assert (await rules(ready, "/badge remove pathfinder")).plain.startswith("🗺️ Pathfinder is removed.")
    assert (await says(ready, "/badges @ann", BOB)).plain == "Badges of Ann\nAnn has no badges yet."
    assert "There is no badge like that." in (await rules(ready, "/badge award @bob Pathfinder")).plain
    assert "🌱 Founder is the same in every community" in (await rules(ready, "/badge remove founder")).plain


async def test_one_sees_what_comes_next(ready: Core, clock: HandClock) -> None:
    """The nearest ones, with the progress; other members' next badges are not shown."""
    await ready.absorb([posted(f"m{number}", BOB, at=NOON + HOUR) for number in range(89)])
    await nights(ready, clock)

    mine = (await says(ready, "/badges", BOB)).plain
    assert mine.splitlines()[1].startswith("🌱 Founder · here from the beginning · January 6, 2026")
    assert "What comes next\n💬 Good company: write 100 messages (90 of 100)\n" in mine
    assert "next" not in (await says(ready, "/badges @bob")).plain


class Easel:
    """Keeps what it should draw."""

    def __init__(self) -> None:
        self.asked: list[Drawing] = []

    async def draw(self, drawing: Drawing) -> bytes:
        self.asked.append(drawing)
        return b"PNG"

    async def close(self) -> None:
        """Nothing is left to close."""


async def test_they_stand_beside_the_rank(ready: Core) -> None:
    """On the card and in the words beside it, newest first, without removed ones."""
    ready.studio.artist = easel = Easel()
    await rules(ready, "/badge award @ann founder")
    await rules(ready, "/badge award @ann Guide")

    shown = await ready.invoke(typed("/rank", locale="zh-CN"))
    assert shown.plain.splitlines()[-1] in ("徽章：🌱 元老 · 🧭 Guide", "徽章：🧭 Guide · 🌱 元老")
    assert {each["name"] for each in easel.asked[0].values["badges"]} == {"Guide", "元老"}
    assert easel.asked[0].alt == shown.plain
    await rules(ready, "/badge remove Guide")
    assert (await ready.invoke(typed("/rank", locale="en"))).plain.splitlines()[-1] == "Badges: 🌱 Founder"
    assert "badges" not in (await says(ready, "/rank", BOB)).plain.casefold()


@pytest.mark.parametrize(
    ("line", "no"),
    [
        ("/badge create a Cook makes soup", "emoji: send one emoji"),
        ("/badge create @everyone Cook makes soup", "emoji: send one emoji"),
        ("/badge create 🍲 guide makes soup", "There is a badge called guide already."),
        ("/badge create 🍲 Founder makes soup", "There is a badge called Founder already."),
        ('/badge create 🍲 "\u200b\u202e" soup', "name: it must have between 1 and 40 characters."),
        ("/badge create 🍲 Cook \u200b", "about: it must have between 1 and 200 characters."),
        (f"/badge create 🍲 Cook {'x' * 4000}", "about: it must have between 1 and 200 characters."),
        (f"/badge create 🍲 {'x' * 4000} soup", "name: it must have between 1 and 40 characters."),
        ("/badge create 🍲 Cook", "about: this is missing."),
        ("/badge award @robot Guide", "Bots have no use for badges."),
        ("/badge award @cat Guide", "Cat has left."),
        ("/badge award @ann Nothing", "There is no badge like that."),
        ("/badge award @ann made:9", "There is no badge like that."),
        ("/badge take @ann Guide", "why: this is missing."),
        ("/badge take @ann Guide why", "Ann does not have 🧭 Guide."),
    ],
)
async def test_what_cannot_be_is_refused(ready: Core, line: str, no: str) -> None:
    """The member gets one private sentence each, and nothing changes."""
    await ready.absorb([posted("r", ROBOT), MemberLeft(cause="gone", at=NOON, who=CAT, spot=LOBBY)])

    said = await rules(ready, line)

    assert no in said.plain
    assert said.private
    assert (await says(ready, "/badge list")).plain.count("Guide") == 1


async def test_what_steers_a_text_is_left_out(ready: Core) -> None:
    """A name is a name wherever it is shown, and platform markup in it means nothing."""
    done = await rules(ready, '/badge create 🍲 "\u202eA\u200bb\0 <b>@everyone" so\u202eup')

    assert "🍲 Ab <b>@everyone is a badge now" in done.plain
    assert "🍲 Ab <b>@everyone · soup" in (await says(ready, "/badge list")).plain


async def test_there_are_not_endless_badges(ready: Core) -> None:
    """An administrator removes one to make another."""
    home = await home_of(ready)
    async with ready.store.write() as tx:
        (guide,) = await badges.badges(tx, home, 10)
        for number in range(100, 199):
            made = badges.Badge(
                community_id=home, number=number, emoji="🍲", name=f"N{number}", about="soup", made_at=guide.made_at
            )
            await badges.put_badge(tx, made)

    assert (await rules(ready, "/badge create 🍲 Cook soup")).plain.startswith("There are 100 badges of your own")


async def test_the_same_press_gives_once(ready: Core) -> None:
    """A platform may deliver it twice."""
    award = chosen("badge award", ADMIN, member=ANN, badge="Guide")
    assert (await ready.invoke(award)).plain == "Only administrators can do this. Ask one of them."
    line = typed("/badge award @ann Guide", ADMIN, access=Access.ADMIN, cause="recorder:twice")

    assert (await ready.invoke(line)).plain == "Ann has 🧭 Guide now."
    assert (await ready.invoke(line)).plain == "This was done already."
