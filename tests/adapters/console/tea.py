"""A small capability that uses everything a reply or a promise can do, so that a transcript can show it."""

from datetime import timedelta
from typing import Annotated

from bot.kit import (
    Access,
    Block,
    Button,
    Capability,
    Choice,
    GrantRole,
    Post,
    Reply,
    Suggest,
    Tail,
    TakeRole,
    Tell,
    Work,
    command_line,
)
from bot.kit.events import MemberJoined, MessageDeleted, MessageEdited, MessagePosted, ReactionAdded, ReactionRemoved
from bot.kit.markup import Span
from bot.kit.options import File
from bot.kit.replies import Document, Image
from models.communities import Place
from models.members import Member

tea = Capability("tea")

WORDS = """
[tea.brew]
about = "Brew a tea"
example = "/tea brew oolong"
[tea.brew.options]
kind.about = "Which tea"
hot.about = "Hot or iced"
guest.about = "For whom"
[tea.copy]
about = "Copy a recipe"
example = "/tea copy"
[tea.copy.options]
file.about = "The recipe"
"""

PNG = b"\x89PNG pretends"


def text(words: str) -> Reply:
    return Reply(text=(Span(text=words),))


def here(work: Work) -> Place:
    assert work.place
    return work.place


async def kinds(work: Work, typed: str) -> list[Choice]:
    del work
    return [Choice(kind, kind.title()) for kind in ("green needle", "oolong") if kind.startswith(typed)]


@tea.command("tea brew")
async def brew(
    work: Work, kind: Annotated[str, Suggest(kinds)], hot: bool = True, guest: Member | None = None
) -> Reply:
    words = f"{kind}, {'hot' if hot else 'iced'}, for {guest.name if guest else work.member.name}"
    return text(words).but(buttons=(Button("Drink", command_line("tea drink", kind)), Button("Pour away", "/tea pour")))


@tea.command("tea drink")
async def drink(work: Work, kind: Tail) -> Reply:
    """Replaces the offer, and sends a reminder three days later."""
    await work.promise(Tell(member=work.member.id, reply=text(f"{kind} again?")), after=timedelta(days=3))
    return text(f"{work.member.name} drinks {kind}").but(replaces=True)


@tea.command("tea pour")
async def pour(work: Work) -> Reply:
    return text(f"{work.member.name} poured it away")


@tea.command("tea secret")
async def secret(work: Work) -> Reply:
    del work
    return text("under the mat").but(private=True, buttons=(Button("Take", "/tea pour"),))


@tea.command("tea menu")
async def menu(work: Work) -> Reply:
    """A reply with all its parts."""
    del work
    return Reply(
        title=(Span(text="Menu", bold=True),),
        text=(Span(text="all "), Span(text="/tea", code=True), Span(text=" brew", code=True)),
        blocks=(Block((Span(text="Green"),), (Span(text="needle\nscrew"),)),),
        image=Image("../menu.png", PNG, "a menu"),
        file=Document("../menu.csv", b"tea,price", "text/csv"),
        buttons=(Button("Brew", "/tea brew oolong"), Button("Brew", "/tea brew green")),
    )


@tea.command("tea copy")
async def copy(work: Work, file: File) -> Reply:
    del work
    return text(f"{file.name}: {file.text}").but(private=True)


@tea.command("tea master", access=Access.ADMIN)
async def master(work: Work, who: Member, keep: bool = True) -> Reply:
    """Owes it twice, as after an unknown outcome."""
    effect = GrantRole if keep else TakeRole
    for _ in range(2):
        await work.promise(effect(place=here(work).id, member=who.id, role="7", name="Tea master", why="tea"))
    return text("so be it")


@tea.command("tea call")
async def call(work: Work) -> Reply:
    """A post that stays for a minute."""
    await work.promise(Post(place=here(work).id, reply=text("tea is ready"), seconds=60))
    return text("calling").but(private=True)


@tea.command("tea many")
async def many(work: Work) -> Reply:
    """Owes several posts at once, each in its own lane."""
    for number in range(12):
        await work.promise(Post(place=here(work).id, reply=text(f"cup {number}")), lane=f"cup:{number}")
    return text("pouring")


@tea.listener(MemberJoined)
async def greet(work: Work, event: MemberJoined) -> None:
    del event
    await work.promise(Tell(member=work.member.id, reply=text(f"welcome, {work.member.name}")))


@tea.listener(MessagePosted, MessageEdited, MessageDeleted, ReactionAdded, ReactionRemoved)
async def echo(work: Work, event: MessagePosted | MessageEdited | ReactionAdded) -> None:
    """Repeats what a member says to the echo."""
    if work.place is None or "echo" not in (event.who.name if event.who else ""):
        return
    target = f" at {event.target.name}" if event.target else ""
    words = getattr(event, "text", "") or getattr(event, "emoji", "")
    await work.promise(Post(place=work.place.id, reply=text(f"{type(event).__name__}{target} {words}".rstrip())))
