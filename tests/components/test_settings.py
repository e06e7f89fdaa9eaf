"""Types of settings, their refusals, and what loading makes of both real stacks."""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_origin

import pulumi
import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from alerts.library import LIBRARY
from alerts.model import Severity
from alerts.tuning import Override
from catalogue import CATALOGUE
from catalogue.environments import DEV, PROD
from catalogue.model.problem import Problem
from catalogue.model.time import minutes
from components.settings import Stack, fields, load, refuse, warn
from components.settings.messages import keys_of, problems
from components.settings.readers import WrongValueError, shown
from components.settings.secrets import SECRETS
from components.settings.sections import AlertOverride, Rota, Settings
from ops.plan.recorder import Program, Recording, record
from ops.plan.stackfile import read
from ops.plan.wire import MASK

ROOT = Path(__file__).parent.parent.parent
STACKS = ("dev", "prod")

# For each type: what it accepts, and what it refuses.
TYPES: Mapping[str, tuple[tuple[object, ...], tuple[object, ...]]] = {
    "Bucket": (("archive", "a.b-c", "abc", "1ab"), ("ab", "A-b", "a_b", "-ab", "ab-", "a" * 64)),
    "Cpu": (("1", "2", "500m", "10m", "10000"), ("0", "02", "1.5", "9m", "10001", "2 ", "m", "2M", 2, "-1")),
    "Domain": (("openpolicy.ca", "a.b-c.org"), ("localhost", "Openpolicy.ca", "a..ca", "-a.ca", "a.ca.", "a.ca/x")),
    "Digest": ((f"sha256:{'a' * 64}",), ("sha256:a", "a" * 64, f"sha512:{'a' * 64}", f"sha256:{'A' * 64}", "", None)),
    "ImageName": (
        ("quay.io/a/b:v1.2.3", "host:5000/a:1"),
        ("quay.io/a/b", "b:1", "quay.io/a/b@sha256:1", "quay.io/A:1", f"quay.io/a:1@sha256:{'a' * 64}", "", None),
    ),
    "Registry": (
        ("quay.io", "registry.example.org:5000/quay", "localhost:5000"),
        ("https://quay.io", "quay.io/", "a b", "quay.io/A", "quay..io", "", None),
    ),
    "Email": (("a@b.org", "a.b+c@d-e.co.uk"), ("a", "@b.org", "a@b", "a@@b.org", "a@b..org", "a b@c.org", "<a@b.org>")),
    "Host": (("a.b", "redis.openpolicy.svc", "db.example.org"), ("redis", "a..b", "-a.b", "a.b:1", "a_b.c", "", None)),
    "HostPort": (("db:5432", "db.a-b.org:10"), ("db", "db:", "db:5", "d_b:5432", "db:123456", "a b:80", "-a:80", None)),
    "Interval": (("5s", "15s", "1m30s", "5m"), ("4s", "301s", "15", "15 s", "0.5m", "1m5m", "s", 15, None, "")),
    "Lasting": (("0s", "10m", "7d", "1w"), ("8d", "-1m", "1M", "1ms")),
    "Group": (
        ("on-call", "/teams/on-call", "a b", "a@b.org", "CN:x"),
        ("", "a", "a,b", "it's", '"a"', "a'b", " a", "a;b", "a#b", "a`b", "a\\b", None, 5),
    ),
    "Header": (
        ("X-Openpolicy-Test", "Authorization", "hosted"),
        ("", "X", "X Test", "1X", "X_Test", "Host", "host", "Content-Length", "X:", "X-Test\n", None, 5),
    ),
    "Principal": (
        ("role:00000000-0000-1111-0000-000000000000", "org:1", "team:a", "user:b"),
        ("", "role:", "admins", "role: a", "roles:a", "role:a b", None, 5),
    ),
    "Memory": (("16Mi", "512Mi", "6Gi", "1024Ti"), ("15Mi", "1025Ti", "6G", "6gi", "6", "6.5Gi", "Gi", "6GB", 6, [])),
    "Name": (("a", "openpolicy-dev"), ("", "A", "a_b", "1a", "a-", "a.b", "a" * 64, None, 5)),
    "Network": (
        ("10.0.0.0/16", "169.254.20.10/32", "0.0.0.0/0"),
        ("10.0.0.1/16", "10.0.0.0/33", "10.0.0", "::/0", "", None, 10, "10.0.0.0/16 "),
    ),
    "Percent": ((1, 100), (0, 101, 50.0, "50", True, None)),
    "Port": ((1, 5432, 65535), (0, 65536, -1, "5432", 1.5, True, None)),
    "Replicas": ((1, 50), (0, 51, -1, 2.0, "2", True, None, [])),
    "Retained": (("16MB", "110GB", "1TB"), ("110Gi", "110G", "0GB", "15MB")),
    "Kept": (("1d", "90d", "5y", "3650d"), ("23h", "3651d", "90", "forever")),
    "Retention": (("1d", "24h", "45d", "3y"), ("23h", "1201d", "45", "forever")),
    "SeverityName": (("critical", "warning", "info"), ("none", "Critical", "", None, 1)),
    "Month": (("2025-06",), ("2025-13", "2025-06-01", "2025-06-01 00:00:00 +0000 UTC", "June", 2025, "")),
    "UnitPrice": ((0, 0.0005, 100_000), (-1, 100_001, "1", True, "", float("nan"))),
    "Load": ((0.001, 1, 3.5), (0, -1, 101, "1", True, float("inf"))),
    "Price": ((0, 0.0005, 12), (-1, 1001, "1", True, "")),
    "Share": ((0, 0.25, 1, 1.0), (-0.1, 1.1, "0.5", True, None, float("nan"), float("inf"), 10**400)),
    "Text": (("a", "a b", "~/.kube/config", "é"), ("", " ", " a", "a ", "a\nb", "\x00", "\ud800", "a" * 501, 1, True)),
    "Threshold": ((0, 0.1, 2, 10**15), (-1, 10**15 + 1, "2", False, None, float("-inf"), float("nan"))),
    "Url": (
        ("https://a.org", "https://a.org/b/c", "https://a:9200", "https://a.org/"),
        ("a.org", "http://a.org", "https://", "https://a b.org", "https://a.org?b", "https://a.org/#b", "https://u:p@a.org",
         "https://a.org:65536", "https://a.org//b", "https://[::1]", "https://-a.org", "ftp://a.org", "HTTPS://a.org\n"),
    ),
    "Word": (("grafana", "a_1"), ("", "1a", "A", "a-b", "a b", "a" * 64, None)),
    "Zone": (("UTC", "America/Toronto"), ("America", "Toronto", "america/toronto", "/etc/passwd", "../x", "UTC+1")),
}  # fmt: skip


