"""Every mistake that people make in Pulumi.<stack>.yaml: one message, with its path and its remedy."""

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from pulumi import RunError

from alerts.library import LIBRARY
from catalogue import CATALOGUE
from components import settings
from components.settings.secrets import SECRETS
from components.wiring import core
from ops.plan.recorder import Program, record
from ops.plan.run import ROOT, RefusedError, plan
from tests.support.command import Said, ops_says, started

Config = dict[str, Any]
Edit = Callable[[Config], None]

STACKS: Mapping[str, Config] = {
    stack: yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))["config"]
    for stack in ("dev", "prod")
}
FILE = "Pulumi.prod.yaml"
TOKEN = "pulumi config set --secret openpolicy:pagerdutyToken"


@dataclass(frozen=True, slots=True)
class Problem:
    where: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Mistake:
    said: str
    edit: Edit
    where: str
    fragment: str
    also: tuple[str, ...] = ()
    """Paths of what else is then wrong."""


def steps(path: str) -> list[str | int]:
    """`onCall.teams.data.members[0]`, and `kubernetes:context` for another's."""
    first, *others = re.findall(r"[^.\[\]]+", path)
    return [full(first), *(int(each) if each.isdecimal() else each for each in others)]


def full(path: str) -> str:
    return path if ":" in path or path.startswith(FILE) else f"openpolicy:{path}"


def parent(config: Config, path: str) -> tuple[Any, str | int]:
    *above, last = steps(path)
    node: Any = config
    for step in above:
        node = node[step]
    return node, last


def put(path: str, value: object) -> Edit:
    def edit(config: Config) -> None:
        node, last = parent(config, path)
        node[last] = value

    return edit


def drop(path: str) -> Edit:
    def edit(config: Config) -> None:
        node, last = parent(config, path)
        del node[last]

    return edit


def rename(path: str, name: str) -> Edit:
    def edit(config: Config) -> None:
        node, last = parent(config, path)
        node[full(name) if node is config else name] = node.pop(last)

    return edit


def both(*edits: Edit) -> Edit:
    def edit(config: Config) -> None:
        for each in edits:
            each(config)

    return edit


PRICED = {"dollars": 20, "checked": "2026-10", "source": "invoice of October"}
ROTA = {"timeZone": "America/Toronto", "members": ["a@example.org"], "manager": "b@example.org"}

WRONG_TYPES = (
    Mistake("a number in quotes", put("metrics.replicas", "2"), "metrics.replicas", "'2' is not a whole number"),
    Mistake("a fraction of a replica", put("metrics.replicas", 2.5), "metrics.replicas", "2.5 is not a whole number"),
    Mistake("a switch as a replica", put("metrics.replicas", value=True), "metrics.replicas", "true is not a whole"),
    Mistake("a word for a switch", put("operators.install", "yes"), "operators.install", "is not true or false"),
    Mistake("a number for a switch", put("operators.install", 1), "operators.install", "1 is not true or false"),
    Mistake("a number for a size", put("metrics.memory", 6), "metrics.memory", "write it like 512Mi or 20Gi"),
    Mistake("a number for CPU", put("metrics.cpu", 2), "metrics.cpu", '500m, or "2" in quotes'),
    Mistake("a number for a duration", put("metrics.retention", 45), "metrics.retention", "write it like 30s"),
    Mistake("a number for a name", put("cluster.namespace", 7), "cluster.namespace", "7 is not text"),
    Mistake("a list for a duration", put("metrics.retention", ["45d"]), "metrics.retention", "a list is not text"),
    Mistake("a mapping for a size", put("metrics.volume", {"size": "1Gi"}), "metrics.volume", "a mapping is not text"),
    Mistake("a list for a section", put("metrics", ["replicas"]), "metrics", "a list is not a mapping"),
    Mistake("a word for a section", put("metrics", "small"), "metrics", "'small' is not a mapping"),
    Mistake("a number for a section", put("metrics", 3), "metrics", "'3' is not a mapping"),
    Mistake("a mapping for the environment", put("environment", {"name": "prod"}), "environment", "a mapping is not"),
    Mistake("a word for the alerts", put("alerts", "none"), "alerts", "is not a mapping"),
    Mistake("a list of alerts", put("alerts", ["HighErrorRate"]), "alerts", "a list is not a mapping"),
    Mistake("a list of teams", put("onCall.teams", ["data"]), "onCall.teams", "a list is not a mapping"),
    Mistake("a word for a rota", put("onCall.teams.data", "us"), "onCall.teams.data", "'us' is not a mapping"),
    Mistake("one member without a list", put("onCall.teams.data.members", "a@b.org"), "onCall.teams.data.members",
            "is not a list"),
    Mistake("a number among the members", put("onCall.teams.data.members[0]", 5), "onCall.teams.data.members[0]",
            "5 is not text"),
    Mistake("a number of nodes for a tier", put("logs.hot", 3), "logs.hot", "3 is not a mapping"),
    Mistake("a share in quotes", put("tracing.sampledShare", "0.1"), "tracing.sampledShare", "without quotes"),
    Mistake("a switch for a share", put("tracing.sampledShare", value=True), "tracing.sampledShare", "true is not a"),
)  # fmt: skip

NOTHING_THERE = (
    Mistake("a null section", put("metrics", None), "metrics", "is empty"),
    Mistake("an empty section", put("operators", {}), "operators.install", "is missing"),
    Mistake("a null environment", put("environment", None), "environment", "is empty"),
    Mistake("an empty environment", put("environment", ""), "environment", "is empty"),
    Mistake("a null switch", put("operators.install", None), "operators.install", "is empty"),
    Mistake("a null number", put("metrics.replicas", None), "metrics.replicas", "is empty"),
    Mistake("a null duration", put("metrics.retention", None), "metrics.retention", "write it like 30s"),
    Mistake("an empty size", put("metrics.volume", ""), "metrics.volume", "is empty"),
    Mistake("a blank context", put("cluster.context", "  "), "cluster.context", "blanks"),
    Mistake("an empty storage class", put("cluster.storageClass", ""), "cluster.storageClass", "is empty"),
    Mistake("null alerts", put("alerts", None), "alerts", "is empty"),
    Mistake("an override of null", put("alerts.HighErrorRate", None), "alerts.HighErrorRate", "is empty"),
    Mistake("a null choice", put("logs.license", None), "logs.license", "is empty"),
    Mistake("nobody on call", put("onCall.teams.data.members", []), "onCall.teams.data.members", "is empty"),
    Mistake("a null member", put("onCall.teams.data.members[1]", None), "onCall.teams.data.members[1]", "is empty"),
    Mistake("a missing section", drop("links"), "links", "is missing"),
    Mistake("a missing setting", drop("metrics.retention"), "metrics.retention", "is missing"),
    Mistake("a missing part of the quota", drop("cluster.quota.pods"), "cluster.quota.pods", "is missing"),
    Mistake("a missing nullable setting", drop("grafana.url"), "grafana.url", "is missing"),
    Mistake("a missing manager", drop("onCall.teams.data.manager"), "onCall.teams.data.manager", "is missing"),
    Mistake("a missing environment", drop("environment"), "environment", "is missing"),
)  # fmt: skip

