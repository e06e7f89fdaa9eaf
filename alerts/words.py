"""What an alert waits for, in words that a person reads who does not read PromQL."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product

from alerts.expression import Op, number
from alerts.model import NEVER, Alert, Severity
from alerts.routing import matches
from catalogue.model.metric import Unit
from catalogue.model.time import Duration

_COMPARED = {
    Op.ABOVE: "above",
    Op.AT_LEAST: "at least",
    Op.BELOW: "below",
    Op.AT_MOST: "at most",
    Op.EQUALS: "exactly",
}
_TOLD = {
    Severity.CRITICAL: "pages the {team} team at any hour",
    Severity.WARNING: "a ticket for the {team} team",
    Severity.INFO: "shown on dashboards; nobody is told",
    Severity.NONE: "nobody is told",
}
_BYTES = ((1024**4, "TiB"), (1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB"))


def condition(alert: Alert) -> str:
    """When it fires, such as `share of the memory in use: above 85 %, for 10m`."""
    when = alert.when
    limit = f": {compared(when.op, when.threshold, when.measure.unit)}" if when.op else ""
    lasting = f", for {alert.lasting}" if alert.lasting != NEVER else ""
    keeping = f"; stays for {alert.keep_firing} after that" if alert.keep_firing != NEVER else ""
    return f"{alert.watches}{limit}{lasting}{keeping}"


def compared(op: Op, threshold: Decimal, unit: Unit) -> str:
    """A comparison with a threshold, such as `above 85 %`."""
    return f"{_COMPARED[op]} {quantity(threshold, unit)}"


def quantity(value: Decimal, unit: Unit) -> str:
    """The value as people write it: `85 %`, `2s`, `26h`, `5000`, `1.5 GiB`."""
    match unit:
        case Unit.RATIO:
            text = f"{number(value * 100)} %"
        case Unit.PERCENT:
            text = f"{number(value)} %"
        case Unit.SECONDS:
            text = str(Duration(int(value))) if value == int(value) else f"{number(value)} s"
        case Unit.BYTES:
            size, name = next(((size, name) for size, name in _BYTES if value >= size), (1, "bytes"))
            text = f"{number((value / size).quantize(Decimal('0.1')))} {name}"
        case Unit.PER_SECOND:
            text = f"{number(value)} a second"
        case Unit.COUNT | Unit.TIMESTAMP:
            text = number(value)
    return text


def told(alert: Alert) -> str:
    """Who is told, and how."""
    return _TOLD[alert.severity].format(team=alert.team.name)


def hidden(rule: Mapping[str, Sequence[str]], alerts: Sequence[Alert]) -> Iterator[tuple[Alert, Alert]]:
    """Who can keep whom from being sent by this inhibition, as far as rules decide it."""
    sources, targets = (
        [(each, _labels(each)) for each in alerts if _may(rule[side], each)]
        for side in ("source_matchers", "target_matchers")
    )
    for (source, by), (target, of) in product(sources, targets):
        known = [label for label in rule["equal"] if label in by and label in of]
        if source is not target and all(by[label] == of[label] for label in known):
            yield source, target


def _labels(alert: Alert) -> Mapping[str, str]:
    return {"alertname": alert.name} | alert.static_labels


def _may(matchers: Sequence[str], alert: Alert) -> bool:
    return matches(_decided(matchers, alert), _labels(alert))


def _decided(matchers: Sequence[str], alert: Alert) -> list[str]:
    """Those about labels that the series do not bring along: of the others anything may come."""
    open_ = alert.when.expr.labels - alert.static_labels.keys()
    return [matcher for matcher in matchers if (re.match(r"\w+", matcher) or [""])[0] not in open_]
