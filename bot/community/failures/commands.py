"""What failed here and can be tried again; the operator handles what never reached a community."""

from collections import Counter
from datetime import timedelta
from typing import Annotated

from bot.community.failures import failures
from bot.core.identity import Identity
from bot.core.retelling import KEPT, try_again
from bot.kit import Access, Button, Choice, OptionRefused, Reply, Suggest, Tone, Work, command_line, join
from models import dead_letters
from models.dead_letters import Pile

#: how many are shown, and how many suggested
SHOWN, CHOICES = 5, 25
#: how many are tried at once: other work waits for this transaction
TRIED = 100


async def piles(work: Work, typed: str) -> list[Choice]:
    found = await dead_letters.piles(work.tx, work.community, CHOICES)
    return [
        Choice(each.listener, f"{_what(work, each)} · {each.listener}"[:100])
        for each in found
        if typed.casefold() in f"{each.listener} {_what(work, each)}".casefold()
    ]


@failures.command("failures list", access=Access.ADMIN, reads=True)
async def list_(work: Work) -> Reply:
    found = await dead_letters.piles(work.tx, work.community, SHOWN + 1)
    if not found:
        return work.say("none").but(private=True, tone=Tone.GOOD)
    lines = [
        work.say(
            "pile",
            what=_what(work, each),
            count=each.letters,
            ago=timedelta(milliseconds=max(0, work.now - each.last_at)),
            listener=each.listener,
            error=each.kind,
        ).text
        for each in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        lines.append(work.say("more").text)
    lines.append(work.say("meaning", kept=KEPT).text)
    called = Counter(_what(work, each) for each in found[:SHOWN])
    buttons = tuple(_again(work, each, alone=called[_what(work, each)] == 1) for each in found[:SHOWN])
    return Reply(text=join(lines), buttons=buttons, private=True, tone=Tone.CAREFUL)


@failures.command("failures retry", access=Access.ADMIN)
async def retry(work: Work, what: Annotated[str, Suggest(piles)]) -> Reply:
    """Retry the oldest first; what fails again keeps waiting, with its newest error."""
    letters = await dead_letters.of_listener(work.tx, work.community, what, TRIED)
    if not letters:
        raise OptionRefused("what", "failures.unknown")
    identity = Identity(work.desk)
    done = sum([await try_again(work.tx, work.desk, identity, letter, work.now) for letter in letters])
    left = [each for each in await dead_letters.piles(work.tx, work.community, CHOICES) if each.listener == what]
    if not left:
        return work.say("done", count=done).but(private=True, tone=Tone.GOOD)
    lines = [work.say("done", count=done).text] if done else []
    lines.append(work.say("left", count=left[0].letters, error=left[0].kind).text)
    return Reply(text=join(lines), buttons=(_again(work, left[0], alone=True),), private=True, tone=Tone.CAREFUL)


def _what(work: Work, pile: Pile) -> str:
    """The capability's name for members, if it has one."""
    path = f"capability.{pile.listener.partition('.')[0]}.name"
    return work.words(path) if work.desk.catalogue.has(path) else pile.listener


def _again(work: Work, pile: Pile, *, alone: bool) -> Button:
    label = work.words("failures.retry.press", what=_what(work, pile) if alone else pile.listener)
    return Button(label, command_line("failures retry", pile.listener))
