"""How long an endurance test runs: shortly in `make test`, for long where HEARTH_SOAK is set."""

import os


def rounds(usual: int, *, soak: int) -> int:
    return soak if os.environ.get("HEARTH_SOAK") else usual
