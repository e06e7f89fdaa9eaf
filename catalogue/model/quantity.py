"""Amounts of memory and storage, as Kubernetes and Prometheus write them."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

_KUBERNETES = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
# It writes GB and means the same powers of two.
_PROMETHEUS = {"KB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40}
_SIZES = _KUBERNETES | _PROMETHEUS
_QUANTITIES = _KUBERNETES | {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "m": Decimal("0.001")}


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
        return cls(text, int(parts[1]) * _SIZES[parts[2]])

    def __str__(self) -> str:
        return self.text


def quantity(text: object) -> Decimal:
    """Reads what an object of Kubernetes asks for: `500m`, `2`, `1536Mi`. Raises ValueError for anything else."""
    parts = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", str(text))
    if parts is None or parts[2] not in _QUANTITIES:
        raise ValueError(f"{str(text)!r} is no quantity")
    return Decimal(parts[1]) * _QUANTITIES[parts[2]]
