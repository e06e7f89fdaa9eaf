"""From whom to ask to the report."""

from collections.abc import Sequence

from alerts.promql import alerts, count_by
from components.settings import Stack
from ops.cost.bill import Bill
from ops.report import capacity, cost, noise, promises
from ops.report.ask import Asked
from ops.report.model import Report, Section
from ops.sources import alertmanager
from ops.sources.server import Server

_TO_FILL_IN = "_To be filled in by people._"


def report(name: str, asked: Asked, told: Server, stack: Stack, bill: Bill) -> Report:
    """The whole report. Raises UnreadError where a server cannot be read."""
    # Watchdog always fires, so there is a sample wherever rules were evaluated.
    watched = asked.one(count_by(alerts().max_over(asked.period.length))) is not None
    open_, silences = alertmanager.alerts(told), alertmanager.silences(told)
    noisy = noise.section(asked, stack, silences, open_, watched=watched)
    sections = [
        promises.availability(asked),
        promises.latency(asked),
        promises.budget(asked),
        *noisy,
        capacity.section(asked),
        cost.section(asked, stack, bill),
    ]
    if asked.period.name == "monthly":
        sections += [Section(title=each, blocks=[_TO_FILL_IN]) for each in ("Improvements", "Planned improvements")]
    return Report(stack=name, period=asked.period, sections=[_summary(asked, sections), *sections])


def _summary(asked: Asked, sections: Sequence[Section]) -> Section:
    partly = promises.coverage(asked)
    lines = [f"- **{each.title}**: {each.summary}" for each in sections if each.summary]
    return Section(title="Summary", blocks=[*([partly] if partly else []), "\n".join(lines)])
