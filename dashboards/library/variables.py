"""The choices at the top of boards. Each has the name of the label that it narrows."""

from alerts.promql import select
from catalogue.exported import kubernetes, nodes
from catalogue.exporters import APPLICATION, KUBE_STATE_METRICS, NODE_EXPORTER, UP
from dashboards.query import Variable

NAMESPACE = Variable(name="namespace", title="Namespace", series=select(APPLICATION, UP))
SERVICE = Variable(
    name="service",
    title="Service",
    series=select(APPLICATION, UP),
    within=(NAMESPACE,),
    # Links to logs carry it, and in an address a plus is a blank.
    everything="..*",
)
INSTANCE = Variable(name="instance", title="Node", series=select(NODE_EXPORTER, nodes.LOAD))
# Every namespace of the cluster, where NAMESPACE has those of the application.
ANY_NAMESPACE = Variable(name="namespace", title="Namespace", series=select(KUBE_STATE_METRICS, kubernetes.POD_PHASE))

PER_SERVICE = (NAMESPACE, SERVICE)
"""What panels about services obey."""
