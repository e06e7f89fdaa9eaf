"""From the minutes in which alerts fired to what people were told: grouped and held back as Alertmanager does it.

Prometheus remembers what fired; who was told nobody records. So the routes and inhibitions of the stack are applied to
what fired, and the silences that Alertmanager still knows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.model import Severity
from alerts.promql import alerts, like
from alerts.render.routes import Config
from alerts.routing import Router, inhibits
from ops.report.ask import Asked
from ops.sources.alertmanager import Silence
from ops.sources.prometheus import Series

# As long as Alertmanager waits before it believes that an alert is over: resolve_timeout of the routes.
_GAP = timedelta(minutes=5)
_MINUTE = timedelta(minutes=1)
_META = ("__name__", "alertstate")

FIRING = alerts(alertstate="firing", severity=like(f"{Severity.CRITICAL}|{Severity.WARNING}")).now
"""Everything that is meant for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One alert, from where it began to fire until it was over."""

    labels: Mapping[str, str]
    start: datetime
    end: datetime
    held_back: str = ""
    """Why nobody was told, if nobody was."""

    def is_during(self, at: datetime) -> bool:
        """Whether it fires then."""
        return self.start <= at <= self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What one team was told of as one: the alerts of a group, while any of them fires."""

    name: str
    severity: str
    team: str
    start: datetime
    end: datetime | None
    """None: it goes on."""

    clipped: bool
    """Whether it began before the period, nobody knows when."""

    alerts: Sequence[Episode] = field(repr=False)

    @property
    def lasted(self) -> timedelta | None:
        """From notice to all-clear, where both are known."""
        return None if self.end is None or self.clipped else self.end - self.start

    @property
    def pages(self) -> bool:
        """Whether it wakes somebody."""
        return self.severity == Severity.CRITICAL


def episodes(courses: Sequence[Series]) -> list[Episode]:
    """When each alert fired, by minutes. A gap shorter than Alertmanager's patience is none."""
    found: list[Episode] = []
    for course in courses:
        labels = {name: value for name, value in course.labels.items() if name not in _META}
        begun = last = None
        for at, _ in course.points:
            if begun is None or last is None or at - last > _GAP:
                if begun is not None and last is not None:
                    found.append(Episode(labels=labels, start=begun, end=last + _MINUTE))
                begun = at
            last = at
        if begun is not None and last is not None:
            found.append(Episode(labels=labels, start=begun, end=last + _MINUTE))
    return sorted(found, key=lambda each: (each.start, each.labels.get("alertname", "")))


def told(found: Sequence[Episode], config: Config, silences: Sequence[Silence]) -> list[Episode]:
    """The same, each with what held it back: a silence, or a worse alert that fires as it begins."""
    made: list[Episode] = []
    for each in found:
        others = [other for other in found if other is not each and other.is_during(each.start + _MINUTE)]
        why = ""
        if any(silence.hides(each.labels, each.start) for silence in silences):
            why = "silenced"
        elif any(
            inhibits(rule, other.labels, each.labels)
            for rule in config["inhibit_rules"]
            for other in others
            if other.labels != each.labels
        ):
            why = "held back"
        made.append(Episode(labels=each.labels, start=each.start, end=each.end, held_back=why))
    return made


def incidents(found: Sequence[Episode], config: Config, asked: Asked) -> list[Incident]:
    """What people were told, the newest last."""
    groups, router = dict[tuple[object, ...], list[list[Episode]]](), Router.of(config["route"])
    for each in (each for each in found if not each.held_back):
        route = list(router.walk(each.labels))
        by = next(step["group_by"] for step in reversed(route) if "group_by" in step)
        path = tuple(str(step.get("matchers")) for step in route)
        key = (*path, router.receiver(each.labels), *(each.labels.get(name, "") for name in by))
        runs = groups.setdefault(key, [])
        if runs and each.start - max(other.end for other in runs[-1]) <= _GAP:
            runs[-1].append(each)
        else:
            runs.append([each])
    made = [_incident(run, router, asked) for runs in groups.values() for run in runs]
    return sorted(made, key=lambda each: (each.start, each.name))


def _incident(run: Sequence[Episode], router: Router, asked: Asked) -> Incident:
    first, end = run[0], max(each.end for each in run)
    return Incident(
        name=first.labels.get("alertname", "?"),
        severity=first.labels.get("severity", "?"),
        team=router.receiver(first.labels),
        start=first.start,
        end=None if end >= asked.period.end else end,
        clipped=first.start <= asked.period.start + _MINUTE,
        alerts=run,
    )
