"""Settings that are right by themselves, and contradict each other or the catalogue."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from catalogue.model.catalogue import Catalogue
from catalogue.model.problem import Problem, nearest
from catalogue.model.time import Duration
from components.settings.given import Given
from components.settings.log_storage import log_nodes
from components.settings.long_term import LONG_TERM, long_term
from components.settings.outside import outside
from components.settings.readers import byte_count, millicores, service_namespace

# Rates are taken over five minutes and need four samples.
_SLOWEST_SCRAPE = Duration.parse("75s")
# Prometheus needs room for the write-ahead log and for compaction beside what it retains.
_VOLUME_SHARE = 0.85
_REDUNDANT = 2
_TIERS = ("logs.master", "logs.hot", "logs.warm", "logs.cold", "logs.frozen")
# What runs in the stack's namespace: `replicas` or `count` of each, times its size.
_HOSTED = ("metrics", "alerting", "grafana", *_TIERS)
_THANOS = ("query", "store", "compactor")


def contradictions(settings: Given, catalogue: Catalogue) -> Iterator[Problem]:
    """Every contradiction. Paths are those within the project."""
    yield from _metrics(settings)
    yield from long_term(settings)
    yield from _grafana(settings)
    yield from _access(settings)
    yield from log_nodes(settings)
    yield from _tracing(settings)
    yield from _autoscaling(settings)
    yield from outside(settings, catalogue)
    yield from _environment(settings, catalogue)
    yield from _rotas(settings, [team.name for team in catalogue.teams])
    yield from _quota(settings)
    yield from _exporters(settings)
    yield from _namespace(settings)


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


def _grafana(settings: Given) -> Iterator[Problem]:
    replicas = settings.get("grafana.replicas")
    if replicas and replicas > 1 and "grafana.database" in settings and settings["grafana.database"] is None:
        what = f"{replicas} of them share nothing: each would have its own users and stars on its own volume"
        yield Problem("grafana.replicas", what, "set it to 1, or grafana.database to a PostgreSQL")
    database = settings.get("grafana.database.host")
    host, port = (settings.get(f"exporters.postgresql.{key}") for key in ("host", "port"))
    if database and "exporters.postgresql.host" in settings and host is None:
        what = (
            "network policies let Grafana through to the PostgreSQL of exporters.postgresql.host alone, which is null"
        )
        yield Problem("grafana.database.host", what, "name the same server in both")
    elif database and host and port and database != (known := f"{host}:{port}"):
        what = f"network policies let Grafana through to no PostgreSQL but that of exporters.postgresql.host, {known}"
        yield Problem("grafana.database.host", what, "name the same server in both")
    url, door = settings.get("grafana.url"), settings.get("links.dashboards")
    if url and door and settings.get("access.issuer") and urlsplit(str(url)).hostname == urlsplit(str(door)).hostname:
        what = "there a door asks people to sign on, links.dashboards, and an update is nobody"
        yield Problem("grafana.url", what, "name an address that leads past the door, or set it to null")


def _access(settings: Given) -> Iterator[Problem]:
    if settings.get("access.issuer") and "access.keys" in settings and settings["access.keys"] is None:
        what = "Grafana believes no door: it checks what the sign-on has signed"
        yield Problem("access.keys", what, "write the jwks_uri of the issuer's .well-known/openid-configuration")


def _tracing(settings: Given) -> Iterator[Problem]:
    if settings.get("tracing.storage") == "memory":
        for path in ("tracing.collectorReplicas", "tracing.queryReplicas"):
            if settings.get(path, 1) > 1:
                what = f"{settings[path]} of them share no memory: each would know a part of the traces"
                yield Problem(path, what, "set it to 1, or tracing.storage to elasticsearch")


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
    for tier in ("hot", "warm", "cold"):
        if settings.get(f"logs.{tier}.count") == 1:
            what = "a line on one node is lost with it, and production's are in two places"
            yield Problem(f"logs.{tier}.count", what, "set it to 2 or more" + ("" if tier == "hot" else ", or to 0"))
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
    memory, storage = _bytes(settings, pods, ".memory"), _bytes(settings, pods, ".volume")
    # Of the compactor there is one, and no setting says so.
    thanos = {f"{LONG_TERM}.{name}": settings.get(f"{LONG_TERM}.{name}Replicas", 1) for name in _THANOS}
    if settings.get(LONG_TERM):
        memory, storage = memory + _bytes(settings, thanos, "Memory"), storage + _bytes(settings, thanos, "Volume")
        pods |= thanos
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


def _exporters(settings: Given) -> Iterator[Problem]:
    for name in ("postgresql", "redis"):
        host, networks = settings.get(f"exporters.{name}.host"), settings.get(f"exporters.{name}.networks")
        if host and networks == [] and not service_namespace(host):
            what = f"{host} is no Service of the cluster, and where it is is not said: it could not be reached"
            yield Problem(f"exporters.{name}.networks", what, "list its networks, like 10.20.0.0/24")
    for name in ("elasticsearch", "logstash"):
        host, ours = settings.get(f"exporters.{name}.host"), settings.get("cluster.namespace")
        if host and ours and service_namespace(host) != ours:
            what = f"{host} is not in the stack's own namespace, so it could not be reached"
            yield Problem(f"exporters.{name}.host", what, f"write it like {name}.{ours}.svc")


def _namespace(settings: Given) -> Iterator[Problem]:
    name = settings.get("cluster.namespace", "")
    if name == "default" or name.startswith("kube-"):
        what = f"{name} has others in it, whom the stack's quota, its denials and its strict profile would stop"
        yield Problem("cluster.namespace", what, "name one of its own, such as observability")


def _bytes(settings: Given, pods: Mapping[str, int], size: str) -> int:
    """Of all pods together. What is not known counts as nothing."""
    sizes = {name: settings.get(f"{name}{size}") for name in pods}
    return sum(pods[name] * each.count for name, each in sizes.items() if each)
