"""Are logs kept as long as they must be, and no longer?"""

from alerts.condition import at_least, equals
from alerts.expression import Op
from alerts.model import Alert, Severity
from alerts.promql import count_by, like, max_by, select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import LOGS
from catalogue.exported.elasticsearch import ILM_INDEX, ILM_STATUS
from catalogue.exporters import ELASTICSEARCH_EXPORTER
from catalogue.model.retention import OUR_INDICES
from catalogue.model.time import hours, minutes
from catalogue.services import ELASTICSEARCH
from catalogue.teams import PLATFORM

_STEP = minutes(1)
_HERE = {"namespace": "observability"}
_INDEX = ".ds-logs-openpolicy.app-prod-2026.11.01-000042"


def _index(values: str, step: str, *, index: str = _INDEX, phase: str = "warm", action: str = "forcemerge") -> Samples:
    return samples(
        ELASTICSEARCH_EXPORTER, ILM_INDEX, values, index=index, phase=phase, action=action, step=step, **_HERE
    )


def _unmanaged(values: str, index: str = _INDEX) -> Samples:
    return _index(values, "", index=index, phase="", action="")


def _mode(mode: str, values: str) -> Samples:
    return samples(ELASTICSEARCH_EXPORTER, ILM_STATUS, values, operation_mode=mode, **_HERE)


ALERTS = (
    Alert(
        name="ElasticsearchILMError",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.STALE,
        watches="indices whose lifecycle is stuck in an error",
        when=at_least(
            # It tries again every ten minutes, and is in another step for a moment.
            count_by(
                select(ELASTICSEARCH_EXPORTER, ILM_INDEX, step="ERROR").max_over(minutes(5)).above(0),
                "namespace",
                "phase",
                "action",
            ),
            1,
        ),
        lasting=minutes(30),
        summary="The lifecycle of {value:count} indices is stuck in {phase}",
        description="The step {action} in phase {phase} fails again and again for {value:count} indices: they are not"
        " moved and not deleted. Disks fill, and personal data is kept longer than it may be.",
        board=LOGS,
        fires=Firing(
            given=(_index("1x30 stale _x2 1x40", "ERROR"),),
            at=minutes(50),
            step=_STEP,
            labels=_HERE | {"phase": "warm", "action": "forcemerge"},
            value="1",
        ),
        # The second attempt succeeds.
        silent=Scenario(
            given=(_index("1x12 stale _x60", "ERROR"), _index("_x13 1x60", "complete")), at=minutes(16), step=_STEP
        ),
    ),
    Alert(
        name="ElasticsearchILMStopped",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.STALE,
        watches="whether lifecycle management runs",
        when=equals(
            max_by(
                select(ELASTICSEARCH_EXPORTER, ILM_STATUS, operation_mode="RUNNING").max_over(minutes(5)), "namespace"
            ),
            0,
        ),
        # Somebody may have stopped it for a repair.
        lasting=hours(1),
        summary="The lifecycle management of Elasticsearch is stopped",
        description="No index is rolled over, moved or deleted: indices grow, disks fill, and personal data is kept"
        " longer than it may be.",
        board=LOGS,
        fires=Firing(
            given=(_mode("RUNNING", "1x10 0x90"), _mode("STOPPED", "0x10 1x90")),
            at=minutes(80),
            step=_STEP,
            labels=_HERE,
        ),
        silent=Scenario(given=(_mode("RUNNING", "1x10 0x40 1x50"),), at=minutes(51), step=_STEP),
    ),
    Alert(
        name="ElasticsearchIndexUnmanaged",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.STALE,
        watches="indices of ours that no lifecycle policy manages",
        when=at_least(
            count_by(
                select(ELASTICSEARCH_EXPORTER, ILM_INDEX, index=like(OUR_INDICES))
                .max_over(minutes(5))
                .compare(Op.EQUALS, 0),
                "namespace",
            ),
            1,
        ),
        lasting=hours(1),
        summary="{value:count} indices of logs have no lifecycle policy",
        description="{value:count} indices of logs will never be rolled over or deleted: no policy is bound to them."
        " What the law says about how long logs are kept does not hold for these.",
        board=LOGS,
        fires=Firing(given=(_unmanaged("0x90"),), at=minutes(80), step=_STEP, labels=_HERE, value="1"),
        # Another's index has none, and ours gets its own.
        silent=Scenario(
            given=(
                _unmanaged("0x90", index=".kibana_9.4.3_001"),
                _unmanaged("0x5 stale"),
                _index("_x6 1x90", "complete", phase="hot", action="rollover"),
            ),
            at=minutes(80),
            step=_STEP,
        ),
    ),
)
