"""The first commands, as members and administrators of any platform meet them."""

import pytest

from tests.stories.stage import Stage


async def test_a_member_is_answered(stage: Stage) -> None:
    """/ping says, publicly, that Hearth is awake and owes nothing."""
    ann, bob = await stage.members("ann", "bob")

    await ann.says("/ping")

    assert ann.hears("I am here. Nothing is late.")
    assert bob.hears("I am here.")


async def test_help_shows_what_one_may_do(stage: Stage) -> None:
    """/help is private and lists only what this person may use."""
    ann, bob = await stage.members("ann", "bob")
    owner = await stage.admin("owner")

    await ann.says("/help")
    assert ann.hears("/language")
    assert not ann.hears("/settings set")
    assert not bob.hears("/language")

    await owner.says("/help settings set")
    assert owner.hears("/settings set <key> <value>")


async def test_a_setting_is_changed_and_changed_back(stage: Stage) -> None:
    """An administrator's setting holds at once, for everybody, and one press takes it back."""
    owner = await stage.admin("owner")
    (ann,) = await stage.members("ann")

    await owner.says("/settings set activity.keep 60d")
    assert owner.hears("activity.keep is now 60d.")

    await owner.presses("Undo")
    assert owner.hears("activity.keep is 180d again.")

    await owner.says("/settings get activity.keep")
    assert owner.hears("changed 180d to 60d")
    assert not ann.hears("180d")


async def test_settings_are_for_administrators(typed_stage: Stage) -> None:
    """Everybody else is told so in private, and nothing changes."""
    owner = await typed_stage.admin("owner")
    (ann,) = await typed_stage.members("ann")

    await ann.says("/settings set activity.keep 60d")
    assert ann.hears("Only administrators can do this. Ask one of them.")
    assert not owner.hears("Only administrators")

    await owner.says("/settings list")
    assert owner.hears("activity.keep 180d")


@pytest.mark.parametrize(("language", "word"), [("zh-CN", "我在。"), ("en", "I am here.")])
async def test_a_member_chooses_a_language(stage: Stage, language: str, word: str) -> None:
    """A member's own language wins over the community's, on every platform."""
    owner = await stage.admin("owner")
    (ann,) = await stage.members("ann")
    await owner.says("/settings set community.language zh-CN")

    await ann.says(f"/language {language}")
    await ann.says("/ping")

    assert ann.hears(word)


async def test_a_member_of_one_community_has_nothing_to_choose(stage: Stage) -> None:
    """/community is for members of several."""
    ann, bob = await stage.members("ann", "bob")

    await ann.says("/community", private=True)

    assert ann.hears("what you ask in private is about it.")
    assert not bob.hears("what you ask in private")


async def test_a_button_chooses_too(stage: Stage) -> None:
    """/language without a word offers the languages as buttons."""
    (ann,) = await stage.members("ann")

    await ann.says("/language")
    await ann.presses("简体中文")

    assert ann.hears("从现在起，我和你说简体中文。")


async def test_about_says_what_is_kept(stage: Stage) -> None:
    """It says that messages are not read."""
    (ann,) = await stage.members("ann")

    await ann.says("/about")

    assert ann.hears("never what they say")


async def test_a_wrong_value_is_explained(stage: Stage) -> None:
    """Which option, why, and an example to copy; nothing changes."""
    owner = await stage.admin("owner")

    await owner.says("/settings set activity.keep soon")

    assert owner.hears("value: I cannot read soon as a length of time.")
    assert owner.hears("/settings set activity.keep 180d")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/pong", "Did you mean /ping?"),
        ("/zzzz", "/help shows what I know"),
        ("/settings", "Choose one of: /settings get"),
        ("/ping now", "now is one word too many"),
        ("/settings get community.speed", "There is no setting called community.speed."),
    ],
)
async def test_a_mistyped_command_is_explained(typed_stage: Stage, typed: str, said: str) -> None:
    """Where commands are typed as words, a mistake gets one private sentence that says what to do."""
    owner = await typed_stage.admin("owner")
    (ann,) = await typed_stage.members("ann")

    await owner.says(typed, private=True)

    assert owner.hears(said)
    assert not ann.hears(said)


async def test_a_missing_word_is_asked_for(typed_stage: Stage) -> None:
    """The member's answer completes the command."""
    owner = await typed_stage.admin("owner")

    await owner.says("/settings set activity.keep")
    assert owner.hears("value: this is missing.")

    await owner.answers("90d")
    assert owner.hears("activity.keep is now 90d.")


async def test_phones_may_write_quotes_their_way(typed_stage: Stage) -> None:
    """Curly quotes of phone keyboards are quotes."""
    owner = await typed_stage.admin("owner")

    await owner.says("/settings set “activity.keep” “90d”")

    assert owner.hears("activity.keep is now 90d.")
