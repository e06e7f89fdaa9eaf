"""Is there room on the nodes' own disks, and do the disks work?"""

from alerts.condition import above, below, equals
from alerts.expression import Op
from alerts.library.recordings import FILESYSTEM_AVAILABLE, PER_FILESYSTEM, REAL_FILESYSTEMS
from alerts.model import Alert, Severity
from alerts.promql import like, max_by, min_by, select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import INFRASTRUCTURE
from catalogue.exported import nodes
from catalogue.exporters import NODE_EXPORTER
from catalogue.model.metric import Metric
from catalogue.model.time import Duration, days, hours, minutes
from catalogue.services import NODE
from catalogue.teams import PLATFORM

_DISK = {"instance": "node-1", "device": "/dev/nvme0n1p1", "fstype": "ext4", "mountpoint": "/"}
_STEP = minutes(2)


def _series(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(NODE_EXPORTER, metric, values, **(_DISK | labels))


def _space(available: str, **labels: str) -> tuple[Samples, ...]:
    """Of 100 GB, in MB."""
    return (
        _series(nodes.FILESYSTEM_AVAILABLE, available, **labels),
        _series(nodes.FILESYSTEM_SIZE, "100000x300", **labels),
        _series(nodes.FILESYSTEM_READONLY, "0x300", **labels),
    )


def _filling(
    severity: Severity, share: str, because: str, ahead: Duration, soon: str, lasting: Duration, fires: str, silent: str
) -> Alert:
    return Alert(
        name="NodeFilesystemSpaceFillingUp",
        severity=severity,
        team=PLATFORM,
        service=NODE,
        symptom=Symptom.FULL,
        watches=f"share of the space that is left, where it will be gone within {soon}",
        when=below(
            FILESYSTEM_AVAILABLE.now,
            share,
            because=because,
            guard=FILESYSTEM_AVAILABLE.where().predicted(hours(6), ahead).compare(Op.BELOW, 0),
        ),
        lasting=lasting,
        summary=f"{{mountpoint}} on {{instance}} will be full within {soon}",
        description=(
            f"{{value:percentage}} of {{mountpoint}} on {{instance}} is left, and at this pace it is full in {soon}. "
            "The kubelet evicts pods before that, and takes no new ones."
        ),
        board=INFRASTRUCTURE,
        fires=Firing(given=_space(fires), at=hours(6), step=_STEP, labels=_DISK),
        silent=Scenario(given=_space(silent), at=hours(7), step=_STEP),
    )


ALERTS = (
    _filling(
        Severity.WARNING,
        "0.15",
        "At 85% in use the kubelet deletes unused images; what is left after that is real.",
        ahead=hours(24),
        soon="a day",
        lasting=hours(1),
        fires="20000-50x300",
        # Below 15% since long, and steady.
        silent="12000x300",
    ),
    _filling(
        Severity.CRITICAL,
        "0.1",
        "Below a tenth the kubelet evicts pods.",
        ahead=hours(4),
        soon="four hours",
        lasting=minutes(30),
        fires="25000-100x200",
        # As fast, and most of it is still there.
        silent="60000-150x300",
    ),
    Alert(
        name="NodeFilesystemAlmostOutOfSpace",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=NODE,
        symptom=Symptom.FULL,
        watches="share of the space that is left",
        when=below(
            FILESYSTEM_AVAILABLE.now,
            "0.05",
            because="Half of what the kubelet guards with evictions: they have not helped.",
        ),
        lasting=minutes(15),
        summary="{mountpoint} on {instance} is almost full",
        description=(
            "{value:percentage} of {mountpoint} on {instance} is left. Pods on it are evicted or fail to write, and "
            "no new ones start."
        ),
        board=INFRASTRUCTURE,
        fires=Firing(given=_space("3000x300"), at=minutes(30), labels=_DISK, value="3%"),
        # A pod's volume is watched as a volume.
        silent=Scenario(
            given=(*_space("6000x300"), *_space("1000x300", mountpoint="/var/lib/kubelet/pods/a/volumes/b")),
            at=minutes(40),
        ),
    ),
    Alert(
        name="NodeFilesystemAlmostOutOfFiles",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=NODE,
        symptom=Symptom.FULL,
        watches="share of the files that can still be made",
        when=below(
            min_by(
                select(NODE_EXPORTER, nodes.FILESYSTEM_FILES_FREE, **REAL_FILESYSTEMS)
                .now.of(select(NODE_EXPORTER, nodes.FILESYSTEM_FILES, **REAL_FILESYSTEMS).now)
                .both(select(NODE_EXPORTER, nodes.FILESYSTEM_READONLY, **REAL_FILESYSTEMS).now.compare(Op.EQUALS, 0)),
                *PER_FILESYSTEM,
            ),
            "0.05",
            because="The kubelet evicts pods at this share, as it does for space.",
        ),
        lasting=hours(1),
        summary="{mountpoint} on {instance} can hold few more files",
        description=(
            "{value:percentage} of the inodes of {mountpoint} on {instance} are left. Without one no file can be "
            "made, however much space there is."
        ),
        board=INFRASTRUCTURE,
        fires=Firing(
            given=(
                _series(nodes.FILESYSTEM_FILES, "1000000x300"),
                _series(nodes.FILESYSTEM_FILES_FREE, "20000x300"),
                _series(nodes.FILESYSTEM_READONLY, "0x300"),
            ),
            at=minutes(90),
            labels=_DISK,
            value="2%",
        ),
        # btrfs makes inodes as it needs them and says 0 of 0.
        silent=Scenario(
            given=(
                _series(nodes.FILESYSTEM_FILES, "0x300"),
                _series(nodes.FILESYSTEM_FILES_FREE, "0x300"),
                _series(nodes.FILESYSTEM_READONLY, "0x300"),
            ),
            at=minutes(90),
        ),
    ),
    Alert(
        name="NodeFilesystemReadOnly",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=NODE,
        symptom=Symptom.LOSS,
        watches="whether a filesystem that could be written to within a day still can",
        when=equals(
            min_by(select(NODE_EXPORTER, nodes.FILESYSTEM_READONLY, **REAL_FILESYSTEMS).now, *PER_FILESYSTEM),
            1,
            # One that is mounted so on purpose has been so all the time.
            guard=min_by(
                select(NODE_EXPORTER, nodes.FILESYSTEM_READONLY, **REAL_FILESYSTEMS).min_over(days(1)), *PER_FILESYSTEM
            ).compare(Op.EQUALS, 0),
        ),
        lasting=minutes(5),
        summary="{mountpoint} on {instance} can no longer be written to",
        description=(
            "The kernel has made {mountpoint} on {instance} read-only, as it does when the disk below fails. Pods "
            "there cannot write, start or be stopped properly."
        ),
        board=INFRASTRUCTURE,
        fires=Firing(given=(_series(nodes.FILESYSTEM_READONLY, "0x30 1x200"),), at=minutes(110), labels=_DISK),
        silent=Scenario(given=(_series(nodes.FILESYSTEM_READONLY, "1x200"),), at=minutes(90)),
    ),
    Alert(
        name="NodeDiskIOSaturation",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=NODE,
        symptom=Symptom.SLOW,
        watches="mean length of the disk's queue",
        when=above(
            max_by(
                select(NODE_EXPORTER, nodes.DISK_QUEUE_TIME, device=like(nodes.DISKS)).rate(minutes(5)),
                "instance",
                "device",
            ),
            10,
            because="A disk of a cloud works on a few requests at once; behind ten each write waits noticeably.",
        ),
        lasting=minutes(30),
        summary="Disk {device} of {instance} does not keep up",
        description=(
            "{value:number} requests wait for disk {device} of {instance} on average. What reads or writes there is "
            "slow: databases and logs first."
        ),
        board=INFRASTRUCTURE,
        fires=Firing(
            given=(samples(NODE_EXPORTER, nodes.DISK_QUEUE_TIME, "0+600x120", instance="node-1", device="nvme0n1"),),
            at=minutes(45),
            labels={"instance": "node-1", "device": "nvme0n1"},
            value="20",
        ),
        # A loop device has no queue of its own.
        silent=Scenario(
            given=(
                samples(NODE_EXPORTER, nodes.DISK_QUEUE_TIME, "0+240x120", instance="node-1", device="nvme0n1"),
                samples(NODE_EXPORTER, nodes.DISK_QUEUE_TIME, "0+600x120", instance="node-1", device="loop3"),
            ),
            at=minutes(50),
        ),
    ),
)
