"""A capability whose every command leaves a row and a promise, so that every loss is seen."""

from pathlib import Path
from tempfile import TemporaryDirectory

from bot.community.activity import activity
from bot.host.registry import open_house
from bot.kit import Capability, Post, Reply, Work
from bot.kit.markup import Span
from bot.kit.texts import Catalogue
from models import settings

WORDS = """
[pay]
about = "Pay"
example = "/pay 1"
paid = "Paid {number}."
options.number.about = "How much"
"""

ledger = Capability("ledger")


@ledger.command("pay")
async def pay(work: Work, number: int) -> Reply:
    if work.place is None:
        raise LookupError("nowhere to say it")
    await settings.put(work.tx, work.community, f"paid.{work.cause}", str(number), work.now)
    receipt = Reply(text=(Span(text=work.cause),))
    await work.promise(Post(place=work.place.id, reply=receipt), lane=f"pay:{work.member.id}")
    return work.say("paid", number=number)


def house_of_faults() -> list[Capability]:
    open_house()  # declares what activity counts
    return [activity, ledger]


def words() -> Catalogue:
    with TemporaryDirectory() as folder:
        words = Path(folder, "en", "words.toml")
        words.parent.mkdir()
        words.write_text(WORDS, encoding="utf-8")
        return Catalogue((Path(__file__).parents[2] / "bot" / "locales", Path(folder)))
