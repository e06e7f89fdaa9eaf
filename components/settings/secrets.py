"""The secrets that a stack may need. Each is a setting of its own, so that Pulumi encrypts it alone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """One secret."""

    key: str
    purpose: str
    needed_by: str
    """Path of the setting that needs it, where that is neither false nor null."""


SECRETS = (
    Secret(key="pagerdutyToken", purpose="PagerDuty's REST API token", needed_by="onCall.enabled"),
    Secret(key="deadMansSwitchUrl", purpose="address of the dead man's switch", needed_by="alerting.deadMansSwitch"),
    Secret(key="datadogApiKey", purpose="Datadog's API key", needed_by="synthetics.enabled"),
    Secret(key="datadogAppKey", purpose="Datadog's application key", needed_by="synthetics.enabled"),
    Secret(key="grafanaToken", purpose="Grafana's service account token", needed_by="grafana.url"),
    Secret(key="elasticsearchPassword", purpose="Elasticsearch's bootstrap password", needed_by="logs.url"),
)
