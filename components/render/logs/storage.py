"""What the classes of logs take of disks and buckets, and how many shards they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from catalogue.model.logs import LogClass
from catalogue.model.price import Sizes
from components.render.logs.keeping import Keeping

SHARDS_PER_NODE = 1000
"""Above it Elasticsearch refuses a new index, and with it every line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one class takes, in gigabytes with replicas, when it has run for as long as it is kept."""

    log_class: LogClass
    hot: Decimal
    warm: Decimal
    cold: Decimal
    frozen: Decimal
    """In a bucket, of which nodes only cache parts."""

    archive: Decimal
    shards: int

    @property
    def disk(self) -> Decimal:
        """On volumes."""
        return self.hot + self.warm + self.cold


def share(log_class: LogClass, keeping: Keeping, sizes: Sizes) -> Share:
    """What one class takes. A held class is counted for its retention: how long a hold lasts nobody knows."""
    rollover = _days(log_class.rollover.seconds)
    after = keeping.deletes_after_days(log_class)
    held = (Decimal(after) if after is not None else _days(log_class.retention.seconds)) + rollover
    warm = min(_days(log_class.warm_at.seconds), held)
    cold = min(_days(log_class.cold_at.seconds), held) if log_class.cold_at else held
    frozen = min(cold + 1, held) if keeping.freezes(log_class) else held
    a_day = log_class.gigabytes_a_day * sizes.indexed
    copies = 1 + keeping.replicas(log_class)
    kept = log_class.gigabytes_a_day * sizes.compressed * _days(log_class.retention.seconds)
    return Share(
        log_class=log_class,
        hot=warm * a_day * copies,
        warm=(cold - warm) * a_day * copies,
        cold=(frozen - cold) * a_day * copies,
        frozen=(held - frozen) * a_day,
        archive=kept if keeping.archived(log_class) else Decimal(0),
        shards=ceil(held / rollover) * copies,
    )


def shares(classes: Sequence[LogClass], keeping: Keeping, sizes: Sizes) -> list[Share]:
    """All classes."""
    return [share(each, keeping, sizes) for each in classes]


def _days(seconds: int) -> Decimal:
    return Decimal(seconds) / 86_400
