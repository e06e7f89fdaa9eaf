"""What a run over a cluster's worth of series answered, kept so that the sketches of boards can be drawn without it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from zlib import crc32

from tests.support.pages import ROOT

FILE = ROOT / "docs" / "boards" / "answers.json"
_POINTS = 25


@dataclass(frozen=True, slots=True)
class Line:
    """One series: its name on the board, and its values from the oldest to the newest."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How a board's queries of metrics fared: how many there are, how many came back empty, and the slowest's ms."""

    queries: int
    empty: int
    slowest: int


@dataclass(frozen=True, slots=True)
class Answers:
    """By board and panel, and when they were given."""

    at: float
    of: Mapping[tuple[str, str], Sequence[Line]]
    series: int = 0
    """Over how many."""

    counts: Mapping[str, Count] = field(default_factory=dict[str, Count])
    """By board."""

    asked: Mapping[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    """What was asked, by its `question`."""

    def lines(self, board: str, panel: str) -> Sequence[Line]:
        """What the panel shows; nothing where it is empty."""
        return self.of.get((board, panel), ())

    def outdated(self, board: str, panel: Mapping[str, Any]) -> bool:
        """Whether the panel has asked something else since."""
        return self.asked.get((board, panel["title"]), question(panel)) != question(panel)


def question(panel: Mapping[str, Any]) -> int:
    """A number for what a panel of Grafana's JSON asks, and how it calls the answer."""
    asked = [[target.get(key, "") for key in ("expr", "query", "legendFormat")] for target in panel["targets"]]
    return crc32(json.dumps(asked).encode())


def line(legend: str, series: Mapping[str, Any]) -> Line:
    """A series of Prometheus' answer as its legend calls it; without a legend by all its labels."""
    labels: dict[str, str] = {name: value for name, value in series["metric"].items() if name != "__name__"}
    name = re.sub(r"\{(\w+)\}", lambda found: labels.get(found[1], ""), legend) or ", ".join(labels.values())
    pairs = series["values"] if "values" in series else [series["value"]]
    values = [float(pair[1]) for pair in pairs]
    every = max(1, len(values) // _POINTS)
    return Line(name.strip(), tuple(float(f"{value:.3g}") for value in values[::-every][::-1]))


def write(answers: Answers) -> None:
    """Keeps them."""
    boards = dict[str, dict[str, dict[str, Sequence[float]]]]()
    for (board, panel), lines in sorted(answers.of.items()):
        boards.setdefault(board, {})[panel] = {each.name: each.values for each in lines}
    asked = dict[str, dict[str, int]]()
    for (board, panel), number in sorted(answers.asked.items()):
        asked.setdefault(board, {})[panel] = number
    counts = {board: asdict(count) for board, count in answers.counts.items()}
    document = {
        "at": round(answers.at),
        "series": answers.series,
        "counts": counts,
        "asked": asked,
        "boards": boards,
    }
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    # A panel a line, so that a diff can be read.
    FILE.write_text(re.sub(r'(\}|\{)(,?)("[^"]+":\{)', r"\1\2\n\3", text) + "\n", encoding="utf-8")


def read() -> Answers:
    """What was kept."""
    document = json.loads(FILE.read_text(encoding="utf-8"))
    of = {
        (board, panel): [Line(name, tuple(values)) for name, values in lines.items()]
        for board, panels in document["boards"].items()
        for panel, lines in panels.items()
    }
    asked = {(board, panel): number for board, panels in document["asked"].items() for panel, number in panels.items()}
    counts = {board: Count(**count) for board, count in document["counts"].items()}
    return Answers(document["at"], of, series=document["series"], counts=counts, asked=asked)
