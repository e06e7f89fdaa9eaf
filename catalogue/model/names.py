"""What names may look like: the rules of the systems that have to carry them."""

import re
from collections import Counter

_LABEL_VALUE = re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_METRIC = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_PROPER = re.compile(r"[A-Z][A-Za-z0-9]+")


def check_slug(kind: str, name: str) -> None:
    """Raises ValueError unless `name` is a DNS label: Kubernetes, PagerDuty and job labels all carry it."""
    if not _LABEL_VALUE.fullmatch(name):
        raise ValueError(f"{kind} {name!r}: a name is lower-case letters, digits and dashes, a letter first")


def check_metric(kind: str, name: str) -> None:
    """Raises ValueError unless `name` is a classic Prometheus metric or label name."""
    if not _METRIC.fullmatch(name):
        raise ValueError(f"{kind} {name!r}: a name is letters, digits and underscores")


def check_proper(kind: str, name: str) -> None:
    """Raises ValueError unless `name` is in CamelCase, as alert names are."""
    if not _PROPER.fullmatch(name):
        raise ValueError(f"{kind} {name!r}: a name is in CamelCase, like HighErrorRate")


def check_unique(kind: str, names: list[str]) -> None:
    """Raises ValueError when a name is there twice."""
    if twice := sorted(name for name, times in Counter(names).items() if times > 1):
        raise ValueError(f"{kind} named twice: {', '.join(twice)}")
