"""Every rule of the stack, in the order and grouping in which Prometheus evaluates them."""

from pathlib import Path

from alerts import api, database, monitoring, nodes, scrapers
from alerts.burnrate import rule_groups
from alerts.model import RuleGroup
from alerts.objectives import OBJECTIVES
from alerts.recordings import NODE_RECORDINGS, SERVICE_RECORDINGS
from catalogue.model.time import minutes, seconds

_ALERTS_EVERY = seconds(30)

LIBRARY = (
    RuleGroup(name="openpolicy-services", interval=seconds(30), rules=SERVICE_RECORDINGS),
    RuleGroup(name="openpolicy-nodes", interval=minutes(1), rules=NODE_RECORDINGS),
    *rule_groups(OBJECTIVES),
    RuleGroup(name="openpolicy-api-alerts", interval=_ALERTS_EVERY, rules=api.ALERTS),
    RuleGroup(name="openpolicy-database-alerts", interval=_ALERTS_EVERY, rules=database.ALERTS),
    RuleGroup(name="openpolicy-scraper-alerts", interval=_ALERTS_EVERY, rules=scrapers.ALERTS),
    RuleGroup(name="openpolicy-node-alerts", interval=_ALERTS_EVERY, rules=nodes.ALERTS),
    RuleGroup(name="openpolicy-monitoring-alerts", interval=_ALERTS_EVERY, rules=monitoring.ALERTS),
)

RUNBOOKS = frozenset(
    page.stem for page in (Path(__file__).parent / "runbooks").glob("[A-Z]*.md") if page.stem != "README"
)
"""Names of the alerts that have a page."""