def brief(value: object) -> str:
    return ascii(value)[:30]


def test_every_type_is_tried_here() -> None:
    defined = {name for name, each in vars(fields).items() if name[0].isupper() and get_origin(each) is not None}
    assert defined - {"Members", "Networks"} == TYPES.keys()


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, (good, _) in TYPES.items() for value in good], ids=brief
)
def test_a_type_accepts(name: str, value: object) -> None:
    TypeAdapter[Any](getattr(fields, name)).validate_python(value, strict=True)


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, (_, bad) in TYPES.items() for value in bad], ids=brief
)
def test_a_type_refuses(name: str, value: object) -> None:
    with pytest.raises(ValidationError) as error:
        TypeAdapter[Any](getattr(fields, name)).validate_python(value, strict=True)
    (problem,) = problems("openpolicy", Settings, error.value)
    assert problem.what
    assert problem.remedy
    assert "\n" not in problem.what + problem.remedy
    assert "Input should" not in problem.what


def parsed(name: str, value: object) -> Any:
    return TypeAdapter[Any](getattr(fields, name)).validate_python(value)


def test_types_make_values_that_components_take() -> None:
    assert str(parsed("Memory", "6Gi")) == "6Gi"
    assert str(parsed("Retained", "110GB")) == "110GB"
    assert parsed("Interval", "1m30s").seconds == 90
    assert parsed("Threshold", 0.1) == Decimal("0.1")
    assert parsed("Url", "https://a.org/b/") == "https://a.org/b"


