"""What the rules cost: a real Prometheus with production's rules over a cluster's worth of series.

`python -m tests.live.load.evaluation` runs it for seven minutes, so that every window of five minutes is full; thirty
days of the series that objectives read are written before. It prints how long each group takes, and how long the
alerts would take if nothing were recorded.
"""

import argparse
import re
import time
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.progress import track
from rich.table import Table

from alerts.library import LIBRARY
from alerts.model import RuleGroup, alerts_of
from tests.live.load.server import filled, get, series


def main() -> None:
    """Runs the benchmark and prints its tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=7, help="how long to scrape before measuring")
    arguments = parser.parse_args()
    console = Console()
    with filled(arguments.minutes) as address:
        _report(console, address, _observed(address))
        _without_recordings(console, address)


def _observed(address: str) -> dict[str, list[float]]:
    """Seconds that each group took, from its last evaluations."""
    seen = dict[str, list[float]]()
    for _ in track(range(6), description="measuring", transient=True):
        for group in get(address, "/api/v1/rules")["groups"]:
            seen.setdefault(group["name"], []).append(group["evaluationTime"])
        time.sleep(20)
    return seen


def _report(console: Console, address: str, seen: dict[str, list[float]]) -> None:
    table = Table("Group", "Every", "Rules", "Mean", "Worst", title=f"Rule evaluation over {series(address):,} series")
    for column in table.columns[2:]:
        column.justify = "right"
    mean = {name: sum(times) / len(times) for name, times in seen.items()}
    for group in sorted(LIBRARY, key=lambda each: -mean[each.name]):
        worst = max(seen[group.name])
        table.add_row(group.name, str(group.interval), str(len(group.rules)), _shown(mean[group.name]), _shown(worst))
    table.add_row(
        "all, in one cycle", "", str(sum(len(group.rules) for group in LIBRARY)), _shown(sum(mean.values())), ""
    )
    console.print(table)


def _shown(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"


def _without_recordings(console: Console, address: str) -> None:
    """Every alert once as it is, and once with everything that it reads computed in place."""
    inline = inlined(LIBRARY)
    recorded = computed = 0.0
    for alert in track(alerts_of(LIBRARY), description="without recording rules", transient=True):
        recorded += _asked(address, alert.when.expr.text)
        computed += _asked(address, inline(alert.when.expr.text))
    alone = f"{_shown(recorded)} on recorded series, {_shown(computed)} without any recording rule"
    console.print(f"alerts alone, asked once by API: {alone}")


def _asked(address: str, query: str) -> float:
    """Seconds that the query takes."""
    began = time.perf_counter()
    get(address, "/api/v1/query", query=query)
    return time.perf_counter() - began


def inlined(groups: Sequence[RuleGroup]) -> Callable[[str], str]:
    """Replaces recorded series by what they record, a window over them by a subquery at their group's pace.

    Matchers on a recorded series are left out: the result has more series than the rule's, and costs the same.
    """
    made = {rule.name: (rule.expr.text, group.interval) for group in groups for rule in group.recordings}
    names = "|".join(re.escape(name) for name in sorted(made, key=len, reverse=True))
    pattern = re.compile(rf"({names})(?:\{{[^}}]*\}})?(?:\[([0-9a-z]+)\])?(?: offset ([0-9a-z]+))?")

    def replace(found: re.Match[str]) -> str:
        text, interval = made[found[1]]
        window = f"[{found[2]}:{interval}]" if found[2] else ""
        if found[3]:
            # Only what has a window can be asked for an earlier time.
            return f"last_over_time(({inline(text)})[5m:{interval}] offset {found[3]})"
        return f"({inline(text)}){window}"

    def inline(text: str) -> str:
        return pattern.sub(replace, text)

    return inline


if __name__ == "__main__":
    main()
