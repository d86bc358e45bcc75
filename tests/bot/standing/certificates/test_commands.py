"""Certificates: given once, found by anybody with the code, and revoked for everybody to see."""

import re

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, Reply, Tell, Tone
from bot.kit.events import MemberLeft
from bot.kit.references import Person, Spot
from bot.kit.replies import Document, Drawing, Image
from models import certificates
from tests.bot.conftest import home_of
from tests.bot.purses import ADMIN, id_of, meet, presses, rules, says
from tests.bot.recorder import ANN, BOB, CAT, LOBBY, NAME, NOON, Recorder, posted, typed

ROBOT = Person(NAME, "99", "Robot", "robot", bot=True)
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")
NEVER = "7KQ4-9XYZ-2M3N-AB0K"


class Easel:
    """Keeps what it should draw, and draws a description of it."""

    def __init__(self, weight: int = 10) -> None:
        self.asked: list[Drawing] = []
        self.weight = weight

    async def draw(self, drawing: Drawing) -> bytes:
        self.asked.append(drawing)
        return b"x" * self.weight

    async def close(self) -> None:
        """Nothing is left to close."""


@pytest.fixture
async def ready(core: Core) -> Core:
    await meet(core)
    return core


async def gives(core: Core, line: str = "@ann Leading the workshop") -> str:
    """The code of a new one."""
    found = CODE.search((await rules(core, f"/certificate give {line}")).plain)
    assert found
    return found[0]


async def told(core: Core, recorder: Recorder, who: Person = ANN) -> Reply:
    """The last message to this member."""
    await core.outbox.drain()
    whose = await id_of(core, who)
    return [each for each in recorder.effects if isinstance(each, Tell) and each.member == whose][-1].reply


async def test_a_certificate_is_given(ready: Core, recorder: Recorder) -> None:
    """Everybody sees it, and the member gets the page to print, in their own language."""
    ready.studio.artist = easel = Easel()
    await says(ready, "/language zh-CN")
    said = await rules(ready, "/certificate give @ann Leading the workshop")
    found = CODE.search(said.plain)

    assert found
    assert said.plain.startswith("📜 Ann has a certificate: Leading the workshop\n")
    assert isinstance(said.image, Image)
    assert (said.private, said.file, said.image.alt) == (False, None, said.plain)
    mine = await told(ready, recorder)
    assert mine.plain.startswith("📜 你获得了 Home 的证书：Leading the workshop")
    assert isinstance(mine.image, Image)
    assert mine.file == Document(f"certificate-{found[0]}.pdf", b"x" * 10, "application/pdf")
    public, own, page = easel.asked
    assert (public.values["heading"], own.values["heading"], own.values["name"]) == ("Certificate", "证书", "Ann")
    assert (own.values["date"], own.values["code"]) == ("2026年1月5日", found[0])
    assert page.values == own.values


async def test_the_page_is_light_whatever_the_picture_is(ready: Core) -> None:
    """Paper is light."""
    await rules(ready, "/settings set certificates.theme dark")
    code = await gives(ready)
    ready.studio.artist = easel = Easel()

    await says(ready, f"/certificate show {code}")

    assert [(each.values["theme"], each.media) for each in easel.asked] == [
        ("dark", "image/png"),
        ("light", "application/pdf"),
    ]


async def test_without_pictures_the_words_say_everything(ready: Core, recorder: Recorder) -> None:
    """Even when the page is too large to be sent."""
    code = await gives(ready)
    mine = await told(ready, recorder)
    assert (mine.image, mine.file) == (None, None)
    assert code in mine.plain

    ready.studio.artist = Easel(weight=600 * 1024)
    shown = await says(ready, f"/certificate show {code}")
    assert isinstance(shown.image, Image)
    assert shown.file is None


async def test_anybody_verifies_it(ready: Core) -> None:
    """However they type it and wherever they are; they learn nothing of other certificates."""
    code = await gives(ready)
    good = f"✅ Certificate {code} is good.\nAnn was given it by Home on January 5, 2026: Leading the workshop"

    for typing in (code, code.lower(), code.replace("-", " "), code.replace("-", "").replace("0", "o")):
        said = await says(ready, f"/verify {typing}", BOB)
        assert (said.plain, said.tone) == (good, Tone.GOOD)
    elsewhere = Spot(NAME, "other", "channel", "#other", Spot(NAME, "away", "guild", "Away"))
    assert (await ready.invoke(typed(f"/verify {code}", CAT, spot=elsewhere))).plain == good
    assert (await ready.invoke(typed(f"/verify {code}", CAT, locale="zh-CN"))).plain == (
        f"✅ 证书 {code} 有效。\nHome 于 2026年1月5日 颁发给 Ann：Leading the workshop"
    )


@pytest.mark.parametrize(
    ("typing", "no"),
    [
        (NEVER, f"There is no certificate with the code {NEVER}."),
        (NEVER[:-1] + "J", f"{NEVER[:-1]}J cannot be right"),
        ("hello", "That is not a certificate code. It has 16 letters and digits"),
        ("x" * 4000, "code: it must have between 1 and 100 characters."),
        ("@everyone", "That is not a certificate code."),
        ("", "code: this is missing."),
    ],
)
async def test_what_is_no_certificate_is_told_so(ready: Core, typing: str, no: str) -> None:
    """Unknown, misread, and no code at all get three different answers."""
    for command in ("verify", "certificate show"):
        said = await says(ready, f"/{command} {typing}")
        assert no in said.plain
        assert said.private


