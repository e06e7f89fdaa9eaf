"""The facts against what was asked for: names here are a contract with people and with other programs."""

from decimal import Decimal

from catalogue import CATALOGUE
from catalogue.journeys import FIND_MP, HEALTH
from catalogue.model.journey import Browser, Certificate, Expect, HealthCheck
from catalogue.model.logs import Keep
from catalogue.model.metric import Kind

# The application's metrics as the requirement names them: kind, and labels in any order.
REQUIRED = {
    "http_requests_total": ("counter", {"method", "endpoint", "status"}),
    "http_request_duration_seconds": ("histogram", {"method", "endpoint"}),
    "bills_created_total": ("counter", {"jurisdiction", "type"}),
    "active_users_count": ("gauge", set[str]()),
    "db_connection_pool_size": ("gauge", set[str]()),
    "db_connection_pool_available": ("gauge", set[str]()),
    "db_query_duration_seconds": ("histogram", {"query_type", "table"}),
    "scraper_runs_total": ("counter", {"scraper", "status"}),
    "scraper_duration_seconds": ("histogram", {"scraper"}),
    "records_scraped_total": ("counter", {"scraper", "entity_type"}),
    "scraper_errors_total": ("counter", {"scraper", "error_type"}),
    "cache_hit_rate": ("gauge", {"cache_type"}),
    "search_queries_total": ("counter", {"search_type", "result"}),
    "bill_views_total": ("counter", {"bill_id"}),
    "user_actions_total": ("counter", {"action_type"}),
}
JOBS = {
    "openpolicy", "kubernetes-apiservers", "kubernetes-nodes", "kubernetes-cadvisor", "kubernetes-pods",
    "kubernetes-service-endpoints", "node-exporter", "kube-state-metrics", "postgres-exporter", "redis-exporter",
    "elasticsearch-exporter", "logstash-exporter", "jaeger", "otel-collector", "prometheus", "alertmanager",
    "grafana", "prometheus-operator", "blackbox-http", "filebeat", "config-reloader", "elastic-operator",
    "kube-scheduler", "kube-controller-manager", "etcd", "span-metrics",
    "thanos-sidecar", "thanos-store", "thanos-compactor", "thanos-query",
}  # fmt: skip


def test_every_metric_that_was_asked_for_is_there() -> None:
    found = {metric.name: (metric.kind.value, set(metric.label_names)) for metric in CATALOGUE.metrics}
    assert {name: found.get(name) for name in REQUIRED} == REQUIRED


def test_every_job_of_the_contract_is_there() -> None:
    assert {exporter.job for exporter in CATALOGUE.exporters} == JOBS


def test_the_latency_buckets_hold_both_limits() -> None:
    durations = next(each for each in CATALOGUE.metrics if each.name == "http_request_duration_seconds")
    assert {Decimal(1), Decimal(2)} <= set(durations.buckets)


def test_a_scrape_of_the_application_stays_below_its_limit() -> None:
    worst = sum(metric.worst_series for metric in CATALOGUE.metrics)
    assert 10_000 < worst < 15_000


def test_logs_are_kept_as_long_as_was_asked_for() -> None:
    kept = {each.name: (each.retention.seconds // 86_400, each.meaning) for each in CATALOGUE.log_classes}
    asked = {
        "app": (30, Keep.AT_MOST),
        "access": (90, Keep.AT_MOST),
        "error": (180, Keep.AT_MOST),
        "security": (365, Keep.AT_LEAST),
        "audit": (2557, Keep.AT_LEAST),
    }
    assert kept.items() >= asked.items()


def test_the_objectives_are_those_that_were_asked_for() -> None:
    assert {slo.name: slo.objective for slo in CATALOGUE.slos} == {
        "availability": Decimal("0.995"),
        "latency": Decimal("0.95"),
    }
    assert {slo.budget for slo in CATALOGUE.slos} == {Decimal("0.005"), Decimal("0.05")}


def test_the_journeys_are_those_that_were_asked_for() -> None:
    assert isinstance(HEALTH.script, HealthCheck)
    assert HEALTH.script.endpoint.url("openpolicy.ca") == "https://api.openpolicy.ca/health"
    assert (HEALTH.every.seconds, HEALTH.failing_for.seconds) == (60, 120)
    assert isinstance(FIND_MP.script, Browser)
    assert FIND_MP.script.start.url("openpolicy.ca") == "https://openpolicy.ca"
    assert [type(step).__name__ for step in FIND_MP.script.steps] == ["Type", "Click", "Expect", "Expect"]
    assert isinstance(FIND_MP.script.steps[-1], Expect)
    assert FIND_MP.script.steps[-1].some_text


def test_every_public_host_has_its_certificate_watched() -> None:
    watched = {each.script.endpoint.host for each in CATALOGUE.journeys if isinstance(each.script, Certificate)}
    assert watched == {endpoint.host for service in CATALOGUE.services for endpoint in service.endpoints}


def test_teams_own_what_they_run() -> None:
    assert {team.name for team in CATALOGUE.teams} >= {"platform", "database", "data"}
    assert {service.name for service in CATALOGUE.services if service.application} >= {"api-gateway", "scraper"}


def test_every_metric_of_ours_says_what_it_counts() -> None:
    assert all(metric.help.endswith(".") for metric in CATALOGUE.metrics)
    assert all(metric.kind is not Kind.COUNTER or metric.name.endswith("_total") for metric in CATALOGUE.metrics)
