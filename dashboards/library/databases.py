"""Databases: do they answer, keep up and have room, and which statements cost most?"""

from catalogue.boards import DATABASES
from catalogue.model.time import hours
from dashboards.library.annotations import ANNOTATIONS
from dashboards.library.postgresql import POSTGRESQL
from dashboards.library.redis import REDIS
from dashboards.model import Dashboard

PAGE = Dashboard(
    board=DATABASES,
    description="Whether PostgreSQL and Redis answer, keep up and have room, and which statements cost most.",
    variables=(),
    annotations=ANNOTATIONS,
    shows=hours(6),
    rows=(*POSTGRESQL, REDIS),
)
