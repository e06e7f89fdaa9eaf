"""The secrets that a stack may need. Each is a setting of its own, so that Pulumi encrypts it alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from components.settings.sections import Alerting, Grafana, Logs, OnCall, Synthetics


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """One secret, and the section that decides whether it is needed."""

    key: str
    purpose: str
    section: str
    needed: Callable[[Any], bool]


def _oncall(section: OnCall) -> bool:
    return section.enabled


def _switch(section: Alerting) -> bool:
    return section.dead_mans_switch


def _synthetics(section: Synthetics) -> bool:
    return section.enabled


def _by_api(section: Grafana | Logs) -> bool:
    return section.url is not None


SECRETS = (
    Secret(key="pagerdutyToken", purpose="PagerDuty's REST API token", section="onCall", needed=_oncall),
    Secret(key="deadMansSwitchUrl", purpose="address of the dead man's switch", section="alerting", needed=_switch),
    Secret(key="datadogApiKey", purpose="Datadog's API key", section="synthetics", needed=_synthetics),
    Secret(key="datadogAppKey", purpose="Datadog's application key", section="synthetics", needed=_synthetics),
    Secret(key="grafanaToken", purpose="Grafana's service account token", section="grafana", needed=_by_api),
    Secret(key="elasticsearchPassword", purpose="Elasticsearch's bootstrap password", section="logs", needed=_by_api),
)
