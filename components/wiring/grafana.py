"""From boards, settings and facts to the arguments of what shows them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from alerts.library.recordings import ERROR_RATIO, LATENCY_P95, REQUESTS
from catalogue import CATALOGUE
from components.cluster import Cluster
from components.grafana import GrafanaArgs
from components.parts.grafana_pod import Login
from components.render.data_sources import Sources
from components.render.elastic.size import CERTIFICATES, HOST
from components.render.thanos import HTTP, QUERY
from components.settings import Stack
from components.wiring.doors import sign_on
from dashboards.model import Dashboard
from dashboards.render.board import board_json

if TYPE_CHECKING:
    from components.boards import BoardsArgs

# Services of the stack's namespace, by the names that their components give them.
_PROMETHEUS = "http://prometheus:9090"
_ALERTMANAGER = "http://alertmanager:9093"
_LOGS = f"https://{HOST}:9200"
_TRACES = "http://jaeger-query:16686"
_LOGIN = Login(
    user="openpolicy-grafana",
    secret="logs-user-grafana",  # noqa: S106 its name
    password_key="password",  # noqa: S106 its name
    authority=CERTIFICATES,
    authority_key="ca.crt",
)
_PER_SERVICE = {"Requests": REQUESTS.name, "Errors": ERROR_RATIO.name, "P95": LATENCY_P95.name}


def documents(stack: Stack, boards: Sequence[Dashboard]) -> Mapping[str, str]:
    """The boards as Grafana keeps them, by uid."""
    return {page.board.uid: board_json(page, stack.settings.links.runbooks) for page in boards}


def grafana(stack: Stack, where: Cluster, boards: Mapping[str, str]) -> GrafanaArgs:
    """Where people look. It finds the boards in the cluster unless they come through its API."""
    settings = stack.settings
    return GrafanaArgs(
        namespace=where.namespace,
        priority_class=where.priority_class,
        external_url=settings.links.dashboards,
        size=settings.grafana.size(settings.cluster.storage_class),
        sources=Sources(
            prometheus=_PROMETHEUS,
            history=f"http://{QUERY}:{HTTP}" if settings.metrics.long_term else None,
            alertmanager=_ALERTMANAGER,
            logs=_LOGS,
            traces=_TRACES,
            scrape_interval=settings.metrics.scrape_interval,
            per_service=_PER_SERVICE,
        ),
        logs=_LOGIN,
        database_password=stack.secrets["grafanaDatabasePassword"] if settings.grafana.database else None,
        sign_on=sign_on(stack),
        boards=None if settings.grafana.url else boards,
    )


def through_api(stack: Stack, url: str, boards: Mapping[str, str]) -> "BoardsArgs":
    """The boards for a Grafana whose API can be reached."""
    # Only a stack with that address pays for importing the SDK.
    from components.boards import BoardsArgs

    return BoardsArgs(url=url, token=stack.secrets["grafanaToken"], boards=boards, teams=CATALOGUE.teams)
