"""Alertmanager's routing in Python: who is told about an alert, when, and what keeps it from being sent."""

import re
from collections.abc import Iterator, Mapping, Sequence

from alerts.render.routes import Config, Route

_MATCHER = re.compile(r'(?P<label>\w+)\s*(?P<op>=~|!~|!=|=)\s*"(?P<value>.*)"')


def matches(matchers: Sequence[str], labels: Mapping[str, str]) -> bool:
    """Whether Alertmanager's matchers all hold. A missing label is an empty one; patterns match whole values."""
    for matcher in matchers:
        parts = _MATCHER.fullmatch(matcher)
        if parts is None:
            raise ValueError(f"{matcher!r} is no matcher")
        value = labels.get(parts["label"], "")
        same = re.fullmatch(parts["value"], value) is not None if "~" in parts["op"] else parts["value"] == value
        if same == parts["op"].startswith("!"):
            return False
    return True


def walk(route: Route, labels: Mapping[str, str]) -> Iterator[Route]:
    """The routes from the root down to the one that takes the alert: the first child that matches, again and again."""
    yield route
    for child in route.get("routes", []):
        if matches(child.get("matchers", []), labels):
            yield from walk(child, labels)
            return


def receiver(config: Config, labels: Mapping[str, str]) -> str:
    """Name of the receiver that is told about an alert with these labels."""
    return next(route["receiver"] for route in reversed(list(walk(config["route"], labels))) if "receiver" in route)


def muted(config: Config, labels: Mapping[str, str]) -> bool:
    """Whether the alert waits for office hours."""
    return bool(list(walk(config["route"], labels))[-1].get("mute_time_intervals"))


def inhibits(rule: Mapping[str, list[str]], source: Mapping[str, str], target: Mapping[str, str]) -> bool:
    """Whether the firing `source` keeps `target` from being sent."""
    return (
        matches(rule["source_matchers"], source)
        and matches(rule["target_matchers"], target)
        and all(source.get(label, "") == target.get(label, "") for label in rule["equal"])
    )
