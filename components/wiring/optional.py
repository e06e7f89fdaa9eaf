"""What some stacks have and others lack, by their settings.

A vendor's SDK takes tenths of seconds and tens of megabytes to import. So each is imported here, where it is known that
the stack has something of that vendor.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi import Output, Resource, ResourceOptions

from components.cluster import Cluster
from components.logs import Logs
from components.render.kubernetes import Document
from components.render.thanos import BUCKET, sidecar
from components.settings import Stack
from components.wiring import core, doors, edges, elastic, grafana, samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """By which others reach PagerDuty, by the team's name. Empty where the stack pages nobody."""

    routing: Mapping[str, Output[str]] = field(default_factory=dict[str, Output[str]])
    datadog: Mapping[str, Output[str]] = field(default_factory=dict[str, Output[str]])


def operators(stack: Stack, where: Cluster, opts: ResourceOptions) -> Sequence[Resource]:
    """The operators, unless the cluster has them: what objects of their kinds have to wait for."""
    from components.operators import Operators

    install = stack.settings.operators.install
    return [Operators("operators", core.operators(stack, where), opts)] if install else []


def long_term(stack: Stack, where: Cluster, opts: ResourceOptions) -> Document | None:
    """Samples for years, where there is a bucket for them. Returns what Prometheus gets beside it then."""
    if not (section := stack.settings.metrics.long_term):
        return None
    from components.long_term import LongTerm

    made = LongTerm("longterm", samples.long_term(stack, where, section), opts)
    return sidecar(made.bucket, BUCKET)


def on_call(stack: Stack) -> Keys:
    """PagerDuty."""
    if not stack.settings.on_call.enabled:
        return Keys()
    from components.oncall import OnCall

    made = OnCall("oncall", core.on_call(stack))
    return Keys(routing=made.routing_keys, datadog=made.datadog_keys)


def boards(stack: Stack, documents: Mapping[str, str]) -> None:
    """Grafana's content through its API, where its address is known. Else Grafana reads files."""
    if url := stack.settings.grafana.url:
        from components.boards import Boards

        Boards("boards", grafana.through_api(stack, url, documents))


def synthetics(stack: Stack, keys: Mapping[str, Output[str]]) -> None:
    """Datadog's tests from outside."""
    if stack.settings.synthetics.enabled:
        from components.synthetics import Synthetics

        Synthetics("synthetics", edges.synthetics(stack, keys))


def access(stack: Stack, where: Cluster, opts: ResourceOptions) -> None:
    """Doors for people, where somebody can say who they are."""
    if stack.settings.access.issuer:
        from components.access import Access

        Access("access", doors.access(stack, where), opts)


def archive(stack: Stack, where: Cluster, logs: Logs) -> None:
    """The audit trail for seven years, where there is a bucket for it."""
    if bucket := stack.settings.logs.archive_bucket:
        from components.archive import Archive

        Archive("archive", elastic.archive(stack, where, logs, bucket), ResourceOptions(provider=where.provider))
