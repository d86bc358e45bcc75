"""Help, languages and time zones, as members and admins meet them."""

import pytest

from bot.core.core import Core
from bot.kit import Access, Reply, Tone
from tests.bot.recorder import ANN, BOB, STAFF, chosen, posted, typed

ADMIN = Access.ADMIN


async def asks(core: Core, line: str, access: Access = ADMIN, locale: str | None = None) -> Reply:
    return await core.invoke(typed(line, access=access, locale=locale))


async def says(core: Core, line: str, access: Access = ADMIN, locale: str | None = None) -> str:
    return (await asks(core, line, access, locale)).plain


async def presses(core: Core, reply: Reply, label: str) -> Reply:
    (line,) = [button.line for button in reply.buttons if button.label == label]
    return await core.invoke(typed(line, access=ADMIN, pressed=True))


@pytest.fixture(autouse=True)
async def members(core: Core) -> None:
    await core.absorb([posted("a", ANN), posted("b", BOB), posted("s", spot=STAFF)])


# Help


@pytest.mark.parametrize(
    ("access", "there", "hidden"),
    [
        (Access.MEMBER, ["/help", "/trial keep"], ["/trial guard", "/trial rule", "/settings set"]),
        (Access.STAFF, ["/help", "/trial keep", "/trial guard"], ["/trial rule", "/settings set"]),
        (Access.ADMIN, ["/help", "/trial keep", "/trial guard", "/trial rule", "/settings set"], []),
    ],
)
async def test_help_shows_what_one_may(core: Core, access: Access, there: list[str], hidden: list[str]) -> None:
    """Commands are listed by capability with descriptions; commands that a member may not give are left out."""
    help_ = await asks(core, "/help", access)

    assert help_.private
    assert all(f"{name} " in help_.plain for name in there)
    assert not any(f"{name} " in help_.plain for name in hidden)
    assert {"Community", "Trial"} <= {"".join(span.text for span in block.name) for block in help_.blocks}


async def test_help_explains_a_command(core: Core) -> None:
    """It shows how the command is typed, each option, and an example to copy."""
    for line in ("/help settings set", "/help /settings  set", "/help SETTINGS set"):
        assert (await says(core, line)).splitlines() == [
            "Change a setting",
            "/settings set <key> <value>",
            "key Which setting",
            "value The new value",
            "For example: /settings set community.language zh-CN",
        ]


async def test_help_lists_the_commands_of_a_group(core: Core) -> None:
    """The group is listed for members who may give its commands."""
    listed = await says(core, "/help Settings")

    assert [line.split()[:2] for line in listed.splitlines()] == [
        ["/settings", name] for name in ("list", "get", "set", "reset", "undo")
    ]
    assert await says(core, "/help settings", Access.MEMBER) == "Only administrators can do this. Ask one of them."


async def test_help_explains_in_the_reader_s_language(core: Core) -> None:
    """Options have the names that the member's platform shows."""
    assert "/settings set <设置项> <值>" in await says(core, "/help settings set", locale="zh-CN")


async def test_help_does_not_explain_what_one_may_not(core: Core) -> None:
    """Help refuses these, as it does unknown commands."""
    assert await says(core, "/help settings set", Access.MEMBER) == "Only administrators can do this. Ask one of them."
    assert (await says(core, "/help nonsense")).startswith("I do not know /nonsense.")


async def test_help_suggests_what_one_may(core: Core) -> None:
    """Command names are suggested while a member types."""
    member = await core.suggest(chosen("help", command="sett"), "command")
    admin = await core.suggest(chosen("help", access=ADMIN, command="sett"), "command")

    assert [choice.value for choice in member] == []
    assert [choice.value for choice in admin] == [
        f"settings {word}" for word in ("list", "get", "set", "reset", "undo")
    ]


async def test_a_sign_of_life(core: Core) -> None:
    """All is well when nothing is late."""
    reply = await asks(core, "/ping", Access.MEMBER)

    assert reply.plain.startswith("I am here.")
    assert "Nothing is late." in reply.plain
    assert reply.tone is Tone.GOOD


# Languages


async def test_a_language_is_chosen_by_a_button(core: Core) -> None:
    """Without a name the bot says which languages it speaks, with a button for each."""
    asked = await asks(core, "/language", Access.MEMBER)
    assert asked.private
    assert "English" in asked.plain
    assert "简体中文" in asked.plain

    chosen_now = await presses(core, asked, "简体中文")

    assert "简体中文" in chosen_now.plain
    assert chosen_now.plain != (await asks(core, "/language en", Access.MEMBER)).plain
    assert await says(core, "/trial keep tea", Access.MEMBER) == "Kept tea."


async def test_a_language_is_one_s_own(core: Core) -> None:
    """One member's language does not change another's."""
    await asks(core, "/language zh-CN", Access.MEMBER)

    assert await says(core, "/trial keep tea") == "记下了tea。"
    assert (await core.invoke(typed("/trial keep tea", BOB))).plain == "Kept tea."


@pytest.mark.parametrize("word", ["中文", "简体中文", "ZH-cn", "Chinese"])
async def test_a_language_is_chosen_by_what_it_is_called(core: Core, word: str) -> None:
    """The name may be in any language."""
    assert "我和你说简体中文" in await says(core, f"/language {word}", Access.MEMBER)
    assert "I speak English" in await says(core, "/language english", Access.MEMBER)


async def test_a_language_we_do_not_speak_is_refused(core: Core) -> None:
    """The refusal names the languages that we speak."""
    assert (await says(core, "/language tlh")).startswith("language: tlh is not one of: en, zh-CN.")


# Time zones


async def test_a_time_zone_is_one_s_own(core: Core) -> None:
    """It may be typed in any case; one press takes the member back to the community's zone."""
    await asks(core, "/settings set community.time_zone Asia/Shanghai")
    common = await asks(core, "/timezone", Access.MEMBER)
    assert common.private
    assert common.plain.startswith("Your day ends at midnight in Asia/Shanghai, as for everybody here")
    assert "it is 20:00 there now" in common.plain

    chosen_now = await asks(core, "/timezone america/new_york", Access.MEMBER)
    assert chosen_now.private
    assert chosen_now.plain == "From now on your day ends at midnight in America/New_York, where it is 07:00 now."

    own = await asks(core, "/timezone", Access.MEMBER)
    assert own.plain == "Your day ends at midnight in America/New_York, where it is 07:00 now."
    assert (await core.invoke(typed("/timezone", BOB))).plain == common.plain
    assert "in Asia/Shanghai, where it is 20:00" in (await presses(core, own, "As for everybody")).plain
    assert (await asks(core, "/timezone", Access.MEMBER)) == common


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "../etc/passwd", "+08:00", "x" * 4000, "@everyone", "<b>", "\u202eCTU"]
)
async def test_what_is_no_time_zone_is_refused(core: Core, zone: str) -> None:
    """The refusal shows two that exist, and nothing changes."""
    reply = await core.invoke(chosen("timezone", zone=zone))

    assert "I do not know the time zone " in reply.plain
    assert len(reply.plain) < 250
    assert "as for everybody here" in await says(core, "/timezone")


async def test_time_zones_are_suggested(core: Core) -> None:
    """They are suggested by any part of their name."""
    found = await core.suggest(chosen("timezone", zone="shang"), "zone")

    assert [choice.value for choice in found] == ["Asia/Shanghai"]
