"""What every board marks: rollouts, for most incidents begin with one, and pages, for that is when people look."""

from alerts.promql import select
from catalogue.exported import kubernetes
from catalogue.exporters import KUBE_STATE_METRICS
from catalogue.model.time import minutes
from catalogue.services import NAMESPACE
from dashboards.limits import Colour
from dashboards.promql import firing
from dashboards.query import Annotation

ROLLOUTS = Annotation(
    title="Deployments",
    legend="{deployment} was rolled out",
    expr=select(KUBE_STATE_METRICS, kubernetes.DEPLOYMENT_GENERATION, namespace=NAMESPACE).changes(minutes(2)).above(0),
    colour=Colour.NOTICE,
)
PAGES = Annotation(
    title="Pages",
    legend="{alertname} of {service}",
    expr=firing(severity="critical").now,
    colour=Colour.BAD,
)
ANNOTATIONS = (ROLLOUTS, PAGES)