UNKNOWN = (
    Mistake("a misspelt section", rename("metrics", "metric"), "metric", "did you mean openpolicy:metrics?",
            also=("metrics",)),
    Mistake("a section in another case", rename("onCall", "oncall"), "oncall", "did you mean openpolicy:onCall?",
            also=("onCall",)),
    Mistake("a section in a misspelt project", rename("links", "openpolcy:links"), "openpolcy:links",
            "did you mean openpolicy:links?", also=("links",)),
    Mistake("a section of somebody's own", put("kafka", {"brokers": 3}), "kafka", "unknown setting"),
    Mistake("what is like nothing", put("foo", {}), "foo", "known are access, alerting"),
    Mistake("a misspelt key", rename("metrics.retention", "retenton"), "metrics.retenton", "did you mean retention?",
            also=("metrics.retention",)),
    Mistake("a key in snake case", rename("metrics.retentionSize", "retention_size"), "metrics.retention_size",
            "did you mean retentionSize?", also=("metrics.retentionSize",)),
    Mistake("a key too many", put("metrics.shards", 2), "metrics.shards", "known are controlPlane, cpu"),
    Mistake("a misspelt part of the quota", rename("cluster.quota.memory", "memroy"), "cluster.quota.memroy",
            "did you mean memory?", also=("cluster.quota.memory",)),
    Mistake("a misspelt part of a rota", rename("onCall.teams.data.members", "membres"), "onCall.teams.data.membres",
            "did you mean members?", also=("onCall.teams.data.members",)),
    Mistake("a misspelt part of a tier", rename("logs.warm.count", "counts"), "logs.warm.counts",
            "did you mean count?", also=("logs.warm.count",)),
    Mistake("a misspelt part of an override", put("alerts.HighErrorRate", {"treshold": 0.2}),
            "alerts.HighErrorRate.treshold", "did you mean threshold?"),
    Mistake("a merge that YAML 1.2 does not know", put("metrics.<<", {"replicas": 2}), "metrics.<<",
            "unknown setting"),
    Mistake("an unknown environment", put("environment", "prdo"), "environment", "did you mean prod?"),
    Mistake("another's environment", put("environment", "staging"), "environment", "known are dev, prod"),
    Mistake("a default provider's setting", put("kubernetes:context", "prod"), "kubernetes:context", "remove it"),
    Mistake("another default provider's setting", put("aws:region", "ca-central-1"), "aws:region", "remove it"),
    Mistake("a misspelt setting of Pulumi's own", put("pulumi:disable-default-provider", ["*"]),
            "pulumi:disable-default-provider", "did you mean pulumi:disable-default-providers?"),
    Mistake("a team that is none", put("onCall.teams.databse", ROTA), "onCall.teams.databse", "did you mean database?"),
    Mistake("a misspelt choice", put("logs.license", "enterprize"), "logs.license", "did you mean enterprise?"),
    Mistake("a choice that is none", put("autoscaling.engine", "manual"), "autoscaling.engine", "known are hpa, keda"),
    Mistake("a price of what nobody pays for", put("cost.prices", {"cores": PRICED}), "cost.prices.cores",
            "did you mean core?"),
    Mistake("a price without its source", put("cost.prices", {"core": {"dollars": 20, "checked": "2026-10"}}),
            "cost.prices.core.source", "is missing"),
    Mistake("a price without its date", put("cost.prices", {"core": {"dollars": 20, "source": "a bill"}}),
            "cost.prices.core.checked", "is missing"),
    Mistake("a price of null", put("cost.prices", {"core": None}), "cost.prices.core", "give dollars, checked"),
    Mistake("a price in words", put("cost.prices", {"core": PRICED | {"dollars": "twenty"}}),
            "cost.prices.core.dollars", "is not a number"),
    Mistake("a price below nothing", put("cost.prices", {"core": PRICED | {"dollars": -1}}),
            "cost.prices.core.dollars", "-1 is not between 0 and 100000"),
    Mistake("a price that is no number", put("cost.prices", {"core": PRICED | {"dollars": float("nan")}}),
            "cost.prices.core.dollars", "not between"),
    Mistake("a bare price", put("cost.prices", {"core": 20}), "cost.prices.core", "is not a mapping"),
    Mistake("a cluster without nodes", put("cost.nodes", 0), "cost.nodes", "set it to 1 or more"),
    Mistake("a stack that sees nothing", put("cost.load", 0), "cost.load", "0 is not between 0.001 and 100"),
    Mistake("a month that is none", put("synthetics.prices.checked", "2025-13"), "synthetics.prices.checked",
            "write it like 2026-01"),
    Mistake("a journey that is none", put("synthetics.skipped", {"Read a Bil": "why"}), "synthetics.skipped.Read a Bil",
            "did you mean Read a Bill?"),
    Mistake("a journey that is skipped for no reason", put("synthetics.skipped", {"Read a Bill": ""}),
            "synthetics.skipped.Read a Bill", "is empty"),
    Mistake("production without its health check", put("synthetics.skipped", {"OpenPolicy API Health Check": "why"}),
            "synthetics.skipped.OpenPolicy API Health Check", "production depends on api-gateway"),
    Mistake("tests that cost more than was agreed", put("synthetics.monthlyLimit", 200), "synthetics.monthlyLimit",
            "$200 is less than the $263.53 of all tests"),
    Mistake("dearer tests", put("synthetics.prices.browserRun", 0.018), "synthetics.monthlyLimit",
            "the dearest is Search for MP by Postal Code, $315.36"),
    Mistake("tests that tell nobody", put("onCall", {"enabled": False, "scheduleApi": "v2", "teams": {}}),
            "synthetics.enabled", "onCall.enabled to true"),
    Mistake("tests of what is not public", put("links.domain", "openpolicy.internal"), "synthetics.enabled",
            "Datadog cannot reach openpolicy.internal"),
    Mistake("tests that nobody may change", put("synthetics.access", {"editor": [], "viewer": ["org:1"]}),
            "synthetics.access.editor", "with viewers alone nobody could change a test"),
    Mistake("an editor of no kind", put("synthetics.access", {"editor": ["admins"], "viewer": []}),
            "synthetics.access.editor[0]", "role:00000000-"),
    Mistake("a header that HTTP sets itself", put("synthetics.passHeader", "Content-Length"), "synthetics.passHeader",
            "write it like X-Openpolicy-Test"),
    Mistake("a header with a blank", put("synthetics.passHeader", "X Test"), "synthetics.passHeader", "is no header"),
    Mistake("a pass that no test would show",
            both(put("synthetics.passHeader", "X-Test"), put("environment", "dev"),
                 put("synthetics.skipped", dict.fromkeys(("OpenPolicy API Health Check", "Read a Bill"), "why"))),
            "synthetics.passHeader", "every test that would send it is in synthetics.skipped"),
    Mistake("a pass without tests",
            both(put("synthetics.passHeader", "X-Test"), put("synthetics.enabled", value=False)),
            "synthetics.passHeader", "synthetics.enabled is false"),
    Mistake("a site that is none", put("synthetics.site", "datadog.eu"), "synthetics.site", "did you mean datadoghq"),
    Mistake("a schedule API that is none", put("onCall.scheduleApi", "v3"), "onCall.scheduleApi", "known are legacy"),
    Mistake("a storage that is none", put("tracing.storage", "cassandra"), "tracing.storage", "known are elastic"),
)  # fmt: skip

