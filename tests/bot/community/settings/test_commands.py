"""Settings, as administrators meet them."""

import asyncio

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, Tone
from models import audit, settings
from models.audit import Change
from tests.bot.community.basics.test_commands import ADMIN, asks, presses, says
from tests.bot.conftest import home_of
from tests.bot.recorder import ANN, BOB, SECOND, STAFF, chosen, posted, typed


async def stored(core: Core, key: str) -> str | None:
    async with core.store.read() as tx:
        return await settings.get(tx, await home_of(core), key)


async def changes(core: Core) -> list[Change]:
    """The changes, newest first."""
    async with core.store.read() as tx:
        return await audit.changes(tx, await home_of(core))


@pytest.fixture(autouse=True)
async def members(core: Core) -> None:
    await core.absorb([posted("a", ANN), posted("b", BOB), posted("s", spot=STAFF)])


async def test_settings_are_listed(core: Core) -> None:
    """All settings are listed by capability, as they would be typed; changed ones are marked."""
    await asks(core, "/settings set trial.pause 90m")
    listed = await asks(core, "/settings list")
    lines = listed.plain.splitlines()

    assert {"community.language en", "community.time_zone UTC", "community.staff_place off"} <= set(lines)
    assert {"activity.keep 180d", "trial.calm on", "trial.most 10", "trial.pause 1h30m"} <= set(lines)
    bold = {span.text for block in listed.blocks for span in block.text if span.bold}
    assert bold == {"1h30m"}


@pytest.mark.parametrize(
    ("key", "typed_value", "shown"),
    [
        ("community.language", "zh-CN", "zh-CN"),
        ("community.language", "ZH-CN", "zh-CN"),
        ("community.language", "中文", "zh-CN"),
        ("experts.after", "0", "off"),
        ("experts.after", "从不", "off"),
        ("levels.polynomial", "5 50 101", "5 50 101"),
        ("community.time_zone", "Europe/Berlin", "Europe/Berlin"),
        ("COMMUNITY.time_zone", "asia/shanghai", "Asia/Shanghai"),
        ("community.staff_place", "staff", "#staff"),
        ("community.staff_place", "#STAFF", "#staff"),
        ("activity.keep", "2y", "730d12h"),
        ("trial.calm", "off", "off"),
        ("trial.calm", "否", "off"),
        ("trial.most", "１００", "100"),
    ],
)
async def test_a_setting_is_set_and_shown_as_it_is_typed(core: Core, key: str, typed_value: str, shown: str) -> None:
    """Whatever its type, the shown value can be typed again and means the same."""
    done = await asks(core, f"/settings set {key} {typed_value}", locale="en")

    assert done.plain == f"{key.casefold()} is now {shown}."
    assert (done.private, done.tone) == (True, Tone.GOOD)
    before = await stored(core, key.casefold())
    await asks(core, f"/settings set {key} {shown}")
    assert await stored(core, key.casefold()) == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "/settings set community.langage en",
            "There is no setting called community.langage. Did you mean community.language?",
        ),
        ("/settings get nothing", "There is no setting called nothing."),
        ("/settings set community.language tlh", "value: tlh is not one of: en, zh-CN."),
        ("/settings set trial.calm maybe", "value: maybe is neither yes nor no."),
        ("/settings set trial.pause 3", "value: I cannot read 3 as a length of time. Write it like 90m, 3d12h or 2w."),
        ("/settings set trial.pause 59s", "value: it must be between 1 minute and 1 day."),
        ("/settings set trial.most 0", "value: it must be between 1 and 100."),
        ("/settings set trial.most 1e309", "value: 1e309 is not a whole number."),
        ("/settings set community.staff_place nowhere", "value: I know no place called nowhere here."),
        ("/settings set trial.most", "value: this is missing."),
        ("/settings set", "key: this is missing."),
        ("/settings undo soon", "There is no setting called soon."),
        ("/settings undo 7", "There is no change to take back."),
        ("/settings undo", "There is no change to take back."),
    ],
)
async def test_a_wrong_setting_is_refused_exactly(core: Core, line: str, said: str) -> None:
    """The refusal says which option, why, and what would be right; nothing changes."""
    reply = await asks(core, line)

    assert reply.plain.startswith(said)
    assert reply.private
    assert await changes(core) == []


@pytest.mark.parametrize(
    ("key", "typed", "right"),
    [
        ("community.language", "tlh", "en"),
        ("community.time_zone", "Mars/Olympus", "UTC"),
        ("community.invite", "tea", "off"),
        ("community.staff_place", "nowhere", "#lobby"),
        ("trial.calm", "maybe", "on"),
        ("trial.pause", "3", "1h"),
        ("trial.most", "0", "10"),
        ("trial.most", "9" * 30, "10"),
        ("trial.pause", "", "1h"),
        ("levels.polynomial", "five", '"5 50 100"'),
    ],
)
async def test_a_right_value_is_shown_beside_a_wrong_one(core: Core, key: str, typed: str, right: str) -> None:
    """The present value of that setting is shown as an example; and it is accepted."""
    reply = await asks(core, f"/settings set {key} {typed}")
    assert reply.plain.endswith(f"For example: /settings set {key} {right}")

    assert (await asks(core, f"/settings set {key} {right}")).tone is not Tone.CAREFUL


