"""Alerts as pages name them: a panel that shows what an alert measures takes its thresholds from it."""

from typing import Unpack

from alerts.expression import Expr
from alerts.library import LIBRARY
from alerts.model import Alert, alerts_of
from catalogue.model.problem import nearest
from dashboards.model import Panel
from dashboards.panels import Options, line, timeseries


def alert(name: str, **labels: str) -> tuple[Alert, ...]:
    """The alerts of that name, and of those labels where several have it. Raises ValueError for an unknown name."""
    known = alerts_of(LIBRARY)
    found = tuple(each for each in known if each.name == name and labels.items() <= each.static_labels.items())
    if not found:
        told = " ".join([name, *(f"{label}={value}" for label, value in labels.items())])
        raise ValueError(f"no alert is called {told}; {nearest(name, {each.name for each in known})}")
    return found


def measure(name: str) -> Expr:
    """What the alert of that name compares with its threshold."""
    return alert(name)[0].when.measure


def watched(title: str, description: str, legend: str, *names: str, **options: Unpack[Options]) -> Panel:
    """Lines over time of what alerts measure, with the thresholds of all of them. They all measure the same."""
    own: Options = {"alerts": tuple(each for name in names for each in alert(name))}
    return timeseries(title, description, line(measure(names[0]), legend), **(options | own))
