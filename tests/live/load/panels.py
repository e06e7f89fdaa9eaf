"""Do the boards show anything, and how long does it take? Every query over a cluster's worth of series.

`python -m tests.live.load.panels` fills a real Prometheus for some minutes, asks what every panel asks, and prints
what is empty and what is slow. `--record` writes what came back for the sketches of the boards.
"""

import argparse
import time
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from dashboards.model import Shape
from tests.docs import documents
from tests.docs.answers import Answers, Count, Line, line, question, read, write
from tests.live.load.asking import BOARDS, Asked, asked, choices
from tests.live.load.health import EMPTY, expected_empty
from tests.live.load.server import filled, series
from tests.support.linter import searching

_SLOWEST = 10
_LINES = 4
_ROOM = {Shape.TABLE: 10, Shape.HEATMAP: 20}
"""How many series a sketch shows."""


def main() -> None:
    """Asks and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=6, help="how long to scrape before asking")
    parser.add_argument("--record", action="store_true", help="keep the answers for the sketches")
    arguments = parser.parse_args()
    console = Console()
    with filled(arguments.minutes) as address:
        total = series(address)
        answers = list(asked(address))
        unchosen = [f"{board}: {name}" for board, name, values in choices(address) if not values]
    report(console, answers, total)
    console.print(f"variables without a value: {unchosen or 'none'}")
    if arguments.record:
        write(_answers(answers, total))


def _answers(answers: Sequence[Asked], total: int) -> Answers:
    """What the sketches draw: open panels, and of each as many series as there is room for."""
    drawn = {
        (page.board.uid, panel.title): _ROOM.get(panel.shape, _LINES) // len(panel.queries or (1,))
        for page in BOARDS
        for row in page.rows
        if not row.collapsed
        for panel in row.panels
    }
    kept = read()
    # Elasticsearch has answered those: tests/live/elastic/boards.py.
    logs = {(uid, panel["title"]) for uid, panel in searching(documents.BOARDS)}
    of: dict[tuple[str, str], list[Line]] = {key: [*kept.of[key]] for key in logs & kept.of.keys()}
    for each in answers:
        key = (each.board, each.panel)
        lines = [line(each.legend, found) for found in each.series[: max(1, drawn.get(key, 0))]]
        if key in drawn and lines:
            of.setdefault(key, []).extend(lines)
    asked = {
        (uid, panel["title"]): question(panel)
        for uid, board in documents.BOARDS.items()
        for panel in board["panels"]
        if panel["type"] != "row" and (uid, panel["title"]) not in logs
    } | {key: kept.asked[key] for key in logs & kept.asked.keys()}
    counts = {page.board.uid: _count([each for each in answers if each.board == page.board.uid]) for page in BOARDS}
    return Answers(time.time(), of, series=total, counts=counts, asked=asked)


def _count(answers: Sequence[Asked]) -> Count:
    slowest = max((each.seconds for each in answers), default=0.0)
    return Count(queries=len(answers), empty=sum(each.empty for each in answers), slowest=round(slowest * 1000))


def report(console: Console, answers: Sequence[Asked], total: int) -> None:
    """What there is, what is empty, and what is slow."""
    table = Table("Board", "Panels", "Queries", "Empty", "Slowest", title=f"Boards over {total:,} series")
    for column in table.columns[1:]:
        column.justify = "right"
    for page in BOARDS:
        own = _count([each for each in answers if each.board == page.board.uid])
        counted = (str(each) for each in (len(page.panels), own.queries, own.empty))
        table.add_row(page.board.title, *counted, f"{own.slowest:,} ms")
    console.print(table)
    slow = Table("Board", "Panel", "Time", "Series", title=f"The slowest {_SLOWEST}")
    for each in sorted(answers, key=lambda each: -each.seconds)[:_SLOWEST]:
        slow.add_row(each.board, f"{each.panel} {each.legend}", f"{each.seconds * 1000:,.0f} ms", str(each.found))
    console.print(slow)
    times = sorted(each.seconds for each in answers)
    console.print(f"median {times[len(times) // 2] * 1000:.0f} ms, all {sum(times):.1f} s, {len(times)} queries")
    for each in answers:
        if each.empty:
            why = EMPTY.get((each.board, each.panel)) or (
                "shows only what is wrong" if expected_empty(each) else "[red]not expected[/red]"
            )
            console.print(f"empty: {each.board}, {each.panel}: {why}")
        elif not each.narrowed and not expected_empty(each):
            console.print(f"empty with one value of each choice: {each.board}, {each.panel}")


if __name__ == "__main__":
    main()
