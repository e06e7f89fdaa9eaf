"""Links out of a panel: to the runbooks of its alerts, and to logs and traces of the same time."""

import json
from collections.abc import Mapping
from functools import cache
from urllib.parse import quote

from catalogue.model.board import DataSource
from dashboards.model import Panel

# Grafana fills these in, so they must stay readable to it.
_TIME = {"from": "${__from}", "to": "${__to}"}
_VARIABLES = "${}:"
_SERVICE = "service"


def links(panel: Panel, runbooks: str) -> Mapping[str, str]:
    """Addresses by what they are called. `runbooks` is where the alerts' pages live, without a slash at the end."""
    names = dict.fromkeys(alert.name for alert in panel.alerts)
    pages = {f"Runbook: {name}": f"{runbooks}/{name}" for name in names}
    logs = _logs("service.name:/${service:regex}/" if _by_service(panel) else "*")
    # Jaeger searches one service, and a board may show many: people choose it there, or follow a line.
    return pages | {"Logs of this time": logs, "Traces of this time": _traces()}


def line_links(panel: Panel) -> Mapping[str, str]:
    """Where a click on a line leads: to logs and traces of the service of ours that it is about."""
    if not _by_service(panel) or not all(_SERVICE in query.expr.labels for query in panel.queries):
        return {}
    own = f"${{__field.labels.{_SERVICE}}}"
    return {f"Logs of {own}": _logs(f"service.name:{own}"), f"Traces of {own}": _traces(service=own)}


def _by_service(panel: Panel) -> bool:
    return any(variable.name == _SERVICE for variable in panel.by)


@cache
def _logs(query: str) -> str:
    source = {"type": "elasticsearch", "uid": DataSource.LOGS.value}
    return _explore(
        DataSource.LOGS,
        {"query": query, "datasource": source, "metrics": [{"id": "1", "type": "logs"}], "timeField": "@timestamp"},
    )


@cache
def _traces(**service: str) -> str:
    source = {"type": "jaeger", "uid": DataSource.TRACES.value}
    return _explore(DataSource.TRACES, {"queryType": "search", "datasource": source, **service})


def _explore(source: DataSource, query: Mapping[str, object]) -> str:
    pane = {"a": {"datasource": source.value, "queries": [{"refId": "A", **query}], "range": _TIME}}
    text = quote(json.dumps(pane, separators=(",", ":"), sort_keys=True), safe=_VARIABLES)
    return f"/explore?schemaVersion=1&panes={text}"