BAD_VALUES = (
    Mistake("no replicas", put("metrics.replicas", 0), "metrics.replicas", "set it to 1 or more"),
    Mistake("fewer than none", put("grafana.replicas", -1), "grafana.replicas", "-1 is less than 1"),
    Mistake("a swarm", put("metrics.replicas", 51), "metrics.replicas", "set it to 50 or less"),
    Mistake("more than a machine counts", put("metrics.replicas", 10**30), "metrics.replicas", "set it to 50 or less"),
    Mistake("more requests than there are", put("autoscaling.requestsPerSecond", 10**12),
            "autoscaling.requestsPerSecond", "set it to 1000000 or less"),
    Mistake("no node to write to", put("logs.hot.count", 0), "logs.hot.count", "nothing can be written"),
    Mistake("one place for a line", put("logs.hot.count", 1), "logs.hot.count", "set it to 2 or more"),
    Mistake("one place for a line that was moved", put("logs.cold.count", 1), "logs.cold.count", "or to 0"),
    Mistake("less disk than there are lines", put("logs.hot.volume", "1Gi"), "logs.hot.volume",
            "3 × 1Gi do not hold the 127Gi of lines there"),
    Mistake("no room, and a contradiction", both(put("logs.hot.volume", "1Gi"), put("logs.master.count", 2)),
            "logs.master.count", "cannot outvote a lost one", also=("logs.hot.volume",)),
    Mistake("less memory than there are series", put("metrics.memory", "128Mi"), "metrics.memory", "145,730 series"),
    Mistake("somebody else's namespace", put("cluster.namespace", "kube-system"), "cluster.namespace",
            "kube-system has others in it", also=("exporters.elasticsearch.host", "exporters.logstash.host")),
    Mistake("a negative tier", put("logs.warm.count", -2), "logs.warm.count", "set it to 0 or more"),
    Mistake("over all percent", put("autoscaling.cpuPercent", 170), "autoscaling.cpuPercent", "set it to 100 or less"),
    Mistake("a share over one", put("tracing.sampledShare", 1.5), "tracing.sampledShare", "not between 0 and 1"),
    Mistake("a negative share", put("tracing.sampledShare", -0.1), "tracing.sampledShare", "not between 0 and 1"),
    Mistake("no number", put("tracing.sampledShare", float("nan")), "tracing.sampledShare", "not between 0 and 1"),
    Mistake("infinity", put("tracing.sampledShare", float("inf")), "tracing.sampledShare", "not between 0 and 1"),
    Mistake("infinitely many", put("metrics.replicas", float("inf")), "metrics.replicas", "is not a whole number"),
    Mistake("a duration in words", put("metrics.retention", "45 days"), "metrics.retention", "is no duration"),
    Mistake("a duration in months", put("metrics.retention", "2mo"), "metrics.retention", "is no duration"),
    Mistake("a duration upside down", put("metrics.retention", "5m1d"), "metrics.retention", "is no duration"),
    Mistake("a negative duration", put("metrics.scrapeInterval", "-15s"), "metrics.scrapeInterval", "is no duration"),
    Mistake("no time at all", put("metrics.scrapeInterval", "0s"), "metrics.scrapeInterval", "between 5s and 5m"),
    Mistake("samples for centuries", put("metrics.retention", "900y"), "metrics.retention", "between 1d and 1200d"),
    Mistake("a duration of many digits", put("metrics.retention", "9" * 5000 + "d"), "metrics.retention",
            "is not one short line"),
    Mistake("a size in a unit of disks", put("metrics.memory", "6GB"), "metrics.memory", "in Ki, Mi, Gi or Ti"),
    Mistake("a size in a unit of memory", put("metrics.retentionSize", "110Gi"), "metrics.retentionSize",
            "in KB, MB, GB or TB"),
    Mistake("a size without a unit", put("alerting.volume", "5"), "alerting.volume", "is no size"),
    Mistake("a fraction of a size", put("alerting.volume", "1.5Gi"), "alerting.volume", "is no size"),
    Mistake("a size of nothing", put("metrics.volume", "0Gi"), "metrics.volume", "is no size"),
    Mistake("a negative size", put("grafana.memory", "-1Gi"), "grafana.memory", "is no size"),
    Mistake("kilobytes where gigabytes are meant", put("metrics.memory", "6Ki"), "metrics.memory", "between 16Mi and"),
    Mistake("a volume beyond every disk", put("metrics.volume", "9" * 20 + "Ti"), "metrics.volume", "and 1024Ti"),
    Mistake("a blank before a size", put("metrics.memory", " 6Gi"), "metrics.memory", "without blanks"),
    Mistake("CPU in words", put("metrics.cpu", "two"), "metrics.cpu", "is no amount of CPU"),
    Mistake("no CPU", put("metrics.cpu", "0"), "metrics.cpu", "is no amount of CPU"),
    Mistake("negative CPU", put("metrics.cpu", "-500m"), "metrics.cpu", "is no amount of CPU"),
    Mistake("a database without a port", put("grafana.database.host", "db.example.org"), "grafana.database.host",
            "write it like db.example.org:5432"),
    Mistake("an address without its scheme", put("links.dashboards", "grafana.openpolicy.ca"), "links.dashboards",
            "write it like https://grafana.example.org"),
    Mistake("an address in plain text", put("links.runbooks", "http://a.example.org"), "links.runbooks", "is no https"),
    Mistake("an address with a blank", put("links.runbooks", "https://a b.org"), "links.runbooks", "is no https"),
    Mistake("an address with a password", put("grafana.url", "https://me:pw@g.org"), "grafana.url", "is no https"),
    Mistake("an address with a broken host", put("logs.url", "https://[::1/"), "logs.url", "is no https"),
    Mistake("an address with a port that is none", put("logs.url", "https://es.org:99999"), "logs.url", "65536"),
    Mistake("an address with a query", put("links.prometheus", "https://p.org/?q"), "links.prometheus", "is no https"),
    Mistake("a domain with a scheme", put("links.domain", "https://openpolicy.ca"), "links.domain", "is no domain"),
    Mistake("an e-mail address without its domain", put("onCall.teams.data.manager", "lead"),
            "onCall.teams.data.manager", "is no e-mail address"),
    Mistake("an e-mail address with a blank", put("onCall.teams.data.members[0]", "a b@example.org"),
            "onCall.teams.data.members[0]", "is no e-mail address"),
    Mistake("two e-mail addresses in one", put("onCall.teams.data.members[1]", "a@b.org,c@d.org"),
            "onCall.teams.data.members[1]", "is no e-mail address"),
    Mistake("a misspelt time zone", put("alerting.officeTimeZone", "America/Torronto"), "alerting.officeTimeZone",
            "did you mean America/Toronto?"),
    Mistake("a time zone in lower case", put("onCall.teams.data.timeZone", "america/toronto"),
            "onCall.teams.data.timeZone", "did you mean America/Toronto?"),
    Mistake("a continent for a time zone", put("alerting.officeTimeZone", "America"), "alerting.officeTimeZone",
            "is no time zone"),
    Mistake("a time zone outside the folder", put("alerting.officeTimeZone", "../../etc/passwd"),
            "alerting.officeTimeZone", "write it like America/Toronto"),
    Mistake("a name in upper case", put("cluster.namespace", "Observability"), "cluster.namespace", "lower-case"),
    Mistake("a name that is too long", put("cluster.identifier", "a" * 64), "cluster.identifier", "is no name"),
    Mistake("a bucket with a slash", put("logs.archiveBucket", "s3://archive"), "logs.archiveBucket", "is no bucket"),
    Mistake("a context of two lines", put("cluster.context", "a\nb"), "cluster.context", "one short line"),
    Mistake("a context that is no Unicode", put("cluster.context", "\ud800"), "cluster.context", "one short line"),
    Mistake("a text with a semicolon", put("metrics.retention", "1d; 2d"), "metrics.retention",
            "'1d; 2d' is no duration"),
)  # fmt: skip

