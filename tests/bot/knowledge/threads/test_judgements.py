"""The judgements of messages on conversations that nothing was fitted on."""

import pytest

from bench import talking
from bench.talking import KINDS, NAMES, Kind
from bench.teaching import SHARED, real, written

ASIDE = talking.aside([*real(), *written()])


@pytest.mark.skipif(not SHARED.exists(), reason="the real conversations are not beside the project")
@pytest.mark.parametrize("lang", NAMES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_floors_hold(kind: Kind, lang: str) -> None:
    """On the part kept aside no figure lies below its floor by more than chance explains in so few conversations."""
    judged = talking.of(kind, lang, ASIDE)

    for (_, highest), floor in zip(talking.intervals(kind, judged), kind.floors[lang], strict=True):
        assert highest >= floor


@pytest.mark.parametrize("lang", NAMES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_few_are_chosen_wrongly(kind: Kind, lang: str) -> None:
    """Also where only our own conversations are at hand: a wrong choice annoys more than a missed one."""
    judged = [each for each in talking.of(kind, lang, ASIDE) if not each.told.real]

    assert talking.rates(kind, judged).precision >= kind.floors[lang][0]
