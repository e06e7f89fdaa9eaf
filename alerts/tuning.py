"""What a stack changes about single alerts: threshold, duration and severity, by the alert's name."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from alerts.model import Override, Recording, Rule, RuleGroup, alerts_of
from catalogue.model.problem import Problem, nearest


def check_overrides(groups: tuple[RuleGroup, ...], overrides: Mapping[str, Override], where: str) -> list[Problem]:
    """What is wrong with the overrides; `where` is the setting's path."""
    return [problem for name, override in overrides.items() for problem in _check(groups, name, override, where)]


def _check(groups: tuple[RuleGroup, ...], name: str, override: Override, where: str) -> Sequence[Problem]:
    path = f"{where}.{name}"
    named = [alert for alert in alerts_of(groups) if alert.name == name]
    if not named:
        return [Problem(path, "no alert has this name", nearest(name, {alert.name for alert in alerts_of(groups)}))]
    alert = named[0]
    if alert.derived_from:
        return [Problem(path, f"its numbers follow from {alert.derived_from}", "change it there, for every stack")]
    if override.threshold is not None and not alert.when.tunable:
        return [Problem(f"{path}.threshold", "this alert has no threshold to set", "remove it")]
    try:
        override.apply(alert)
    except ValueError as error:
        return [Problem(path, str(error).removeprefix(f"alert {name}: "))]
    return []


def tune(groups: tuple[RuleGroup, ...], overrides: Mapping[str, Override]) -> tuple[RuleGroup, ...]:
    """The groups as the stack wants them. The overrides have been checked."""

    def tuned(rule: Rule) -> Rule:
        return overrides[rule.name].apply(rule) if rule.name in overrides and not isinstance(rule, Recording) else rule

    return tuple(replace(group, rules=tuple(tuned(rule) for rule in group.rules)) for group in groups)
