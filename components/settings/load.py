"""From Pulumi's configuration to typed settings, or one message with everything that is wrong."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import pulumi
from pulumi.runtime import config as pulumi_config
from pydantic import TypeAdapter, ValidationError

from alerts.model import Override, RuleGroup, Severity
from alerts.tuning import check_overrides
from catalogue.model.catalogue import Catalogue
from catalogue.model.ownership import Environment
from catalogue.model.problem import Problem, nearest
from components.settings.messages import REFERENCE, problems
from components.settings.secrets import SECRETS
from components.settings.sections import AlertOverride, Metrics, OnCall, Settings

_SECTIONS = {field.alias or name: field.annotation for name, field in Settings.model_fields.items()}
_PROVIDERS_OWN = "pulumi:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """What a stack says about itself, checked against the catalogue."""

    environment: Environment
    settings: Settings
    overrides: Mapping[str, Override]
    secrets: Mapping[str, pulumi.Output[str]]
    """The secrets that are set, by key."""


def refuse(found: Iterable[Problem]) -> None:
    """Raises one RunError that lists the problems, if there are any."""
    if listed := list(found):
        count = "1 problem" if len(listed) == 1 else f"{len(listed)} problems"
        lines = [f"This stack is refused ({count}), and nothing was changed:", ""]
        for problem in listed:
            lines += [f"  {problem.where}", f"    {problem.what}"]
            lines += [f"    → {problem.remedy}"] if problem.remedy else []
        raise pulumi.RunError("\n".join(lines))


def warn(found: Iterable[Problem]) -> None:
    """Tells the owner without refusing."""
    for problem in found:
        pulumi.log.warn(str(problem))


def load(catalogue: Catalogue, groups: tuple[RuleGroup, ...]) -> Stack:
    """Reads this stack's settings. Raises RunError with every problem, its path and its remedy."""
    config = _configured()
    name = pulumi.get_project()
    sections, found = _parse(config, name)
    found += [
        *_unknown(config, name),
        *_missing_secrets(config, sections, name),
        *_environment(sections, catalogue, name),
        *_rotas(sections, catalogue, name),
    ]
    overrides = {key: _override(value) for key, value in sections.get("alerts", {}).items()}
    found += check_overrides(groups, overrides, f"{name}:alerts")
    refuse(sorted(found, key=lambda problem: problem.where))
    settings = Settings.model_validate(sections)
    refuse(_memory(settings, name))
    reader = pulumi.Config()
    return Stack(
        environment=catalogue.environment(settings.environment),
        settings=settings,
        overrides=overrides,
        secrets={each.key: reader.require_secret(each.key) for each in SECRETS if f"{name}:{each.key}" in config},
    )


def _configured() -> Mapping[str, str]:
    # Pulumi's own reader knows no way to list keys, and an unknown key must not pass in silence.
    return pulumi_config.CONFIG.get() or pulumi_config.get_config_env()


def _parse(config: Mapping[str, str], project: str) -> tuple[dict[str, Any], list[Problem]]:
    sections, found = dict[str, Any](), list[Problem]()
    for key, model in _SECTIONS.items():
        full = f"{project}:{key}"
        if full not in config:
            found.append(Problem(full, "is missing", f"add it ({REFERENCE})"))
        elif pulumi_config.is_config_secret(full):
            found.append(Problem(full, "holds a secret among plain settings", _elsewhere(project)))
        else:
            try:
                sections[key] = TypeAdapter(model).validate_python(_decoded(config[full]))
            except ValidationError as error:
                found += problems(full, model, error)
    return sections, found


def _decoded(value: str) -> object:
    # Pulumi hands over mappings and lists as JSON, and everything else as it is written.
    try:
        parsed: object = json.loads(value)
    except ValueError:
        return value
    return cast("object", parsed) if isinstance(parsed, dict | list) else value


def _elsewhere(project: str) -> str:
    keys = ", ".join(f"{project}:{secret.key}" for secret in SECRETS)
    return f"secrets are settings of their own: {keys}"


def _unknown(config: Mapping[str, str], project: str) -> Iterator[Problem]:
    known = {f"{project}:{key}" for key in (*_SECTIONS, *(secret.key for secret in SECRETS))}
    for key in sorted(config.keys() - known):
        if not key.startswith(_PROVIDERS_OWN):
            yield Problem(key, "unknown setting", f"{nearest(key, known)} ({REFERENCE})")


def _missing_secrets(config: Mapping[str, str], sections: Mapping[str, Any], project: str) -> Iterator[Problem]:
    for secret in SECRETS:
        key = f"{project}:{secret.key}"
        command = f"pulumi config set --secret {key}"
        if key not in config:
            if secret.section in sections and secret.needed(sections[secret.section]):
                yield Problem(key, f"the secret is missing: {secret.purpose}", command)
        elif not pulumi_config.is_config_secret(key):
            yield Problem(key, "the secret stands there in plain text", f"revoke it, then {command}")
        elif not config[key].strip():
            yield Problem(key, f"the secret is empty: {secret.purpose}", command)


def _environment(sections: Mapping[str, Any], catalogue: Catalogue, project: str) -> Iterator[Problem]:
    name = sections.get("environment")
    known = {environment.name: environment for environment in catalogue.environments}
    if name is None:
        return
    if name not in known:
        yield Problem(f"{project}:environment", f"no environment is called {name!r}", nearest(str(name), known))
    elif known[name].production:
        for key in ("metrics", "alerting"):
            if key in sections and sections[key].replicas < 2:
                what = f"production runs on two at least, so that losing one loses nothing; here it is {sections[key].replicas}"
                yield Problem(f"{project}:{key}.replicas", what, "set it to 2 or more")


def _rotas(sections: Mapping[str, Any], catalogue: Catalogue, project: str) -> Iterator[Problem]:
    on_call: OnCall | None = sections.get("onCall")
    if on_call is None:
        return
    teams = [team.name for team in catalogue.teams]
    for name in on_call.teams:
        if name not in teams:
            yield Problem(f"{project}:onCall.teams.{name}", "no team has this name", nearest(name, teams))
    if on_call.enabled:
        for name in teams:
            if name not in on_call.teams:
                what = "nobody is on call for this team"
                yield Problem(f"{project}:onCall.teams.{name}", what, "add timeZone, members and manager")


def _override(section: AlertOverride) -> Override:
    severity = Severity(section.severity) if section.severity else None
    return Override(threshold=section.threshold, lasting=section.lasting, severity=severity)


def _memory(settings: Settings, project: str) -> Iterator[Problem]:
    metrics: Metrics = settings.metrics
    asked = metrics.replicas * metrics.memory.count + settings.alerting.replicas * settings.alerting.memory.count
    quota = settings.cluster.quota.memory
    if asked > quota.count:
        what = f"{quota} are fewer than Prometheus and Alertmanager ask for together, {asked / 2**30:.1f}Gi"
        yield Problem(f"{project}:cluster.quota.memory", what, "raise the quota or lower their memory")
