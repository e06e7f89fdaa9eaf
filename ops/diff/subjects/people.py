"""People: who is paged for what, how an alert travels, and who is on call."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from alerts.render.routes import Route
from ops.diff.documents import Document, Documents
from ops.diff.facts import flatten, some
from ops.diff.model import Facts, Item, Value
from ops.diff.subjects.alerts import identity, rules, told

_KINDS = {
    "Schedule": "rota",
    "Schedulev2": "rota",
    "EscalationPolicy": "escalation",
    "Service": "service",
    "ServiceDependency": "dependency",
    "ServiceIntegration": "integration",
    "BusinessService": "business service",
    "Team": "team",
    "TeamMembership": "member",
}


def read(documents: Documents) -> Sequence[Item]:
    """Who is told, with the alerts that they are told of."""
    found = defaultdict[str, list[str]](list)
    for _, rule in rules(documents):
        if "alert" in rule:
            labels = ", ".join(value for label, value in identity(rule).items() if label != "service")
            found[told(documents, rule)].append(f"{rule['alert']} ({labels})")
    return [Item(name=way, facts={"of": tuple(sorted(names))}) for way, names in found.items()]


def routing(documents: Documents) -> Sequence[Item]:
    """Routes, inhibitions and receivers of Alertmanager."""
    config = documents.routes
    if config is None:
        return []
    inhibited = [
        Item(name=f"{' and '.join(each['source_matchers'])} silences {' and '.join(each['target_matchers'])}",
             facts=some(where_equal=tuple(each["equal"])))
        for each in config.get("inhibit_rules", [])
    ]  # fmt: skip
    receivers = [Item(name=f"receiver {each['name']}", facts=flatten(each)) for each in config["receivers"]]
    hours = [Item(name=f"hours {each['name']}", facts=flatten(each)) for each in config.get("time_intervals", [])]
    return [*_routes(config["route"], ()), *inhibited, *receivers, *hours]


def _routes(route: Route, above: tuple[str, ...]) -> Iterator[Item]:
    path = (*above, *route.get("matchers", []))
    facts = some(
        receiver=route.get("receiver"),
        together_by=tuple(route.get("group_by", [])),
        waits=route.get("group_wait"),
        news_after=route.get("group_interval"),
        repeats_after=route.get("repeat_interval"),
        not_in=tuple(route.get("mute_time_intervals", [])),
    )
    yield Item(name=f"alerts of {' and '.join(path)}" if path else "all other alerts", facts=facts)
    for child in route.get("routes", []):
        yield from _routes(child, path)


def on_call(documents: Documents) -> Sequence[Item]:
    """Teams, rotas, escalations and services of PagerDuty."""
    found = [each for each in documents.resources if str(each["type"]).startswith("pagerduty:")]
    return [
        Item(
            name=f"{_KINDS.get(_kind(each), _kind(each))} {_name(each)}",
            also=_short(each["urn"]),
            facts=_turns(each["inputs"]) if "rotations" in each["inputs"] else _steps(each["inputs"]),
        )
        for each in found
    ]


def _kind(resource: Document) -> str:
    """The last part of its type."""
    return str(resource["type"]).rpartition(":")[2]


def _name(resource: Document) -> str:
    inputs = resource["inputs"]
    return inputs["name"] if "name" in inputs else _person(inputs.get("userId", _short(resource["urn"])))


def _short(urn: str) -> str:
    return urn.rpartition("::")[2]


def _turns(schedule: Document) -> Facts:
    """Whose turns follow each other."""
    rest = {key: value for key, value in schedule.items() if key != "rotations"}
    turns = dict[str, Value]()
    for path, value in flatten(schedule["rotations"], "turns").items():
        label, _, last = path.rpartition(".")
        if last == "userId" and isinstance(value, str):
            people = turns.get("members in turn", ())
            turns["members in turn"] = (*people, _person(value))
        elif last != "type" or "members" not in label:
            turns[path] = value
    return {**turns, **flatten(rest)}


def _steps(inputs: Document) -> Facts:
    """The steps of an escalation in words; whatever else there is, as it is."""
    steps = {
        f"step {number}": f"{', '.join(_person(target['id']) for target in rule['targets'])}, "
        f"for {rule['escalationDelayInMinutes']} minutes"
        for number, rule in enumerate(inputs.get("rules", []), start=1)
    }
    return {**steps, **flatten({key: value for key, value in inputs.items() if key != "rules"})}


def _person(reference: str) -> str:
    return reference.removeprefix("id-of-")
