"""The generated pages, and parts of pages: `python -m tests.docs.documents` writes what has changed."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from alerts.library import LIBRARY
from catalogue import CATALOGUE
from catalogue.model.flow import End, Home
from catalogue.traffic import TRAFFIC
from components.settings.secrets import SECRETS
from dashboards.library import PAGES, dashboards
from dashboards.render.board import board_json
from ops.cost.markdown import beside, markdown
from ops.plan.documents import is_manifest
from ops.plan.endpoints import pods
from ops.plan.reach import Endpoint
from ops.plan.run import settings_of, stacks
from ops.report.model import LENGTHS
from ops.report.pages import documents as as_files
from ops.simulate.report import HEADINGS, Run, rows, runs
from ops.simulate.slo import report as slo_report
from ops.simulate.slo.policies import POLICIES
from ops.simulate.slo.report import Told, outages, row, summary, tell
from ops.simulate.slo.shapes import SHAPES
from tests.docs.alerts import counts, generated
from tests.docs.answers import read
from tests.docs.boards import table as board_table
from tests.docs.diff import example
from tests.docs.plot_autoscaling import plot
from tests.docs.plot_slo import plot as plot_slo
from tests.docs.plot_slo import swept
from tests.docs.security import security
from tests.docs.sketches import sketch
from tests.docs.traces import told
from tests.support.lines import LINES
from tests.support.linter import lint_file, lint_table
from tests.support.lives import proof
from tests.support.pages import ROOT, between
from tests.support.planned import planned, production
from tests.support.reports import made

README = ROOT / "README.md"
SECURITY = ROOT / "docs" / "security.md"
BOARD_FOLDER = ROOT / "docs" / "boards"
BOARDS: Mapping[str, Any] = {
    page.board.uid: json.loads(board_json(page, "https://runbooks.example.org")) for page in dashboards(LIBRARY)
}
"""Every board as Grafana gets it."""


# Shapes of boxes, by where the end is. Ours are rectangles.
_SHAPES = {
    Home.STACK: "[{}]",
    Home.AGENTS: "[{}]",
    Home.APPLICATION: "([{}])",
    Home.CLUSTER: "([{}])",
    Home.OUTSIDE: "{{{{{}}}}}",
}


COST = """\
# What a month costs

`python -m ops cost prod` plans the stack and multiplies what it asks for by unit prices: volumes and buckets by the
gibibyte, pods by the cores and the memory that they ask for, people by the seat, tests by the run. So every number
below is a quantity times a price. What lies on a volume and the room beside it are lines of their own: a volume is paid
full or not, and a longer retention first fills the room.

Quantities come from the stack's settings, from its planned objects, and where they are a matter of traffic from
`catalogue/sizes.py` and `catalogue/logs.py`. Unit prices are those of `catalogue/prices.py` unless the stack's
`openpolicy:cost` says otherwise, each with its date and its source. The board of capacity and cost uses the same ones,
and `ops diff` tells what a change makes cheaper or dearer. `--json` is for machines, `--compare` for two stacks.

{beside}
## prod

{prod}
## dev

{dev}"""


def diagram() -> str:
    """Who connects to whom in production, in Mermaid: the flows that its policies are made from."""
    arrows = dict[tuple[str, str], list[str]]()
    boxes = dict[str, str]()
    for flow in CATALOGUE.flows:
        for source in flow.sources:
            ends = (source, flow.target)
            names = [end.drawn_as for end in ends if end.drawn_as and _is_there(end)]
            if len(names) < 2 or names[0] == names[1]:
                continue
            carried = arrows.setdefault((_box(names[0]), _box(names[1])), [])
            carried += [flow.carries] if flow.carries not in carried else []
            boxes |= {_box(name): _SHAPES[end.home].format(name) for name, end in zip(names, ends, strict=True)}
    lines = [
        "flowchart LR",
        *(f"  {box}{shape}" for box, shape in boxes.items()),
        *(f"  {source} -- {', '.join(carried)} --> {target}" for (source, target), carried in arrows.items()),
        "  catalogue[(catalogue)] -. jobs, rules .-> prometheus",
        "  catalogue -. classes .-> logstash",
        "  catalogue -. routes .-> alertmanager",
        "  catalogue -. rotas .-> pagerduty",
        *(f"  pagerduty --> {team.name}[/{team.name} team/]" for team in CATALOGUE.teams),
    ]
    return "```mermaid\n" + "\n".join(lines) + "\n```"


def _is_there(end: End) -> bool:
    return not end.is_ours or any(end.pod_labels.items() <= pod.labels.items() for pod in _pods())


@cache
def _pods() -> Sequence[Endpoint]:
    made = production().recording.resources.values()
    return pods([resource.inputs for resource in made if is_manifest(resource)])


def _box(name: str) -> str:
    return re.sub("[^a-z0-9]+", "-", name.lower())


def reach(stack: str) -> str:
    """Who gets through to whom in a stack, as its plan writes it."""
    return planned(stack).files["network/reach.md"].rstrip()


def log_table() -> str:
    """Every class of logs: how long it is kept, where it lies, and when it goes in production."""
    lines = ["| Class | Kept | Why | Index | Warm | Cold | Deleted |", "|---|---|---|---|---|---|---|"]
    for each in CATALOGUE.log_classes:
        archived = each.searchable is not None
        deleted = f"{each.deleted_after(archived=archived)} after it" + (", then archived" if archived else "")
        row = (
            each.name,
            f"{each.meaning} {each.retention}",
            each.basis,
            f"{each.rollover} or {each.rollover_size}",
            str(each.warm_at),
            str(each.cold_at or "–"),
            "never: held" if each.hold else deleted,
        )
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def floor_list() -> str:
    """What each minimum rests on."""
    floors = [(each.name, each.floor) for each in CATALOGUE.log_classes if each.floor is not None]
    return "\n".join(f"- {name}, at least {floor.at_least}: {floor.basis}" for name, floor in floors)


def line_table() -> str:
    """Sample lines, and where each goes."""
    lines = ["| Line | Written by | Class | What is made of it |", "|---|---|---|---|"]
    for name, (_, pod, log_class, fields) in LINES.items():
        said = [f"`{key}`: {_short(value)}" for key, value in fields.items()]
        lines.append(f"| {name} | {pod} | {log_class} | {', '.join(said)} |")
    return "\n".join(lines)


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return (text.splitlines() or [""])[0][:40]


def drawn(uid: str) -> str:
    """The sketch of a board."""
    return sketch(BOARDS[uid], read())


def gallery() -> str:
    """The sketches, two beside each other."""
    cells = [
        f"[![{page.board.title}](docs/boards/{page.board.uid}.svg)](docs/boards/{page.board.uid}.svg)<br>"
        f"**{page.board.title}**: {page.description}"
        for page in PAGES
    ]
    rows = [f"| {' | '.join(cells[number : number + 2])} |" for number in range(0, len(cells), 2)]
    return "\n".join(["| | |", "|---|---|", *rows])


def replaced(text: str) -> str:
    """The README with its generated parts current."""
    for name, part in (("diagram", diagram()), ("alerts", counts()), ("logs", log_table()), ("boards", gallery())):
        text = between(text, name, part)
    return text


@cache
def simulated() -> Sequence[Run]:
    """Production's autoscaler under every traffic."""
    return runs(settings_of("prod").settings.autoscaling.targets)


