"""Datadog's tests from outside: what users do, replayed where they are, and who is told when it no longer works.

Everything else here watches from within the cluster, and would be gone with it. So these tests page by a way of their
own, from Datadog straight to PagerDuty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Output, ResourceOptions

from catalogue.model.journey import Journey
from components.parts.datadog import PAGERDUTY_SERVICE, RESTRICTION, TEST, VARIABLE, Datadog, DatadogResource
from components.render.synthetics import Pass, restriction, synthetic_test


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

    pass_header: str | None
    """What calls of the API show to a firewall. None: nothing."""

    pass_value: Input[str] | None
    """The secret in it."""

    pagerduty_keys: Mapping[str, Input[str]]
    """Key of Datadog's integration with each team's PagerDuty service, by the team's name."""

    def __post_init__(self) -> None:
        owners = {journey.service.team.name for journey in self.journeys}
        if missing := sorted(owners - self.pagerduty_keys.keys()):
            raise ValueError(f"pagerduty_keys: no key for {', '.join(missing)}, whose journeys page")
        if (self.pass_header is None) != (self.pass_value is None):
            raise ValueError("pass_value: a header without a value, or a value without a header")


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

        bindings = restriction(args.access)
        shown = self._pass(name, args, child)
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
                    shown=shown,
                ),
                # A handle that nobody answers to is taken as text, and would page no one.
                ResourceOptions(parent=self, provider=provider, depends_on=[told[journey.service.team.name]]),
            ).id
            for journey in args.journeys
        }
        for journey, identity in self.tests.items() if bindings else ():
            inputs = {"resourceId": Output.concat("synthetics-test:", identity), "bindings": bindings}
            DatadogResource(RESTRICTION, f"{name}-{_slug(journey)}-access", inputs, child)
        self.register_outputs({"tests": self.tests})

    def _pass(self, name: str, args: SyntheticsArgs, child: ResourceOptions) -> Pass | None:
        if args.pass_header is None or args.pass_value is None:
            return None
        variable = f"OPENPOLICY_PASS_{args.environment.upper().replace('-', '_')}"
        inputs = {
            "name": variable,
            "description": f"What calls of the API show in {args.pass_header}.",
            "value": Output.secret(args.pass_value),
            # People see it neither here nor in what a run reports.
            "secure": True,
            "tags": [f"env:{args.environment}", "managed-by:pulumi"],
        }
        made = DatadogResource(VARIABLE, f"{name}-pass", inputs, child)
        if bindings := restriction(args.access):
            inputs = {"resourceId": Output.concat("synthetics-global-variable:", made.id), "bindings": bindings}
            DatadogResource(RESTRICTION, f"{name}-pass-access", inputs, child)
        return Pass(header=args.pass_header, variable=variable, id=made.id)


def _service(team: str, environment: str) -> str:
    # A handle ends at the first blank.
    return f"openpolicy-{team}-{environment}"


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")
