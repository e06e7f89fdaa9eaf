"""dashboard-linter's rules over our boards: what each finds, and which exceptions we make and why.

The linter itself is in no module that is served with all that it needs, so its rules are here, each by its name and in
a line or two. `docs/boards/.lint` hands the exceptions to the real one.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import promql_parser

from alerts.render.text import to_yaml

Board = Mapping[str, Any]
SHORT = r"\bi?rate\([^\[]+\[([^\]]+)\]"
CHOSEN = {"$__rate_interval": "60s", "$__range": "6h", "$namespace": ".+", "$service": "..*", "$instance": ".+"}
"""As Grafana would ask: an hour on a wide screen, every service."""

_KINDS = ("stat", "timeseries", "table", "state-timeline", "gauge")
"""Panels whose queries the linter reads."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a rule is broken. Without a panel: by the whole board."""

    panel: str = ""
    target: int | None = None


def panels(board: Board) -> Iterator[Any]:
    """Every panel, those in closed rows too."""
    for panel in board["panels"]:
        yield from panel["panels"] if panel["type"] == "row" else [panel]


def searching(boards: Mapping[str, Board]) -> Iterator[tuple[str, Any]]:
    """Every panel that asks Elasticsearch for logs and not Prometheus, with its board's uid."""
    for uid, board in boards.items():
        yield from ((uid, panel) for panel in panels(board) if "query" in panel["targets"][0])


def asked(text: str) -> str:
    """The query as Prometheus gets it."""
    for name, value in CHOSEN.items():
        text = text.replace(name, value)
    return text


def _targets(board: Board) -> Iterator[tuple[Finding, str]]:
    for panel in panels(board):
        for number, target in enumerate(panel["targets"]):
            if panel["type"] in _KINDS:
                yield Finding(panel["title"], number), target.get("expr", "")


def _readable(text: str) -> bool:
    try:
        promql_parser.parse(asked(text))
    except ValueError:
        return False
    return bool(text)


def _variables(board: Board, kind: str) -> list[Any]:
    return [each for each in board["templating"]["list"] if each["type"] == kind]


def _data_source(board: Board) -> Iterator[Finding]:
    found = [(each["name"], each["label"]) for each in _variables(board, "datasource")]
    if found != [("datasource", "Data source")]:
        yield Finding()


def _template(name: str) -> Callable[[Board], Iterator[Finding]]:
    def check(board: Board) -> Iterator[Finding]:
        if not [each for each in _variables(board, "query") if (each["name"], each["label"]) == (name, name.title())]:
            yield Finding()

    return check


def _template_queries(board: Board) -> Iterator[Finding]:
    for each in _variables(board, "query"):
        found = re.fullmatch(r"label_values\((.+), \w+\)", each["query"])
        if found is None or not _readable(found[1]):
            yield Finding()


def _reloads(board: Board) -> Iterator[Finding]:
    yield from (Finding() for each in _variables(board, "query") if each["refresh"] != 2)


def _panel(wrong: Callable[[Any], bool]) -> Callable[[Board], Iterator[Finding]]:
    return lambda board: (Finding(panel["title"]) for panel in panels(board) if wrong(panel))


def _target(wrong: Callable[[str], bool]) -> Callable[[Board], Iterator[Finding]]:
    return lambda board: (where for where, text in _targets(board) if wrong(text))


def _other_window(text: str) -> bool:
    return any(window != "$__rate_interval" for window in re.findall(SHORT, text))


def _bare(text: str) -> bool:
    return bool(
        re.search(r"\w+_total\b", re.sub(r"\b(?:rate|increase)\(\w+|count without \([\w, ]+\) \(\w+", "", text))
    )