def simulation_table() -> str:
    """What came of each."""
    return _table(HEADINGS, rows(simulated()), texts=2)


def _table(headings: Sequence[str], lines: Sequence[Sequence[str]], *, texts: int) -> str:
    """In Markdown, of which the first `texts` columns are words, and all others numbers."""
    rules = ["---"] * texts + ["---:"] * (len(headings) - texts)
    return "\n".join(f"| {' | '.join(line)} |" for line in (headings, rules, *lines))


@cache
def _told() -> Sequence[Sequence[Told]]:
    return [tell(outage) for outage in outages()]


def secret_table() -> str:
    """Every secret of the settings, when it is needed, and what a new one touches."""
    headings = ("Setting", "What it is", "Needed by", "With a new one")
    rows = [(f"`openpolicy:{each.key}`", each.purpose, f"`{each.needed_by}`", each.renewed) for each in SECRETS]
    return _table(headings, rows, texts=4)


def slo_page(text: str) -> str:
    """The page of outages and policies with its generated parts current."""
    shapes = "\n".join(f"- **{each.name}**: {each.says}" for each in SHAPES)
    policies = "\n".join(f"- **{each.name}**: {each.source}." for each in POLICIES)
    parts = {
        "policies": policies,
        "summary": _table(slo_report.SUMMARY, summary(_told()), texts=1),
        "shapes": shapes,
        "outages": _table(slo_report.HEADINGS, [row(each) for each in _told()], texts=1),
    }
    for name, part in parts.items():
        text = between(text, name, part)
    return text


def traffic_list() -> str:
    """What the shapes of traffic are."""
    return "\n".join(f"- **{each.name}.** {each.says}" for each in TRAFFIC)


def cost_page() -> str:
    """What both stacks cost, as the tool says it."""
    bills = [planned("prod").bill, planned("dev").bill]
    last = max(price.checked for bill in bills for price in bill.prices.values())
    return COST.format(beside=beside(bills), prod=markdown(bills[0], last), dev=markdown(bills[1], last))


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated page with its current text."""
    yield README, replaced(README.read_text(encoding="utf-8"))
    logs = ROOT / "docs" / "logs.md"
    text = between(logs.read_text(encoding="utf-8"), "logs", log_table())
    for name, part in (("floors", floor_list()), ("lines", line_table()), ("proof", proof())):
        text = between(text, name, part)
    yield logs, text
    scaling = ROOT / "docs" / "autoscaling.md"
    text = between(scaling.read_text(encoding="utf-8"), "traffic", traffic_list())
    yield scaling, between(text, "simulation", simulation_table())
    yield ROOT / "docs" / "autoscaling.svg", plot(simulated())
    running = ROOT / "docs" / "operations.md"
    yield running, between(running.read_text(encoding="utf-8"), "secrets", secret_table())
    promises = ROOT / "docs" / "slo.md"
    yield promises, slo_page(promises.read_text(encoding="utf-8"))
    yield ROOT / "docs" / "slo.svg", plot_slo(swept())
    network = ROOT / "docs" / "network.md"
    text = network.read_text(encoding="utf-8")
    for stack in stacks():
        text = between(text, stack, reach(stack))
    yield network, text
    yield from generated()
    yield from told()
    yield SECURITY, security(SECURITY.read_text(encoding="utf-8"))
    yield ROOT / "docs" / "diff.md", example()
    yield ROOT / "docs" / "cost.md", cost_page()
    for name in LENGTHS:
        yield from (
            (ROOT / "docs" / "reports" / each, text)
            for each, text in as_files(made(name)).items()
            if not each.endswith(".html")
        )
    yield from ((BOARD_FOLDER / f"{uid}.svg", drawn(uid)) for uid in BOARDS)
    linted = BOARD_FOLDER / "README.md"
    text = between(linted.read_text(encoding="utf-8"), "numbers", board_table(BOARDS, read()))
    yield linted, between(text, "linter", lint_table(BOARDS))
    yield BOARD_FOLDER / ".lint", lint_file(BOARDS)


if __name__ == "__main__":
    for path, text in pages():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(ROOT))
