"""Everything that Elasticsearch is told about logs, as requests in the order in which they have to come.

One set of documents: the Job sends them as they are, the provider makes a resource of each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalogue.model.logs import DEAD_LETTERS, Keep, LogClass, Sign
from catalogue.model.time import Duration, days
from components.render.kubernetes import Document
from components.render.logs.keeping import Keeping
from components.render.logs.lifecycle import age, lifecycle
from components.render.logs.names import ARRIVAL, COMMON, EVERYTHING, component, dataset, policy, weekly
from components.render.logs.snapshots import DAILY, daily, repositories, weekly_policy
from components.render.logs.templates import arrival, class_component, common, dead_letters, index_template

SETTINGS, REPOSITORY, SNAPSHOTS, POLICY = "_cluster/settings", "_snapshot", "_slm/policy", "_ilm/policy"
PIPELINE, COMPONENT, TEMPLATE = "_ingest/pipeline", "_component_template", "_index_template"


# A week until Elasticsearch begins another index of failures, which it does for a retention of 14 to 90 days; and a day
# until it looks.
_FAILURES_WAIT = days(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A document, and where it is put. Putting it again changes nothing."""

    kind: str
    """The path's first part, such as _ilm/policy."""

    name: str
    """The rest of it; empty where there is only one."""

    body: Document

    @property
    def path(self) -> str:
        """Below Elasticsearch's address."""
        return f"{self.kind}/{self.name}".rstrip("/")


def content(classes: Sequence[LogClass], keeping: Keeping) -> list[Request]:
    """All requests: what is named by another comes before it."""
    return [
        Request(kind=SETTINGS, name="", body=cluster_settings(classes)),
        *_snapshots(classes, keeping),
        *(Request(kind=POLICY, name=policy(each), body=lifecycle(each, keeping)) for each in classes),
        Request(kind=PIPELINE, name=ARRIVAL, body=arrival()),
        Request(kind=COMPONENT, name=COMMON, body=common()),
        *(Request(kind=COMPONENT, name=component(each), body=class_component(each, keeping)) for each in classes),
        *(
            Request(kind=TEMPLATE, name=f"logs-{dataset(each.name)}", body=index_template(each.name, each))
            for each in classes
        ),
        Request(
            kind=TEMPLATE,
            name=f"logs-{dataset(DEAD_LETTERS)}",
            body=dead_letters(next(each for each in classes if each.sign is Sign.REST)),
        ),
    ]


def cluster_settings(classes: Sequence[LogClass]) -> Document:
    """What holds for the cluster: documents that do not fit are kept for a while instead of being refused.

    They are in an index for a week, and its age counts from then on: even so they go before any class has to.
    """
    shortest = min((each.retention for each in classes if each.meaning is Keep.AT_MOST), default=days(38))
    kept = Duration(max(days(1).seconds, shortest.seconds - _FAILURES_WAIT.seconds))
    return {
        "persistent": {
            "data_streams.failure_store.enabled": EVERYTHING,
            "data_streams.lifecycle.retention.failures_default": age(kept),
            "action.destructive_requires_name": "true",
        }
    }


def _snapshots(classes: Sequence[LogClass], keeping: Keeping) -> Iterator[Request]:
    if keeping.snapshots is None:
        return
    for name, body in repositories(keeping.snapshots).items():
        yield Request(kind=REPOSITORY, name=name, body=body)
    yield Request(kind=SNAPSHOTS, name=DAILY, body=daily(classes))
    for each in classes:
        if keeping.snapshotted(each):
            yield Request(kind=SNAPSHOTS, name=weekly(each), body=weekly_policy(each))
