"""Tables of points: shown before they count, applied once and whole, undone, and exported."""

import asyncio
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.economy.tables.rules import BALANCES, LINES, Said, read_table
from bot.kit import Access, Refusal, Reply, Tell, Tone
from bot.kit.invocation import Line
from bot.kit.references import Upload
from bot.kit.sheets import fit, write
from tests.bot.purses import ADMIN, balances, meet, presses, proven, rules, says
from tests.bot.recorder import ANN, BOB, CAT, DAY, HOUR, Recorder, person, posted, typed


@pytest.fixture
async def ready(core: Core) -> Core:
    """Everybody has 100 points."""
    await meet(core)
    return core


async def bulk(core: Core, table: str | bytes) -> Reply:
    """Hand in a table as a file."""
    content = table if isinstance(table, bytes) else table.encode()
    line = replace(Line.of("/points bulk"), file=Upload("1", "points.csv", len(content), content))
    return await core.invoke(typed(line, ADMIN, access=Access.ADMIN))


async def test_nothing_happens_before_it_was_looked_at(ready: Core, recorder: Recorder) -> None:
    """Then all of it at once; each member who gains or loses is told once, and it can be undone."""
    shown = await bulk(ready, "member,amount,why\n@ann,50,workshop\nBob,-30,cups\n@ann,5,tea\n")
    assert "Table 1: 3 lines" in shown.plain
    assert "1 member gains points, 55 altogether." in shown.plain
    assert "1 member loses points, 30 altogether." in shown.plain
    assert "In all: +25." in shown.plain
    assert await balances(ready, ANN, BOB) == [100, 100]

    applied = await presses(ready, shown, 0, ADMIN)
    assert applied.tone is Tone.GOOD
    assert await balances(ready, ANN, BOB, CAT) == [155, 70, 100]
    await ready.settle()
    told = [effect.reply.plain for effect in recorder.effects if isinstance(effect, Tell)]
    assert [line for line in told if "workshop; tea" in line] == ["An administrator gave you 55 points: workshop; tea"]
    assert (await presses(ready, shown, 0, ADMIN)).plain == "That table was applied or cancelled before."

    undone = await presses(ready, applied, 0, ADMIN)
    assert "Table 1 is taken back: 3 entries." in undone.plain
    assert await balances(ready, ANN, BOB) == [100, 100]
    assert "not in force" in (await presses(ready, applied, 0, ADMIN)).plain
    await proven(ready)


@pytest.mark.parametrize(
    "table",
    [
        "member,amount,why\n" + "".join(f"nobody{number},1,tea\n" for number in range(4000)),
        "member,amount,why\n" + "".join(f"@bob{number},1,tea\n" for number in range(4000)),
        "member\tamount\twhy\n" * 3000,
        "," * 60_000,
        "a\n" * 100_000,
    ],
    ids=["unknown", "close", "heads", "commas", "rows"],
)
async def test_a_long_table_keeps_nobody_waiting(ready: Core, table: str) -> None:
    """It is read, matched and answered outside the loop, whose thread does little of the work."""
    loop, everything = time.thread_time(), time.process_time()
    await bulk(ready, table)
    loop, everything = time.thread_time() - loop, time.process_time() - everything

    assert loop < everything / 3


async def test_two_who_press_at_once(ready: Core) -> None:
    """It is applied once."""
    shown = await bulk(ready, "@ann,50,workshop")

    replies = await asyncio.gather(*(presses(ready, shown, 0, ADMIN) for _ in range(5)))

    assert sorted(reply.tone is Tone.GOOD for reply in replies) == [False] * 4 + [True]
    assert await balances(ready, ANN) == [150]


async def test_what_was_spent_meanwhile_is_owed(ready: Core) -> None:
    """When a table is undone; and the reply says how many owe."""
    applied = await presses(ready, await bulk(ready, "@ann,50,workshop"), 0, ADMIN)
    await rules(ready, "/points take @ann 120 for the cups")

    undone = await presses(ready, applied, 0, ADMIN)

    assert "1 member had spent some of it" in undone.plain
    assert await balances(ready, ANN) == [-20]
    await proven(ready)


async def test_what_does_not_fit_any_more_is_not_applied(ready: Core) -> None:
    """None of it, since the table was shown as a whole."""
    shown = await bulk(ready, "@ann,50,workshop\n@bob,-90,cups")
    await rules(ready, "/points take @bob 50 for the tea")

    refused = await presses(ready, shown, 0, ADMIN)

    assert refused.tone is Tone.BAD
    assert "Line 2: Bob has only 50 points." in refused.plain
    assert await balances(ready, ANN, BOB) == [100, 50]


