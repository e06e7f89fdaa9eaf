"""Datadog's tests from outside: what users do, replayed where they are, and who is told when it no longer works.

Everything else here watches from within the cluster, and would be gone with it. So these tests page by a way of their
own, from Datadog straight to PagerDuty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Output, ResourceOptions

from catalogue.model.journey import Journey
from components.parts.datadog import PAGERDUTY_SERVICE, RESTRICTION, TEST, Datadog, DatadogResource
from components.render.synthetics import restriction, synthetic_test


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticsArgs:
    """Which journeys, and whom a failing one pages."""

    site: str
    """Datadog's, such as datadoghq.eu."""

    api_key: Input[str]
    app_key: Input[str]
    journeys: Sequence[Journey]
    """They decide which tests exist, so they are never an Output."""

    domain: str
    runbook: str
    """Address of the page that says what to do when a test fails."""

    environment: str
    """Part of every name: names are unique in an account."""

    access: Mapping[str, Sequence[str]]
    """Who alone may change and see the tests, by `editor` and `viewer`, as Datadog's principals. Empty: anybody."""

    pagerduty_keys: Mapping[str, Input[str]]
    """Key of Datadog's integration with each team's PagerDuty service, by the team's name."""

    def __post_init__(self) -> None:
        owners = {journey.service.team.name for journey in self.journeys}
        if missing := sorted(owners - self.pagerduty_keys.keys()):
            raise ValueError(f"pagerduty_keys: no key for {', '.join(missing)}, whose journeys page")


class Synthetics(ComponentResource):
    """A test for each journey, and PagerDuty's services as Datadog knows them."""

    tests: Mapping[str, Output[str]]
    """Ids of the tests, by the journeys' names."""

    def __init__(self, name: str, args: SyntheticsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Synthetics", name, None, opts)
        provider = Datadog(
            f"{name}-datadog",
            site=args.site,
            api_key=args.api_key,
            app_key=args.app_key,
            opts=ResourceOptions(parent=self),
        )
        child = ResourceOptions(parent=self, provider=provider)

        told = dict[str, DatadogResource]()
        for team, key in args.pagerduty_keys.items():
            inputs = {"serviceName": _service(team, args.environment), "serviceKey": Output.secret(key)}
            told[team] = DatadogResource(PAGERDUTY_SERVICE, f"{name}-{team}", inputs, child)

        self.tests = {
            journey.name: DatadogResource(
                TEST,
                f"{name}-{_slug(journey.name)}",
                synthetic_test(
                    journey,
                    domain=args.domain,
                    runbook=args.runbook,
                    environment=args.environment,
                    handle=f"@pagerduty-{_service(journey.service.team.name, args.environment)}",
                ),
                # A handle that nobody answers to is taken as text, and would page no one.
                ResourceOptions(parent=self, provider=provider, depends_on=[told[journey.service.team.name]]),
            ).id
            for journey in args.journeys
        }
        if bindings := restriction(args.access):
            for journey, identity in self.tests.items():
                inputs = {"resourceId": Output.concat("synthetics-test:", identity), "bindings": bindings}
                DatadogResource(RESTRICTION, f"{name}-{_slug(journey)}-access", inputs, child)
        self.register_outputs({"tests": self.tests})


def _service(team: str, environment: str) -> str:
    # A handle ends at the first blank.
    return f"openpolicy-{team}-{environment}"


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")
