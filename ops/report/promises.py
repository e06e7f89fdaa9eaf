"""Availability, latency and the error budget: what was promised, and what was kept."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from alerts.burnrate import Measured
from alerts.expression import Expr
from alerts.library.objectives import OBJECTIVES
from alerts.library.recordings import ERRORS, LATENCY_BUCKETS, REQUESTS
from alerts.promql import buckets, le, like, observations, quantile, rest, select, sum_by, unlike
from catalogue.exporters import APPLICATION
from catalogue.metrics import HTTP_REQUEST_DURATION, HTTP_REQUESTS, PROBE_PATHS
from catalogue.model.slo import Availability, Latency
from catalogue.model.time import Duration, days
from ops.report import plots
from ops.report.ask import Asked, Value
from ops.report.model import Block, Section, Table
from ops.report.words import count, seconds, share
from ops.sources.prometheus import Series

_DAY = timedelta(days=1)
_SHARES = {"P50": Decimal("0.5"), "P95": Decimal("0.95"), "P99": Decimal("0.99")}
_REAL = unlike(PROBE_PATHS)
_POINTS = 84
_MOST = 5


def _step(asked: Asked) -> timedelta:
    return timedelta(seconds=asked.period.length.seconds // _POINTS // 600 * 600)


def _by_service(found: Sequence[Value]) -> dict[str, float]:
    return {each.labels.get("service", "?"): each.value for each in found}


NO_DATA = "no data"


def none_of(what: str) -> str:
    """What stands in place of a section."""
    return f"No data: Prometheus has no `{what}` in this time."


def coverage(asked: Asked) -> str | None:
    """How much of the period was recorded, where that is not all of it."""
    step = timedelta(hours=1)
    found = asked.through(sum_by(REQUESTS.now), step)
    if not found or not found[0].points:
        return None
    hours, there = asked.period.length.seconds // 3_600, len(found[0].points)
    if there >= hours - 1:
        return None
    first = found[0].points[0][0]
    return (
        f"Requests were recorded in {there} of the {hours} hours, the first of them from {first:%Y-%m-%d %H:%M} UTC: "
        "what is said of the whole time is true of those."
    )


def _bad(asked: Asked, measured: Measured, rate: float) -> float:
    """How many requests were bad, at this mean rate while they were recorded."""
    if coverage(asked) is None:
        return rate * asked.period.length.seconds
    return sum(each.value for each in asked.at_end(_bad_by_endpoint(measured, asked.period.length)))


def availability(asked: Asked) -> Section:
    """Shares of requests that went well."""
    whole = asked.period.length
    bad, every = (sum_by(each.where().average_over(whole), "service") for each in (ERRORS, REQUESTS))
    kept = _by_service(asked.at_end(rest(bad.of(every))))
    if not kept:
        return Section(title="Availability", blocks=[none_of(REQUESTS.name)], summary=NO_DATA)
    rates = _by_service(asked.at_end(every))
    rows: list[list[str]] = []
    for service, value in sorted(kept.items()):
        promised = next((each.slo.objective for each in OBJECTIVES if _is_about(each, service, Availability)), None)
        failed = 1 - value
        rows.append(
            [
                service,
                share(float(promised), 2) if promised else "–",
                share(value, 3),
                share(failed, 3),
                f"{rates[service]:.3g}",
                _kept(promised, value),
            ]
        )
    headings = ["Service", "Target", "Actual", "Error rate", "Requests a second", "Status"]
    blocks: list[Block] = [Table(headings=headings, rows=rows, numbers=5)]
    course = sum_by(ERRORS.now, "service").of(sum_by(REQUESTS.now, "service"))
    if courses := asked.through(course, _step(asked)):
        blocks.append(plots.errors(courses))
    said = "; ".join(f"{row[0]} {row[2]}, target {row[1]}, {row[-1]}" for row in rows)
    return Section(title="Availability", blocks=blocks, summary=said)


def _is_about(measured: Measured, service: str, kind: type[Availability | Latency]) -> bool:
    return measured.slo.service.name == service and isinstance(measured.slo.sli, kind)


def _kept(promised: Decimal | None, actual: float) -> str:
    return "no target" if promised is None else "kept" if actual >= promised else "**missed**"


def _percentile(rank: Decimal, window: Duration | None) -> Expr:
    """Of means over the window: percentiles themselves have no mean."""
    rates = LATENCY_BUCKETS.where().average_over(window) if window else LATENCY_BUCKETS.now
    return quantile(rank, sum_by(rates, "service", "le"))


def latency(asked: Asked) -> Section:
    """Percentiles of response times."""
    found = {name: _by_service(asked.at_end(_percentile(rank, asked.period.length))) for name, rank in _SHARES.items()}
    services = sorted({service for values in found.values() for service in values})
    if not services:
        return Section(title="Latency", blocks=[none_of(LATENCY_BUCKETS.name)], summary=NO_DATA)
    rows: list[list[str]] = []
    for service in services:
        slo = next((each.slo for each in OBJECTIVES if _is_about(each, service, Latency)), None)
        limit = slo.sli.within if slo and isinstance(slo.sli, Latency) else None
        rank = f"P{slo.objective * 100:.0f}" if slo else ""
        actual = found.get(rank, {}).get(service)
        status = "no target" if limit is None or actual is None else "kept" if actual <= limit else "**missed**"
        rows.append(
            [
                service,
                f"{rank} within {seconds(float(limit))}" if limit else "–",
                *(seconds(values[service]) if service in values else "–" for values in found.values()),
                status,
            ]
        )
    headings = ["Service", "Target", *_SHARES, "Status"]
    blocks: list[Block] = [Table(headings=headings, rows=rows, numbers=4)]
    courses = {name: asked.through(_percentile(rank, None), _step(asked)) for name, rank in _SHARES.items()}
    limits = [float(each.slo.sli.within) for each in OBJECTIVES if isinstance(each.slo.sli, Latency)]
    blocks.append(plots.latency(courses, limits))
    said = "; ".join(f"{row[0]} P95 {row[3]}, target {row[1]}, {row[-1]}" for row in rows)
    return Section(title="Latency", blocks=blocks, summary=said)


def budget(asked: Asked) -> Section:
    """What of each error budget went in this time, what is left, and what it went for."""
    blocks: list[Block] = []
    rows: list[list[str]] = []
    left = dict[str, Sequence[Series]]()
    for measured in OBJECTIVES:
        slo, whole = measured.slo, asked.period.length
        bad = measured.bad.where(service=slo.service.name)
        every = measured.total.where(service=slo.service.name)
        went = asked.one(sum_by(bad.average_over(whole)))
        allowed = asked.one(sum_by(every.average_over(slo.period)))
        ratio = asked.one(measured.error_ratio(slo.period).expr)
        if went is None or not allowed or ratio is None:
            blocks.append(f"{slo.name.capitalize()} of {slo.service.name}: {none_of(measured.bad.name)}")
            continue
        part = 1.0 if coverage(asked) else whole.seconds / slo.period.seconds
        spent = went * part / (allowed * float(slo.budget))
        rest_of = 1 - ratio / float(slo.budget)
        rows.append(
            [
                f"{slo.name} of {slo.service.name}",
                slo.promise,
                count(_bad(asked, measured, went)),
                share(spent, 1),
                share(rest_of, 1) if rest_of >= 0 else f"**{share(rest_of, 1)}**",
            ]
        )
        left[slo.name] = asked.through(_left(measured), timedelta(seconds=asked.period.length.seconds // 28))
        blocks += _spenders(asked, measured)
    if rows:
        headings = ["Objective", "Promise", "Bad requests", "Spent in this time", "Left of the budget"]
        blocks.insert(0, Table(headings=headings, rows=rows, numbers=3))
        blocks.insert(1, plots.budget(left))
    said = "; ".join(f"{row[0]} {row[-1]} left, {row[-2]} spent" for row in rows)
    return Section(title="Error budget", blocks=blocks, summary=said or NO_DATA)


def _left(measured: Measured) -> Expr:
    return rest(measured.error_ratio(measured.slo.period).expr.over(measured.slo.budget))


def _spenders(asked: Asked, measured: Measured) -> Iterator[Block]:
    """The days and the endpoints that most of the bad requests were on."""
    slo = measured.slo
    mean = sum_by(measured.bad.where(service=slo.service.name).average_over(days(1)))
    found = asked.through(mean, _DAY)
    # The first point is about the day before the period.
    by_day = {f"{at - _DAY:%a %-d %b}": value * 86_400 for at, value in (found[0].points[1:] if found else ())}
    by_endpoint = {
        f"{each.labels.get('method', '')} {each.labels.get('endpoint', '')}".strip(): each.value
        for each in asked.at_end(_bad_by_endpoint(measured, asked.period.length))
    }
    name = slo.name.capitalize()
    yield from _most(f"{name}: days on which most of it went", "24 hours from", by_day)
    if any(value > 0 for value in by_endpoint.values()):
        yield from _most(f"{name}: endpoints for which most of it went", "Endpoint", by_endpoint)
    else:
        yield f"{name}, by endpoint: no data, or no bad request in what `{HTTP_REQUESTS.name}` still tells."


def _most(title: str, heading: str, bad: dict[str, float]) -> Iterator[Block]:
    whole = sum(bad.values())
    most = sorted(((value, key) for key, value in bad.items() if value > 0), reverse=True)[:_MOST]
    if most:
        rows = [[key, count(value), share(value / whole)] for value, key in most]
        yield f"{title}:"
        yield Table(headings=[heading, "Bad requests", "Share"], rows=rows, numbers=2)


def _bad_by_endpoint(measured: Measured, whole: Duration) -> Expr:
    slo = measured.slo
    where = {"service": slo.service.name, "endpoint": _REAL}
    by = ("method", "endpoint")
    if isinstance(slo.sli, Availability):
        return sum_by(select(APPLICATION, HTTP_REQUESTS, **where, status=like("5..")).increase(whole), *by)
    every = sum_by(observations(APPLICATION, HTTP_REQUEST_DURATION, **where).increase(whole), *by)
    fast = buckets(APPLICATION, HTTP_REQUEST_DURATION, **where, le=le(slo.sli.within)).increase(whole)
    return every - sum_by(fast, *by)
