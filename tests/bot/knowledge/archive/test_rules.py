"""What is published, without the names of members who do not allow it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.calendar import calendar_in
from bot.knowledge.archive.rules import FEW, Names, Veil, publish
from models.publishing import Called
from models.questions import Answer, Question, Standing

NOON = 1_767_614_400_000
day = calendar_in().date_of
WHY = Question(
    community_id=1, number=3, id=30, asker_id=7, place_id=1, title="Why, Bob?", body="It was hot.\n\nSays Bob.",
    tags="tea bob", asked_at=NOON, state="solved",
)  # fmt: skip
BECAUSE = Answer(community_id=1, number=4, question=3, author_id=8, body="Entropy.", answered_at=NOON, accepted_at=NOON)
PERHAPS = replace(BECAUSE, number=5, author_id=9, body="Who knows.", accepted_at=None)
EVERYBODY = ["Ann Smith", "bob", "小明", "~ Zoé ~", "Python", "The", "x", "7", "123456789", "cat_42", "王"]


def veil(*own: str, parts: tuple[str, ...] = (), counted: dict[str, int] | None = None, texts: int = 1000) -> Veil:
    return Veil(
        names=Names(EVERYBODY),
        own=Names(own),
        parts=Names(parts),
        counted=counted or {},
        texts=texts,
        member="a member",
        place="[place]",
    )


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Thanks bob!", "Thanks a member!"),
        ("Thanks, BOB. And Ｂｏｂ", "Thanks, a member. And a member"),
        ("@bob: see below", "a member: see below"),
        ("bobby, bob_1 and kebob stay", "bobby, bob_1 and kebob stay"),
        ("ann smith and Ann\n Smith", "a member and a member"),
        ("Ann alone is no name of hers", "Ann alone is no name of hers"),
        ("谢谢小明的回答", "谢谢a member的回答"),
        ("Zoe said so, Zoé too", "a member said so, a member too"),
        ("cat_42 wrote 123456789", "a member wrote a member"),
        ("The x of 7, 王", "The x of 7, 王"),
        ("@the @x @7 @王", "a member a member a member a member"),
        ("a@b.example and @property stay", "a@b.example and @property stay"),
        ("<@123> <@!123> <@&5> in <#77>", "a member a member a member in [place]"),
        ("<:party:123> <a:party:123> <t:1:R>", ":party: :party: <t:1:R>"),
        ("see https://discord.com/channels/1/2/3.", "see [place]"),
        ("t.me/c/12/3, https://t.me/ann?x=1 tg://user?id=5", "[place] [place] [place]"),
        ("https://ptb.discord.com/channels/1 discord.gg/abc", "[place] [place]"),
        ("https://start.me/x https://discord.com/developers", "https://start.me/x https://discord.com/developers"),
        ("`bob` is\n```py\nbob = 1\n``` bob", "`bob` is\n```py\nbob = 1\n``` a member"),
        ("`<@123> t.me/x`", "`a member [place]`"),
        ("b\u200bob \u202ebob\u202c\x00\r\nbob\u2028bob", "a member a member\na member\na member"),
        ("", ""),
    ],
)
def test_names_are_left_out(text: str, left: str) -> None:
    """Whole names in prose, however they are written; code stays, except for the platforms' ids and links."""
    assert veil().over(text) == left


@pytest.mark.parametrize(
    ("texts", "own", "left"),
    [
        (FEW, (), "a member is fast"),
        (FEW + 1, (), "Python is fast"),
        (FEW + 1, ("Python",), "a member is fast"),
        (501, ("Python",), "Python is fast"),
    ],
)
def test_words_that_everybody_uses_are_no_names(texts: int, own: tuple[str, ...], left: str) -> None:
    """A member may have such a name; on pages where they take part it is left out, unless it says nothing."""
    assert veil(*own, counted={"python": texts}).over("Python is fast") == left
    assert veil(*own, counted={"python": texts}).over("@Python") == "a member"


def test_parts_of_names_count_where_their_bearers_take_part() -> None:
    """If these parts are rare."""
    assert veil(parts=("Ann", "Smith"), counted={"ann": FEW + 1}).over("Ann? Smith!") == "Ann? a member!"


@given(st.text(), st.sampled_from(["bob", "小明", "cat_42"]), st.text())
def test_a_name_does_not_come_through(before: str, name: str, after: str) -> None:
    """Whatever stands around it, if it is a word of its own."""
    text = f"{before.replace('`', '')} {name} {after.replace('`', '')}"

    assert f" {name} " not in veil().over(text)


def test_a_question_is_published_as_its_authors_let_it_be() -> None:
    """Named where they allow it, without a name where not; a tag that names somebody is left out."""
    people = {7: Called(7, "Ann", "named"), 8: Called(8, "bob", None), 9: Called(9, "Cat", "named")}

    found = publish(WHY, [Standing(BECAUSE, 2), Standing(PERHAPS, -1)], people, veil("bob").over, day)

    assert found
    assert (found.number, found.title, found.text) == (3, "Why, a member?", "It was hot.\n\nSays a member.")
    assert (found.author, found.tags, found.day, found.state) == ("Ann", ("tea",), date(2026, 1, 5), "solved")
    assert [(each.number, each.author, each.score) for each in found.answers] == [(4, None, 2), (5, "Cat", -1)]
    assert [each.accepted for each in found.answers] == [True, False]


@pytest.mark.parametrize(
    ("asker", "answerer", "other", "state"),
    [
        ("none", "named", "named", None),
        (None, "none", "none", None),
        (None, "none", None, "answered"),
        (None, "anonymous", "none", "solved"),
    ],
)
def test_what_members_keep_to_themselves_is_left_out(
    asker: str | None, answerer: str | None, other: str | None, state: str | None
) -> None:
    """With it goes what depends on it: answers without their question, and the state of being solved."""
    people = {7: Called(7, "Ann", asker), 8: Called(8, "bob", answerer), 9: Called(9, "Cat", other)}

    found = publish(WHY, [Standing(BECAUSE, 0), Standing(PERHAPS, 0)], people, str, day)

    assert (found.state if found else None) == state


def test_of_strangers_nothing_is_published() -> None:
    """An unknown member has not chosen, and cannot take anything back."""
    assert publish(WHY, [Standing(BECAUSE, 0)], {7: Called(7, "Ann", "named")}, str, day) is None
