"""From a journey to Datadog's synthetic test, in the keys of Pulumi's schema of it.

A starting page is no step there, waiting is no step of its own, and every expected value is text.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalogue.model.journey import (
    Browser,
    Call,
    Certificate,
    Chain,
    Click,
    Expect,
    HealthCheck,
    Journey,
    Step,
    Type,
)
from catalogue.model.ownership import Endpoint
from catalogue.model.time import Duration, seconds
from components.render.kubernetes import Document

_RETRY_AFTER_MS = 1_000
_REMINDED_AFTER_MINUTES = 60
_URGENT, _ORDINARY = 1, 3
# A chain says nothing of patience: an answer that late is a failure by its speed.
_PATIENCE = seconds(30)
_PORT = "443"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What a call shows to a firewall that refuses robots: a header with a secret, which Datadog alone knows."""

    header: str
    variable: str
    """The secret's name in Datadog. A test may call it by no other."""

    id: object

    @property
    def headers(self) -> Document:
        """Of each call."""
        return {"requestHeaders": {self.header: f"{{{{ {self.variable} }}}}"}}

    @property
    def named(self) -> Document:
        """Of the whole test. Datadog adds it where it is not said, and every preview would take it away again."""
        return {"configVariables": [{"type": "global", "name": self.variable, "id": self.id}]}


def synthetic_test(
    journey: Journey, *, domain: str, environment: str, handle: str, runbook: str, shown: Pass | None = None
) -> Document:
    """The test. `handle` is whom Datadog's monitor tells, of a failure and of its end; `runbook` says what to do.

    `shown` is what its calls of the API show. A browser shows it to nobody: whatever a page loads would get it too.
    """
    return {
        "name": journey.name,
        "status": "live",
        "locations": list(journey.locations),
        "message": _message(journey, handle, runbook),
        "tags": [
            f"env:{environment}",
            f"service:{journey.service.name}",
            f"team:{journey.service.team.name}",
            "managed-by:pulumi",
        ],
        **_script(journey.script, domain, shown),
        **(shown.named if shown and journey.calls_api else {}),
        "optionsList": _options(journey, environment),
    }


def _message(journey: Journey, handle: str, runbook: str) -> str:
    # Without the handle in the second part the incident would stay open for ever.
    return (
        f"{{{{#is_alert}}}}{journey.name} fails from outside. {journey.service.purpose} "
        f"What to do: {runbook} {handle}{{{{/is_alert}}}}\n"
        f"{{{{#is_recovery}}}}{journey.name} works again. {handle}{{{{/is_recovery}}}}"
    )


def _options(journey: Journey, environment: str) -> Document:
    browser = isinstance(journey.script, Browser)
    # A certificate that cannot be judged is not good.
    strict = {"acceptSelfSigned": False, "checkCertificateRevocation": True}
    return {
        "tickEvery": journey.every.seconds,
        "minFailureDuration": journey.failing_for.seconds,
        "minLocationFailed": journey.failing_locations,
        "retry": {"count": journey.retries, "interval": _RETRY_AFTER_MS},
        "monitorName": f"{journey.name} ({environment})",
        "monitorPriority": _URGENT if journey.service.critical else _ORDINARY,
        "monitorOptions": {"renotifyInterval": _REMINDED_AFTER_MINUTES},
        # Browsers fail for reasons of their own, so they hold up no release.
        "ci": {"executionRule": "non_blocking" if browser else "blocking"},
        **(strict if isinstance(journey.script, Certificate) else {}),
    }


def _script(script: HealthCheck | Certificate | Chain | Browser, domain: str, shown: Pass | None) -> Document:
    headers = shown.headers if shown else {}
    match script:
        case HealthCheck():
            return {
                "type": "api",
                "subtype": "http",
                "requestDefinition": _get(script.endpoint, domain, script.patience),
                **headers,
                "assertions": _answered(script.faster_than, script.json_path, script.json_value),
            }
        case Certificate(endpoint=endpoint, valid_for=valid_for):
            days = str(valid_for.seconds // 86_400)
            return {
                "type": "api",
                "subtype": "ssl",
                "requestDefinition": {"host": endpoint.fqdn(domain), "port": _PORT},
                "assertions": [{"type": "certificate", "operator": "isInMoreThan", "target": days}],
            }
        case Chain(calls=calls):
            return {"type": "api", "subtype": "multi", "apiSteps": [_call(call, domain) | headers for call in calls]}
        case Browser(start=start, steps=steps, devices=devices, texts=texts):
            return {
                "type": "browser",
                "requestDefinition": {"method": "GET", "url": start.url(domain)},
                "deviceIds": [device.value for device in devices],
                "browserVariables": [
                    {"type": "text", "name": name, "pattern": text, "example": text} for name, text in texts.items()
                ],
                "browserSteps": [*_steps(steps)],
            }


def _get(endpoint: Endpoint, domain: str, patience: Duration) -> Document:
    return {"method": "GET", "url": endpoint.url(domain), "timeout": patience.seconds}


def _answered(faster_than: Duration, json_path: str, json_value: str | None) -> Sequence[Document]:
    # The field itself, for the body's text may hold a blank more.
    field = ("is", json_value) if json_value is not None else ("matches", r"\S+")
    return [
        {"type": "statusCode", "operator": "is", "target": "200"},
        {"type": "responseTime", "operator": "lessThan", "target": str(faster_than.seconds * 1_000)},
        {
            "type": "body",
            "operator": "validatesJSONPath",
            "targetjsonpath": {"jsonpath": json_path, "operator": field[0], "targetvalue": field[1]},
        },
    ]


def _call(call: Call, domain: str) -> dict[str, object]:
    kept = {"name": call.keep, "type": "http_body", "parser": {"type": "json_path", "value": call.json_path}}
    return {
        "name": call.name,
        "subtype": "http",
        "requestDefinition": _get(call.endpoint, domain, _PATIENCE),
        "assertions": _answered(call.faster_than, call.json_path, call.json_value),
        **({"extractedValues": [kept]} if call.keep else {}),
    }


def _steps(steps: Sequence[Step]) -> Iterator[Document]:
    """By its key a step that has moved is known again; two may have the same name."""
    seen = Counter[object]()
    for each in map(_step, steps):
        seen[each["name"]] += 1
        yield {**each, "localKey": f"{each['name']} ({seen[each['name']]})"}


def _step(step: Step) -> Document:
    # A locator of ours; a recorded element changes without a diff.
    found = {"elementUserLocator": {"value": {"type": "css", "value": step.selector}, "failTestOnCannotLocate": True}}
    match step:
        case Type(selector=selector, variable=variable):
            params = {**found, "value": f"{{{{ {variable} }}}}"}
            return {"name": f"Type into {selector}", "type": "typeText", "params": params}
        case Click(selector=selector):
            return {"name": f"Click {selector}", "type": "click", "params": found}
        case Expect(selector=selector, within=within, some_text=False):
            wanted, params = "assertElementPresent", found
        case Expect(selector=selector, within=within):
            wanted, params = "assertElementContent", {**found, "check": "matchRegex", "value": r"\S+"}
    return {"name": f"Find {selector}", "type": wanted, "timeout": within.seconds, "params": params}


def restriction(access: Mapping[str, Sequence[str]]) -> Sequence[Document]:
    """Who alone may change or see a test, as a restriction policy has it: principals by relation."""
    return [{"relation": relation, "principals": [*who]} for relation, who in access.items() if who]
