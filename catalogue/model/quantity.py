"""Amounts of memory and storage, as Kubernetes and Prometheus write them."""

import re
from dataclasses import dataclass
from typing import Self

# Kubernetes counts Gi in powers of two; Prometheus writes GB and means the same powers.
_FACTORS = {
    "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40,
    "KB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bytes:
    """An amount that remembers how it was written: `140Gi` for Kubernetes, `110GB` for Prometheus."""

    text: str
    count: int

    @classmethod
    def parse(cls, text: str, units: tuple[str, ...] = ("Ki", "Mi", "Gi", "Ti")) -> Self:
        """Reads `512Mi`. Raises ValueError for anything else, and for nothing at all."""
        parts = re.fullmatch(r"([0-9]+)([A-Za-z]+)", text)
        if parts is None or parts[2] not in units or int(parts[1]) == 0:
            raise ValueError(f"{text!r} is no size: write it like 20{units[2]}, with one of {', '.join(units)}")
        return cls(text, int(parts[1]) * _FACTORS[parts[2]])

    def __str__(self) -> str:
        return self.text
