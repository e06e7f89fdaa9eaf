"""Alertmanager's routing in Python: who is told about an alert, when, and what keeps it from being sent."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Self

from alerts.render.routes import Route

_MATCHER = re.compile(r'(?P<label>\w+)\s*(?P<op>=~|!~|!=|=)\s*"(?P<value>.*)"')


def matches(matchers: Sequence[str], labels: Mapping[str, str]) -> bool:
    """Whether Alertmanager's matchers all hold. A missing label is an empty one; patterns match whole values."""
    for label, op, wanted in map(_parts, matchers):
        value = labels.get(label, "")
        same = re.fullmatch(wanted, value) is not None if "~" in op else wanted == value
        if same == op.startswith("!"):
            return False
    return True


@cache
def _parts(matcher: str) -> tuple[str, str, str]:
    """Its label, operator and value."""
    parts = _MATCHER.fullmatch(matcher)
    if parts is None:
        raise ValueError(f"{matcher!r} is no matcher")
    return parts["label"], parts["op"], parts["value"]


@dataclass(frozen=True, slots=True)
class Router:
    """A route for many questions: whoever has hundreds of teams does not look at each of them for every alert."""

    route: Route
    children: Mapping[tuple[str, str] | None, Sequence[tuple[int, "Router"]]]
    """With their places, by a label and the value that they want of it. None: all who want no certain value."""

    @classmethod
    def of(cls, route: Route) -> Self:
        """The route, and all below it."""
        children = dict[tuple[str, str] | None, list[tuple[int, Router]]]()
        for place, child in enumerate(route.get("routes", [])):
            wanted = ((label, value) for label, op, value in map(_parts, child.get("matchers", [])) if op == "=")
            # A missing label is an empty one.
            key = next((each for each in wanted if each[1]), None)
            children.setdefault(key, []).append((place, cls.of(child)))
        return cls(route, children)

    def walk(self, labels: Mapping[str, str]) -> Iterator[Route]:
        """The routes down to the one that takes the alert: the first child that matches, again and again."""
        yield self.route
        found = [each for key in (None, *labels.items()) for each in self.children.get(key, ())]
        for _, child in sorted(found, key=lambda each: each[0]):
            if matches(child.route.get("matchers", []), labels):
                yield from child.walk(labels)
                return

    def receiver(self, labels: Mapping[str, str]) -> str:
        """Name of the receiver that is told about an alert with these labels."""
        return next(route["receiver"] for route in reversed([*self.walk(labels)]) if "receiver" in route)

    def muted(self, labels: Mapping[str, str]) -> bool:
        """Whether the alert waits for office hours."""
        return bool([*self.walk(labels)][-1].get("mute_time_intervals"))


def inhibits(rule: Mapping[str, list[str]], source: Mapping[str, str], target: Mapping[str, str]) -> bool:
    """Whether the firing `source` keeps `target` from being sent."""
    return (
        matches(rule["source_matchers"], source)
        and matches(rule["target_matchers"], target)
        and all(source.get(label, "") == target.get(label, "") for label in rule["equal"])
    )