CONTRADICTIONS = (
    Mistake("samples that fill the volume", put("metrics.retentionSize", "120GB"), "metrics.retentionSize",
            "over 85% of metrics.volume, 140Gi"),
    Mistake("a volume that the samples fill", put("metrics.volume", "100Gi"), "metrics.retentionSize", "100Gi"),
    Mistake("evaluating faster than scraping", put("metrics.evaluationInterval", "10s"), "metrics.evaluationInterval",
            "set it to 15s or more"),
    Mistake("scraping slower than rates can bear", both(put("metrics.scrapeInterval", "2m"),
            put("metrics.evaluationInterval", "2m")), "metrics.scrapeInterval", "set it to 75s or less"),
    Mistake("a second compactor", put("metrics.longTerm.compactorReplicas", 2), "metrics.longTerm.compactorReplicas",
            "unknown setting"),
    Mistake("samples for years without a bucket", drop("metrics.longTerm.bucket"), "metrics.longTerm.bucket",
            "is missing"),
    Mistake("samples among the audit trail", put("metrics.longTerm.bucket", "openpolicy-audit-archive"),
            "metrics.longTerm.bucket", "is logs.archiveBucket too"),
    Mistake("samples that go before Prometheus' own", put("metrics.longTerm.raw", "30d"), "metrics.longTerm.raw",
            "less than metrics.retention, 45d"),
    Mistake("samples that go before there are coarser ones", put("metrics.longTerm.raw", "1d"), "metrics.longTerm.raw",
            "set it to 2d or more"),
    Mistake("samples of five minutes that go first", put("metrics.longTerm.fiveMinutes", "60d"),
            "metrics.longTerm.fiveMinutes", "less than metrics.longTerm.raw, 90d"),
    Mistake("samples of five minutes for a week", put("metrics.longTerm.fiveMinutes", "7d"),
            "metrics.longTerm.fiveMinutes", "set it to 10d or more"),
    Mistake("samples of an hour that go first", put("metrics.longTerm.oneHour", "180d"), "metrics.longTerm.oneHour",
            "less than metrics.longTerm.fiveMinutes, 365d"),
    Mistake("a store with a path", put("metrics.longTerm.endpoint", "https://s3.example.org/v1"),
            "metrics.longTerm.endpoint", "leave only the host"),
    Mistake("a store behind another port", put("metrics.longTerm.endpoint", "https://s3.example.org:9000"),
            "metrics.longTerm.endpoint", "choose one that answers there"),
    Mistake("a compactor without room", put("metrics.longTerm.compactorVolume", "50Gi"),
            "metrics.longTerm.compactorVolume", "set it to 69Gi or more"),
    Mistake("one query in production", put("metrics.longTerm.queryReplicas", 1), "metrics.longTerm.queryReplicas",
            "set it to 2 or more"),
    Mistake("a database that policies do not know", put("grafana.database.host", "db.example.org:5432"),
            "grafana.database.host", "no PostgreSQL but that of exporters.postgresql.host"),
    Mistake("more replicas at least than at most", put("autoscaling.maxReplicas", 2), "autoscaling.minReplicas",
            "3 is more than autoscaling.maxReplicas, 2"),
    Mistake("two Grafanas without a database", put("grafana.database", None), "grafana.replicas", "share nothing"),
    Mistake("a sign-on whose keys nobody knows", put("access.keys", None), "access.keys", "the jwks_uri of the issuer"),
    Mistake("an update through the door", put("grafana.url", "https://grafana.openpolicy.ca/"), "grafana.url",
            "an address that leads past the door"),
    Mistake("two groups in one", put("access.groups.viewer", "a,b"), "access.groups.viewer", "is no group"),
    Mistake("two Jaegers that keep traces in memory", put("tracing.storage", "memory"), "tracing.collectorReplicas",
            "set it to 1, or tracing.storage to elasticsearch", also=("tracing.queryReplicas",)),
    Mistake("a frozen tier without its license", put("logs.frozen.count", 1), "logs.frozen.count",
            "logs.license to enterprise"),
    Mistake("a frozen tier without a bucket", both(put("logs.frozen.count", 1), put("logs.snapshotBucket", None)),
            "logs.frozen.count", "or name a bucket", also=("logs.frozen.count",)),
    Mistake("two masters", put("logs.master.count", 2), "logs.master.count", "set it to 1 or 3"),
    Mistake("one Prometheus in production", put("metrics.replicas", 1), "metrics.replicas", "set it to 2 or more"),
    Mistake("one Alertmanager in production", put("alerting.replicas", 1), "alerting.replicas", "set it to 2 or more"),
    Mistake("one collector in production", put("tracing.collectorReplicas", 1), "tracing.collectorReplicas", "2 or"),
    Mistake("samples for less than an error budget", put("metrics.retention", "15d"), "metrics.retention",
            "set it to 30d or more", also=("metrics.longTerm.compactorVolume",)),
    Mistake("a quota of too little memory", put("cluster.quota.memory", "8Gi"), "cluster.quota.memory",
            "8Gi is less than the 115.8Gi"),
    Mistake("a quota of too little CPU", put("cluster.quota.cpu", "3"), "cluster.quota.cpu", "4000m"),
    Mistake("a quota of too little storage", put("cluster.quota.storage", "200Gi"), "cluster.quota.storage", "200Gi"),
    Mistake("a quota of too few pods", put("cluster.quota.pods", 4), "cluster.quota.pods", "4 is less than"),
    Mistake("somebody twice in a rota", put("onCall.teams.data.members[1]", "data-1@openpolicy.ca"),
            "onCall.teams.data.members", "data-1@openpolicy.ca is there twice"),
    Mistake("somebody twice in another case", put("onCall.teams.data.members[1]", "Data-1@openpolicy.ca"),
            "onCall.teams.data.members", "list each person once"),
    Mistake("a team without a rota", drop("onCall.teams.data"), "onCall.teams.data", "nobody is on call"),
    Mistake("a misspelt team", rename("onCall.teams.platform", "plattform"), "onCall.teams.plattform",
            "did you mean platform?", also=("onCall.teams.platform",)),
)  # fmt: skip


