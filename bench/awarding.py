"""Measures awarding points for each message with the whole house, beside other packages."""

from time import perf_counter

from bench.crowd import DAY, NOON, Crowd
from bench.frame import Figure, Scale, at_least, bench
from bench.houses import HOME, core_on, filled, member_id, pour
from bench.neighbours import PEERS, Missing
from bot.economy.points.settings import COOLDOWN, DAILY_CAP
from bot.host.registry import NAMES
from models import ledger, settings, standings

SIZES = {"1 k": 1_000, "100 k": 100_000, "1 M": 1_000_000}
#: with more members, packages that write all members again for each message are not measured
PACKAGED = 100_000
#: so that every message earns
UNBOUNDED = {COOLDOWN.key: '"0s"', DAILY_CAP.key: "0"}
AIM = at_least(20)


async def speed(size: int, scale: Scale) -> float:
    """Events a second, each a call of its own, until the standings include every one of them."""
    events = Crowd(size, "uniform").messages(scale.of(20_000, 2_000))
    async with core_on(f"sqlite:///{await filled(size)}", rooms=NAMES) as core:
        async with core.store.write() as tx:
            for key, value in UNBOUNDED.items():
                await settings.put(tx, HOME, key, value, NOON)
        began = perf_counter()
        await pour(core, events, page=1)
        async with core.store.write() as tx:
            await standings.settle(tx, HOME)
        took = perf_counter() - began
        async with core.store.read() as tx:
            found = await ledger.earnings(tx, HOME, NOON // DAY, [member_id(number) for number in range(size)])
    earned = sum(each.times for each in found if each.reason == "message")
    if earned != len(events):
        raise ValueError(f"{earned} of {len(events)} messages earned")
    return len(events) / took


@bench("awarding", runs=3)
async def awarding(scale: Scale) -> list[Figure]:
    figures = []
    for name, whole in SIZES.items():
        size = scale.of(whole, min(whole, PACKAGED))
        peers = [peer for peer in PEERS if not (peer.packages and (scale.quick or size > PACKAGED))]
        what, unit = f"awarding points, {name} members", "events/s"
        ours = await speed(size, scale)
        for peer in peers:
            try:
                beside = peer.speed(size, seconds=0.2 if scale.quick else 2)
            except Missing as missing:
                figures.append(Figure(what=what, ours=ours, unit=unit, against=f"{peer.name}: {missing}"))
                continue
            figures.append(Figure(what=what, ours=ours, unit=unit, beside=beside, against=peer.name, aim=AIM))
    return figures
