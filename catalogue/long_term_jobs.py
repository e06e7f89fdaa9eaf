"""The jobs of long-term metrics: Thanos, in its four parts. A stack without them scrapes none of these."""

from catalogue.exported import thanos
from catalogue.model.exporter import Discovery, Exporter
from catalogue.services import THANOS

_VERSION = "0.42.4"

THANOS_SIDECAR = Exporter(
    job="thanos-sidecar",
    service=THANOS,
    discovery=Discovery.SERVICE,
    port="http",
    version=_VERSION,
    metrics=thanos.SIDECAR,
)
THANOS_STORE = Exporter(
    job="thanos-store",
    service=THANOS,
    discovery=Discovery.SERVICE,
    port="http",
    version=_VERSION,
    metrics=thanos.STORE,
)
THANOS_COMPACTOR = Exporter(
    job="thanos-compactor",
    service=THANOS,
    discovery=Discovery.SERVICE,
    port="http",
    version=_VERSION,
    metrics=thanos.COMPACTOR,
)
THANOS_QUERY = Exporter(
    job="thanos-query",
    service=THANOS,
    discovery=Discovery.SERVICE,
    port="http",
    version=_VERSION,
    metrics=thanos.QUERY,
)

LONG_TERM = (THANOS_SIDECAR, THANOS_STORE, THANOS_COMPACTOR, THANOS_QUERY)
