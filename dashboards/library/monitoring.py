"""Health of the Monitoring: does what watches work, and who would tell if not?"""

from catalogue.boards import MONITORING
from catalogue.model.time import hours
from dashboards.library.annotations import ANNOTATIONS
from dashboards.library.long_term import LONG_TERM
from dashboards.library.telling import TELLING
from dashboards.library.watching import WATCHING
from dashboards.model import Dashboard

PAGE = Dashboard(
    board=MONITORING,
    description="Whether Prometheus, Alertmanager, Elasticsearch, Logstash, Jaeger and their operators do their work.",
    variables=(),
    annotations=ANNOTATIONS,
    shows=hours(6),
    rows=(*WATCHING, *LONG_TERM, *TELLING),
)