async def test_a_revoked_one_says_so(ready: Core, recorder: Recorder, clock: HandClock) -> None:
    """The member is told why; it is not shown any more, and its code says when and why."""
    code = await gives(ready)
    clock.move(NOON + 86_400_000)
    done = await rules(ready, f"/certificate revoke {code.lower()} the wrong Ann")
    assert (done.plain, done.private) == (
        "The certificate of Ann is revoked: Leading the workshop. They are told why.",
        True,
    )
    assert "the wrong Ann" in (await told(ready, recorder)).plain

    said = await says(ready, f"/verify {code}", BOB)
    assert said.plain == (
        f"Certificate {code} was revoked on January 6, 2026: the wrong Ann\n"
        "Home had given it to Ann on January 5, 2026: Leading the workshop"
    )
    assert said.tone is Tone.BAD
    shown = await says(ready, f"/certificate show {code}")
    assert (shown.plain, shown.image, shown.file) == (said.plain, None, None)
    assert (await rules(ready, f"/certificate revoke {code} twice")).plain == f"Certificate {code} was revoked before."
    assert "· revoked" in (await says(ready, "/certificate list")).plain
    home = await home_of(ready)
    async with ready.store.read() as tx:
        rows = await tx.all("SELECT action, after FROM audit WHERE community_id = :home ORDER BY id", home=home)
    assert [(row["action"], row["after"]) for row in rows if "certificate" in row["action"]] == [
        ("certificate.give", '"Leading the workshop"'),
        ("certificate.revoke", '"the wrong Ann"'),
    ]


async def test_another_community_revokes_nothing_here(ready: Core) -> None:
    """Its administrators have no rights here."""
    code = await gives(ready)
    elsewhere = Spot(NAME, "other", "channel", "#other", Spot(NAME, "away", "guild", "Away"))

    said = await ready.invoke(typed(f"/certificate revoke {code} ours", CAT, access=Access.ADMIN, spot=elsewhere))

    assert said.plain == "That certificate is from another community, so it can only be revoked there."
    assert "is good" in (await says(ready, f"/verify {code}")).plain


async def test_they_are_listed_page_by_page(ready: Core) -> None:
    """One's own and those of others, each with a button that shows it."""
    codes = [await gives(ready, f"@ann Workshop {number} {'x' * 100}") for number in range(6)]

    for who in (ANN, BOB):
        first = await says(ready, "/certificate list" if who is ANN else "/certificate list @ann", who)
        assert first.plain.startswith("Certificates of Ann\n")
        second = await presses(ready, first, -1, who)
        both = first.plain + second.plain
        assert all(code in both for code in codes)
        assert (len(first.buttons), len(second.buttons)) == (6, 2)
        assert CODE.search((await presses(ready, second, 0, who)).plain)
    assert (await says(ready, "/certificate list", BOB)).plain == "Bob has no certificates yet."
    assert (await says(ready, "/certificate list @ann 9", BOB)).plain.startswith("Ann has no certificates on this page")


@pytest.mark.parametrize(
    ("line", "no"),
    [
        ("@robot Beeping", "Bots can't have certificates."),
        ("@cat Leaving", "Cat has left."),
        ("@nobody Nothing", "I know nobody called @nobody here."),
        ("@ann", "title: this is missing."),
        ("@ann \u200b\u202e", "title: it must have between 1 and 120 characters."),
        (f"@ann {'x' * 4000}", "title: it must have between 1 and 120 characters."),
    ],
)
async def test_what_cannot_be_given_is_refused(ready: Core, line: str, no: str) -> None:
    """One private sentence each, and nobody gets anything."""
    await ready.absorb([posted("r", ROBOT), MemberLeft(cause="gone", at=NOON, who=CAT, spot=LOBBY)])

    said = await rules(ready, f"/certificate give {line}")

    assert no in said.plain
    assert said.private
    assert "no certificates yet" in (await says(ready, "/certificate list")).plain


async def test_what_steers_a_text_is_left_out(ready: Core) -> None:
    """A title is a title wherever it is shown, and platform markup in it means nothing."""
    code = await gives(ready, "@ann \u202eA\u200bb\0 <b>@everyone **so**")

    assert (await says(ready, f"/verify {code}")).plain.endswith(": Ab <b>@everyone **so**")


async def test_the_same_line_twice_gives_one(ready: Core) -> None:
    """A platform may deliver it twice; only administrators give any."""
    assert "Only administrators" in (await says(ready, "/certificate give @ann Everything")).plain
    line = typed("/certificate give @ann Everything", ADMIN, access=Access.ADMIN, cause="recorder:twice")
    await ready.invoke(line)

    assert (await ready.invoke(line)).plain == "This was done already."
    home, ann = await home_of(ready), await id_of(ready, ANN)
    async with ready.store.read() as tx:
        assert len(await certificates.certificates_of(tx, home, ann, 10)) == 1
