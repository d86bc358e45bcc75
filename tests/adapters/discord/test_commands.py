"""The declared commands as Discord takes them: names, kinds, bounds, languages and limits."""

from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.commands import payloads, tags, valid_name
from adapters.discord.replies import cut
from bot.host.registry import open_house
from bot.kit import Access, Capability, Range, Reply, Work
from bot.kit.capability import House
from bot.kit.texts import Catalogue
from tests.adapters.discord.running import LOCALES, catalogue, house


def named(parts: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(part for part in parts if part["name"] == name)


def described(part: dict[str, Any]) -> list[dict[str, Any]]:
    """A command or option, and everything below it that has a name and a description."""
    return [part, *(each for option in part.get("options", ()) for each in described(option))]


def faults(part: dict[str, Any]) -> list[str]:
    """What Discord would not accept in this part."""
    names = [part["name"], *part["name_localizations"].values()]
    abouts = [part["description"], *part["description_localizations"].values()]
    required = [option.get("required", False) for option in part.get("options", ())]
    found = {
        "name": not all(valid_name(name) for name in names),
        "about": not all(1 <= len(about) <= 100 for about in abouts),
        "options": len(required) > 25,
        "order": required != sorted(required, reverse=True),
        "choices": len(part.get("choices", ())) > 25,
        "both": bool(part.get("choices")) and part.get("autocomplete", False),
    }
    return [f"{part['name']}: {what}" for what, wrong in found.items() if wrong]


def test_the_house_is_taken() -> None:
    """Everything Hearth declares, and every kind of option, keeps Discord's rules."""
    for commands in (payloads(open_house(), Catalogue()), payloads(house(), catalogue())):
        typed = [command for command in commands if command["type"] == 1]
        assert len(typed) <= 100
        assert [fault for command in typed for part in described(command) for fault in faults(part)] == []


def test_menus() -> None:
    """Commands for a message are in its menu, in few words and every language; Discord allows five."""
    found = [command for command in payloads(open_house(), Catalogue()) if command["type"] != 1]

    assert {command["type"] for command in found} == {3}
    assert 1 <= len(found) <= 5
    names = [name for each in found for name in (each["name"], *each["name_localizations"].values())]
    assert all(1 <= len(name) <= 32 for name in names)
    assert all("zh-CN" in each["name_localizations"] for each in found)
    asking = named(payloads(open_house(), Catalogue()), "ask")
    assert [option["name"] for option in asking["options"]] == ["tags", "bounty"]


def test_a_group() -> None:
    """Two words become a group and a sub-command, in every language; contexts are servers and our direct messages."""
    points = named(payloads(house(), catalogue()), "points")
    give = named(points["options"], "give")

    assert (points["type"], points["contexts"], points["default_member_permissions"]) == (1, [0, 1], None)
    assert points["name_localizations"] == {"zh-CN": "积分"}
    assert (give["type"], give["name_localizations"]) == (1, {"zh-CN": "赠送"})
    assert give["description_localizations"] == {"zh-CN": "给别人积分"}
    assert [(option["name"], option["required"]) for option in give["options"]] == [
        ("to", True),
        ("amount", True),
        ("why", False),
    ]
    assert (give["options"][1]["min_value"], give["options"][1]["max_value"]) == (1, 9)
    assert give["options"][2]["autocomplete"] is True


def test_every_kind() -> None:
    """Each kind of option is Discord's own, and choices are in the member's language."""
    options = named(payloads(house(), catalogue()), "all")["options"]

    assert {option["name"]: option["type"] for option in options} == {
        "number": 4, "yes": 5, "pick": 3, "time": 3, "who": 6, "role": 8, "place": 7, "picture": 11,
    }  # fmt: skip
    assert named(options, "pick")["choices"] == [
        {"name": "Red", "value": "red", "name_localizations": {"zh-CN": "红"}},
        {"name": "Blue", "value": "blue", "name_localizations": {}},
    ]


def test_long_texts_are_no_options() -> None:
    """What a form asks for is no option of the command line."""
    form = named(payloads(house(), catalogue()), "enquire")

    assert [option["name"] for option in form["options"]] == ["tag", "title", "urgent", "place"]


def declared(*names: str, access: Access = Access.MEMBER) -> House:
    """A house of commands without options."""
    capability = Capability("trial")

    async def handler(_work: Work) -> Reply:
        return Reply()

    for name in names:
        capability.command(name, access=access)(handler)
    return House.of([capability])


def test_admins_alone_are_shown_what_only_they_may() -> None:
    """A group is hidden from members only if the hint holds for all of it."""
    alone = payloads(declared("rule one", "rule two", access=Access.ADMIN), Catalogue(folders=(LOCALES,)))

    assert [command["default_member_permissions"] for command in alone] == ["32"]


@pytest.mark.parametrize("names", [("tea", "tea add"), tuple(f"tea n{number}" for number in range(26))])
def test_what_discord_cannot_show(names: tuple[str, ...]) -> None:
    """A command that is also a group, or a group that is too large, is an error before we ask Discord."""
    with pytest.raises(ValueError, match="on Discord /tea cannot"):
        payloads(declared(*names), Catalogue(folders=(LOCALES,)))


def test_bounds_and_choices_beyond_discords() -> None:
    """Bounds wider than Discord's are narrowed; with too many choices for it none are listed, and the core checks."""
    capability = Capability("trial")
    numbers = {f"n{number}": f"n{number}" for number in range(30)}
    many = Enum("many", numbers)  # type: ignore[misc]  # mypy wants its members written out

    async def handler(
        _work: Work, text: Annotated[str, Range(0, 9000)], number: Annotated[int, Range(-(2**62), 2**62)], pick: Enum
    ) -> Reply:
        return Reply(text=(), title=()) if text or number or pick else Reply()

    handler.__annotations__["pick"] = many
    capability.command("wide")(handler)
    text, number, pick = payloads(House.of([capability]), Catalogue(folders=(LOCALES,)))[0]["options"]

    assert (text["min_length"], text["max_length"]) == (0, 6000)
    assert (number["min_value"], number["max_value"]) == (-(2**53), 2**53)
    assert "choices" not in pick


def test_british_english_alone_would_reach_americans(tmp_path: Path) -> None:
    """Where en-GB is given, en-US is given too; a name that Discord would refuse is left out."""
    words = {
        "en": '[tea]\nabout = "Coffee"',
        "en-GB": '[tea]\nname = "Cup of tea"\nabout = "Tea"',
        "es": f'[tea]\nname = "té"\nabout = "{"t" * 120}"',
    }
    for language, text in words.items():
        (tmp_path / language).mkdir()
        (tmp_path / language / "words.toml").write_text(text, encoding="utf-8")
    (tea,) = payloads(declared("tea"), Catalogue(folders=(tmp_path,)))

    assert tea["name_localizations"] == {"es-ES": "té", "es-419": "té"} | {"en-US": "tea"}
    assert tea["description_localizations"]["en-US"] == "Coffee"
    assert tea["description_localizations"]["es-ES"] == "t" * 99 + "…"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("zh-CN", ("zh-CN",)), ("de", ("de",)), ("pt", ("pt-BR",)), ("sv", ("sv-SE",)), ("xx", ())],
)
def test_tags(language: str, expected: tuple[str, ...]) -> None:
    """A language is given under every name that Discord has for it."""
    assert tags(language) == expected


@given(st.text(max_size=300), st.integers(1, 100))
def test_words_are_cut(text: str, limit: int) -> None:
    """Plain words never exceed their limit."""
    assert len(cut(text, limit)) <= limit
