"""What a stack changes about single alerts: threshold, duration and severity, by the alert's name."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from decimal import Decimal

from alerts.model import Alert, Recording, Rule, RuleGroup, Severity, alerts_of, expression
from catalogue.model.problem import Problem, nearest
from catalogue.model.time import Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What a stack changes about one alert."""

    threshold: Decimal | None = None
    lasting: Duration | None = None
    severity: Severity | None = None

    def apply(self, alert: Alert) -> Alert:
        """The alert as the stack wants it. Raises ValueError when the alert's own checks refuse."""
        when = alert.when if self.threshold is None else replace(alert.when, threshold=self.threshold)
        return replace(
            alert,
            when=when,
            lasting=alert.lasting if self.lasting is None else self.lasting,
            severity=alert.severity if self.severity is None else self.severity,
        )


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
    if len({each.severity for each in named}) > 1 and (override.threshold is not None or override.severity):
        what = "it comes in two severities, and one value would make them the same"
        return [Problem(path, what, "set `for` alone, or change the alert itself, for every stack")]
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


def without(groups: tuple[RuleGroup, ...], jobs: AbstractSet[str]) -> tuple[RuleGroup, ...]:
    """The groups without the rules that read one of these jobs, directly or through a recording rule.

    Where the stack does not scrape a job, they would have no data, or fire for ever because of that.
    """
    lost = set[str]()
    kept = list[RuleGroup]()
    for group in groups:
        rules = list[Rule]()
        for rule in group.rules:
            reads = expression(rule).reads
            if any(source.job in jobs or source.metric in lost for source in reads):
                lost |= {rule.name} - {alert.name for alert in group.alerts}
            else:
                rules.append(rule)
        if rules:
            kept.append(replace(group, rules=tuple(rules)))
    return tuple(kept)
