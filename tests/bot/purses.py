"""Members and their points, as tests look at them."""

from bot.core.core import Core
from bot.kit import Access, Reply
from bot.kit.references import Person
from models import ledger, members, proof, standings
from models.ledger import Entry
from tests.bot.conftest import home_of
from tests.bot.recorder import ANN, BOB, CAT, NAME, person, posted, typed

ADMIN = person("root")


async def meet(core: Core, gift: int = 100) -> None:
    """Ann, Bob and Cat are known, and each has this many points."""
    await core.absorb([posted("a", ANN), posted("b", BOB), posted("c", CAT), posted("r", ADMIN)])
    for who in (ANN, BOB, CAT):
        await rules(core, f"/points give @{who.username} {gift - 1} welcome")


async def says(core: Core, line: str, who: Person = ANN) -> Reply:
    return await core.invoke(typed(line, who))


async def rules(core: Core, line: str) -> Reply:
    return await core.invoke(typed(line, ADMIN, access=Access.ADMIN))


async def presses(core: Core, reply: Reply, number: int = 0, who: Person = ANN) -> Reply:
    """Press one of its buttons."""
    access = Access.ADMIN if who is ADMIN else Access.MEMBER
    return await core.invoke(typed(reply.buttons[number].line, who, access=access, pressed=True))


async def id_of(core: Core, who: Person) -> int:
    home = await home_of(core)
    async with core.store.read() as tx:
        (account,) = await members.find_accounts(tx, home, [(NAME, who.id)])
    return account.member_id


async def balances(core: Core, *people: Person) -> list[int]:
    """Their points, minus their debts."""
    found = []
    for who in people:
        home, member = await home_of(core), await id_of(core, who)
        async with core.store.read() as tx:
            standing = await standings.standing(tx, home, member)
        found.append(standing.balance - standing.debt)
    return found


async def entries(core: Core, who: Person) -> list[Entry]:
    """Their entries, newest first."""
    home, member = await home_of(core), await id_of(core, who)
    async with core.store.read() as tx:
        return await ledger.history(tx, home, member, None, 1000)


async def proven(core: Core) -> None:
    home = await home_of(core)
    async with core.store.write() as tx:
        await standings.settle(tx, home)
        assert await proof.prove(tx, home) == []
