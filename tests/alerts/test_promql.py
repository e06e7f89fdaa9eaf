"""PromQL that cannot name what does not exist."""

import re
from decimal import Decimal

import promql_parser
import pytest

from alerts.expression import Op, number
from alerts.library import LIBRARY
from alerts.model import Alert, Rule, expression
from alerts.promql import age, buckets, le, like, max_by, quantile, renamed, rest, select, sum_by, unlike
from catalogue import CATALOGUE
from catalogue.exported.tracing import SPANS_SENT
from catalogue.exporters import APPLICATION, NODE_EXPORTER, OTEL_COLLECTOR, UP
from catalogue.metrics import DB_POOL_AVAILABLE, HTTP_REQUEST_DURATION, HTTP_REQUESTS, SCRAPER_LAST_SUCCESS
from catalogue.model.metric import Unit
from catalogue.model.time import minutes

RULES = [rule for group in LIBRARY for rule in group.rules]
FIVE = minutes(5)
REQUESTS = sum_by(select(APPLICATION, HTTP_REQUESTS).rate(FIVE), "service")
FAILED = sum_by(select(APPLICATION, HTTP_REQUESTS, status=like("5..")).rate(FIVE), "service")


PARTS = re.compile("_(bucket|count|sum)$")


def names(text: str) -> set[str]:
    """Metric names in the text, by a parser that is not ours; a histogram's parts are the histogram."""
    found = set[str]()

    def visit(node: promql_parser.Expr) -> None:
        if isinstance(node, promql_parser.VectorSelector) and node.name:
            found.add(node.name if node.name in GAUGES else PARTS.sub("", node.name))

    promql_parser.walk(promql_parser.parse(text), visit)
    return found


# Names that only look like a part of a histogram.
GAUGES = {metric.name for exporter in CATALOGUE.exporters for metric in exporter.metrics if not metric.buckets}


def rule_id(rule: Rule) -> str:
    if isinstance(rule, Alert):
        return f"{rule.identity} {rule.severity}"
    return " ".join([rule.name, *rule.labels.values()])


@pytest.mark.parametrize("rule", RULES, ids=rule_id)
def test_an_independent_parser_reads_the_same_metrics(rule: Rule) -> None:
    assert names(expression(rule).text) == {source.metric for source in expression(rule).reads}


def test_a_share_has_no_nan() -> None:
    assert FAILED.of(REQUESTS).text.endswith('(rate(http_requests_total{job="openpolicy"}[5m])) > 0)')
    assert REQUESTS.per(FAILED).text.endswith("> 0)")


def test_a_share_is_one_and_what_may_exceed_one_is_none() -> None:
    connections = select(APPLICATION, DB_POOL_AVAILABLE).now
    assert (FAILED.of(REQUESTS).unit, REQUESTS.per(FAILED).unit) == (Unit.RATIO, REQUESTS.unit)
    limited = connections.of_limit(2**31)
    assert (limited.unit, limited.text) == (Unit.RATIO, f"{connections.text} / 2147483648")


def test_brackets_keep_the_meaning() -> None:
    assert rest(FAILED.of(REQUESTS)).text.startswith("1 - sum by (service)")
    assert (REQUESTS - (REQUESTS - FAILED)).text.count("(sum by") == 1
    assert FAILED.or_zero_like(REQUESTS).of(REQUESTS).text.startswith("(sum by")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("14.4") * (1 - Decimal("0.995")), "0.072"),
        (1 - Decimal("0.999"), "0.001"),
        (Decimal("1E+2"), "100"),
        (Decimal("0.10"), "0.1"),
        (0.5, "0.5"),
        (5000, "5000"),
    ],
)
def test_numbers_are_exact(value: Decimal | float, text: str) -> None:
    assert number(value) == text


def test_a_bucket_is_named_as_prometheus_names_it() -> None:
    assert (le(Decimal("1.0")), le(Decimal(1)), le(Decimal("0.25"))) == ("1.0", "1.0", "0.25")


def test_what_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match=r"http_requests_total has no label code; it has .*status"):
        select(APPLICATION, HTTP_REQUESTS, code="500")
    with pytest.raises(ValueError, match=r"sum by path: .* has no such label"):
        sum_by(select(APPLICATION, HTTP_REQUESTS).rate(FIVE), "path")
    with pytest.raises(ValueError, match="it has lost the label le"):
        quantile(Decimal("0.95"), sum_by(buckets(APPLICATION, HTTP_REQUEST_DURATION).rate(FIVE), "service"))


def test_a_counter_and_a_gauge_are_not_confused() -> None:
    with pytest.raises(ValueError, match="take its rate or increase"):
        _ = select(APPLICATION, HTTP_REQUESTS).now
    with pytest.raises(ValueError, match=r"rate\(db_connection_pool_available\): a gauge is not a counter"):
        select(APPLICATION, DB_POOL_AVAILABLE).rate(FIVE)
    with pytest.raises(ValueError, match="a counter is not a gauge"):
        select(APPLICATION, HTTP_REQUESTS).max_over(FIVE)
    with pytest.raises(ValueError, match="no timestamp"):
        age(select(APPLICATION, DB_POOL_AVAILABLE).now)


def test_a_series_gets_labels_of_the_one_that_it_belongs_to() -> None:
    pool = max_by(select(APPLICATION, DB_POOL_AVAILABLE).now, "namespace", "pod")
    info = max_by(select(APPLICATION, SCRAPER_LAST_SUCCESS).now, "pod", "scraper")
    joined = pool.joined(info, on=("pod",), labels=("scraper",))
    assert joined.labels == {"namespace", "pod", "scraper"}
    assert " * on (pod) group_left (scraper) max by (pod, scraper) (" in joined.text
    assert pool.joined(max_by(info, "pod"), on=("pod",)).labels == pool.labels
    with pytest.raises(ValueError, match="has no label service"):
        pool.joined(info, on=("pod",), labels=("service",))
    with pytest.raises(ValueError, match="do not both have it"):
        pool.joined(info, on=("namespace",), labels=("scraper",))


def test_a_label_gets_another_name() -> None:
    owned = renamed(select(APPLICATION, SCRAPER_LAST_SUCCESS).now, "scraper", to="owner")
    assert owned.labels >= {"scraper", "owner"}
    assert owned.text.endswith(', "owner", "$1", "scraper", "(.+)")')
    with pytest.raises(ValueError, match=r"renaming owner: .* has no such label"):
        renamed(select(APPLICATION, SCRAPER_LAST_SUCCESS).now, "owner", to="scraper")


def test_labels_follow_the_expression() -> None:
    newest = max_by(select(APPLICATION, SCRAPER_LAST_SUCCESS).now, "scraper")
    assert age(newest).compare(Op.ABOVE, 60).labels == {"scraper"}
    assert select(NODE_EXPORTER, UP, instance="a").absent.labels == {"job", "instance"}
    assert select(APPLICATION, HTTP_REQUESTS, endpoint=unlike("/health")).absent.labels == {"job"}


def test_a_label_may_be_called_as_a_parameter_is() -> None:
    assert 'exporter="otlp"' in select(OTEL_COLLECTOR, SPANS_SENT, exporter="otlp").text
