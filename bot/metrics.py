"""What an operator can measure; the web adapter shows it."""

from prometheus_client import Counter, Gauge, Histogram

ABSORBED = Counter("hearth_absorbed", "Events absorbed, each once")
DEAD = Counter("hearth_dead_letters", "Events kept aside because a listener failed")
COMMANDS = Counter("hearth_commands", "Commands given", ["command"])
KEPT = Counter("hearth_promises", "Promises by what became of them", ["outcome"])
BATCH_SECONDS = Histogram("hearth_batch_seconds", "How long one batch takes to commit")
OUTBOX_LAG = Gauge("hearth_outbox_lag_seconds", "Age of the oldest promise that is due and not kept")
