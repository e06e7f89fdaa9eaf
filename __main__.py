"""The observability of OpenPolicy, from top to bottom: settings, facts, review, components, outputs."""

import pulumi

from alerts.library import LIBRARY
from catalogue import CATALOGUE
from components import settings
from components.alerting import Alerting
from components.autoscaling import Autoscaling
from components.cluster import Cluster
from components.exporters import Exporters
from components.grafana import Grafana
from components.logs import Logs
from components.metrics import Metrics
from components.network import Network
from components.retention import Retention
from components.shipping import Shipping
from components.tracing import Tracing
from components.wiring import core, edges, elastic, grafana, images, marks, optional, places, samples, tracing
from dashboards.library import dashboards

stack = settings.load(CATALOGUE, LIBRARY, core.misfits)
groups = core.groups(stack)
routes = core.routes(stack)
boards = dashboards(groups, core.prices(stack), samples.unscraped(stack.settings))
verdict = core.review(stack, groups, routes, boards)
settings.refuse(verdict.errors)
settings.warn(verdict.warnings)
seen = images.named(stack)
cluster = Cluster("cluster", core.cluster(stack))
marks.begin(cluster)
here = pulumi.ResourceOptions(provider=cluster.provider)
after = optional.operators(stack, cluster, here)
keys = optional.on_call(stack)
alerting = Alerting(
    "alerting",
    core.alerting(stack, cluster, after, groups=groups, config=routes, boards=boards, routing_keys=keys.routing),
    here,
)
sidecar = optional.long_term(stack, cluster, here)
metrics = Metrics("metrics", core.metrics(stack, cluster, after, alerting, sidecar), here)
logs = Logs("logs", elastic.logs(stack, cluster, after), here)
Exporters("exporters", places.exporters(stack, cluster), here)
documents = grafana.documents(stack, boards)
Grafana("grafana", grafana.grafana(stack, cluster, documents), here)
optional.boards(stack, documents)
Shipping("shipping", elastic.shipping(stack, cluster, after, logs), here)
Retention("retention", elastic.retention(stack, cluster, logs), here)
optional.archive(stack, cluster, logs)
Tracing("tracing", tracing.tracing(stack, cluster), here)
Autoscaling("autoscaling", edges.autoscaling(stack, cluster, metrics), here)
optional.synthetics(stack, keys.datadog)
optional.access(stack, cluster, here)
Network("network", places.network(stack, cluster), here)
images.check(seen)

pulumi.export("namespace", cluster.namespace)
pulumi.export("prometheus", metrics.service)
pulumi.export("alertmanager", alerting.service)
pulumi.export("elasticsearch", logs.elasticsearch)
