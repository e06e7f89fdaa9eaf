"""The boards in numbers: what they hold, by their own JSON, and what a real Prometheus answered them."""

from collections.abc import Mapping

from tests.docs.answers import Answers
from tests.support.linter import Board, panels

_COLUMNS = (
    *("Board", "Panels", "With a description", "With a unit", "With links"),
    *("Queries", "Of logs", "Answered", "Empty", "Slowest"),
)


def table(boards: Mapping[str, Board], answers: Answers) -> str:
    """A line a board, and all of them."""
    lines = [f"| {' | '.join(_COLUMNS)} |", f"|---{'|---:' * (len(_COLUMNS) - 1)}|"]
    rows = {board["title"]: _row(uid, board, answers) for uid, board in boards.items()}
    every = [*zip(*rows.values(), strict=True)]
    rows["**all**"] = (*map(sum, every[:-1]), max(every[-1]))
    for title, (*counted, slowest) in rows.items():
        lines.append(f"| {' | '.join([title, *(f'{each:,}' for each in counted), f'{slowest:,} ms'])} |")
    return "\n".join(lines)


def _row(uid: str, board: Board, answers: Answers) -> tuple[int, ...]:
    own = [*panels(board)]
    queries = [target for panel in own for target in panel["targets"]]
    count = answers.counts[uid]
    return (
        len(own),
        sum(bool(panel["description"]) for panel in own),
        sum(bool(panel["fieldConfig"]["defaults"]["unit"]) for panel in own),
        sum(bool(panel["links"]) for panel in own),
        len(queries),
        sum("expr" not in target for target in queries),
        count.queries - count.empty,
        count.empty,
        count.slowest,
    )
