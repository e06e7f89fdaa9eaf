"""A label takes only so many values: each is a series that Prometheus keeps.

The catalogue says how many. What comes after that is counted all the same, under the label's overflow value, so that
totals stay right and a scrape is never rejected for its size.
"""

import threading

from catalogue.model.metric import Label

_LONGEST = 256
"""Letters in a value. The scrape job rejects a longer one, and with it the whole scrape."""


class Bounded:
    """The values of one label in this process: those of the catalogue, or the first that come where it names none."""

    __slots__ = ("_closed", "_known", "_label", "_lock", "_room")

    def __init__(self, label: Label) -> None:
        self._label = label
        self._known = {*label.values, label.overflow}
        self._closed = bool(label.values)
        self._room = label.bound or 0
        self._lock = threading.Lock()

    def __call__(self, value: str) -> str:
        """The value itself, or the overflow."""
        if value in self._known:
            return value
        if self._closed or len(value) > _LONGEST:
            return self._label.overflow
        with self._lock:
            # One place belongs to the overflow, which is always known.
            if value in self._known or len(self._known) < self._room:
                self._known.add(value)
                return value
        return self._label.overflow
