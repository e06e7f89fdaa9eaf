"""The part of the section about metrics that says what is kept for years, and when it is refused."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from catalogue.model.problem import Problem
from catalogue.model.quantity import Bytes
from catalogue.model.time import Duration, days
from components.render.thanos import LARGEST_BLOCK, LongTermSize
from components.render.thanos import Bucket as Place
from components.settings.fields import Bucket, Kept, Memory, Replicas, Section, Text, Url
from components.settings.given import Given

LONG_TERM = "metrics.longTerm"
"""Where the section is."""

# A bucket that takes nothing on a Friday evening is mended on Monday.
_WEEKEND = days(3)
# Samples of five minutes are made of blocks this old, and those of an hour of blocks this long.
_FIVE_MINUTES_FROM = Duration.parse("40h")
_ONE_HOUR_FROM = days(10)
_HTTPS = 443


class LongTerm(Section):
    """Thanos: a bucket, how long each resolution stays in it, and how large the parts are. There is one compactor."""

    bucket: Bucket
    region: Text
    endpoint: Url | None
    raw: Kept
    five_minutes: Kept
    one_hour: Kept
    query_replicas: Replicas
    query_memory: Memory
    store_replicas: Replicas
    store_memory: Memory
    store_volume: Memory
    compactor_memory: Memory
    compactor_volume: Memory

    def place(self, cluster: str) -> Place:
        """Where the samples of this cluster go."""
        return Place(name=self.bucket, region=self.region, endpoint=self.endpoint, prefix=cluster)

    def size(self, storage_class: str | None) -> LongTermSize:
        """What the component needs of it."""
        return LongTermSize(
            raw=self.raw,
            five_minutes=self.five_minutes,
            one_hour=self.one_hour,
            query_replicas=self.query_replicas,
            query_memory=self.query_memory,
            store_replicas=self.store_replicas,
            store_memory=self.store_memory,
            store_volume=self.store_volume,
            compactor_memory=self.compactor_memory,
            compactor_volume=self.compactor_volume,
            storage_class=storage_class,
        )


def long_term(settings: Given) -> Iterator[Problem]:
    """Every contradiction. `settings` are those that are right by themselves, by path."""
    if settings.get(LONG_TERM) is None:
        return
    yield from _kept(settings)
    yield from _bucket(settings)
    yield from _room(settings)


def _kept(settings: Given) -> Iterator[Problem]:
    local = settings.get("metrics.retention")
    raw, five, hour = (settings.get(f"{LONG_TERM}.{key}") for key in ("raw", "fiveMinutes", "oneHour"))
    if local and local < _WEEKEND:
        what = f"{local} are lost while the bucket takes nothing over a weekend, and metrics.longTerm is set"
        yield Problem("metrics.retention", what, f"set it to {_WEEKEND} or more")
    if raw and raw < _FIVE_MINUTES_FROM:
        what = f"{raw} is over before samples of five minutes are made, at {_FIVE_MINUTES_FROM}"
        yield Problem(f"{LONG_TERM}.raw", what, "set it to 2d or more")
    elif raw and local and raw < local:
        what = f"{raw} is less than metrics.retention, {local}: Prometheus alone keeps them as long"
        yield Problem(f"{LONG_TERM}.raw", what, f"set it to {local} or more")
    if five and five < _ONE_HOUR_FROM:
        what = f"{five} is over before samples of an hour are made, at {_ONE_HOUR_FROM}"
        yield Problem(f"{LONG_TERM}.fiveMinutes", what, f"set it to {_ONE_HOUR_FROM} or more")
    elif five and raw and five < raw:
        what = f"{five} is less than metrics.longTerm.raw, {raw}: the coarser would go before the finer"
        yield Problem(f"{LONG_TERM}.fiveMinutes", what, f"set it to {raw} or more")
    if hour and five and hour < five:
        what = f"{hour} is less than metrics.longTerm.fiveMinutes, {five}: the coarser would go before the finer"
        yield Problem(f"{LONG_TERM}.oneHour", what, f"set it to {five} or more")


def _bucket(settings: Given) -> Iterator[Problem]:
    bucket = settings.get(f"{LONG_TERM}.bucket")
    endpoint: str | None = settings.get(f"{LONG_TERM}.endpoint")
    for other in ("logs.archiveBucket", "logs.snapshotBucket"):
        if bucket and settings.get(other) == bucket:
            what = f"{bucket} is {other} too, and the compactor deletes what is no sample of its own"
            yield Problem(f"{LONG_TERM}.bucket", what, "give samples a bucket of their own")
    if endpoint and urlsplit(endpoint).path:
        yield Problem(f"{LONG_TERM}.endpoint", f"{endpoint} has a path, and a store has none", "leave only the host")
    if endpoint and urlsplit(endpoint).port not in (None, _HTTPS):
        what = f"network policies let through to no port of {endpoint} but {_HTTPS}"
        yield Problem(f"{LONG_TERM}.endpoint", what, "choose one that answers there")


def _room(settings: Given) -> Iterator[Problem]:
    """What the compactor reads and writes at once lies on its volume."""
    volume, most, local = (
        settings.get(key) for key in (f"{LONG_TERM}.compactorVolume", "metrics.retentionSize", "metrics.retention")
    )
    if volume and most and local and volume.count < (needed := _compacted(most, local)):
        what = (
            f"{volume} does not hold {needed / 2**30:.0f}Gi: two weeks of samples and what is made of them, by"
            f" metrics.retentionSize in metrics.retention"
        )
        yield Problem(f"{LONG_TERM}.compactorVolume", what, f"set it to {-(-needed // 2**30)}Gi or more")


def _compacted(most: Bytes, local: Duration) -> int:
    return 2 * most.count * LARGEST_BLOCK.seconds // local.seconds
