"""Is every line of every pod read and sent?"""

from alerts.condition import above, equals
from alerts.model import Alert, Severity
from alerts.promql import like, max_by, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import LOGS
from catalogue.exported.kubernetes import DAEMONSET_AVAILABLE, DAEMONSET_DESIRED
from catalogue.exported.logs import (
    FILEBEAT_HARVESTER,
    FILEBEAT_OUTPUT_ERRORS,
    FILEBEAT_OUTPUT_EVENTS,
    FILEBEAT_PIPELINE_EVENTS,
)
from catalogue.exporters import FILEBEAT_EXPORTER, KUBE_STATE_METRICS
from catalogue.model.metric import Metric
from catalogue.model.time import minutes
from catalogue.services import FILEBEAT
from catalogue.teams import PLATFORM

_NODE = {"instance": "node-1"}
# The operator names the DaemonSet after the Beat.
_DAEMONSETS = {"daemonset": like(".+-beat-filebeat")}
_OURS = {"namespace": "observability", "daemonset": "openpolicy-beat-filebeat"}


def _says(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(FILEBEAT_EXPORTER, metric, values, namespace="observability", pod="filebeat-a", **_NODE, **labels)


def _pods(available: str) -> tuple[Samples, ...]:
    return (
        samples(KUBE_STATE_METRICS, DAEMONSET_DESIRED, "5x90", **_OURS),
        samples(KUBE_STATE_METRICS, DAEMONSET_AVAILABLE, available, **_OURS),
    )


def _sending(active: str, acked: str) -> tuple[Samples, ...]:
    return (
        _says(FILEBEAT_PIPELINE_EVENTS, active, type="active"),
        _says(FILEBEAT_OUTPUT_EVENTS, acked, type="acked"),
    )


ALERTS = (
    Alert(
        name="FilebeatMissing",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=FILEBEAT,
        symptom=Symptom.BLIND,
        watches="nodes without a Filebeat that works",
        when=above(
            sum_by(select(KUBE_STATE_METRICS, DAEMONSET_DESIRED, **_DAEMONSETS).now, "namespace", "daemonset")
            - sum_by(select(KUBE_STATE_METRICS, DAEMONSET_AVAILABLE, **_DAEMONSETS).now, "namespace", "daemonset"),
            0,
        ),
        lasting=minutes(15),
        summary="{value:count} nodes have no Filebeat",
        description="Nobody reads the log lines of the pods on {value:count} nodes. What their files no longer"
        " hold when it is back is lost.",
        board=LOGS,
        fires=Firing(given=_pods("5x10 4x60"), at=minutes(25), labels=_OURS, value="1"),
        # An update passes from node to node.
        silent=Scenario(given=_pods("5x10 4x10 5x2 4x10 5x60"), at=minutes(17)),
    ),
    Alert(
        name="FilebeatNotSending",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=FILEBEAT,
        symptom=Symptom.STALE,
        watches="lines taken off a node's hands while some wait",
        when=equals(
            sum_by(select(FILEBEAT_EXPORTER, FILEBEAT_OUTPUT_EVENTS, type="acked").rate(minutes(5)), "instance"),
            0,
            guard=max_by(
                select(FILEBEAT_EXPORTER, FILEBEAT_PIPELINE_EVENTS, type="active").min_over(minutes(5)), "instance"
            ).above(0),
        ),
        lasting=minutes(10),
        summary="Filebeat on {instance} gets no line away",
        description="Lines of the pods on {instance} wait, and Logstash takes none. They are lost when their files are"
        " rotated away, which a busy pod does within the hour.",
        board=LOGS,
        fires=Firing(given=_sending("4096x60", "0+900x10 9000x50"), at=minutes(25), labels=_NODE),
        # Quiet pods.
        silent=Scenario(given=_sending("0x60", "9000x60"), at=minutes(28)),
    ),
    Alert(
        name="FilebeatOutputErrors",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=FILEBEAT,
        symptom=Symptom.ERRORS,
        watches="connections to Logstash that failed, in 10 minutes",
        when=above(
            sum_by(select(FILEBEAT_EXPORTER, FILEBEAT_OUTPUT_ERRORS).increase(minutes(10)), "instance"),
            20,
            because="It opens its two connections anew each minute; a restart of Logstash breaks a few.",
        ),
        lasting=minutes(10),
        summary="Filebeat on {instance} cannot write to Logstash",
        description="{value:count} attempts within 10 minutes failed. Lines of the pods on {instance} are sent late and"
        " some twice.",
        board=LOGS,
        fires=Firing(given=(_says(FILEBEAT_OUTPUT_ERRORS, "0+3x60"),), at=minutes(25), labels=_NODE, value="60"),
        # A restart of Logstash.
        silent=Scenario(given=(_says(FILEBEAT_OUTPUT_ERRORS, "0x10 200x50"),), at=minutes(14)),
    ),
    Alert(
        name="FilebeatDroppingEvents",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=FILEBEAT,
        symptom=Symptom.LOSS,
        watches="lines given up in 15 minutes",
        when=above(
            sum_by(select(FILEBEAT_EXPORTER, FILEBEAT_OUTPUT_EVENTS, type="dropped").increase(minutes(15)), "instance"),
            0,
        ),
        lasting=minutes(2),
        keep_firing=minutes(30),
        summary="Filebeat on {instance} gives lines up",
        description="{value:number} lines were given up within 15 minutes and are lost: they could not be sent in any"
        " form.",
        board=LOGS,
        fires=Firing(
            given=(_says(FILEBEAT_OUTPUT_EVENTS, "0+5x90", type="dropped"),),
            at=minutes(25),
            labels=_NODE,
            value="150",
        ),
        # Some long ago, and a restart of Filebeat.
        silent=Scenario(given=(_says(FILEBEAT_OUTPUT_EVENTS, "7x40 0x50", type="dropped"),), at=minutes(24)),
    ),
    Alert(
        name="FilebeatOpenFilesHigh",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=FILEBEAT,
        symptom=Symptom.FULL,
        watches="log files that a node's Filebeat holds open, at least within 10 minutes",
        when=above(
            max_by(
                select(FILEBEAT_EXPORTER, FILEBEAT_HARVESTER, harvester="open_files").min_over(minutes(10)), "instance"
            ),
            300,
            because="A node runs 110 pods at most, and a pod two or three containers.",
        ),
        lasting=minutes(20),
        summary="Filebeat on {instance} holds {value:count} files open",
        description="It holds {value:count} log files open, more than there can be containers: it is far behind, and"
        " files that are deleted meanwhile still take up the node's disk.",
        board=LOGS,
        fires=Firing(
            given=(_says(FILEBEAT_HARVESTER, "800x90", harvester="open_files"),),
            at=minutes(35),
            labels=_NODE,
            value="800",
        ),
        # It reads what has gathered during a restart.
        silent=Scenario(
            given=(_says(FILEBEAT_HARVESTER, "100x10 800x40 100x60", harvester="open_files"),), at=minutes(25)
        ),
    ),
)