def override(alert: str, **changes: object) -> Edit:
    return put(f"alerts.{alert}", changes)


NETWORK = (
    Mistake("a host without its domain", put("exporters.redis.host", "redis"), "exporters.redis.host", "is no host"),
    Mistake("a port in the host", put("exporters.redis.host", "redis.a.svc:6379"), "exporters.redis.host", "no host"),
    Mistake("a host elsewhere of which nobody knows where", put("exporters.postgresql.host", "db.example.org"),
            "exporters.postgresql.networks", "db.example.org is no Service of the cluster",
            also=("grafana.database.host",)),
    Mistake("Elasticsearch of somebody else", put("exporters.elasticsearch.host", "elasticsearch.other.svc"),
            "exporters.elasticsearch.host", "write it like elasticsearch.observability.svc"),
    Mistake("a password among the names", put("exporters.redis.password", "x"), "exporters.redis.password", "unknown"),
    Mistake("an address for a network", put("network.nodes", ["10.10.0.5/16"]), "network.nodes[0]",
            "write the network's first address"),
    Mistake("nodes that are nowhere", put("network.nodes", []), "network.nodes", "is empty"),
    Mistake("one network without a list", put("network.apiServers", "10.0.0.0/28"), "network.apiServers",
            "is not a list"),
    Mistake("a network twice", put("network.nodes", ["10.10.0.0/16", "10.10.0.0/16"]), "network.nodes",
            "10.10.0.0/16 is there twice"),
    Mistake("a port beyond the last", put("exporters.redis.port", 70_000), "exporters.redis.port", "more than 65535"),
)  # fmt: skip

OVERRIDES = (
    Mistake("an alert that is none", override("HighErorRate", threshold=0.2), "alerts.HighErorRate",
            "did you mean HighErrorRate?"),
    Mistake("an alert in lower case", override("watchdog", severity="info"), "alerts.watchdog", "mean Watchdog?"),
    Mistake("an unknown alert whose override is wrong too", override("HighErorRate", threshold="x"),
            "alerts.HighErorRate", "did you mean HighErrorRate?", also=("alerts.HighErorRate.threshold",)),
    Mistake("a threshold in quotes", override("HighErrorRate", threshold="0.2"), "alerts.HighErrorRate.threshold",
            "'0.2' is not a number"),
    Mistake("a threshold of true", override("HighErrorRate", threshold=True), "alerts.HighErrorRate.threshold",
            "true is not a number"),
    Mistake("a threshold in percent", override("HighErrorRate", threshold=20), "alerts.HighErrorRate.threshold",
            "a share is between 0 and 1"),
    Mistake("a negative threshold", override("SlowAPIResponse", threshold=-2), "alerts.SlowAPIResponse.threshold",
            "-2 is not between"),
    Mistake("a threshold of null", override("HighErrorRate", threshold=None), "alerts.HighErrorRate.threshold",
            "is empty"),
    Mistake("a threshold that is no number", override("HighErrorRate", threshold=float("nan")),
            "alerts.HighErrorRate.threshold", "NaN is not between"),
    Mistake("an infinite threshold", override("SlowAPIResponse", threshold=float("inf")),
            "alerts.SlowAPIResponse.threshold", "is not between"),
    Mistake("a threshold beyond counting", override("SlowAPIResponse", threshold=10**400),
            "alerts.SlowAPIResponse.threshold", "is not between"),
    Mistake("a duration without a unit", override("HighErrorRate", **{"for": "10"}), "alerts.HighErrorRate.for",
            "is no duration"),
    Mistake("a duration as a number", override("HighErrorRate", **{"for": 10}), "alerts.HighErrorRate.for",
            "10 is not text"),
    Mistake("waiting for a month", override("HighErrorRate", **{"for": "30d"}), "alerts.HighErrorRate.for",
            "not between 0s and 7d"),
    Mistake("a severity that is none", override("HighErrorRate", severity="crit"), "alerts.HighErrorRate.severity",
            "did you mean critical?"),
    Mistake("a severity that is not for people", override("HighErrorRate", severity="none"),
            "alerts.HighErrorRate.severity", "known are critical, info, warning"),
    Mistake("an override of nothing", override("HighErrorRate"), "alerts.HighErrorRate", "it changes nothing"),
    Mistake("a number for an override", put("alerts.HighErrorRate", 0.2), "alerts.HighErrorRate", "is not a mapping"),
    Mistake("an alert that follows from an objective", override("AvailabilitySLOBreach", threshold=0.1),
            "alerts.AvailabilitySLOBreach", "catalogue/slos.py"),
    Mistake("another that follows from an objective", override("ErrorBudgetExhausted", severity="info"),
            "alerts.ErrorBudgetExhausted", "change it there, for every stack"),
    Mistake("an alert without a threshold", override("ServiceDown", threshold=2), "alerts.ServiceDown.threshold",
            "no threshold to set"),
    Mistake("the heartbeat of alerting", override("Watchdog", **{"for": "1d"}), "alerts.Watchdog", "remove it"),
)  # fmt: skip

