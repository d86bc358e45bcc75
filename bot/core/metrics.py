"""What an operator can measure; the web adapter shows it."""

from prometheus_client import Counter, Gauge, Histogram

ABSORBED = Counter("hearth_absorbed", "Events absorbed, each once")
DEAD = Counter("hearth_dead_letters", "Events kept aside because a listener failed")
COMMANDS = Counter("hearth_commands", "Commands given", ["command"])
HASTY = Counter("hearth_hasty", "Commands and suggestions refused because their author was too quick")
KEPT = Counter("hearth_promises", "Promises by what became of them", ["outcome"])
BATCH_SECONDS = Histogram("hearth_batch_seconds", "How long one batch takes to commit")
UNREAD = Counter("hearth_unread", "What a platform sent that could not be read, by what it was", ["platform", "what"])
STALLS = Counter("hearth_stalls", "Times the event loop stood still for seconds")
OUTBOX_LAG = Gauge("hearth_outbox_lag_seconds", "Age of the oldest promise that is due and not kept")


def unread(platform: str) -> int:
    """How much of what this platform sent could not be read since the process began."""
    samples = (sample for metric in UNREAD.collect() for sample in metric.samples)
    return round(
        sum(each.value for each in samples if each.name.endswith("_total") and each.labels["platform"] == platform)
    )
