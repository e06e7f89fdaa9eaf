"""What is catalogued is read: a metric that no rule and no board reads costs memory and tells nobody anything."""

import pytest

from catalogue import CATALOGUE
from catalogue.model.exporter import Exporter
from tests.support.reads import READ


@pytest.mark.parametrize("exporter", CATALOGUE.exporters, ids=lambda exporter: exporter.job)
def test_every_metric_of_a_job_is_read(exporter: Exporter) -> None:
    unread = [metric.name for metric in exporter.metrics if (exporter.job, metric.name) not in READ]
    # Collectors and Jaeger are one code base and share a list; each need not show all of it.
    shared = {metric for job, metric in READ if job in ("jaeger", "otel-collector")}
    if exporter.job in ("jaeger", "otel-collector"):
        unread = [name for name in unread if name not in shared]
    assert unread == [], "show it, or leave it out of the catalogue"


def test_what_prometheus_writes_of_every_target_is_read() -> None:
    for metric in CATALOGUE.scrape_metrics:
        assert any(name == metric.name for _, name in READ), metric.name
