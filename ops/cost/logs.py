"""What Elasticsearch's disks and the buckets cost, by class of logs and tier, and the room that is left on them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model.cost import Cost
from catalogue.model.price import Prices
from catalogue.sizes import SIZES
from components.render.logs.storage import SHARDS_PER_NODE
from components.settings import Stack
from components.wiring.capacity import GIGABYTE, TIERS, lies_on, log_shares
from ops.cost import traces
from ops.cost.bill import Table, gibibytes, line
from ops.cost.workloads import Workload

# The daily policy keeps what was deleted for as long.
_RECOVERY_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """Something that lies on a tier."""

    what: str
    tier: str
    how: str
    size: Decimal
    """Bytes of volumes, which are not filled to the brim."""


def tables(stack: Stack, prices: Prices, found: Sequence[Workload]) -> Iterator[Table]:
    """Logs, traces, and the room that both leave on the disks of Elasticsearch."""
    named = {each.name.removeprefix("elasticsearch "): each for each in found if each.kind == "Elasticsearch"}
    there = {tier: named[tier] for tier in (*TIERS, *sorted(named.keys() - TIERS)) if tier in named}
    held = [*_logs(stack, there), *_traces(stack, there)]
    for title, of_traces in (("Logs", False), ("Traces", True)):
        costs = [
            cost
            for each in held
            if (each.what == "spans") is of_traces
            for cost in line(f"{each.what}, {each.tier}", each.how, gibibytes(each.size), prices.volume)
        ]
        if of_traces:
            costs += _claims(["otel-gateway"], found, prices)
            yield Table(title=title, costs=costs, notes=_of_traces(stack))
        else:
            costs += [*_room(there, held, prices), *_claims(["logstash"], found, prices), *_buckets(stack, prices)]
            yield Table(title=title, costs=costs, notes=[*_of_logs(stack, there, held)])


def _logs(stack: Stack, there: Mapping[str, Workload]) -> Iterator[_Held]:
    for share in log_shares(stack.settings):
        name, log_class = share.log_class.name, share.log_class
        sizes = dict.fromkeys(there, Decimal(0))
        for tier, size in (("hot", share.hot), ("warm", share.warm), ("cold", share.cold)):
            sizes[lies_on(tier, there)] += size
        copies = 1 + stack.settings.logs.keeping.replicas(log_class)
        for tier, whole in sizes.items():
            if once := whole / copies:
                days = once / (log_class.gigabytes_a_day * SIZES.indexed)
                how = (
                    f"{log_class.gigabytes_a_day.normalize():f} GB a day × {days.normalize():f} days × "
                    f"{SIZES.indexed} × {copies} {'copy' if copies == 1 else 'copies'} / {SIZES.filled:.0%}"
                )
                yield _Held(what=name, tier=tier, how=how, size=whole * GIGABYTE / SIZES.filled)


def _traces(stack: Stack, there: Mapping[str, Workload]) -> Iterator[_Held]:
    for tier, size in traces.stored(stack).items():
        yield _Held(what="spans", tier=lies_on(tier, there), how=traces.how(stack), size=size / SIZES.filled)


def _rooms(there: Mapping[str, Workload], held: Sequence[_Held]) -> Iterator[tuple[str, Workload, Decimal, Decimal]]:
    """Each tier with what its volumes hold and what lies there, in gibibytes as they are billed."""
    for tier, nodes in there.items():
        whole = gibibytes(sum(nodes.volumes.values()) * nodes.pods)
        yield tier, nodes, whole, sum((gibibytes(each.size) for each in held if each.tier == tier), Decimal(0))


def _room(there: Mapping[str, Workload], held: Sequence[_Held], prices: Prices) -> Iterator[Cost]:
    for tier, nodes, whole, used in _rooms(there, held):
        size = gibibytes(sum(nodes.volumes.values()))
        what = f"room on {tier} nodes" if tier in TIERS else f"{tier} nodes"
        less = f" less the {used} GiB that lie there" if used else ""
        yield from line(what, f"{nodes.pods} × {size.normalize():f} GiB{less}", whole - used, prices.volume)


def _claims(names: Sequence[str], found: Sequence[Workload], prices: Prices) -> Iterator[Cost]:
    """The volumes of these workloads."""
    for each in found:
        if each.name in names:
            yield from claims(each, prices)


def claims(each: Workload, prices: Prices) -> Iterator[Cost]:
    """A line for each volume."""
    for claim, size in each.volumes.items():
        how = f"{each.pods} × {gibibytes(size).normalize():f} GiB"
        what = each.name if claim == each.name else f"{each.name}, {claim}"
        yield from line(what, how, gibibytes(size * each.pods), prices.volume)


def _buckets(stack: Stack, prices: Prices) -> Iterator[Cost]:
    keeping = stack.settings.logs.keeping
    for share in log_shares(stack.settings):
        name, raw, days = (
            share.log_class.name,
            share.log_class.gigabytes_a_day,
            share.log_class.retention.seconds // 86_400,
        )
        a_day = raw * SIZES.indexed * GIGABYTE
        said = f"{raw.normalize():f} GB a day ×"
        how = f"{said} {days} days × {SIZES.compressed}"
        yield from line(f"{name}, archive in a bucket", how, gibibytes(share.archive * GIGABYTE), prices.bucket)
        yield from line(f"{name}, frozen in a bucket", said, gibibytes(share.frozen * GIGABYTE), prices.bucket)
        if keeping.snapshots:
            kept = share.disk * GIGABYTE / (a_day * (1 + keeping.replicas(share.log_class))) + _RECOVERY_DAYS
            how = f"{said} {kept.normalize():f} days × {SIZES.indexed}"
            yield from line(f"{name}, recovery snapshots", how, gibibytes(a_day * kept), prices.bucket)
        if keeping.snapshotted(share.log_class):
            how = f"{said} {days} days × {SIZES.indexed}"
            yield from line(f"{name}, evidence snapshots", how, gibibytes(a_day * days), prices.bucket)


def _of_logs(stack: Stack, there: Mapping[str, Workload], held: Sequence[_Held]) -> Iterator[str]:
    section, load = stack.settings.logs, stack.settings.cost.load
    nodes = section.hot.count + section.warm.count + section.cold.count
    shards = sum(each.shards for each in log_shares(stack.settings))
    yield f"{load:.0%} of production's lines by catalogue/logs.py; volumes are filled to {SIZES.filled:.0%}"
    yield f"{shards} shards, {shards / nodes:.0f} a node of {SHARDS_PER_NODE} allowed"
    for tier, _, whole, used in _rooms(there, held):
        if used > whole:
            yield f"{tier} nodes lack {used - whole} GiB: raise logs.{tier}.volume or count, or keep less"
    if section.license == "enterprise":
        yield "Elastic's licence is paid by contract, and not counted"


def _of_traces(stack: Stack) -> Sequence[str]:
    if stack.settings.tracing.storage == "memory":
        return ["tracing.storage is memory: spans are in the memory of Jaeger"]
    return ["requests, spans and their size by catalogue/sizes.py; they lie on the nodes of the logs"]
