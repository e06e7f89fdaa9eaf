"""The observability of OpenPolicy, from top to bottom: settings, facts, review, components, outputs."""

import pulumi

from alerts.library import LIBRARY
from alerts.review import review
from alerts.tuning import tune
from catalogue import CATALOGUE
from components import settings, wiring
from components.alerting import Alerting
from components.cluster import Cluster
from components.metrics import Metrics
from components.operators import Operators

stack = settings.load(CATALOGUE, LIBRARY)
groups = tune(LIBRARY, stack.overrides)
routes = wiring.routes(stack)

verdict = review(wiring.subject(stack, groups, routes))
settings.refuse(verdict.errors)
settings.warn(verdict.warnings)

cluster = Cluster("cluster", wiring.cluster(stack))
here = pulumi.ResourceOptions(provider=cluster.provider)

after: list[pulumi.Resource] = []
if stack.settings.operators.install:
    after = [Operators("operators", wiring.operators(stack, cluster), here)]

routing_keys: dict[str, pulumi.Output[str]] = {}
if stack.settings.on_call.enabled:
    # Only a stack with PagerDuty pays for importing its SDK.
    from components.oncall import OnCall

    routing_keys = dict(OnCall("oncall", wiring.on_call(stack)).routing_keys)

alerting = Alerting(
    "alerting",
    wiring.alerting(stack, cluster, after, groups=groups, config=routes, routing_keys=routing_keys),
    here,
)
metrics = Metrics("metrics", wiring.metrics(stack, cluster, after, alerting), here)

pulumi.export("namespace", cluster.namespace)
pulumi.export("prometheus", metrics.service)
pulumi.export("alertmanager", alerting.service)