async def test_a_time_zone_that_does_not_exist_is_refused(core: Core) -> None:
    """Every day needs a beginning, so the zone must exist."""
    reply = await asks(core, "/settings set community.time_zone Mars/Olympus")

    assert reply.plain.startswith("value: ")
    assert await stored(core, "community.time_zone") is None


@pytest.mark.parametrize("access", [Access.MEMBER, Access.STAFF])
async def test_settings_are_for_administrators(core: Core, access: Access) -> None:
    """Only they may read and change them, also with somebody else's button."""
    set_ = await asks(core, "/settings set trial.most 5")
    lines = ["/settings list", "/settings get trial.most", "/settings set trial.most 6", set_.buttons[0].line]

    for line in lines:
        assert await says(core, line, access) == "Only administrators can do this. Ask one of them."
    assert await stored(core, "trial.most") == "5"


async def test_every_change_is_on_record(core: Core, clock: HandClock) -> None:
    """The record has who, what, before, after and when; it is shown with the setting, newest first."""
    await asks(core, "/settings set trial.most 5")
    clock.move(clock.now() + 60 * SECOND)
    await core.invoke(typed("/settings set trial.most 7", BOB, access=ADMIN))
    newest, oldest = await changes(core)

    assert (oldest.subject, oldest.before, oldest.after) == ("trial.most", None, "5")
    assert (newest.subject, newest.before, newest.after) == ("trial.most", "5", "7")
    assert newest.at - oldest.at == 60 * SECOND
    assert newest.actor_id != oldest.actor_id
    shown = await says(core, "/settings get trial.most")
    assert "How many at most." in shown
    assert "trial.most is 7." in shown
    assert shown.index("Bob changed 5 to 7") < shown.index("1 minute ago Ann changed 10 to 5")


# Undoing


async def test_a_change_is_undone_by_its_button(core: Core) -> None:
    """The value goes back, even to nothing, and the undoing is recorded as such."""
    done = await asks(core, "/settings set trial.most 5")

    undone = await presses(core, done, "Undo")

    assert undone.plain == "Taken back: trial.most is 10 again."
    assert await stored(core, "trial.most") is None
    undoing, change = await changes(core)
    assert (undoing.undoes, change.undone_by) == (change.id, undoing.id)
    assert (undoing.before, undoing.after) == ("5", None)


async def test_a_change_is_undone_once(core: Core) -> None:
    """A second press says so and changes nothing."""
    done = await asks(core, "/settings set trial.most 5")
    await presses(core, done, "Undo")

    assert (await presses(core, done, "Undo")).plain == "That change was taken back before."
    assert len(await changes(core)) == 2


async def test_undoing_does_not_undo_what_came_after(core: Core) -> None:
    """An older change is not undone over a newer one, nor over the same value that somebody set since."""
    first = await asks(core, "/settings set trial.most 5")
    await asks(core, "/settings set trial.most 7")

    assert (await presses(core, first, "Undo")).plain.startswith("trial.most was changed again since then.")
    assert await stored(core, "trial.most") == "7"
    assert len(await changes(core)) == 2


async def test_undoing_without_a_number_goes_back_step_by_step(core: Core) -> None:
    """The latest open change is undone, then the one before it, until there is none."""
    await asks(core, "/settings set trial.most 5")
    await asks(core, "/settings set trial.most 7")

    assert await says(core, "/settings undo") == "Taken back: trial.most is 5 again."
    assert await says(core, "/settings undo") == "Taken back: trial.most is 10 again."
    assert await says(core, "/settings undo") == "There is no change to take back."


async def test_the_latest_change_of_a_setting_is_undone_by_its_name(core: Core) -> None:
    """It works whatever changed since; suggestions show the undoable settings and their earlier values."""
    await asks(core, "/settings set trial.most 5")
    await asks(core, "/settings set trial.most 7")
    await asks(core, "/settings set community.staff_place staff")
    near = await core.suggest(chosen("settings undo", access=ADMIN, change=""), "change")

    assert [(each.value, each.label) for each in near] == [
        ("community.staff_place", "community.staff_place: off → #staff"),
        ("trial.most", "trial.most: 5 → 7"),
    ]
    assert await says(core, "/settings undo trial.most") == "Taken back: trial.most is 5 again."
    assert await says(core, "/settings undo trial.most") == "Taken back: trial.most is 10 again."
    assert await says(core, "/settings undo trial.most") == "There is no change to take back."
    assert await stored(core, "community.staff_place") is not None


async def test_what_is_so_already_is_no_change(core: Core) -> None:
    """A value that was set before, or is the default, is no change."""
    assert await says(core, "/settings set trial.most 10") == "trial.most is 10 already."
    await asks(core, "/settings set trial.most 5")
    assert await says(core, "/settings set trial.most 5") == "trial.most is 5 already."
    assert len(await changes(core)) == 1


