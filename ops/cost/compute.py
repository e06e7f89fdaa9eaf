"""What pods and people cost: what workloads ask for, volumes that are nobody else's, seats, and tests from outside."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from catalogue import CATALOGUE
from catalogue.model.cost import Cost, synthetic_costs, total
from catalogue.model.price import Prices
from components.settings import Stack
from ops.cost import metrics
from ops.cost.bill import Table, gibibytes, line
from ops.cost.logs import claims
from ops.cost.workloads import Workload

# Those whose volumes are in tables of their own.
_ELSEWHERE = ("prometheus", "logstash", "otel-gateway")


def compute(stack: Stack, prices: Prices, found: Sequence[Workload]) -> Table:
    """Processors and memory that pods ask for, used or not."""
    staying = [each for each in found if not each.passing]
    passing = [each.name for each in found if each.passing]
    notes = [
        f"agents run on {stack.settings.cost.nodes} nodes, cost.nodes; Prometheus' memory is under Metrics",
        "not counted: what operators add to pods, traffic between zones, and OpenPolicy's own services",
    ]
    if passing:
        notes.append(f"{', '.join(passing)}: run for minutes, and are not counted")
    return Table(title="Compute", costs=[cost for each in staying for cost in _asked(each, prices)], notes=notes)


def _asked(each: Workload, prices: Prices) -> Iterator[Cost]:
    cores = (each.cores * each.pods).quantize(Decimal("0.001"))
    pods = "pod" if each.pods == 1 else "pods"
    yield from line(f"{each.name}, cores", f"{each.pods} {pods} × {each.cores.normalize():f}", cores, prices.core)
    if each.name != metrics.NAME:
        how = f"{each.pods} {pods} × {Decimal(each.memory) / 2**20:.0f} MiB"
        yield from line(f"{each.name}, memory", how, gibibytes(each.memory * each.pods), prices.memory)


def volumes(prices: Prices, found: Sequence[Workload]) -> Table:
    """Of everything that is neither metrics, logs nor traces."""
    others = [each for each in found if each.name not in _ELSEWHERE and each.kind != "Elasticsearch"]
    return Table(title="Other volumes", costs=[cost for each in others for cost in claims(each, prices)])


def seats(stack: Stack, prices: Prices) -> Table:
    """Everybody in PagerDuty: who is on call, and who is asked last."""
    section = stack.settings.on_call
    people = {person.casefold() for rota in section.teams.values() for person in (*rota.members, rota.manager)}
    costs = [*line("PagerDuty", f"{len(section.teams)} teams, each person once", Decimal(len(people)), prices.seat)]
    if section.enabled:
        return Table(title="On call", costs=costs)
    notes = [f"onCall.enabled is false; otherwise it were ${total(costs):.2f}"]
    return Table(title="On call", costs=(), notes=notes)


def synthetics(stack: Stack) -> Table:
    """Datadog's tests."""
    section = stack.settings.synthetics
    journeys = [each for each in CATALOGUE.journeys if each.name not in section.skipped]
    costs = synthetic_costs(journeys, section.prices.known)
    notes = [f"prices of synthetics.prices, without retries; synthetics.monthlyLimit is ${section.monthly_limit}"]
    notes += [f"skipped: {name}: {reason}" for name, reason in section.skipped.items()]
    if not section.enabled:
        notes.insert(0, f"synthetics.enabled is false; otherwise it were ${total(costs):.2f}")
        costs = ()
    return Table(title="Synthetic tests", costs=costs, notes=notes)
