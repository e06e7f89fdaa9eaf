"""Do the nodes' network, kernel tables and clocks work?"""

from alerts.condition import above, equals
from alerts.expression import Expr
from alerts.model import Alert, Severity
from alerts.promql import absolute, like, max_by, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import INFRASTRUCTURE
from catalogue.exported.nodes import (
    CLOCK_MAX_ERROR,
    CLOCK_OFFSET,
    CLOCK_SYNCHRONISED,
    CONNTRACK_ENTRIES,
    CONNTRACK_LIMIT,
    FILE_DESCRIPTORS,
    FILE_DESCRIPTORS_LIMIT,
    LINKS,
    NETWORK_RECEIVE_ERRORS,
    NETWORK_RECEIVED_PACKETS,
    NETWORK_SEND_ERRORS,
    NETWORK_SENT_PACKETS,
)
from catalogue.exporters import NODE_EXPORTER
from catalogue.model.metric import Metric
from catalogue.model.time import hours, minutes
from catalogue.services import NODE
from catalogue.teams import PLATFORM

_NODE = {"instance": "node-1"}
_LINK = {"instance": "node-1", "device": "ens5"}


def _series(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(NODE_EXPORTER, metric, values, **_NODE, **labels)


def _per_link(received: Metric, sent: Metric) -> Expr:
    return sum_by(select(NODE_EXPORTER, received, device=like(LINKS)).rate(minutes(5)), "instance", "device") + sum_by(
        select(NODE_EXPORTER, sent, device=like(LINKS)).rate(minutes(5)), "instance", "device"
    )


def _traffic(packets: int, errors: int, device: str) -> tuple[Samples, ...]:
    """For two hours, by step of 30 s; only what is sent goes wrong."""
    return (
        _series(NETWORK_RECEIVED_PACKETS, f"0+{packets}x240", device=device),
        _series(NETWORK_SENT_PACKETS, f"0+{packets}x240", device=device),
        _series(NETWORK_RECEIVE_ERRORS, "0x240", device=device),
        _series(NETWORK_SEND_ERRORS, f"0+{errors}x240", device=device),
    )


_ERRORS = _per_link(NETWORK_RECEIVE_ERRORS, NETWORK_SEND_ERRORS)

ALERTS = (
    Alert(
        name="NodeNetworkErrors",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=NODE,
        symptom=Symptom.DEGRADED,
        watches="share of the packets of a network device that are damaged",
        when=above(
            _ERRORS.of(_per_link(NETWORK_RECEIVED_PACKETS, NETWORK_SENT_PACKETS)),
            "0.01",
            because="A sound link has none; from one in a hundred on, connections become slow.",
            guard=_ERRORS.above(1),
        ),
        lasting=hours(1),
        summary="Network device {device} of {instance} damages packets",
        description=(
            "{value:percentage} of the packets of {device} on {instance} are damaged. They are sent again, so all "
            "that pods on this node send and receive is slower."
        ),
        board=INFRASTRUCTURE,
        fires=Firing(given=_traffic(3000, 300, "ens5"), at=minutes(75), labels=_LINK, value="5%"),
        # Many errors of a pod's end of a link; and on the link itself too few of many.
        silent=Scenario(given=(*_traffic(3000, 300, "veth1a2b"), *_traffic(30000, 60, "ens5")), at=minutes(90)),
    ),
    Alert(
        name="NodeConntrackNearlyFull",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=NODE,
        symptom=Symptom.FULL,
        watches="share of the connections that the kernel can keep track of",
        when=above(
            max_by(select(NODE_EXPORTER, CONNTRACK_ENTRIES).now, "instance").of(
                max_by(select(NODE_EXPORTER, CONNTRACK_LIMIT).now, "instance")
            ),
            "0.75",
            because="A crawler opens the last quarter within minutes, and full means that connections are dropped.",
        ),
        lasting=minutes(10),
        summary="{instance} can keep track of few more connections",
        description=(
            "{value:percentage} of the kernel's table of connections on {instance} is in use. When it is full, new "
            "connections to and from pods there are dropped without a word."
        ),
        board=INFRASTRUCTURE,
        fires=Firing(
            given=(_series(CONNTRACK_ENTRIES, "209715x60"), _series(CONNTRACK_LIMIT, "262144x60")),
            at=minutes(15),
            labels=_NODE,
            value="80%",
        ),
        silent=Scenario(
            given=(_series(CONNTRACK_ENTRIES, "190000x60"), _series(CONNTRACK_LIMIT, "262144x60")), at=minutes(25)
        ),
    ),
    Alert(
        name="NodeFileDescriptorsNearlyUsed",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=NODE,
        symptom=Symptom.FULL,
        watches="share of the file descriptors that the kernel grants",
        when=above(
            max_by(select(NODE_EXPORTER, FILE_DESCRIPTORS).now, "instance").of(
                max_by(select(NODE_EXPORTER, FILE_DESCRIPTORS_LIMIT).now, "instance")
            ),
            "0.8",
            because="Only a leak comes near the limit, and it does not stop by itself.",
        ),
        lasting=minutes(15),
        summary="{instance} has few file descriptors left",
        description=(
            "{value:percentage} of the file descriptors of {instance} are in use. Without one, processes there open "
            "no file and no connection."
        ),
        board=INFRASTRUCTURE,
        fires=Firing(
            given=(_series(FILE_DESCRIPTORS, "900000x60"), _series(FILE_DESCRIPTORS_LIMIT, "1000000x60")),
            at=minutes(20),
            labels=_NODE,
            value="90%",
        ),
        # Where nobody limits them: the kernel's largest number.
        silent=Scenario(
            given=(_series(FILE_DESCRIPTORS, "900000x60"), _series(FILE_DESCRIPTORS_LIMIT, "9223372036854775807x60")),
            at=minutes(25),
        ),
    ),
    Alert(
        name="NodeClockSkew",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=NODE,
        symptom=Symptom.DEGRADED,
        watches="seconds between the node's clock and its time server",
        when=above(
            max_by(absolute(select(NODE_EXPORTER, CLOCK_OFFSET).now), "instance"),
            "0.05",
            because="Synchronised clocks differ by a millisecond; traces and logs of one request span fifty.",
        ),
        lasting=minutes(10),
        summary="The clock of {instance} is wrong",
        description=(
            "The clock of {instance} is off by {value:duration}. Logs and traces appear in the wrong order; by "
            "minutes, sessions and certificates are refused."
        ),
        board=INFRASTRUCTURE,
        # Behind, not ahead.
        fires=Firing(given=(_series(CLOCK_OFFSET, "-0.25x60"),), at=minutes(15), labels=_NODE, value="250ms"),
        silent=Scenario(given=(_series(CLOCK_OFFSET, "-0.03x60"),), at=minutes(25)),
    ),
    Alert(
        name="NodeClockNotSynchronised",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=NODE,
        symptom=Symptom.DEGRADED,
        watches="whether the node's clock follows a time server",
        when=equals(
            max_by(select(NODE_EXPORTER, CLOCK_SYNCHRONISED).max_over(minutes(5)), "instance"),
            0,
            # The kernel's estimate has grown to its end: the last contact is hours ago.
            guard=max_by(select(NODE_EXPORTER, CLOCK_MAX_ERROR).now, "instance").at_least(16),
        ),
        lasting=minutes(10),
        summary="The clock of {instance} follows no time server",
        description=(
            "The clock of {instance} runs by itself and drifts by a second or so a day. How wrong it is, the node "
            "cannot know."
        ),
        board=INFRASTRUCTURE,
        fires=Firing(
            given=(_series(CLOCK_SYNCHRONISED, "0x60"), _series(CLOCK_MAX_ERROR, "16x60")),
            at=minutes(15),
            labels=_NODE,
        ),
        # Just started: not yet synchronised, and the estimate is still small.
        silent=Scenario(
            given=(_series(CLOCK_SYNCHRONISED, "0x60"), _series(CLOCK_MAX_ERROR, "0.5x60")), at=minutes(25)
        ),
    ),
)