SECRET = {"secure": "v1:abc:def"}
SECRETS_AMISS = (
    Mistake("a secret in plain text", put("pagerdutyToken", "t0ken"), "pagerdutyToken", f"revoke it, then {TOKEN}"),
    Mistake("a secret of numbers in plain text", put("pagerdutyToken", 1234), "pagerdutyToken", "in plain text"),
    Mistake("an unneeded secret in plain text", put("grafanaToken", "t0ken"), "grafanaToken", "in plain text"),
    Mistake("a mapping in place of a secret", put("pagerdutyToken", {"a": "b"}), "pagerdutyToken", "in plain text"),
    Mistake("an empty secret", put("pagerdutyToken", ""), "pagerdutyToken", TOKEN),
    Mistake("a null secret", put("pagerdutyToken", None), "pagerdutyToken", "the secret is empty"),
    Mistake("an encrypted nothing", put("pagerdutyToken", {"secure": ""}), "pagerdutyToken", "the secret is empty"),
    Mistake("something secure that is no text", put("pagerdutyToken", {"secure": 5}), "pagerdutyToken", "plain text"),
    Mistake("a misspelt secret", put("pagerDutyTokn", SECRET), "pagerDutyTokn",
            "did you mean openpolicy:pagerdutyToken?"),
    Mistake("a secret within a section", put("onCall.pagerdutyToken", SECRET), "onCall.pagerdutyToken",
            f"remove it, then {TOKEN}", also=("onCall",)),
    Mistake("a plain secret within a section", put("onCall.pagerdutyToken", "t0ken"), "onCall.pagerdutyToken", TOKEN),
    Mistake("a secret under another name within a section", put("grafana.password", SECRET), "grafana",
            "secrets are settings of their own: openpolicy:pagerdutyToken", also=("grafana.password",)),
    Mistake("an encrypted setting", put("metrics.retention", SECRET), "metrics.retention", "may be the secret",
            also=("metrics",)),
    Mistake("an encrypted setting deep within", put("onCall.teams.data.members[0]", SECRET),
            "onCall.teams.data.members[0]", "may be the secret", also=("onCall",)),
    Mistake("an encrypted section", put("links", SECRET), "links", "holds a secret among plain settings"),
    Mistake("an encrypted environment", put("environment", SECRET), "environment", "holds a secret"),
)  # fmt: skip

SETTINGS = (*WRONG_TYPES, *NOTHING_THERE, *UNKNOWN, *BAD_VALUES, *CONTRADICTIONS, *NETWORK, *OVERRIDES, *SECRETS_AMISS)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """What `plan` reads of a checkout, for stack files of one's own."""
    for part in ("Pulumi.yaml", "__main__.py"):
        (tmp_path / part).symlink_to(ROOT / part)
    return tmp_path


def refusal(root: Path, content: bytes, *, require_secrets: bool = False) -> list[Problem]:
    """What is said about the stack file, taken apart. Nothing but the refusal of settings is let through."""
    (root / FILE).write_bytes(content)
    with pytest.raises(RefusedError) as refused:
        plan("prod", root=root, require_secrets=require_secrets)
    assert refused.value.__cause__ is None, "the program broke, and refused nothing"
    assert not (root / "out").exists()
    return problems(str(refused.value))


def problems(message: str) -> list[Problem]:
    head, _, *lines = message.split("\n")
    counted = re.fullmatch(r"(This stack|Pulumi\.prod\.yaml) is refused \(([0-9]+) problems?\)\S*(, .*)?:", head)
    assert counted, head
    assert len(lines) == 3 * int(counted[2]), "each problem has its path, what is wrong, and a remedy"
    found: list[Problem] = []
    for where, what, remedy in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        assert re.match(r"  \S", where), where
        assert re.match(r"    \S", what), what
        assert re.match(r"    → \S", remedy), remedy
        assert len(what) + len(remedy) < 700
        found.append(Problem(where.strip(), what.strip(), remedy.strip()))
    return found


def expect(found: list[Problem], where: str, fragment: str, *also: str) -> None:
    assert {problem.where for problem in found} == {full(where), *map(full, also)}
    said = [f"{problem.what}\n{problem.remedy}" for problem in found if problem.where == full(where)]
    assert any(fragment in each for each in said), said


def dumped(config: Config) -> bytes:
    # NaN, infinity and lone surrogates included: of those the quick dumper writes none.
    with suppress(UnicodeEncodeError):
        return yaml.dump({"config": config}, Dumper=yaml.CSafeDumper, sort_keys=False).encode()
    return yaml.safe_dump({"config": config}, sort_keys=False).encode()


def broken(edit: Edit, stack: str = "prod") -> Config:
    config = copy.deepcopy(STACKS[stack])
    edit(config)
    return config


@pytest.mark.parametrize("mistake", SETTINGS, ids=lambda mistake: mistake.said)
def test_a_mistake_in_a_setting(mistake: Mistake, root: Path) -> None:
    found = refusal(root, dumped(broken(mistake.edit)))
    expect(found, mistake.where, mistake.fragment, *mistake.also)


NEWLINE = b"\n"
GOOD = (ROOT / FILE).read_bytes()
BEHIND = f"{FILE}:{GOOD.count(NEWLINE) + 1}"
"""The line behind its last."""


def line(text: bytes) -> str:
    """Where the text stands in the good file."""
    return f"{FILE}:{GOOD[: GOOD.index(text)].count(NEWLINE) + 1}"


def swap(old: bytes, new: bytes) -> bytes:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


REPLICAS = b"    replicas: 2\n    scrapeInterval: 15s\n"
RETENTION = b"    retention: 45d\n"

