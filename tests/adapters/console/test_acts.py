"""The grammar of the console, line by line."""

import pytest

from adapters.console.acts import (
    Act,
    Deletes,
    Edits,
    Joins,
    Leaves,
    Misstep,
    Passes,
    Presses,
    Ranks,
    Reacts,
    Replies,
    Says,
    Sends,
    Speaks,
    Unreacts,
    parse,
)

ACTS: dict[str, Act] = {
    "ann: hello": Says(who="ann", text="hello"),
    "ann:hello": Says(who="ann", text="hello"),
    "  ann : hello  ": Says(who="ann", text="hello"),
    "小明：你好": Says(who="小明", text="你好"),
    "Mary Ann: hello": Says(who="Mary Ann", text="hello"),
    "ann: bob: ann edits: https://x.y": Says(who="ann", text="bob: ann edits: https://x.y"),
    "ann: one\ntwo": Says(who="ann", text="one\ntwo"),
    "ann: /give @bob 3": Says(who="ann", text="/give @bob 3"),
    "ann: bob presses Accept": Says(who="ann", text="bob presses Accept"),
    "ann@dm: psst": Says(who="ann", text="psst", place="@dm"),
    "ann in #help: how?": Says(who="ann", text="how?", place="#help"),
    "Mary Ann in #帮助：怎么": Says(who="Mary Ann", text="怎么", place="#帮助"),
    "ann replies to Bob Lee: yes: so": Replies(who="ann", to="Bob Lee", text="yes: so"),
    "ann sends tables/tea.csv: /copy": Sends(who="ann", file="tables/tea.csv", text="/copy"),
    "Mary Ann sends my tea.csv：看": Sends(who="Mary Ann", file="my tea.csv", text="看"),
    "ann edits: better": Edits(who="ann", text="better"),
    "ann deletes": Deletes(who="ann"),
    "ann presses Accept": Presses(who="ann", label="Accept"),
    "ann presses Accept 2": Presses(who="ann", label="Accept 2"),
    "Mary Ann presses Yes: now": Presses(who="Mary Ann", label="Yes: now"),
    "ann reacts 👍 to bob": Reacts(who="ann", emoji="👍", to="bob"),
    "ann unreacts 👍🏽 to Bob Lee": Unreacts(who="ann", emoji="👍🏽", to="Bob Lee"),
    "ann joins": Joins(who="ann"),
    "member joins": Joins(who="member"),
    "ann leaves": Leaves(who="ann"),
    "admin ann": Ranks(who="ann", rank="admin"),
    "admin: hello": Says(who="admin", text="hello"),
    "staff Mary Ann": Ranks(who="Mary Ann", rank="staff"),
    "member ann": Ranks(who="ann", rank="member"),
    "lang Mary Ann zh-CN": Speaks(who="Mary Ann", language="zh-CN"),
    "clock +3d12h": Passes(time="3d12h"),
}
NONSENSE = [
    "hello",
    "ann",
    "ann:",
    ": hello",
    "/ask why",
    "#general: hello",
    "ann presses",
    "ann reacts to bob",
    "ann edits",
    "ann replies to : x",
    "clock 3d",
    "clock +",
    "admin",
    "lang ann",
    "https://example.org",
    "ann dances",
    "ann reply to bob: hi",
    "ann in help: hi",
]


@pytest.mark.parametrize("line", ACTS)
def test_acts(line: str) -> None:
    """Each line is read as exactly this act."""

    assert parse(line, {"Mary Ann"}) == ACTS[line]


@pytest.mark.parametrize("line", NONSENSE)
def test_nonsense(line: str) -> None:
    """A line that is no act is refused with its own words, and never guessed."""

    with pytest.raises(Misstep, match="not understood"):
        parse(line, {"Mary Ann"})


def test_hostile_names() -> None:
    """A name cannot carry control codes for the terminal."""

    act = parse("an\x1b[2Jn: hi")

    assert act == Says(who="an\ufffd[2Jn", text="hi")
