"""Members have their achievements in writing, and anybody can check them."""

import re

import pytest

from tests.stories.stage import Actor, Stage

CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")


def code_of(who: Actor) -> str:
    (found,) = {str(code) for heard in who.heard for code in CODE.findall(heard)}
    return found


@pytest.mark.parametrize(
    ("language", "yours", "good", "told", "revoked"),
    [
        ("en", "You have a certificate of", "is good.", "revoked your certificate", "was revoked on"),
        ("zh-CN", "你获得了", "有效。", "撤销了你的证书", "已于"),
    ],
)
async def test_a_certificate_is_given_verified_and_revoked(
    stage: Stage, language: str, yours: str, good: str, told: str, revoked: str
) -> None:
    """In the member's own language, with a reason; the code tells what became of it."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    for each in (ann, bob):
        await each.says(f"/language {language}")

    await owner.says("/certificate give @ann Leading the workshop")
    assert bob.hears("📜 ann has a certificate: Leading the workshop")
    assert ann.hears(yours)
    code = code_of(bob)

    await bob.says(f"/verify {code.lower().replace('-', ' ')}")
    assert bob.hears(good)
    await ann.says("/certificate list")
    await ann.presses("Leading the workshop")
    assert ann.hears(code)

    await owner.says(f"/certificate revoke {code} the wrong ann")
    assert ann.hears(told)
    await bob.says(f"/verify {code}")
    assert bob.hears(revoked)
    assert bob.hears("the wrong ann")


async def test_a_code_that_was_misread_is_told_from_one_that_is_unknown(stage: Stage) -> None:
    """A person who mistyped it looks again; a person who was lied to knows."""
    (bob,) = await stage.members("bob")

    await bob.says("/verify 7KQ4-9XYZ-2M3N-AB0K")
    assert bob.hears("There is no certificate with the code")
    await bob.says("/verify 7KQ4-9XYZ-2M3N-AB1K")
    assert bob.hears("was misread")
    await bob.says("/verify hello")
    assert bob.hears("That is not a certificate code.")
