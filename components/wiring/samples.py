"""What a stack scrapes of all that could be scraped, and what it keeps of that for years."""

from dataclasses import replace

from catalogue import CATALOGUE
from catalogue.long_term_jobs import LONG_TERM
from catalogue.model.catalogue import Catalogue
from catalogue.model.exporter import Discovery
from components.cluster import Cluster
from components.long_term import LongTermArgs
from components.render import thanos
from components.settings import Stack
from components.settings.long_term import LongTerm as Setting
from components.settings.sections import Settings


def unscraped(settings: Settings) -> set[str]:
    """Jobs of what this stack cannot see, or does not run."""
    section = settings.metrics
    hidden = {each.job for each in CATALOGUE.exporters if each.discovery is Discovery.CONTROL_PLANE}
    return (set[str]() if section.control_plane else hidden) | (
        set[str]() if section.long_term else {each.job for each in LONG_TERM}
    )


def catalogue(settings: Settings) -> Catalogue:
    """The facts, without the jobs that this stack does not scrape."""
    hidden = unscraped(settings)
    return replace(CATALOGUE, exporters=tuple(each for each in CATALOGUE.exporters if each.job not in hidden))


def long_term(stack: Stack, where: Cluster, section: Setting) -> LongTermArgs:
    """What is kept for years."""
    cluster = stack.settings.cluster
    size, bucket = section.size(cluster.storage_class), section.place(cluster.identifier)
    return LongTermArgs(
        namespace=where.namespace,
        priority_class=where.priority_class,
        bucket=bucket,
        keys={"access_key": stack.secrets["metricsAccessKey"], "secret_key": stack.secrets["metricsSecretKey"]},
        parts=[
            thanos.store(size, bucket, thanos.BUCKET),
            thanos.compactor(size, bucket, thanos.BUCKET),
            thanos.query(size, f"{cluster.namespace}.svc"),
        ],
    )
