"""Small stories in samples: one in which an alert fires, one in which it stays silent.

Values are written as promtool reads them: `1x20` is twenty-one ones, `0+5x20` rises by five each step,
`_x20` is twenty missing samples; parts are separated by blanks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalogue.model.exporter import Exporter
from catalogue.model.metric import Metric
from catalogue.model.time import Duration, seconds

_EVALUATED_EVERY = seconds(30)


@dataclass(frozen=True, slots=True)
class Samples:
    """One series and its values."""

    series: str
    values: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is scraped, and when to look."""

    given: tuple[Samples, ...]
    at: Duration
    step: Duration = _EVALUATED_EVERY
    """Time between two samples, and between two evaluations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing(Scenario):
    """A scenario in which exactly one instance of the alert fires."""

    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Labels of the instance, besides those that the alert sets."""

    value: str = ""
    """How its value reads in the summary and the description."""


def samples(exporter: Exporter, metric: Metric, values: str, /, *, suffix: str = "", **labels: str) -> Samples:
    """A series as the exporter's job would scrape it, in the application's namespace unless said otherwise.

    `suffix` is `_bucket` or `_count` for a part of a histogram. Raises ValueError for a label that the metric has not.
    """
    allowed = metric.label_names | {"namespace", "service", "pod", "instance", "le"}
    if unknown := sorted(labels.keys() - allowed):
        raise ValueError(f"{metric.name} has no label {', '.join(unknown)}")
    pairs = {"job": exporter.job, "namespace": "openpolicy"} | labels
    inner = ",".join(f'{label}="{value}"' for label, value in pairs.items())
    return Samples(f"{metric.name}{suffix}{{{inner}}}", values)
