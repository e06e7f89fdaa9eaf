"""Where a link from an alert leads: the panel that shows what it measures, and only the series that it is about."""

from collections.abc import Mapping, Sequence

from alerts.model import Alert
from dashboards.model import Dashboard, Panel


def panel_links(boards: Sequence[Dashboard]) -> Mapping[str, str]:
    """Path and query within Grafana, in Prometheus' templates, by the alert's identity."""
    return {
        alert.key: _link(board, alert, panel)
        for board in boards
        for alert, panel in board.alerts
        if alert.board == board.board
    }


def _link(board: Dashboard, alert: Alert, panel: Panel) -> str:
    chosen = [(variable.name, _value(alert, variable.name)) for variable in panel.by]
    choices = "".join(f"&var-{name}={value}" for name, value in chosen if value)
    return f"/d/{board.board.uid}?viewPanel=panel-{panel.id}{choices}"


def _value(alert: Alert, label: str) -> str:
    # Templates do not see the labels that the rule sets.
    if label in alert.static_labels:
        return alert.static_labels[label]
    return f"{{{{ $labels.{label} | urlquery }}}}" if label in alert.when.expr.labels else ""
