"""Alerting: which rules Prometheus evaluates, and whom Alertmanager wakes.

Keys and addresses never enter Alertmanager's configuration; it reads each from a mounted file. So the configuration
is known at preview, can be compared in a pull request, and checked by amtool without a secret.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import Secret, Service

from alerts.model import RuleGroup
from alerts.render.receivers import TEMPLATES
from alerts.render.routes import Config, Delivery
from alerts.render.rules import Links, rule_file
from alerts.render.text import to_yaml
from components.parts.objects import budget, metadata
from components.render.alertmanager import AlertmanagerSize, alertmanager_spec
from components.render.kubernetes import MONITORED, labels

_NAME = "openpolicy"
_KEYS = "alertmanager-keys"
_SWITCH = "dead-mans-switch"
_SECRETS = "/etc/alertmanager/secrets"


def delivery(*, pages: bool, dead_mans_switch: bool, office_time_zone: str) -> Delivery:
    """Where the Alertmanager of this component finds its secrets and templates."""
    return Delivery(
        pagerduty_keys=f"{_SECRETS}/{_KEYS}" if pages else None,
        dead_mans_switch=f"{_SECRETS}/{_KEYS}/{_SWITCH}" if dead_mans_switch else None,
        templates="/etc/alertmanager/config/*.tmpl",
        office_time_zone=office_time_zone,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertingArgs:
    """Rules, routes, and the secrets that the routes name."""

    namespace: Input[str]
    priority_class: Input[str]
    groups: Sequence[RuleGroup]
    """Every rule group. They decide which objects exist, so they are never an Output."""

    links: Links
    config: Config
    routing_keys: Mapping[str, Input[str]]
    """PagerDuty's Events API v2 key of each team that is paged, by the team's name."""

    dead_mans_switch: Input[str] | None
    """Address to call while Watchdog fires."""

    external_url: str
    size: AlertmanagerSize
    after: Sequence[Resource] = ()
    """What has to exist first: the kinds of the custom resources."""

    def __post_init__(self) -> None:
        paged = {each["name"] for each in self.config["receivers"] if "pagerduty_configs" in each}
        if missing := sorted(paged - self.routing_keys.keys()):
            raise ValueError(f"routing_keys: no key for {', '.join(missing)}, whose alerts page")


class Alerting(ComponentResource):
    """Rules, Alertmanager, its configuration and its keys."""

    service: Output[str]
    """Service behind which Prometheus finds every Alertmanager."""

    def __init__(self, name: str, args: AlertingArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Alerting", name, None, opts)
        child = ResourceOptions(parent=self, depends_on=list(args.after))
        own = labels("alertmanager")
        pods = {"alertmanager": _NAME}
        here = metadata("alertmanager", own, args.namespace)

        for group in args.groups:
            CustomResource(
                f"{name}-{group.name}",
                api_version="monitoring.coreos.com/v1",
                kind="PrometheusRule",
                metadata=metadata(group.name, own | MONITORED, args.namespace),
                spec=rule_file(group, args.links),
                opts=child,
            )

        config = Secret(
            f"{name}-config",
            metadata=metadata("alertmanager-config", own, args.namespace),
            # Nothing in it is secret; the operator reads it from a Secret all the same.
            string_data={
                "alertmanager.yaml": to_yaml(args.config),
                "openpolicy.tmpl": TEMPLATES,
            },
            opts=child,
        )
        switch = {_SWITCH: args.dead_mans_switch} if args.dead_mans_switch else {}
        keys = Secret(
            f"{name}-keys",
            metadata=metadata(_KEYS, own, args.namespace),
            string_data={key: Output.secret(value) for key, value in (*args.routing_keys.items(), *switch.items())},
            opts=child,
        )
        service = Service(
            f"{name}-service",
            metadata=here,
            spec={"selector": pods, "ports": [{"name": "web", "port": 9093, "target_port": "web"}]},
            opts=child,
        )
        if args.size.replicas > 1:
            budget(f"{name}-budget", here, pods, child)
        CustomResource(
            f"{name}-alertmanager",
            api_version="monitoring.coreos.com/v1",
            kind="Alertmanager",
            metadata=metadata(_NAME, own, args.namespace),
            spec=alertmanager_spec(size=args.size, pods=pods, labels=own, external_url=args.external_url)
            | {
                "configSecret": config.metadata.name,
                "secrets": [keys.metadata.name],
                "priorityClassName": args.priority_class,
            },
            opts=child,
        )
        self.service = service.metadata.name
        self.register_outputs({"service": self.service})
