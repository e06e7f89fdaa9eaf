"""Settings that are right by themselves, and contradict each other or the catalogue."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, cast, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from catalogue.model.catalogue import Catalogue
from catalogue.model.problem import Problem, nearest
from catalogue.model.time import Duration
from components.settings.messages import keys_of
from components.settings.readers import byte_count, millicores

Given = Mapping[str, Any]
"""The settings that are right by themselves, by path. A check needs only those that it compares."""

# Rates are taken over five minutes and need four samples.
_SLOWEST_SCRAPE = Duration.parse("75s")
# Prometheus needs room for the write-ahead log and for compaction beside what it retains.
_VOLUME_SHARE = 0.85
_REDUNDANT = 2
_TIERS = ("logs.master", "logs.hot", "logs.warm", "logs.cold", "logs.frozen")
# What runs in the stack's namespace: `replicas` or `count` of each, times its size.
_HOSTED = ("metrics", "alerting", "grafana", *_TIERS)


def given(section: Any, value: object, path: str = "") -> Iterator[tuple[str, Any]]:
    """Everything in the section that fits its type, so that one wrong setting hides no other problem."""
    entries = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    for key in keys_of(section).keys() & entries.keys():
        kind, at = keys_of(section)[key].annotation, f"{path}.{key}".removeprefix(".")
        if keys_of(kind):
            yield from given(kind, entries[key], at)
        elif get_origin(kind) is dict:
            yield from _named(get_args(kind)[1], entries[key], at)
        else:
            with suppress(ValidationError):
                yield at, _adapter(section, key).validate_python(entries[key], strict=True)


def _named(section: Any, value: object, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        sections = cast("dict[str, object]", value)
        yield path, sections
        for name, each in sections.items():
            yield from given(section, each, f"{path}.{name}")


@cache
def _adapter(section: Any, key: str) -> TypeAdapter[Any]:
    return TypeAdapter(keys_of(section)[key].rebuild_annotation())


def contradictions(settings: Given, catalogue: Catalogue) -> Iterator[Problem]:
    """Every contradiction. Paths are those within the project."""
    yield from _metrics(settings)
    yield from _logs(settings)
    yield from _autoscaling(settings)
    yield from _environment(settings, catalogue)
    yield from _rotas(settings, [team.name for team in catalogue.teams])
    yield from _quota(settings)


def _metrics(settings: Given) -> Iterator[Problem]:
    size, volume = settings.get("metrics.retentionSize"), settings.get("metrics.volume")
    if size and volume and size.count > volume.count * _VOLUME_SHARE:
        what = f"{size} is over 85% of metrics.volume, {volume}, and Prometheus needs the rest to compact"
        yield Problem("metrics.retentionSize", what, "retain less or take a larger volume")
    scrape, evaluation = settings.get("metrics.scrapeInterval"), settings.get("metrics.evaluationInterval")
    if scrape and scrape > _SLOWEST_SCRAPE:
        what = f"{scrape} gives a rate over 5m fewer than four samples"
        yield Problem("metrics.scrapeInterval", what, f"set it to {_SLOWEST_SCRAPE} or less")
    if scrape and evaluation and evaluation < scrape:
        what = f"{evaluation} is shorter than metrics.scrapeInterval, {scrape}: rules would see the same samples twice"
        yield Problem("metrics.evaluationInterval", what, f"set it to {scrape} or more")


def _logs(settings: Given) -> Iterator[Problem]:
    masters, hot, frozen = (settings.get(f"logs.{kind}.count") for kind in ("master", "hot", "frozen"))
    if masters in (0, 2):
        yield Problem("logs.master.count", f"{masters} masters cannot outvote a lost one", "set it to 1 or 3")
    if hot == 0:
        yield Problem("logs.hot.count", "without a hot node nothing can be written", "set it to 1 or more")
    if frozen and settings.get("logs.license") == "basic":
        what = "a frozen tier needs searchable snapshots, which the logs.license basic lacks"
        yield Problem("logs.frozen.count", what, "set it to 0, or logs.license to enterprise")


def _autoscaling(settings: Given) -> Iterator[Problem]:
    least, most = settings.get("autoscaling.minReplicas"), settings.get("autoscaling.maxReplicas")
    if least and most and least > most:
        what = f"{least} is more than autoscaling.maxReplicas, {most}"
        yield Problem("autoscaling.minReplicas", what, "swap or correct them")


def _environment(settings: Given, catalogue: Catalogue) -> Iterator[Problem]:
    name = settings.get("environment")
    known = {environment.name: environment for environment in catalogue.environments}
    if name is None:
        return
    if name not in known:
        yield Problem("environment", f"no environment is called {name!r}", nearest(name, known))
    elif known[name].production:
        yield from _production(settings, max(slo.period for slo in catalogue.slos))


def _production(settings: Given, longest: Duration) -> Iterator[Problem]:
    for path, replicas in settings.items():
        if path.lower().endswith("replicas") and replicas < _REDUNDANT:
            what = f"production runs on two at least, so that losing one loses nothing; here it is {replicas}"
            yield Problem(path, what, f"set it to {_REDUNDANT} or more")
    retention = settings.get("metrics.retention")
    if retention and retention < longest:
        what = f"{retention} of samples cannot show an error budget of {longest}"
        yield Problem("metrics.retention", what, f"set it to {longest} or more")


def _rotas(settings: Given, teams: list[str]) -> Iterator[Problem]:
    rotas = settings.get("onCall.teams")
    if rotas is None:
        return
    for name in rotas:
        if name not in teams:
            yield Problem(f"onCall.teams.{name}", "no team has this name", nearest(name, teams))
    for name in teams:
        if settings.get("onCall.enabled") and name not in rotas:
            what = "nobody is on call for this team, and onCall.enabled is true"
            yield Problem(f"onCall.teams.{name}", what, "add timeZone, members and manager")


def _quota(settings: Given) -> Iterator[Problem]:
    pods = {name: settings.get(f"{name}.replicas", settings.get(f"{name}.count", 0)) for name in _HOSTED}
    cpu = pods["metrics"] * millicores(settings.get("metrics.cpu", "1m"))
    memory, storage = _bytes(settings, pods, "memory"), _bytes(settings, pods, "volume")
    for limit, measured, asked, said in (
        ("cpu", millicores, cpu, f"{cpu}m"),
        ("memory", byte_count, memory, f"{memory / 2**30:.1f}Gi"),
        ("storage", byte_count, storage, f"{storage / 2**30:.1f}Gi"),
        ("pods", int, sum(pods.values()), str(sum(pods.values()))),
    ):
        quota = settings.get(f"cluster.quota.{limit}")
        if quota and measured(quota) < asked:
            what = f"{quota} is less than the {said} that metrics, alerting, grafana and logs ask for together"
            yield Problem(f"cluster.quota.{limit}", what, "raise it, or let them ask for less")


def _bytes(settings: Given, pods: Mapping[str, int], size: str) -> int:
    """Of all pods together. What is not known counts as nothing."""
    sizes = {name: settings.get(f"{name}.{size}") for name in pods}
    return sum(pods[name] * each.count for name, each in sizes.items() if each)
