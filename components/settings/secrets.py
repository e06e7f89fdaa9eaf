"""The secrets that a stack may need. Each is a setting of its own, so that Pulumi encrypts it alone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """One secret."""

    key: str
    purpose: str
    needed_by: str
    """Path of the setting that needs it, where that is neither false nor null."""

    renewed: str
    """What an update with a new one touches."""


SECRETS = (
    Secret(
        key="pagerdutyToken",
        purpose="PagerDuty's REST API token",
        needed_by="onCall.enabled",
        renewed="nothing restarts: only updates use it",
    ),
    Secret(
        key="deadMansSwitchUrl",
        purpose="address of the dead man's switch",
        needed_by="alerting.deadMansSwitch",
        renewed="nothing restarts: Alertmanager reads its file each time",
    ),
    Secret(
        key="datadogApiKey",
        purpose="Datadog's API key",
        needed_by="synthetics.enabled",
        renewed="nothing restarts: only updates use it",
    ),
    Secret(
        key="datadogAppKey",
        purpose="Datadog's application key",
        needed_by="synthetics.enabled",
        renewed="nothing restarts: only updates use it",
    ),
    Secret(
        key="datadogPass",
        purpose="what Datadog's tests show to a firewall",
        needed_by="synthetics.passHeader",
        renewed="nothing restarts: the tests' next runs show it",
    ),
    Secret(
        key="grafanaToken",
        purpose="Grafana's service account token",
        needed_by="grafana.url",
        renewed="nothing restarts: only updates use it",
    ),
    Secret(
        key="grafanaDatabasePassword",
        purpose="password of Grafana's database user",
        needed_by="grafana.database",
        renewed="Grafana starts again with it; change the user's first",
    ),
    Secret(
        key="metricsAccessKey",
        purpose="id of the metrics bucket's key",
        needed_by="metrics.longTerm",
        renewed="Thanos' pods and Prometheus start again with it",
    ),
    Secret(
        key="metricsSecretKey",
        purpose="the metrics bucket's key",
        needed_by="metrics.longTerm",
        renewed="Thanos' pods and Prometheus start again with it",
    ),
    Secret(
        key="snapshotAccessKey",
        purpose="id of the snapshot bucket's key",
        needed_by="logs.snapshotBucket",
        renewed="Elasticsearch's keystore: its operator rolls the nodes",
    ),
    Secret(
        key="snapshotSecretKey",
        purpose="the snapshot bucket's key",
        needed_by="logs.snapshotBucket",
        renewed="Elasticsearch's keystore: its operator rolls the nodes",
    ),
    Secret(
        key="archiveAccessKey",
        purpose="id of the archive bucket's key",
        needed_by="logs.archiveBucket",
        renewed="nothing restarts: the next hourly run has it",
    ),
    Secret(
        key="archiveSecretKey",
        purpose="the archive bucket's key",
        needed_by="logs.archiveBucket",
        renewed="nothing restarts: the next hourly run has it",
    ),
    Secret(
        key="archiveReadAccessKey",
        purpose="id of a key that may only read the archive bucket",
        needed_by="logs.archiveBucket",
        renewed="nothing restarts: the next monthly check has it",
    ),
    Secret(
        key="archiveReadSecretKey",
        purpose="the key that may only read it",
        needed_by="logs.archiveBucket",
        renewed="nothing restarts: the next monthly check has it",
    ),
    Secret(
        key="elasticsearchPassword",
        purpose="Elasticsearch's bootstrap password",
        needed_by="logs.url",
        renewed="nothing restarts: only updates use it",
    ),
)
