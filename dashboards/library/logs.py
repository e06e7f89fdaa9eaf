"""Logs: what do they say of requests, and does every line arrive and stay as long as it must?"""

from catalogue.boards import LOGS
from catalogue.logs import ACCESS
from catalogue.model.time import hours
from catalogue.slos import LATENCY
from dashboards.library.annotations import ANNOTATIONS
from dashboards.library.log_path import LOG_PATH
from dashboards.library.objectives import slowest_allowed
from dashboards.library.variables import NAMESPACE, PER_SERVICE, SERVICE
from dashboards.model import Dashboard, Row, Shown
from dashboards.panels import counted, highest, lines, stat, table, timeseries

_OURS = "data_stream.dataset:openpolicy.*"
_REQUESTS = f"data_stream.dataset:openpolicy.{ACCESS.name}"
_FAILED = f"{_REQUESTS} AND http.response.status_code:[500 TO 599]"
_SLOW = f"{_REQUESTS} AND event.duration:[{int(slowest_allowed(LATENCY) * 10**9)} TO *]"

_VOLUME = Row(
    title="Lines",
    panels=(
        timeseries(
            "Lines by class",
            "Log lines by the class that decides how long they are kept.",
            counted(_OURS, by="data_stream.dataset"),
            by=PER_SERVICE,
            stacked=True,
        ),
        timeseries(
            "Lines by service",
            "The ten services that write most lines.",
            counted(_OURS, by="service.name"),
            by=PER_SERVICE,
        ),
        timeseries(
            "Lines by level",
            "Log lines by their level.",
            counted(_OURS, by="log.level"),
            by=PER_SERVICE,
            stacked=True,
        ),
    ),
)
_ANSWERS = Row(
    title="Requests in the logs",
    panels=(
        stat(
            "Server errors",
            "Requests of the selected time that were answered with 5xx.",
            counted(_FAILED, "5xx"),
            by=PER_SERVICE,
            height=8,
        ),
        timeseries(
            "Server errors by service",
            "Requests that were answered with 5xx.",
            counted(_FAILED, by="service.name"),
            by=PER_SERVICE,
            width=10,
        ),
        timeseries(
            "Slow requests by service",
            f"Requests that took longer than {slowest_allowed(LATENCY):f} s, the latency objective's limit.",
            counted(_SLOW, by="service.name"),
            by=PER_SERVICE,
            width=10,
        ),
        table(
            "Slowest paths",
            "The paths with the slowest single answers of the selected time.",
            highest("event.duration", _REQUESTS, by="url.path"),
            by=PER_SERVICE,
            unit=Shown.NANOSECONDS,
            width=8,
        ),
        table(
            "Paths with server errors",
            "The paths that were answered with 5xx most often.",
            counted(_FAILED, by="url.path"),
            by=PER_SERVICE,
            width=8,
        ),
        table(
            "Requests by country",
            "Where requests come from, by the network of their address: the twenty countries with the most.",
            counted(_REQUESTS, by="client.geo.country_iso_code", most=20),
            by=PER_SERVICE,
            width=8,
        ),
        table(
            "Most frequent exceptions",
            "The exceptions that services wrote most often.",
            counted(f"{_OURS} AND error.type:*", by="error.type"),
            by=PER_SERVICE,
            width=24,
        ),
        lines(
            "Latest server errors",
            "The requests themselves, the latest first. Each leads to its trace.",
            counted(_FAILED, "5xx"),
            by=PER_SERVICE,
        ),
    ),
)

PAGE = Dashboard(
    board=LOGS,
    description="What logs say of requests, and whether every line arrives and stays as long as it must.",
    variables=(NAMESPACE, SERVICE),
    annotations=ANNOTATIONS,
    shows=hours(6),
    rows=(_VOLUME, _ANSWERS, *LOG_PATH),
)
