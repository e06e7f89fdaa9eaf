"""Who can reach whom, as a page for people: what the planned policies do, and not what they were meant to do."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from ops.plan.endpoints import others, pods, strangers
from ops.plan.reach import Door, Endpoint, Evaluator, Manifest

# One that nobody names: it is open where every port is.
_ODD = Door(31_337)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """One gets through to the other."""

    source: Endpoint
    target: Endpoint
    doors: Sequence[Door]
    names: Mapping[int, str]
    """Of ports that policies open by name alone: their numbers are the pod's own affair."""

    def __str__(self) -> str:
        """Its ports for people."""
        if _ODD in self.doors:
            return "every one"
        shown = dict[str, list[str]]()
        for door in self.doors:
            shown.setdefault(self.names.get(door.port, str(door.port)), []).append(door.protocol)
        return ", ".join(port if by == ["TCP"] else f"{port} ({' and '.join(by)})" for port, by in shown.items())


def reaches(manifests: Sequence[Manifest], *, blocks_mean_pods: bool) -> Iterator[Reach]:
    """Every pair that can connect, and of which one is a pod of the plan."""
    policies = [each for each in manifests if each["kind"] == "NetworkPolicy"]
    evaluator = Evaluator(policies=policies, blocks_mean_pods=blocks_mean_pods)
    ours = pods(manifests)
    everybody = [*ours, *others(policies, ours), *strangers(policies)]
    ports = [*_ports(policies)]
    named = {name for port in ports if isinstance(name := port["port"], str)}
    numbered = {Door(number, port["protocol"]) for port in ports if isinstance(number := port["port"], int)}
    found = [(target, *_doors(target, numbered, named)) for target in everybody]
    for number, source in enumerate(everybody):
        # Two strangers are none of our affair.
        for target, doors, names in found if number < len(ours) else found[: len(ours)]:
            if open_doors := evaluator.open_doors(source, target, doors):
                yield Reach(source=source, target=target, doors=open_doors, names=names)


def _doors(target: Endpoint, numbered: AbstractSet[Door], named: AbstractSet[str]) -> tuple[list[Door], dict[int, str]]:
    """What may be open there, and the names of ports that policies open by name alone."""
    doors = {*numbered, *map(Door, target.ports.values()), _ODD}
    names = {port: name for name, port in target.ports.items() if name in named and Door(port) not in numbered}
    return sorted(doors, key=lambda door: (door.port, door.protocol)), names


def page(manifests: Sequence[Manifest]) -> str:
    """The pairs as a table in Markdown."""
    # However a network plugin reads blocks of addresses, no more than this gets through.
    found = reaches(manifests, blocks_mean_pods=True)
    rows = [f"| {each.source.name} | {each.target.name} | {each} |" for each in found]
    return "\n".join(["| From | To | Ports |", "|---|---|---|", *rows]) + "\n"


def _ports(policies: Sequence[Manifest]) -> Iterator[Manifest]:
    for policy in policies:
        for rule in (*policy["spec"].get("ingress", ()), *policy["spec"].get("egress", ())):
            yield from rule.get("ports") or ()