# What is wrong, the file, where it says so, a part of what it says.
FILES: Mapping[str, tuple[bytes, str, str]] = {
    "a key twice": (swap(RETENTION, RETENTION * 2), "metrics.retention", "it stands there twice"),
    "a section twice": (GOOD + b"  openpolicy:alerts: {}\n", "alerts", "it stands there twice"),
    "the whole configuration twice": (GOOD + b"config: {}\n", f"{FILE}: config", "it stands there twice"),
    "a key twice in another case of quotes": (
        swap(RETENTION, RETENTION + b'    "retention": 50d\n'),
        "metrics.retention",
        "remove one",
    ),
    "a tab": (swap(RETENTION, b"\tretention: 45d\n"), line(RETENTION), "YAML takes no tabs"),
    "an open bracket": (swap(b"{ count: 3, memory: 4Gi", b"{ count: 3, [memory: 4Gi"), line(b"master:"), "mend this"),
    "an open quote": (swap(b'cpu: "2"', b'cpu: "2'), BEHIND, "mend this line"),
    "two settings on a line": (swap(b"volume: 140Gi\n", b"volume: 140Gi cpu: 2\n"), line(b"volume: 140Gi"), "mapping"),
    "a key out of line": (swap(b"    retention: 45d", b"   retention: 45d"), line(RETENTION), "mend this line"),
    "an unknown alias": (swap(b"retention: 45d", b"retention: *days"), line(RETENTION), "undefined alias"),
    "two documents": (GOOD + b"---\nconfig: {}\n", BEHIND, "another document"),
    "an alias of itself": (
        swap(b"alerts: {}", b"alerts: &a { HighErrorRate: *a }"),
        "alerts.HighErrorRate",
        "an alias",
    ),
    "a tag that makes no setting": (swap(b"retention: 45d", b"retention: !!binary aGk="), "metrics.retention", "tag"),
    "a tag that lies": (swap(REPLICAS, REPLICAS.replace(b"2", b"!!int two", 1)), "metrics.replicas", "whole number"),
    "a truth value that is none": (swap(b"install: true", b"install: !!bool maybe"), "operators.install", "truth"),
    "an octal number": (swap(b"pods: 150", b"pods: 0150"), "cluster.quota.pods", "is no whole number"),
    "a number of many digits": (swap(b"pods: 150", b"pods: " + b"9" * 5000), "cluster.quota.pods", "whole number"),
    "yes": (swap(b"install: true", b"install: yes"), "operators.install", "'yes' is not true or false"),
    "off": (swap(b"deadMansSwitch: true", b"deadMansSwitch: off"), "alerting.deadMansSwitch", "'off' is not true"),
    "a number as a key": (swap(RETENTION, RETENTION + b"    1: 2\n"), "metrics.1", "the key 1 is no text"),
    "a list as a key": (swap(RETENTION, RETENTION + b"    ? [a]\n    : 2\n"), "metrics.a list or mapping", "no text"),
    "a setting without the project": (GOOD + b"  retries: 2\n", f"{FILE}: retries", "write it like openpolicy:metrics"),
    "a path for a key": (GOOD + b"  openpolicy:metrics.replicas: 3\n", "metrics.replicas", "unknown setting"),
    "a key of three parts": (
        GOOD + b"  openpolicy:config:links: {}\n",
        f"{FILE}: openpolicy:config:links",
        "<project>:",
    ),
    "a misspelt configuration": (GOOD.replace(b"config:", b"confg:", 1), f"{FILE}: confg", "did you mean config?"),
    "a setting beside the configuration": (
        GOOD + b"openpolicy:extra: 1\n",
        f"{FILE}: openpolicy:extra",
        "unknown part",
    ),
    "a list at the top": (b"- config\n", FILE, "it is no mapping"),
    "a text at the top": (b"config\n", FILE, "begin it with `config:`"),
    "a list of settings": (b"config:\n  - openpolicy:links\n", f"{FILE}: config", "it is no mapping"),
    "an empty list of settings": (b"config: []\n", f"{FILE}: config", "it is no mapping"),
    "settings of false": (b"config: false\n", f"{FILE}: config", "one setting a line"),
    "bytes that are no text": (
        swap(RETENTION, b"    retention: \xff\xfe\n"),
        line(RETENTION),
        "save the file as UTF-8",
    ),
    "another encoding": (GOOD.decode().encode("utf-16"), f"{FILE}:1", "it is not UTF-8"),
    "a character that nobody sees": (swap(RETENTION, b"    retention: 45d\x00\n"), line(RETENTION), "U+0000"),
    "brackets without an end": (b"config: " + b"[" * 20_000, FILE, "nested too deeply"),
    "a text of brackets": (
        swap(b"environment: prod", b"environment: '" + b"[" * 90_000 + b"'"),
        "environment",
        "short",
    ),
    "infinity in YAML's own words": (
        swap(b"sampledShare: 0.1", b"sampledShare: .inf"),
        "tracing.sampledShare",
        "between",
    ),
    "no number in YAML's own words": (
        swap(b"sampledShare: 0.1", b"sampledShare: .nan"),
        "tracing.sampledShare",
        "betwe",
    ),
}


@pytest.mark.parametrize("said", FILES)
def test_a_mistake_in_the_file(said: str, root: Path) -> None:
    content, where, fragment = FILES[said]
    found = refusal(root, content)
    expect(found, where, fragment)


@pytest.mark.parametrize("content", [b"", b"\n", b"# Later.\n", b"config:\n", b"config: {}\n", b"---\n", b"null\n"])
def test_an_empty_file_lacks_every_section(content: bytes, root: Path) -> None:
    assert [problem.where for problem in refusal(root, content)] == sorted(
        full(key.split(":")[1]) for key in STACKS["prod"]
    )


def test_a_folder_in_place_of_the_file(root: Path) -> None:
    (root / FILE).mkdir()
    with pytest.raises(RefusedError, match="cannot be read: Is a directory"):
        plan("prod", root=root)


BUCKET_KEYS = [
    "archiveAccessKey",
    "archiveReadAccessKey",
    "archiveReadSecretKey",
    "archiveSecretKey",
    "snapshotAccessKey",
    "snapshotSecretKey",
]


def test_missing_secrets_are_listed_with_their_commands(root: Path) -> None:
    found = refusal(root, GOOD, require_secrets=True)
    needed = [
        *BUCKET_KEYS[:4],
        "datadogApiKey",
        "datadogAppKey",
        "deadMansSwitchUrl",
        "grafanaDatabasePassword",
        "metricsAccessKey",
        "metricsSecretKey",
        "pagerdutyToken",
        *BUCKET_KEYS[4:],
    ]
    assert [problem.where for problem in found] == [f"openpolicy:{key}" for key in needed]
    assert [problem.remedy for problem in found] == [f"→ pulumi config set --secret openpolicy:{key}" for key in needed]


