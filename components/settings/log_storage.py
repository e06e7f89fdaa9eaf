"""The section about Elasticsearch and what feeds and reads it."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from catalogue.model.problem import Problem
from components.render.elastic.size import LogsSize, ObjectStore
from components.render.elastic.size import Nodes as NodesSize
from components.render.logs.keeping import Keeping
from components.settings.fields import Bucket, Memory, Replicas, Section, Text, Url
from components.settings.given import Given


class Nodes(Section):
    """Elasticsearch nodes of one kind. A count of 0 leaves the tier out."""

    count: Annotated[int, Field(ge=0, le=50)]
    memory: Memory
    volume: Memory

    @property
    def size(self) -> NodesSize:
        """What the component needs of it."""
        return NodesSize(count=self.count, memory=self.memory, volume=self.volume)


class Logs(Section):
    """Elasticsearch, Kibana and Logstash. With a url their content goes through the API, else through a Job."""

    url: Url | None
    license: Literal["basic", "enterprise"]
    master: Nodes
    hot: Nodes
    warm: Nodes
    cold: Nodes
    frozen: Nodes
    kibana_replicas: Replicas
    logstash_replicas: Replicas
    archive_bucket: Bucket | None
    snapshot_bucket: Bucket | None
    bucket_region: Text
    bucket_endpoint: Url | None

    def size(self, storage_class: str | None) -> LogsSize:
        """What the component needs of it."""
        return LogsSize(
            master=self.master.size,
            hot=self.hot.size,
            warm=self.warm.size,
            cold=self.cold.size,
            frozen=self.frozen.size,
            storage_class=storage_class,
            kibana_replicas=self.kibana_replicas,
            logstash_replicas=self.logstash_replicas,
        )

    @property
    def keeping(self) -> Keeping:
        """What there is to keep logs with."""
        return Keeping(
            license=self.license,
            frozen=self.frozen.count > 0,
            snapshots=self.snapshot_bucket,
            archive=self.archive_bucket,
            smallest_tier=min(each.count for each in (self.hot, self.warm, self.cold) if each.count),
        )

    @property
    def store(self) -> ObjectStore:
        """Where the buckets are."""
        return ObjectStore(region=self.bucket_region, endpoint=self.bucket_endpoint)


def log_nodes(settings: Given) -> Iterator[Problem]:
    """Every contradiction about nodes. `settings` are those that are right by themselves, by path."""
    masters, hot, frozen = (settings.get(f"logs.{kind}.count") for kind in ("master", "hot", "frozen"))
    if masters in (0, 2):
        yield Problem("logs.master.count", f"{masters} masters cannot outvote a lost one", "set it to 1 or 3")
    if hot == 0:
        yield Problem("logs.hot.count", "without a hot node nothing can be written", "set it to 1 or more")
    if frozen and settings.get("logs.license") == "basic":
        what = "a frozen tier needs searchable snapshots, which the logs.license basic lacks"
        yield Problem("logs.frozen.count", what, "set it to 0, or logs.license to enterprise")
    if frozen and "logs.snapshotBucket" in settings and settings["logs.snapshotBucket"] is None:
        what = "frozen nodes read from snapshots, and logs.snapshotBucket is null"
        yield Problem("logs.frozen.count", what, "set it to 0, or name a bucket")
