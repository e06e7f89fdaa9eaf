"""Alerts and recordings refuse what would never fire, never arrive, or not be understood."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from alerts.condition import above
from alerts.library import LIBRARY
from alerts.library.recordings import ERROR_RATIO
from alerts.model import Alert, Recording, Severity, alerts_of
from alerts.promql import select, sum_by
from alerts.scenario import samples
from alerts.texts import template
from alerts.tuning import Override, check_overrides, tune
from catalogue.exporters import APPLICATION
from catalogue.metrics import HTTP_REQUESTS
from catalogue.model.time import minutes

GOOD = next(alert for alert in alerts_of(LIBRARY) if alert.name == "HighErrorRate")
TOTAL = sum_by(select(APPLICATION, HTTP_REQUESTS).rate(minutes(5)), "namespace")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"name": "high_error_rate"}, "a name is in CamelCase"),
        ({"summary": "Errors on {servce}"}, "alert HighErrorRate: {servce} is no label of its series"),
        ({"description": "{value:percent} fail"}, "{value:percent} is none of percentage"),
        ({"when": above(TOTAL, 1)}, "its series carry no service label; say which service it is about"),
        ({"when": above(ERROR_RATIO.now, 10)}, "a share is between 0 and 1, so 10 is never exceeded"),
        ({"when": above(ERROR_RATIO.now, "-0.1")}, "a threshold is not negative"),
        ({"labels": {"team": "data"}}, "team cannot be set by hand"),
        ({"silent": None}, "tell a story in which it stays silent"),
    ],
)
def test_an_alert_refuses(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 the whole sentence is compared below
        replace(GOOD, **changes)
    assert complaint in str(refused.value)


def test_a_dashboard_s_variable_is_refused() -> None:
    expr = replace(ERROR_RATIO.now, text='up{instance="$instance"}')
    with pytest.raises(ValueError, match="a dashboard's variable"):
        replace(GOOD, when=above(expr, "0.1"))


def test_a_recording_s_name_says_its_level() -> None:
    with pytest.raises(ValueError, match="level:metric:operation"):
        Recording(name="requests", expr=TOTAL)


def test_what_the_rule_sets_is_written_in_for_templates_do_not_see_it() -> None:
    text = template("{service} on {pod}: {value:duration}", {"service": "node"})
    assert text == "node on {{ $labels.pod }}: {{ $value | humanizeDuration }}"


def test_samples_know_the_metric_s_labels() -> None:
    with pytest.raises(ValueError, match="http_requests_total has no label code"):
        samples(APPLICATION, HTTP_REQUESTS, "0x5", code="500")


def tuned(**overrides: Override) -> Alert:
    return next(alert for alert in alerts_of(tune(LIBRARY, overrides)) if alert.name == "HighErrorRate")


def test_an_override_changes_that_alert_and_no_other() -> None:
    changed = tuned(HighErrorRate=Override(threshold=Decimal("0.2"), lasting=minutes(9), severity=Severity.WARNING))
    assert changed.when.expr.text.startswith("service:http_request_errors:ratio_rate5m > 0.2\n")
    assert (changed.lasting, changed.pages) == (minutes(9), False)
    others = alerts_of(tune(LIBRARY, {"HighErrorRate": Override(lasting=minutes(9))}))
    assert sum(alert not in alerts_of(LIBRARY) for alert in others) == 1


@pytest.mark.parametrize(
    ("name", "override", "complaint"),
    [
        ("HighErorRate", Override(), "alerts.HighErorRate: no alert has this name; did you mean HighErrorRate?"),
        ("HighErrorRate", Override(threshold=Decimal(10)), "a share is between 0 and 1, so 10 is never exceeded"),
        ("HighErrorRate", Override(threshold=Decimal(-1)), "a threshold is not negative"),
        ("ServiceDown", Override(threshold=Decimal(1)), "this alert has no threshold to set"),
        (
            "AvailabilitySLOBreach",
            Override(lasting=minutes(1)),
            "its numbers follow from the objective of availability",
        ),
        ("TLSCertificateExpiring", Override(severity=Severity.INFO), "it comes in two severities"),
        ("ElasticsearchDiskFilling", Override(threshold=Decimal("0.5")), "it comes in two severities"),
        ("SLODataMissing", Override(severity=Severity.INFO), "its numbers follow from the objective"),
    ],
)
def test_an_override_that_says_nothing_sensible_is_refused(name: str, override: Override, complaint: str) -> None:
    found = [str(problem) for problem in check_overrides(LIBRARY, {name: override}, "alerts")]
    assert len(found) == 1
    assert complaint in found[0]