def test_a_rota_names_who_is_there_twice() -> None:
    with pytest.raises(ValidationError, match=r"a@b\.org is there twice"):
        TypeAdapter[Any](fields.Members).validate_python(["a@b.org", "c@d.org", "A@b.org"])


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "null"),
        (True, "true"),
        (2, "2"),
        (0.5, "0.5"),
        ("a", "'a'"),
        ([1], "a list"),
        ({"a": 1}, "a mapping"),
        ("a" * 5000, "'" + "a" * 59 + "…"),
        ("a\x1b[2J", "'a\\x1b[2J'"),
    ],
)
def test_values_are_shown_as_they_are_written(value: object, said: str) -> None:
    assert shown(value) == said


def test_a_wrong_value_says_what_and_what_instead() -> None:
    error = WrongValueError("is wrong", "do right")
    assert (error.what, error.remedy, str(error)) == ("is wrong", "do right", "is wrong; do right")


def found(values: Mapping[str, object]) -> dict[str, Problem]:
    with pytest.raises(ValidationError) as error:
        Settings.model_validate(values)
    return {problem.where: problem for problem in problems("p", Settings, error.value)}


def test_messages_descend_into_sections_of_sections() -> None:
    said = found({"onCall": {"teams": {"data": {"mangager": "x", "members": ["x"]}}}, "logs": {"hot": {"cuont": 1}}})
    assert said["p:onCall.teams.data.mangager"].remedy.startswith("did you mean manager?")
    assert said["p:onCall.teams.data.members[0]"].what == "'x' is no e-mail address"
    assert said["p:logs.hot.cuont"].remedy.startswith("did you mean count?")
    assert said["p:metrics"] == Problem("p:metrics", "is missing", "add it (Pulumi.dev.yaml explains every setting)")


def test_a_secrets_name_within_a_section_is_answered_with_the_command() -> None:
    said = found({"grafana": {"grafanaToken": "x"}})
    assert said["p:grafana.grafanaToken"].remedy == "remove it, then pulumi config set --secret p:grafanaToken"


def test_refusing_nothing_refuses_nothing() -> None:
    refuse([])


def test_a_refusal_counts_and_lists() -> None:
    with pytest.raises(
        pulumi.RunError, match=r"refused \(2 problems\), and nothing was changed:\n\n  a\n    b\n    → c"
    ):
        refuse([Problem("a", "b", "c"), Problem("d", "e")])
    with pytest.raises(pulumi.RunError, match=r"refused \(1 problem\)"):
        refuse([Problem("a", "b")])


def test_a_refusal_cannot_clear_the_screen() -> None:
    with pytest.raises(pulumi.RunError, match=r"  a\\x1b\[2J\\nb\n"):
        refuse([Problem("a\x1b[2J\nb", "c")])


def given(stack: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))["config"]


def loaded(config: Mapping[str, Any], secrets: Mapping[str, str] | None = None) -> Stack:
    """What the program makes of these settings, and of these secrets."""
    made: list[Stack] = []
    values = texts(config) | dict(secrets or {})
    run(lambda: made.append(load(CATALOGUE, LIBRARY)), values, frozenset(secrets or {}))
    return made[0]


