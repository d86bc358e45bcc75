"""Measures absorbing activity through the whole dispatcher on SQLite, from a thousand members to a million."""

from bench.crowd import Crowd, Law
from bench.frame import Figure, Scale, at_least, at_most, bench
from bench.houses import core_on, filled, pour
from bench.plain import one_by_one, rows_of, together, write_plainly

SMALL, MIDDLE, LARGE = 1_000, 100_000, 1_000_000
#: how much more an event may cost among many members, by how evenly they write
GROWTH: dict[Law, int] = {"zipf": 4, "uniform": 7}


async def speed(size: int, law: Law, scale: Scale) -> float:
    """Events a second, once the members who write often are in memory."""
    crowd = Crowd(size, law)
    async with core_on(f"sqlite:///{await filled(size)}") as core:
        await pour(core, crowd.messages(scale.of(min(size, 100_000), 2_000)))
        return await pour(core, crowd.messages(scale.of(60_000, 4_000)))


@bench("absorbing", runs=5)
async def absorbing(scale: Scale) -> list[Figure]:
    events = Crowd(SMALL).messages(scale.of(100_000, 4_000))
    rows = rows_of(events)
    async with core_on(f"sqlite:///{await filled(SMALL)}") as core:
        ours = await pour(core, events)
    plain = write_plainly(await filled(SMALL), rows, one_by_one)
    fastest = write_plainly(await filled(SMALL), rows, together)
    async with core_on(f"sqlite:///{await filled(SMALL)}") as core:
        singly = await pour(core, events[: len(events) // 4], page=1)
    what = "absorbing, 1 k members"
    return [
        Figure(what=what, ours=ours, unit="events/s", beside=plain, against="plain sqlite3", aim=at_least(0.5)),
        Figure(what=what, ours=ours, unit="events/s", beside=fastest, against="the fastest sqlite3"),
        Figure(what="one event a call", ours=singly, unit="events/s", beside=ours, against="100 events a call"),
    ]


@bench("growth", runs=3)
async def growth(scale: Scale) -> list[Figure]:
    middle, large = scale.of(MIDDLE, 2_000), scale.of(LARGE, 5_000)
    figures = []
    for law, bound in GROWTH.items():
        small = 1_000_000 / await speed(SMALL, law, scale)
        for name, size in (("100 k", middle), ("1 M", large)):
            figures.append(
                Figure(
                    what=f"cost of an event, {name} members, {law}",
                    ours=1_000_000 / await speed(size, law, scale),
                    unit="µs",
                    beside=small,
                    against="1 k members",
                    aim=at_most(bound),
                )
            )
    return figures