async def test_a_table_is_its_owners_and_gets_old(ready: Core, clock: HandClock) -> None:
    """An hour to apply it, a day to undo it; a dropped table is gone."""
    other = person("boss")
    first, second, third = [await bulk(ready, "@ann,50,workshop") for _ in range(3)]
    assert (
        "Only the administrator who handed in the table"
        in (await ready.invoke(typed(first.buttons[0].line, other, access=Access.ADMIN))).plain
    )
    assert "is dropped" in (await presses(ready, first, 1, ADMIN)).plain
    assert "before" in (await presses(ready, first, 0, ADMIN)).plain
    applied = await presses(ready, second, 0, ADMIN)

    clock.move(clock.now() + 2 * HOUR)
    assert "older than an hour" in (await presses(ready, third, 0, ADMIN)).plain
    clock.move(clock.now() + DAY)
    assert "more than a day ago" in (await presses(ready, applied, 0, ADMIN)).plain
    assert await balances(ready, ANN) == [150]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("@ann,0,tea", "0 points change nothing"),
        ("@ann,1.5,tea", "1.5 is not a whole number"),
        ("@ann,1e309,tea", "1e309 is not a whole number"),
        (f"@ann,{2**63},tea", "it must be between -1,000,000 and 1,000,000"),
        ("@ann,1000001,tea", "it must be between"),
        ("@ann,٣,tea", "٣ is not a whole number"),
        ("@ann,,tea", "is not a whole number"),
        ("@ann,5,", "it does not say why"),
        ("@ann,5," + "x" * 201, "it must have between 1 and 200 characters"),
        (",5,tea", "it does not say who"),
        ("@nobody,5,tea", "I know nobody called @nobody here"),
        ("=cmd|'/c calc'!A1,5,tea", "I know nobody called"),
        ("@everyone,5,tea", "I know nobody called @everyone here"),
        ("ann\u202e,5,tea", "I know nobody called"),
        ("@root,5,tea", "You cannot give points to yourself"),
        ("@ann,-101,tea", "Ann has only 100 points"),
    ],
)
async def test_a_wrong_line_is_left_out(ready: Core, line: str, said: str) -> None:
    """It is named with its number and advice; the other lines stay."""
    shown = await bulk(ready, f"@bob,1,tea\n{line}\n@cat,１,茶")

    assert "1 line is wrong, and is left out:" in shown.plain
    assert "Line 2: " in shown.plain
    assert said in shown.plain
    await presses(ready, shown, 0, ADMIN)
    assert await balances(ready, ANN, BOB, CAT) == [100, 101, 101]


@pytest.mark.parametrize(
    "table",
    [
        "\ufeff@ann,5,tea",
        "@ann;5;tea",
        "@ann\t5\ttea\r\n",
        "积分,成员,原因\r\n5,Ann,茶\r\n",
        "@ann,+5,tea",
        "@ann,５,tea",
        f"#{ANN.id},5,tea",
        "@ann,2,tea\n@ann,3,tea\n",
        "'@ann,5,'=tea",
        "@ann,5,tea".encode("utf-16"),
    ],
)
async def test_tables_as_spreadsheets_write_them(ready: Core, table: str | bytes) -> None:
    """Marks, separators, line ends, headers in any order and language, and the same member twice."""
    await presses(ready, await bulk(ready, table), 0, ADMIN)

    assert await balances(ready, ANN) == [105]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "Send me a table"),
        ("\n\n", "Send me a table"),
        ("member,amount,why", "Send me a table"),
        ('@ann,5,"tea', "I cannot read the table from line 1 on."),
        ("@ann,5,te\0a", "text"),
        ("@ann,x,tea", "There is nothing to apply."),
        ("@ann,1,tea\n" * (LINES + 1), "The table is too long."),
        (b"\xff\xfe\xff", "text"),
    ],
)
async def test_what_is_no_table_is_refused(ready: Core, table: str | bytes, said: str) -> None:
    """One sentence says what to do."""
    refused = await bulk(ready, table)

    assert refused.private
    assert said in refused.plain
    assert await balances(ready, ANN) == [100]