async def test_a_setting_that_was_changed_carries_the_way_back(core: Core) -> None:
    """The setting shows an undo button, until the change is undone."""
    await asks(core, "/settings set trial.most 5")
    looked = await asks(core, "/settings get trial.most")

    assert (await presses(core, looked, "Undo")).plain == "Taken back: trial.most is 10 again."
    assert not (await asks(core, "/settings get trial.most")).buttons


async def test_a_change_of_another_community_is_none_of_ours(core: Core) -> None:
    """Its button finds nothing when it is pressed in another community."""
    done = await asks(core, "/settings set trial.most 5")
    other = posted("x", spot=type(STAFF)(STAFF.platform, "second", "guild", "Second"))
    await core.absorb([other])
    assert other.spot

    reply = await core.invoke(typed(done.buttons[0].line, access=ADMIN, spot=other.spot))

    assert reply.plain == "There is no change to take back."
    assert await stored(core, "trial.most") == "5"


# Suggestions


@pytest.mark.parametrize(
    ("key", "word", "suggested"),
    [
        ("community.language", "", ["en", "zh-CN"]),
        ("community.language", "ZH", ["zh-CN"]),
        ("community.time_zone", "berl", ["Europe/Berlin"]),
        ("community.staff_place", "#sta", ["staff", "off"]),
        ("trial.calm", "", ["on", "off"]),
        ("trial.most", "", []),
        ("nothing", "", []),
    ],
)
async def test_values_are_suggested_for_their_key(core: Core, key: str, word: str, suggested: list[str]) -> None:
    """Suggestions are values that the named setting takes; choosing one sets it."""
    asked = chosen("settings set", access=ADMIN, key=key, value=word)
    found = [choice.value for choice in await core.suggest(asked, "value")]

    assert found == suggested
    for value in found:
        reply = await core.invoke(chosen("settings set", access=ADMIN, key=key, value=value))
        assert reply.tone is not Tone.CAREFUL


async def test_keys_are_suggested_with_what_they_mean(core: Core) -> None:
    """Keys are suggested by any part of their name, within what Discord shows."""
    asked = chosen("settings set", access=ADMIN, key="STAFF_PLACE")
    (choice,) = await core.suggest(asked, "key")

    assert (choice.value, choice.label) == (
        "community.staff_place", "community.staff_place · Where I tell staff about what only they can repair."
    )  # fmt: skip
    first = await core.suggest(chosen("settings get", access=ADMIN, key=""), "key")
    assert "activity.keep" in {each.value for each in first}
    assert len(first) <= 25
    assert all(len(each.label) <= 100 for each in first)


@pytest.mark.parametrize("word", ["none", "Off", "-", "0", "无", "关闭"])
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("community.invite", "https://t.me/+tea"),
        ("community.staff_place", "staff"),
        ("tips.emoji", "🍵"),
        ("tips.daily", "30"),
        ("experts.after", "45m"),
    ],
)
async def test_what_can_be_off_is_switched_off(core: Core, key: str, value: str, word: str) -> None:
    """The same words do it for each kind of setting, and it is shown as off."""
    await says(core, f"/settings set {key} {value}")

    assert await says(core, f"/settings set {key} {word}") == f"{key} is now off."
    assert await says(core, f"/settings set {key} {word}") == f"{key} is off already."
    assert f"{key} is off." in await says(core, f"/settings get {key}")
    assert (await says(core, "/settings undo")).startswith(f"Taken back: {key} is ")


async def test_what_cannot_be_off_says_what_it_can_be(core: Core) -> None:
    """A number that must be at least one is not switched off."""
    assert "is not a whole number" in await says(core, "/settings set reports.daily off")
    assert "it must be between 1 and 100" in await says(core, "/settings set reports.daily 0")


async def test_a_setting_goes_back_to_its_default(core: Core) -> None:
    """With [Undo], as every change; twice says so."""
    await says(core, "/settings set points.message 7")

    reset = await asks(core, "/settings reset points.message")
    assert reset.plain == "points.message is back to its default, 1."
    assert await says(core, "/settings reset points.message") == "points.message has its default already, 1."
    assert await says(core, reset.buttons[0].line) == "Taken back: points.message is 7 again."


async def test_on_and_off_in_chinese(core: Core) -> None:
    """What is shown can be typed again."""
    await says(core, "/language zh-CN")

    assert await says(core, "/settings set threads.open 关闭") == "threads.open 已设为 关闭。"
    assert await says(core, "/settings set threads.open 开启") == "threads.open 已设为 开启。"


async def test_what_was_set_holds_at_once(core: Core) -> None:
    """The new value counts for the rest of the same batch too."""
    lines = ("/settings set points.message 7", "/settings set points.message x", "/settings set points.message 8")

    replies = await asyncio.gather(*(says(core, line) for line in lines))

    assert ["is now" in reply for reply in replies] == [True, False, True]
    async with core.store.read() as tx:
        assert [change.before for change in await audit.changes(tx, await home_of(core))] == ["7", None]