def texts(config: Mapping[str, Any]) -> dict[str, str]:
    """As Pulumi hands them over."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}


def run(program: Any, config: Mapping[str, str], secret_keys: frozenset[str]) -> Recording:
    return record(
        Program(run=program, project="openpolicy", stack="t", config=config, secret_keys=secret_keys, preview=True)
    )


ALL_SECRETS = {f"openpolicy:{secret.key}": "s3cret" for secret in SECRETS}


@pytest.mark.parametrize("stack", STACKS)
def test_the_real_stacks_load(stack: str) -> None:
    made = loaded(read(ROOT / f"Pulumi.{stack}.yaml").values, ALL_SECRETS)
    assert made.environment == {"dev": DEV, "prod": PROD}[stack]
    assert made.secrets.keys() == {secret.key for secret in SECRETS}


def test_settings_arrive_as_types() -> None:
    made = loaded(given("prod"), ALL_SECRETS)
    assert made.settings.metrics.retention.seconds == 45 * 86_400
    assert made.settings.cluster.quota.hard["limits.memory"] == "192Gi"
    assert made.settings.on_call.teams["data"].members == ["data-1@openpolicy.ca", "data-2@openpolicy.ca"]
    assert made.settings.alerting.dead_mans_switch is True


def test_overrides_arrive_as_the_alerts_know_them() -> None:
    made = loaded(given("dev"))
    expected = Override(threshold=Decimal("0.95"), lasting=minutes(30), severity=Severity.INFO)
    assert made.overrides == {"HighMemoryUsage": expected}
    assert made.secrets == {}


def test_secrets_arrive_as_secrets() -> None:
    def program() -> None:
        pulumi.export("token", load(CATALOGUE, LIBRARY).secrets["pagerdutyToken"])

    recording = run(program, texts(given("prod")) | ALL_SECRETS, frozenset(ALL_SECRETS))
    assert [outputs["token"] for outputs in recording.outputs.values()] == [MASK]


def test_warnings_do_not_refuse() -> None:
    recording = run(lambda: warn([Problem("a", "b", "c")]), {}, frozenset())
    assert recording.warnings == ["a: b; c"]


@pytest.mark.parametrize("stack", STACKS)
def test_each_section_is_needed(stack: str) -> None:
    for key in given(stack):
        config = {name: value for name, value in given(stack).items() if name != key}
        with pytest.raises(pulumi.RunError, match=re.escape(f"  {key}\n    is missing\n")):
            loaded(config, ALL_SECRETS)


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: secret.key)
def test_a_secret_is_needed_where_its_setting_says_so(secret: Any) -> None:
    section, key = secret.needed_by.split(".")
    config = copy.deepcopy(given("prod"))
    given_as: Mapping[str, object] = {
        "url": "https://a.example.org",
        "database": config["openpolicy:grafana"]["database"],
        "longTerm": config["openpolicy:metrics"]["longTerm"],
        "passHeader": "X-Openpolicy-Test",
    } | dict.fromkeys(("snapshotBucket", "archiveBucket"), "a-bucket")
    # Datadog's tests need PagerDuty.
    config["openpolicy:synthetics"]["enabled"] = key == "passHeader"
    config["openpolicy:onCall"]["enabled"] = True
    config[f"openpolicy:{section}"][key] = given_as.get(key, True)
    others = {name: value for name, value in ALL_SECRETS.items() if name != f"openpolicy:{secret.key}"}
    with pytest.raises(pulumi.RunError, match=f"\n    → pulumi config set --secret openpolicy:{secret.key}$"):
        loaded(config, others)
    if key == "database":
        config["openpolicy:environment"] = "dev"
        config["openpolicy:grafana"]["replicas"] = 1
    config[f"openpolicy:{section}"][key] = None if key in given_as else False
    assert secret.key not in loaded(config, others).secrets


def keys(section: Any, path: str) -> Iterator[str]:
    """Paths of every setting."""
    for key, field in keys_of(section).items():
        yield f"{path}.{key}".removeprefix(".")
        inner = get_args(field.annotation)[-1] if get_origin(field.annotation) is dict else field.annotation
        yield from keys(inner, f"{path}.{key}")


def test_the_reference_explains_every_setting() -> None:
    explained = set(re.findall(r"\w+(?=:)", (ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8")))
    assert [path for path in keys(Settings, "") if path.rpartition(".")[2] not in explained] == []


def test_the_reference_names_every_secret() -> None:
    reference = (ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    for secret in SECRETS:
        assert f"pulumi config set --secret openpolicy:{secret.key} " in reference


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: secret.key)
def test_a_secret_is_needed_by_a_setting_that_there_is(secret: Any) -> None:
    assert secret.needed_by in set(keys(Settings, ""))


def test_sections_are_closed_and_frozen() -> None:
    override = AlertOverride.model_validate({"for": "5m"})
    with pytest.raises(ValidationError, match="frozen"):
        override.severity = "info"  # pyright: ignore[reportAttributeAccessIssue] that is the point
    with pytest.raises(ValidationError, match="Extra inputs"):
        Rota.model_validate({"timeZone": "UTC", "members": ["a@b.org"], "manager": "c@d.org", "deputy": "e@f.org"})