def test_a_missing_secret_is_not_hidden_by_another_mistake(root: Path) -> None:
    config = broken(both(put("onCall.teams.data", None), put("grafana.url", "https://g.org"), drop("synthetics.site")))
    found = {problem.where for problem in refusal(root, dumped(config), require_secrets=True)}
    assert {full(f"{key}") for key in ("pagerdutyToken", "grafanaToken", "datadogApiKey", "onCall.teams.data")} <= found


def test_one_message_lists_everything_in_order(root: Path) -> None:
    edit = both(
        put("metrics.replicas", 1),
        put("metrics.cpu", "two"),
        put("metrics.retentionSize", "139GB"),
        put("cluster.quota.memory", "8Gi"),
        put("environment", "prod"),
        rename("alerting.volume", "volumes"),
        override("HighErorRate", threshold=True),
        put("alerts.HighMemoryUsage", {"threshold": 7, "severity": "loud"}),
        put("onCall.teams.web", None),
        put("pagerdutyToken", "t0ken"),
        put("aws:region", "ca-central-1"),
    )
    found = refusal(root, dumped(broken(edit)), require_secrets=True)
    wheres = [problem.where for problem in found]
    assert wheres == sorted(wheres)
    assert set(wheres) == {
        "aws:region",
        *map(
            full,
            (
                "alerting.volume",
                "alerting.volumes",
                "alerts.HighErorRate",
                "alerts.HighErorRate.threshold",
                "alerts.HighMemoryUsage.severity",
                "alerts.HighMemoryUsage.threshold",
                "cluster.quota.memory",
                "datadogApiKey",
                "datadogAppKey",
                "deadMansSwitchUrl",
                "grafanaDatabasePassword",
                *BUCKET_KEYS,
                "metrics.cpu",
                "metrics.replicas",
                "metrics.retentionSize",
                "metricsAccessKey",
                "metricsSecretKey",
                "onCall.teams.web",
                "pagerdutyToken",
            ),
        ),
    }


def test_no_message_repeats_a_secret(root: Path) -> None:
    edit = both(put("pagerdutyToken", "t0ken"), put("onCall.token", "t0ken"), put("deadMansSwitchUrl", ["t0ken"]))
    (root / FILE).write_bytes(dumped(broken(edit)))
    with pytest.raises(RefusedError) as refused:
        plan("prod", root=root)
    assert "t0ken" not in str(refused.value)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A checkout as far as `python -m ops` needs one."""
    for part in ("Pulumi.yaml", "__main__.py", "alerts", "catalogue", "components", "dashboards", "ops"):
        (tmp_path / part).symlink_to(ROOT / part)
    return tmp_path


def test_the_command_refuses_with_one_message_and_writes_nothing(copied: Path) -> None:
    cases: Mapping[str, tuple[bytes, str, tuple[str, ...]]] = {
        "typo": (swap(b"retention:", b"retenton:"), "did you mean retention?", ()),
        "syntax": (FILES["a tab"][0], "YAML takes no tabs", ()),
        "bytes": (FILES["bytes that are no text"][0], "it is not UTF-8", ()),
        "secret": (GOOD, TOKEN, ("--require-secrets",)),
    }
    said = dict[str, Said]()
    for stack, (content, _, options) in cases.items():
        (copied / f"Pulumi.{stack}.yaml").write_bytes(content)
        said[stack] = ops_says("plan", stack, "--out", str(copied / "out"), *options, root=copied)
    # A process of its own says the same.
    assert started("plan", "typo", cwd=copied) == said["typo"]
    for stack, (_, expected, _) in cases.items():
        assert (said[stack].status, said[stack].out) == (1, "")
        assert expected in said[stack].err
        assert "Traceback" not in said[stack].err
        assert said[stack].err.count(" is refused (") == 1
        assert said[stack].err.index(" is refused (") < said[stack].err.index("\n")
    assert not (copied / "out").exists()


def leaves(node: object, path: str = "") -> Iterator[str]:
    """Paths of all values, sections included."""
    if path:
        yield path
    if isinstance(node, dict):
        for key, value in node.items():  # pyright: ignore[reportUnknownVariableType] YAML
            yield from leaves(value, f"{path}.{key}" if path else str(key))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(node, list):
        for index, value in enumerate(node):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] YAML
            yield from leaves(value, f"{path}[{index}]")


LEAVES = [(stack, path) for stack, config in STACKS.items() for path in leaves(config)]
WRONG: tuple[object, ...] = ([], {}, "x x", -1, None, True)


def refusals(configs: Sequence[Config]) -> list[str]:
    """The refusal of each, or nothing. They are loaded one after the other, without the rest of the program."""
    secrets = {f"openpolicy:{secret.key}": "stand-in" for secret in SECRETS}
    said = list[str]()

    def program() -> None:
        for config in configs:
            values = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
            pulumi.runtime.set_all_config(values | secrets, [*secrets])
            try:
                settings.load(CATALOGUE, LIBRARY, core.misfits)
            except RunError as error:
                said.append(str(error))
            else:
                said.append("")

    nothing = frozenset[str]()
    record(Program(run=program, project="openpolicy", stack="fuzz", config={}, secret_keys=nothing, preview=True))
    return said


@cache
def told(stack: str, path: str) -> Sequence[str]:
    """The refusal of each of the wrong values at that place, or nothing."""
    return refusals([broken(put(path, copy.deepcopy(value)), stack) for value in WRONG])


@pytest.mark.parametrize(("stack", "section"), [(stack, section) for stack in STACKS for section in STACKS[stack]])
def test_nonsense_anywhere_is_accepted_or_refused_by_its_path(stack: str, section: str) -> None:
    within = [path for name, path in LEAVES if name == stack and re.split(r"[.\[]", path)[0] == section]
    assert within
    for path in within:
        for message in filter(None, told(stack, path)):
            # A contradiction may lie with another setting, and then names this one.
            assert path.removeprefix("openpolicy:") in message
            assert len(problems(message)) >= 1


@pytest.mark.parametrize("stack", STACKS)
def test_what_is_accepted_can_be_planned_and_its_secrets_are_enough(stack: str, root: Path) -> None:
    config = broken(both(*(put(secret.key, {"secure": f"v1:{secret.key}"}) for secret in SECRETS)), stack)
    put("cluster.context", None)(config)
    # What is in a section before the section itself, which may be null.
    for _, path in (each for each in reversed(LEAVES) if each[0] == stack):
        for value, message in zip(WRONG, told(stack, path), strict=True):
            if not message:
                put(path, copy.deepcopy(value))(config)
    # Whether there is room is judged by what all of it together asks for.
    put("cost.load", 0.01)(config)
    (root / f"Pulumi.{stack}.yaml").write_bytes(dumped(config))
    assert plan(stack, root=root, require_secrets=True).files
