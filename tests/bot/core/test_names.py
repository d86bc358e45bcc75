"""A name means the member who has it now, however long another was cached with it."""

from bot.core.core import Core
from bot.kit.references import Person, Spot
from models import communities, members
from tests.bot.recorder import ANN, BOB, HOME, NAME, posted, typed

MALLORY = Person(NAME, "666", "Mallory", "mallory")


async def means(core: Core, community: int, username: str) -> str | None:
    async with core.store.read() as tx:
        found = await members.by_username(tx, community, NAME, username)
    return found.name if found else None


async def test_a_username_that_was_given_up_means_nobody(core: Core, home: int) -> None:
    """It means nobody, although its former owner's name stayed the same and they were cached all along."""
    await core.absorb([posted(1, BOB)])
    await core.absorb([posted(2, Person(NAME, BOB.id, BOB.name, "robert"))])

    assert await means(core, home, "bob") is None
    assert await means(core, home, "robert") == "Bob"


async def test_a_username_that_changed_hands_means_its_new_bearer(core: Core) -> None:
    """Points given by name go to the new owner, before we see the old owner without the name and after."""
    heir = Person(NAME, MALLORY.id, "Mallory", "bob")
    await core.absorb([posted(1, BOB), posted(2, MALLORY)])
    await core.absorb([posted(3, heir)])
    assert "Mallory" in (await core.invoke(typed("/trial give @bob 5"))).plain

    await core.absorb([posted(4, Person(NAME, BOB.id, "Bob", None)), posted(5, ANN)])
    assert "Mallory" in (await core.invoke(typed("/trial give @bob 5"))).plain

    await core.absorb([posted(6, MALLORY), posted(7, BOB)])
    assert "Bob" in (await core.invoke(typed("/trial give @bob 5"))).plain


async def test_neither_age_nor_number_decides(core: Core, home: int) -> None:
    """An account known longer, or with a smaller number, has no better right to a username."""
    heir = Person(NAME, "0001", "Heir", "heir")
    await core.absorb([posted(1, heir)])
    await core.absorb([posted(2, BOB)])
    await core.absorb([posted(3, Person(NAME, heir.id, "Heir", "bob"))])

    assert await means(core, home, "bob") == "Heir"


async def test_of_two_in_one_batch_the_last_sighting_counts(core: Core, home: int) -> None:
    """The member seen with it last has it, even if another was known first."""
    await core.absorb([posted(1, BOB), posted(2, Person(NAME, MALLORY.id, "Mallory", "bob"))])

    assert await means(core, home, "bob") == "Mallory"


async def test_a_username_comes_back_to_who_is_seen_with_it_again(core: Core, home: int) -> None:
    """It comes back even if nothing has changed for that member meanwhile."""
    await core.absorb([posted(1, BOB)])
    await core.absorb([posted(2, Person(NAME, MALLORY.id, "Mallory", "bob"))])
    await core.absorb([posted(3, BOB)])

    assert await means(core, home, "bob") == "Bob"


async def test_a_place_is_called_as_it_was_last_told(core: Core) -> None:
    """A first name comes with every message, and is no news, also for a process that knows nothing."""
    begun, renamed = (
        Spot(NAME, "t", "topic", name, HOME, dated=dated) for name, dated in (("tea", True), ("cake", False))
    )
    names = []
    for number, spot in enumerate([Spot(NAME, "t", "topic", "", HOME), begun, renamed, begun], 1):
        await core.absorb([posted(number, spot=spot)])
        names.append(await called(core, "t"))
        if number != 3:  # after which it is known by heart
            core.dispatcher.identity.forget()
    await core.absorb([posted(9, spot=begun)])

    assert [*names, await called(core, "t")] == ["t", "tea", "cake", "cake", "cake"]


async def called(core: Core, external: str) -> str:
    async with core.store.read() as tx:
        (found,) = await communities.find_places(tx, [(NAME, external)])
    return found.name
