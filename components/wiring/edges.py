"""From settings and facts to the arguments of what stands at the edges: the tests from outside, and the scaling.

They share nothing with the path from a metric to a page, which components/wiring/core.py wires.
"""

from collections.abc import Mapping, Sequence

from pulumi import Output

from alerts.promql import select, sum_by, unlike
from catalogue import CATALOGUE
from catalogue.exporters import APPLICATION
from catalogue.model.journey import Journey
from catalogue.model.scaling import Autoscaler
from catalogue.services import NAMESPACE
from components.autoscaling import AutoscalingArgs
from components.cluster import Cluster
from components.metrics import Metrics
from components.settings import Stack
from components.synthetics import SyntheticsArgs


def journeys(stack: Stack) -> Sequence[Journey]:
    """What this stack tests from outside."""
    section = stack.settings.synthetics
    return [each for each in CATALOGUE.journeys if section.enabled and each.name not in section.skipped]


def synthetics(stack: Stack, pagerduty_keys: Mapping[str, Output[str]]) -> SyntheticsArgs:
    """What is tested from outside."""
    return SyntheticsArgs(
        site=stack.settings.synthetics.site,
        api_key=stack.secrets["datadogApiKey"],
        app_key=stack.secrets["datadogAppKey"],
        journeys=journeys(stack),
        domain=stack.settings.links.domain,
        runbook=f"{stack.settings.links.runbooks}/outside",
        environment=stack.environment.name,
        access=stack.settings.synthetics.access.known,
        pass_header=stack.settings.synthetics.pass_header,
        pass_value=stack.secrets["datadogPass"] if stack.settings.synthetics.pass_header else None,
        pagerduty_keys=pagerduty_keys,
    )


def autoscaling(stack: Stack, where: Cluster, seen: Metrics) -> AutoscalingArgs:
    """What grows and shrinks."""
    return AutoscalingArgs(
        engine=stack.settings.autoscaling.engine,
        autoscalers=CATALOGUE.autoscalers,
        targets=stack.settings.autoscaling.targets,
        application_namespace=NAMESPACE,
        job=APPLICATION.job,
        queries={each.name: whole_load(each) for each in CATALOGUE.autoscalers},
        namespace=where.namespace,
        priority_class=where.priority_class,
        prometheus=seen.service,
    )


def whole_load(autoscaler: Autoscaler) -> str:
    """The load of all pods together, in PromQL."""
    load = autoscaler.load
    without = {label: unlike(pattern) for label, pattern in load.without.items()}
    counted = select(APPLICATION, load.counter, namespace=NAMESPACE, service=autoscaler.service.name, **without)
    return str(sum_by(counted.rate(load.window)))
