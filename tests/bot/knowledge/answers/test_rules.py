"""What a reaction says about an answer."""

import pytest

from bot.knowledge.answers.rules import Sign, sign_of


@pytest.mark.parametrize(
    ("emoji", "sign"),
    [
        *[(each, Sign.UP) for each in ("👍", "👍🏽", "⬆️", "⬆")],
        *[(each, Sign.ACCEPT) for each in ("✅", "✔️", "✔", "👌", "👌🏿")],
        *[(each, None) for each in ("👎", "❤️", "", "5368324170671202286", "thumbsup", "👍👍")],
    ],
)
def test_what_reactions_say(emoji: str, sign: Sign | None) -> None:
    """In any colour."""
    assert sign_of(emoji) is sign
