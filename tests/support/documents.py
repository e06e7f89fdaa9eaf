"""The generated parts of README.md: `python -m tests.support.documents` writes them."""

from pathlib import Path

from alerts.library import LIBRARY
from alerts.model import alerts_of
from catalogue import CATALOGUE

README = Path(__file__).parent.parent.parent / "README.md"


def diagram() -> str:
    """What flows where, in Mermaid."""
    lines = [
        "flowchart LR",
        *(f"  {each.name}([{each.name}]) --> prometheus" for each in CATALOGUE.services if each.application),
        "  exporters([exporters, kubelets, probes]) --> prometheus[Prometheus]",
        "  catalogue[(catalogue)] -. jobs, rules .-> prometheus",
        "  catalogue -. routes .-> alertmanager",
        "  catalogue -. rotas .-> pagerduty",
        "  prometheus -- alerts --> alertmanager[Alertmanager]",
        "  alertmanager -- Watchdog --> switch{{dead man's switch}}",
        "  alertmanager -- pages and tickets --> pagerduty[PagerDuty]",
        *(f"  pagerduty --> {team.name}[/{team.name} team/]" for team in CATALOGUE.teams),
    ]
    return "```mermaid\n" + "\n".join(lines) + "\n```"


def alert_table() -> str:
    """Every alert by name, with the severities that it comes in."""
    rows = dict[str, tuple[str, list[str], str]]()
    for alert in alerts_of(LIBRARY):
        _, severities, _ = rows.setdefault(alert.name, (alert.team.name, [], alert.board.title))
        if alert.severity.value not in severities:
            severities.append(alert.severity.value)
    lines = ["| Alert | Severity | Team | Dashboard |", "|---|---|---|---|"]
    for name, (team, severities, board) in rows.items():
        lines.append(f"| [{name}](alerts/runbooks/{name}.md) | {', '.join(severities)} | {team} | {board} |")
    return "\n".join(lines)


def replaced(text: str) -> str:
    """The page with its generated parts current."""
    for name, part in (("diagram", diagram()), ("alerts", alert_table())):
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, _, rest = text.partition(start)
        text = f"{before}{start}\n{part}\n{end}{rest.partition(end)[2]}"
    return text


if __name__ == "__main__":
    README.write_text(replaced(README.read_text(encoding="utf-8")), encoding="utf-8")
    print("README.md")
