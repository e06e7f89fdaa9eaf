"""From settings and facts to the arguments of what holds logs: the other half of wiring."""

from collections.abc import Sequence
from pathlib import Path

from pulumi import Resource

from catalogue import CATALOGUE
from catalogue.services import NAMESPACE
from components.archive import ArchiveArgs
from components.cluster import Cluster
from components.logs import Logs, LogsArgs
from components.render.logs.names import stream
from components.retention import Api, RetentionArgs
from components.settings import Stack
from components.shipping import ShippingArgs

_ROOT = Path(__file__).parent.parent.parent


def logs(stack: Stack, where: Cluster, after: Sequence[Resource]) -> LogsArgs:
    """What holds logs."""
    settings = stack.settings
    snapshots = settings.logs.snapshot_bucket is not None
    return LogsArgs(
        namespace=where.namespace,
        priority_class=where.priority_class,
        home=settings.cluster.namespace,
        environment=stack.environment.name,
        kibana_url=settings.links.kibana,
        visited=settings.access.issuer is not None,
        classes=CATALOGUE.log_classes,
        size=settings.logs.size(settings.cluster.storage_class),
        store=settings.logs.store if snapshots else None,
        store_keys={
            "access_key": stack.secrets["snapshotAccessKey"],
            "secret_key": stack.secrets["snapshotSecretKey"],
        }
        if snapshots
        else {},
        bootstrap_password=stack.secrets["elasticsearchPassword"] if settings.logs.url else None,
        protect=stack.environment.production,
        after=after,
    )


def shipping(stack: Stack, where: Cluster, after: Sequence[Resource], held: Logs) -> ShippingArgs:
    """What brings them."""
    return ShippingArgs(
        namespace=where.agents,
        application=NAMESPACE,
        application_name=NAMESPACE,
        logstash=stack.settings.cluster.namespace,
        tls=held.shipper_tls,
        after=after,
    )


def retention(stack: Stack, where: Cluster, held: Logs) -> RetentionArgs:
    """How long they are kept."""
    section = stack.settings.logs
    api = None
    if section.url:
        api = Api(url=section.url, username="openpolicy-bootstrap", password=stack.secrets["elasticsearchPassword"])
    return RetentionArgs(
        namespace=where.namespace,
        classes=CATALOGUE.log_classes,
        keeping=section.keeping,
        api=api,
        user=held.users["bootstrap"],
        after=[held],
    )


def archive(stack: Stack, where: Cluster, held: Logs, bucket: str) -> ArchiveArgs:
    """What is kept beyond Elasticsearch."""
    section = stack.settings.logs
    # The catalogue has one class that is searched for a shorter time than it is kept.
    (kept,) = (each for each in CATALOGUE.log_classes if each.searchable is not None)
    return ArchiveArgs(
        namespace=where.namespace,
        stream=stream(kept.name, stack.environment.name),
        bucket=bucket,
        store=section.store,
        writing={"access_key": stack.secrets["archiveAccessKey"], "secret_key": stack.secrets["archiveSecretKey"]},
        reading={
            "access_key": stack.secrets["archiveReadAccessKey"],
            "secret_key": stack.secrets["archiveReadSecretKey"],
        },
        environment=stack.environment.name,
        days=kept.retention.seconds // 86_400,
        locked_for_all=stack.environment.production,
        hold=kept.hold,
        user=held.users["archiver"],
        restorer=held.users["restorer"],
        program=program(),
        after=[held],
    )


def program() -> dict[str, str]:
    """The archive's files, by their paths."""
    files = [_ROOT / "ops" / "__init__.py", *sorted((_ROOT / "ops" / "archive").glob("*.py"))]
    return {str(path.relative_to(_ROOT)): path.read_text(encoding="utf-8") for path in files}