def _without(label: str) -> Callable[[str], bool]:
    return lambda text: bool(text) and f'{label}=~"${label}"' not in text


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What it asks for, how that is found, and why a board of ours may break it."""

    asks: str
    finds: Callable[[Board], Iterator[Finding]] | None
    """None: it is about what we have none of."""

    unless: str = ""
    """The reason for every exception. Empty: there is none."""

    everywhere: bool = False
    """Whether no board keeps it."""


RULES: Mapping[str, Rule] = {
    "template-datasource-rule": Rule(
        asks="one variable `datasource` for the data source, called Data source",
        finds=_data_source,
        unless="The board of logs asks two. Its first keeps the name that all boards hand on to each other.",
    ),
    "template-job-rule": Rule(
        asks="a variable `job`",
        finds=_template("job"),
        unless="A board's queries name their jobs: none can be chosen wrongly. People choose namespaces and services.",
        everywhere=True,
    ),
    "template-instance-rule": Rule(
        asks="a variable `instance`, called Instance",
        finds=_template("instance"),
        unless="Only boards about machines offer it, as Node; a pod is seldom asked for by its address.",
        everywhere=True,
    ),
    "template-label-promql-rule": Rule(asks="values of variables by queries that can be read", finds=_template_queries),
    "template-on-time-change-reload-rule": Rule(asks="variables that follow the time", finds=_reloads),
    "panel-datasource-rule": Rule(
        asks="panels that ask the chosen data source",
        finds=_panel(lambda panel: panel["datasource"]["uid"] not in ("${datasource}", "${logs}")),
    ),
    "panel-title-description-rule": Rule(
        asks="a title and a description of every panel",
        finds=_panel(lambda panel: not (panel["title"] and panel["description"])),
    ),
    "panel-units-rule": Rule(
        asks="a unit of every panel", finds=_panel(lambda panel: not panel["fieldConfig"]["defaults"]["unit"])
    ),
    "panel-no-targets-rule": Rule(asks="a query in every panel", finds=_panel(lambda panel: not panel["targets"])),
    "target-logql-rule": Rule(asks="queries of Loki that can be read", finds=None, unless="Logs are in Elasticsearch."),
    "target-logql-auto-rule": Rule(
        asks="`$__auto` in queries of Loki", finds=None, unless="Logs are in Elasticsearch."
    ),
    "target-promql-rule": Rule(
        asks="queries that can be read",
        finds=_target(lambda text: not _readable(text)),
        unless="A panel of logs asks Elasticsearch, whose queries the rule takes for empty ones.",
    ),
    "target-rate-interval-rule": Rule(
        asks="rates over `$__rate_interval`",
        finds=_target(_other_window),
        unless="It shows what an alert measures as the alert does, or says its window in its title or description.",
    ),
    "target-job-rule": Rule(
        asks='`job=~"$job"` in every query',
        finds=_target(_without("job")),
        unless="A board's queries name their jobs, as above.",
        everywhere=True,
    ),
    "target-instance-rule": Rule(
        asks='`instance=~"$instance"` in every query',
        finds=_target(_without("instance")),
        unless="Only boards about machines offer it, as above.",
        everywhere=True,
    ),
    "target-counter-agg-rule": Rule(asks="counters as rates or increases", finds=_target(_bare)),
    "uneditable-dashboard": Rule(
        asks="boards that cannot be edited in place", finds=lambda board: (Finding() for _ in "1" if board["editable"])
    ),
}


def exceptions(rule: Rule, boards: Mapping[str, Board]) -> Iterator[tuple[str, Finding]]:
    """Where the boards break it, by the board's uid."""
    if rule.finds is not None:
        yield from ((uid, finding) for uid, board in boards.items() for finding in rule.finds(board))


def lint_file(boards: Mapping[str, Board]) -> str:
    """The exceptions in the linter's own form."""
    excluded = dict[str, Any]()
    for name, rule in RULES.items():
        if rule.unless:
            found = [] if rule.everywhere or rule.finds is None else exceptions(rule, boards)
            places = dict.fromkeys((boards[uid]["title"], finding.panel) for uid, finding in found)
            entries = [{"dashboard": board} | ({"panel": panel} if panel else {}) for board, panel in places]
            excluded[name] = {"reason": rule.unless} | ({"entries": entries} if entries else {})
    return to_yaml({"exclusions": excluded})


def lint_table(boards: Mapping[str, Board]) -> str:
    """Every rule, and how it is kept."""
    lines = ["| Rule | Asks for | Kept |", "|---|---|---|"]
    for name, rule in RULES.items():
        broken = len([*exceptions(rule, boards)])
        kept = "everywhere"
        if rule.finds is None or rule.everywhere:
            kept = f"does not apply. {rule.unless}"
        elif broken:
            kept = f"but for {broken} {'place' if broken == 1 else 'places'}. {rule.unless}"
        lines.append(f"| {name} | {rule.asks} | {kept} |")
    return "\n".join(lines)
