"""From Pulumi's configuration to typed settings, or one message with everything that is wrong."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

import pulumi
from pulumi.runtime import config as pulumi_config
from pydantic import ValidationError

from alerts.model import RuleGroup
from alerts.tuning import Override
from catalogue.model.catalogue import Catalogue
from catalogue.model.ownership import Environment
from catalogue.model.problem import Problem, listed, nearest
from components.settings.checks import contradictions
from components.settings.given import Given, given
from components.settings.messages import MISSING, REFERENCE, UNKNOWN, keys_of, problems, set_secret
from components.settings.overrides import read_overrides, refused_overrides
from components.settings.secrets import SECRETS
from components.settings.sections import Settings

# Pulumi's own settings, which the CLI hands to the program too.
_PULUMIS = {f"pulumi:{name}" for name in ("autonaming", "disable-default-providers", "tags", "template")}


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
    if problems_found := list(found):
        count = "1 problem" if len(problems_found) == 1 else f"{len(problems_found)} problems"
        raise pulumi.RunError(f"This stack is refused ({count}), and nothing was changed:\n\n{listed(problems_found)}")


def warn(found: Iterable[Problem]) -> None:
    """Tells the owner without refusing."""
    for problem in found:
        pulumi.log.warn(str(problem))


def load(
    catalogue: Catalogue,
    groups: tuple[RuleGroup, ...],
    misfits: Callable[[Settings], Iterable[Problem]] = lambda _: (),
) -> Stack:
    """Reads this stack's settings. Raises RunError with every problem, its path and its remedy.

    `misfits` holds settings that can all be read against what settings do not know of.
    """
    config = _configured()
    project = pulumi.get_project()
    values = {key: _decoded(config[f"{project}:{key}"]) for key in keys_of(Settings) if f"{project}:{key}" in config}
    settings, found = _parsed(values, project)
    # A message would show what is in a section, so one with a secret in it is not looked into.
    right = given(Settings, {key: values[key] for key in values if not _is_secret(project, key)})
    overrides = read_overrides(right)
    found += [
        *_foreign(config, project),
        *_secrets(config, right, project),
        *(replace(each, where=f"{project}:{each.where}") for each in contradictions(right, catalogue)),
        *refused_overrides(groups, overrides, f"{project}:alerts"),
        *(misfits(settings) if settings else ()),
    ]
    refuse(sorted(found, key=lambda problem: (problem.where, problem.what)))
    assert settings is not None  # noqa: S101 for the type checker: without it something was found
    reader = pulumi.Config()
    return Stack(
        environment=catalogue.environment(settings.environment),
        settings=settings,
        overrides=overrides,
        secrets={each.key: reader.require_secret(each.key) for each in SECRETS if f"{project}:{each.key}" in config},
    )


def _configured() -> Mapping[str, str]:
    # Pulumi's own reader knows no way to list keys, and an unknown key must not pass in silence.
    return pulumi_config.CONFIG.get() or pulumi_config.get_config_env()


def _decoded(value: str) -> object:
    # Pulumi hands over mappings and lists as JSON, and everything else as it is written.
    try:
        parsed: object = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return cast("object", parsed) if isinstance(parsed, dict | list) else value


def _is_secret(project: str, key: str) -> bool:
    return pulumi_config.is_config_secret(f"{project}:{key}")


def _parsed(values: Mapping[str, object], project: str) -> tuple[Settings | None, list[Problem]]:
    secret = [f"{project}:{key}" for key in values if _is_secret(project, key)]
    elsewhere = f"secrets are settings of their own: {', '.join(f'{project}:{each.key}' for each in SECRETS)}"
    found = [Problem(key, "holds a secret among plain settings", elsewhere) for key in secret]
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        for problem in problems(project, Settings, error):
            section = problem.where.partition(".")[0]
            if section not in secret or problem.what in (UNKNOWN, MISSING):
                found.append(problem)
            elif problem.where not in secret:
                found.append(replace(problem, what="may be the secret: its value is not right, and is not shown"))
        return None, found
    return (None if secret else settings), found


def _foreign(config: Mapping[str, str], project: str) -> Iterator[Problem]:
    known = {f"{project}:{key}" for key in (*keys_of(Settings), *(secret.key for secret in SECRETS))}
    for key in config.keys() - known - _PULUMIS:
        if key.startswith(f"{project}:"):
            # What all begin with makes none like another.
            names = (each.partition(":")[2] for each in known)
            guess = nearest(key.partition(":")[2], names).replace("did you mean ", f"did you mean {project}:")
        elif not (guess := nearest(key, known | _PULUMIS)).startswith("did you mean"):
            guess = f"remove it: only {project}:… is read, and providers get their settings from the program"
        yield Problem(key, UNKNOWN, f"{guess} ({REFERENCE})")


def _secrets(config: Mapping[str, str], settings: Given, project: str) -> Iterator[Problem]:
    for secret in SECRETS:
        key = f"{project}:{secret.key}"
        if key not in config:
            if settings.get(secret.needed_by):
                what = f"the secret is missing: {secret.purpose}, for {secret.needed_by} is set"
                yield Problem(key, what, set_secret(key))
        elif not config[key].strip():
            yield Problem(key, f"the secret is empty: {secret.purpose}", set_secret(key))
        elif not pulumi_config.is_config_secret(key):
            yield Problem(key, "the secret stands there in plain text", f"revoke it, then {set_secret(key)}")
