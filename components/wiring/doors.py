"""Which pages of a stack have a door, and whom it lets through."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from catalogue.access import TO_ALERTMANAGER, TO_GRAFANA, TO_JAEGER, TO_KIBANA, TO_PROMETHEUS
from catalogue.model.access import Door, Role
from components.access import AccessArgs, Entrance
from components.cluster import Cluster
from components.render.doors import SignOn, proxy
from components.settings import Stack


def access(stack: Stack, where: Cluster) -> AccessArgs:
    """The way in for people."""
    section, known = stack.settings.access, sign_on(stack)
    return AccessArgs(
        namespace=where.namespace,
        priority_class=where.priority_class,
        entrances=[_entrance(stack, known, *each) for each in doors(stack)] if known else [],
        ingress_class=section.ingress_class,
        certificate_issuer=section.certificate_issuer,
    )


def doors(stack: Stack) -> Iterator[tuple[Door, str]]:
    """Doors of the pages that the stack has, with what people open."""
    if stack.settings.access.issuer:
        yield TO_PROMETHEUS, stack.settings.links.prometheus
        yield TO_ALERTMANAGER, stack.settings.links.alertmanager
        yield TO_GRAFANA, stack.settings.links.dashboards
        yield TO_KIBANA, stack.settings.links.kibana
        yield TO_JAEGER, stack.settings.links.traces


def sign_on(stack: Stack) -> SignOn | None:
    """Where people prove who they are, in a stack that has such a place."""
    section = stack.settings.access
    if section.issuer is None or section.keys is None:
        return None
    groups = {
        Role.VIEWER: section.groups.viewer,
        Role.EDITOR: section.groups.editor,
        Role.ON_CALL: section.groups.on_call,
    }
    return SignOn(
        issuer=section.issuer, keys=section.keys, client=section.client, credentials=section.credentials, groups=groups
    )


def _entrance(stack: Stack, known: SignOn, door: Door, address: str) -> Entrance:
    made = proxy(door, address, known, replicas=replicas(stack))
    return Entrance(proxy=made, host=urlsplit(address).hostname or "")


def replicas(stack: Stack) -> int:
    """Of what may run twice: in production losing one loses nothing."""
    return 2 if stack.environment.production else 1
