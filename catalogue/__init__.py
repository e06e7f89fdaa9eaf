"""What is true about the platform, put together once."""

from catalogue.boards import BOARDS
from catalogue.environments import ENVIRONMENTS
from catalogue.exporters import EXPORTERS, SCRAPE_METRICS
from catalogue.flows import FLOWS
from catalogue.journeys import JOURNEYS
from catalogue.logs import LOG_CLASSES
from catalogue.metrics import METRICS
from catalogue.model.catalogue import Catalogue
from catalogue.scaling import AUTOSCALERS
from catalogue.services import SERVICES
from catalogue.slos import SLOS
from catalogue.teams import LAST_RESORT, TEAMS

CATALOGUE = Catalogue(
    environments=ENVIRONMENTS,
    teams=TEAMS,
    services=SERVICES,
    metrics=METRICS,
    scrape_metrics=SCRAPE_METRICS,
    exporters=EXPORTERS,
    slos=SLOS,
    log_classes=LOG_CLASSES,
    journeys=JOURNEYS,
    autoscalers=AUTOSCALERS,
    boards=BOARDS,
    flows=FLOWS,
    last_resort=LAST_RESORT,
)
