"""Where panels lie on Grafana's grid: from left to right, and on to the next line where one does not fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.model import COLUMNS, Panel, Row

_HEADING = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A rectangle on the grid."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A row, its heading's place, and each panel's."""

    row: Row
    heading: Place
    panels: tuple[tuple[Panel, Place], ...]


def laid_out(rows: Sequence[Row]) -> tuple[Placed, ...]:
    """Every row below the one before. A closed row takes only its heading's line."""
    placed, y = list[Placed](), 0
    for row in rows:
        heading = Place(x=0, y=y, width=COLUMNS, height=_HEADING)
        y += _HEADING
        panels, end = _flow(row.panels, y)
        placed.append(Placed(row, heading, panels))
        y = y if row.collapsed else end
    return tuple(placed)


def _flow(panels: Sequence[Panel], top: int) -> tuple[tuple[tuple[Panel, Place], ...], int]:
    placed, x, y, tallest = list[tuple[Panel, Place]](), 0, top, 0
    for panel in panels:
        if x + panel.width > COLUMNS:
            x, y, tallest = 0, y + tallest, 0
        placed.append((panel, Place(x=x, y=y, width=panel.width, height=panel.height)))
        x, tallest = x + panel.width, max(tallest, panel.height)
    return tuple(placed), y + tallest