async def test_a_name_that_several_have(ready: Core) -> None:
    """A shared name does not say who is meant; a number does."""
    await ready.absorb([posted("twin", replace(ANN, id="77", username="twin"))])

    shown = await bulk(ready, "Ann,5,tea\n#77,5,tea")

    assert "Line 1: several members are called Ann." in shown.plain
    assert "Table 1: 1 line" in shown.plain


async def test_many_wrong_lines_come_as_a_file(ready: Core) -> None:
    """The reply has as many as can be read at a glance, and the file has all."""
    shown = await bulk(ready, "@ann,1,tea\n" + "@nobody,=1+1,tea\n" * 40)

    assert "…and 25 more." in shown.plain
    assert shown.document
    assert len(shown.document.content.decode("utf-8-sig").splitlines()) == 41


async def test_a_great_table_is_applied(ready: Core) -> None:
    """It has the most lines allowed, in one transaction."""
    await presses(ready, await bulk(ready, "@ann,1,tea\n" * LINES), 0, ADMIN)

    assert await balances(ready, ANN) == [100 + LINES]
    await proven(ready)


async def test_lines_are_forgotten(ready: Core, clock: HandClock) -> None:
    """When they can no longer be applied or undone; the ledger keeps what they did."""
    await presses(ready, await bulk(ready, "@ann,5,tea"), 0, ADMIN)

    await ready.pass_time(clock, clock.now() + 3 * DAY)

    async with ready.store.read() as tx:
        assert await tx.all("SELECT * FROM batch_line") == []
    assert await balances(ready, ANN) == [105]


async def test_everything_is_written_out_and_read_again(ready: Core) -> None:
    """All balances, with names that no spreadsheet runs; handed in again, they double."""
    await ready.absorb([posted("evil", replace(ANN, id="666", name="=1+1", username="evil"))])

    written = await rules(ready, "/points export")

    assert written.document
    assert written.document.content.startswith("\ufeffmember,id,balance,debt,score".encode())
    assert "'=1+1,#666,1,0,1" in written.document.content.decode("utf-8-sig")
    shown = await bulk(ready, written.document.content)
    assert "1 line is wrong" in shown.plain
    await presses(ready, shown, 0, ADMIN)
    assert await balances(ready, ANN, BOB, CAT) == [200, 200, 200]


async def test_entries_are_written_out(ready: Core, clock: HandClock) -> None:
    """For as many days as the administrator asks, newest first."""
    clock.move(clock.now() + 5 * DAY)
    await rules(ready, "/points give @ann 7 for the =tea")

    async def lines(days: int) -> list[str]:
        written = await rules(ready, f"/points export entries {days}")
        assert written.document
        return written.document.content.decode("utf-8-sig").splitlines()

    assert len(await lines(2)) == 2
    newest = (await lines(30))[1].split(",")
    assert (newest[2], newest[4:8]) == ("Ann", ["7", "adjust", "given by an administrator", "for the =tea"])
    assert len(await lines(30)) == 9


async def test_members_are_refused(ready: Core) -> None:
    """Each of these commands is for administrators."""
    for line in (
        "/points bulk @ann,5,tea",
        "/points apply 1",
        "/points cancel 1",
        "/points revert 1",
        "/points export",
    ):
        assert (await says(ready, line)).tone is Tone.CAREFUL


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Every line is either understood or wrong, and nothing else is ever raised."""
    try:
        said, wrong = read_table(text)
    except Refusal:
        return

    assert said or wrong or text
    assert all(each.amount and each.who for each in said)


@given(st.lists(st.tuples(st.text(), st.integers(1, 2**63 - 1), st.integers(0, 1_000_000)), min_size=1, max_size=9))
def test_what_is_written_out_is_read_as_it_was(people: list[tuple[str, int, int]]) -> None:
    """Whatever members are called, each line means the same member and the same points."""
    rows = [(name, f"#{number}", balance, 0, 7) for name, number, balance in people]

    said, wrong = read_table(write([BALANCES, *rows]).decode())

    assert wrong == []
    assert said == [Said(line, f"#{number}", has, "") for line, (_, number, has) in enumerate(people, 2) if has]


@given(st.lists(st.tuples(st.text(max_size=9), st.integers()), max_size=9), st.integers(3, 80))
def test_a_document_holds_whole_rows(rows: list[tuple[str, int]], most: int) -> None:
    """As many as there is room for."""
    content, count = fit(rows, most)

    assert len(content) <= most
    assert content == write(rows[:count])
    assert count == len(rows) or len(write(rows[: count + 1])) > most
