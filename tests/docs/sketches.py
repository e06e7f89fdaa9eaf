"""Sketches of the boards: Grafana's JSON drawn with recorded answers. They show what is where, and are not Grafana."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import isfinite
from typing import Any

from tests.docs.answers import Answers, Line
from tests.docs.units import shown

_COLUMN, _UNIT, _GAP = 50, 22, 4
_TEXT = 6.2
"""Width of a letter."""

_FAINT = 0.03
"""Share of the fullest cell below which one is not drawn."""

_COLOURS = ("#73bf69", "#5794f2", "#ff9830", "#b877d9", "#f2cc0c", "#8ab8ff")
_STEPS = {"green": "#73bf69", "yellow": "#fade2a", "red": "#f2495c", "blue": "#5794f2"}
_STYLE = (
    "text{font-family:sans-serif;font-size:11px;fill:#ccccdc}.p{fill:#181b1f;stroke:#2c3235}.t{font-weight:600}"
    ".s{fill:#8e8e9a;font-size:10px}.b{font-size:24px;font-weight:600}.l{fill:none;stroke-width:1.3}"
    ".d{stroke-dasharray:4 3;opacity:.8}.i{font-style:italic;fill:#8e8e9a}"
)


def sketch(board: Mapping[str, Any], answers: Answers) -> str:
    """The board as SVG, the same for the same JSON and answers."""
    tall = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in board["panels"])
    size = f"{24 * _COLUMN} {tall * _UNIT + 30}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img">',
        f"<title>{escape(board['title'])}, a sketch</title><style>{_STYLE}</style>",
        '<rect width="100%" height="100%" style="fill:#111217"/>',
        _text(6, 19, f"{board['title']} (a sketch: drawn from the board's JSON, with made-up data)", "t"),
        '<g transform="translate(0 26)">',
        *(part for panel in board["panels"] for part in _panel(panel, board["uid"], answers)),
        "</g></svg>\n",
    ]
    return "\n".join(parts)


def _panel(panel: Mapping[str, Any], uid: str, answers: Answers) -> Iterator[str]:
    place = panel["gridPos"]
    x, y = place["x"] * _COLUMN, place["y"] * _UNIT
    if panel["type"] == "row":
        hidden = len(panel["panels"])
        heading = f"▸ {panel['title']}, {hidden} more" if panel["collapsed"] else f"▾ {panel['title']}"
        yield _text(x + 6, y + 16, heading, "t")
        return
    width, height = place["w"] * _COLUMN - _GAP, place["h"] * _UNIT - _GAP
    yield f'<g transform="translate({x + 2} {y + 2})"><rect class="p" width="{width}" height="{height}" rx="2"/>'
    yield _text(8, 16, _cut(panel["title"], width - 16), "t")
    if answers.outdated(uid, panel):
        yield _text(8, 36, _cut("asks something else since its answer was recorded", width - 16), "i")
    else:
        yield from _inside(panel, answers.lines(uid, panel["title"]), width, height, answers.at)
    yield "</g>"


def _inside(panel: Mapping[str, Any], lines: Sequence[Line], width: int, height: int, now: float) -> Iterator[str]:
    unit = panel["fieldConfig"]["defaults"]["unit"]
    if not lines:
        yield _text(8, 36, "nothing, while all is well", "i")
    elif panel["type"] == "stat":
        value = lines[0].values[-1]
        style = f"fill:{_colour(panel, value)}"
        yield f'<text class="b" x="8" y="{height - 16}" style="{style}">{escape(shown(value, unit, now))}</text>'
    elif panel["type"] == "logs":
        for number, each in enumerate(lines[: (height - 24) // 16]):
            yield _text(8, 36 + number * 16, _cut(each.name, width - 16))
    elif panel["type"] == "table":
        yield from _rows(lines, unit, width, height, now)
    elif panel["type"] == "state-timeline":
        yield from _bands(panel, lines, width)
    elif panel["type"] == "heatmap":
        yield from _cells(lines, width, height)
    else:
        yield from _plot(panel, lines, width, height)


def _rows(lines: Sequence[Line], unit: str, width: int, height: int, now: float) -> Iterator[str]:
    for number, each in enumerate(lines[: (height - 24) // 16]):
        y = 36 + number * 16
        value = shown(each.values[-1], unit, now)
        yield _text(8, y, _cut(each.name, width - 30 - len(value) * _TEXT))
        yield f'<text x="{width - 8}" y="{y}" text-anchor="end">{escape(value)}</text>'


def _bands(panel: Mapping[str, Any], lines: Sequence[Line], width: int) -> Iterator[str]:
    for number, each in enumerate(lines):
        y = 28 + number * 24
        colour = _colour(panel, each.values[-1])
        yield f'<rect x="110" y="{y}" width="{width - 118}" height="16" style="fill:{colour}"/>'
        yield _text(8, y + 12, _cut(each.name, 98), "s")


def _cells(lines: Sequence[Line], width: int, height: int) -> Iterator[str]:
    """Buckets from the bottom up; each holds what the ones below do not."""
    ordered = sorted(lines, key=lambda each: float(each.name.replace("+Inf", "inf")))
    below = [0.0] * max(len(each.values) for each in ordered)
    most = max((value for each in ordered for value in each.values), default=1.0) or 1.0
    tall, wide = (height - 30) / len(ordered), (width - 16) / len(below)
    for number, each in enumerate(ordered):
        for column, value in enumerate(each.values):
            share = max(0.0, value - below[column]) / most
            below[column] = value
            if share < _FAINT:
                continue
            x, y = 8 + column * wide, height - 6 - (number + 1) * tall
            yield (
                f'<rect x="{x:.0f}" y="{y:.0f}" width="{wide:.1f}" height="{tall:.1f}" '
                f'style="fill:#5794f2;opacity:{0.08 + 0.9 * share:.2f}"/>'
            )


def _plot(panel: Mapping[str, Any], lines: Sequence[Line], width: int, height: int) -> Iterator[str]:
    defaults = panel["fieldConfig"]["defaults"]
    unit, marks = defaults["unit"], [step for step in defaults["thresholds"]["steps"] if step["value"] is not None]
    values = [value for each in lines for value in each.values if isfinite(value)] or [0.0]
    low, high = min([*values, 0.0]), max(values)
    # A threshold far above would flatten what there is.
    near = [step for step in marks if low <= step["value"] <= max(3 * high, low + 1e-9)]
    high = max([high, *(step["value"] for step in near)]) or 1.0
    left, top, right, bottom = 66, 26, width - 8, height - 22

    def at(value: float) -> float:
        return bottom - (value - low) / ((high - low) or 1.0) * (bottom - top)

    yield f'<path class="l" style="stroke:#2c3235" d="M{left} {top}V{bottom}H{right}"/>'
    yield f'<text class="s" x="{left - 4}" y="{top + 8}" text-anchor="end">{escape(shown(high, unit))}</text>'
    yield f'<text class="s" x="{left - 4}" y="{bottom}" text-anchor="end">{escape(shown(low, unit))}</text>'
    for step in near:
        yield f'<path class="l d" style="stroke:{_STEPS[step["color"]]}" d="M{left} {at(step["value"]):.0f}H{right}"/>'
    for number, each in enumerate(lines):
        gap = (right - left) / max(1, len(each.values) - 1)
        points = " ".join(
            f"{left + column * gap:.0f},{at(value):.0f}" for column, value in enumerate(each.values) if isfinite(value)
        )
        yield f'<polyline class="l" style="stroke:{_COLOURS[number % len(_COLOURS)]}" points="{points}"/>'
    room = (width - 16) / len(lines)
    for number, each in enumerate(lines):
        colour = _COLOURS[number % len(_COLOURS)]
        name = escape(_cut(each.name, room - 12))
        yield f'<text class="s" x="{8 + number * room:.0f}" y="{height - 7}" style="fill:{colour}">{name}</text>'


def _colour(panel: Mapping[str, Any], value: float) -> str:
    steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    passed = [step["color"] for step in steps if step["value"] is None or value >= step["value"]]
    return _STEPS[passed[-1]]


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    style = f' class="{kind}"' if kind else ""
    return f'<text{style} x="{x:.0f}" y="{y:.0f}">{escape(text)}</text>'


def _cut(text: str, width: float) -> str:
    """As much of it as fits."""
    most = max(3, int(width / _TEXT))
    return text if len(text) <= most else f"{text[: most - 1]}…"
