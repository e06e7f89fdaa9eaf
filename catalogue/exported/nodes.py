"""What node_exporter says about a machine, and which of its disks and links are real."""

from catalogue.model.metric import Unit, exported_counter, exported_gauge

PSEUDO_FILESYSTEMS = "tmpfs|ramfs|overlay|squashfs|nsfs|fuse.*|iso9660"
"""Types of filesystems that have no disk of their own."""

POD_MOUNTS = "/(run|var/lib/(kubelet|containerd|docker))/.+"
"""Where kubelet and container runtime mount for pods. A disk at /var/lib/containerd itself is the node's own."""

DISKS = "(nvme|sd|vd|xvd|dm-|md).+"
"""Block devices that are or combine disks."""

LINKS = "(eth|en[oPpsx]|ib)[0-9a-f].*"
"""Physical network devices: no loopback, and not the thousands of ends of pods' links."""

_ON_CONNTRACK = "--collector.conntrack"
_ON_CPU = "--collector.cpu"
_ON_DISKSTATS = "--collector.diskstats"
_ON_FILEFD = "--collector.filefd"
_ON_FILESYSTEM = "--collector.filesystem"
_ON_LOADAVG = "--collector.loadavg"
_ON_MEMINFO = "--collector.meminfo"
_ON_NETDEV = "--collector.netdev"
_ON_TIMEX = "--collector.timex"
_ON_VMSTAT = "--collector.vmstat"
FLAGS = (
    _ON_CONNTRACK,
    _ON_CPU,
    _ON_DISKSTATS,
    _ON_FILEFD,
    _ON_FILESYSTEM,
    _ON_LOADAVG,
    _ON_MEMINFO,
    _ON_NETDEV,
    _ON_TIMEX,
    _ON_VMSTAT,
)
"""Collectors that show what is read. All others are off."""

MEMORY_TOTAL = exported_gauge("node_memory_MemTotal_bytes", unit=Unit.BYTES, needs=_ON_MEMINFO)
MEMORY_AVAILABLE = exported_gauge("node_memory_MemAvailable_bytes", unit=Unit.BYTES, needs=_ON_MEMINFO)
CPU = exported_counter("node_cpu_seconds_total", "cpu", "mode", unit=Unit.SECONDS, needs=_ON_CPU)
LOAD = exported_gauge("node_load1", needs=_ON_LOADAVG)
FILESYSTEM_AVAILABLE = exported_gauge(
    "node_filesystem_avail_bytes", "device", "fstype", "mountpoint", unit=Unit.BYTES, needs=_ON_FILESYSTEM
)
FILESYSTEM_SIZE = exported_gauge(
    "node_filesystem_size_bytes", "device", "fstype", "mountpoint", unit=Unit.BYTES, needs=_ON_FILESYSTEM
)
FILESYSTEM_READONLY = exported_gauge("node_filesystem_readonly", "device", "fstype", "mountpoint", needs=_ON_FILESYSTEM)
FILESYSTEM_FILES = exported_gauge("node_filesystem_files", "device", "fstype", "mountpoint", needs=_ON_FILESYSTEM)
FILESYSTEM_FILES_FREE = exported_gauge(
    "node_filesystem_files_free", "device", "fstype", "mountpoint", needs=_ON_FILESYSTEM
)
DISK_IO_TIME = exported_counter("node_disk_io_time_seconds_total", "device", unit=Unit.SECONDS, needs=_ON_DISKSTATS)
# Seconds of every request under way added up, so its rate is the mean length of the queue and no share of time.
DISK_QUEUE_TIME = exported_counter("node_disk_io_time_weighted_seconds_total", "device", needs=_ON_DISKSTATS)
NETWORK_RECEIVED = exported_counter("node_network_receive_bytes_total", "device", unit=Unit.BYTES, needs=_ON_NETDEV)
NETWORK_SENT = exported_counter("node_network_transmit_bytes_total", "device", unit=Unit.BYTES, needs=_ON_NETDEV)
NETWORK_RECEIVE_ERRORS = exported_counter("node_network_receive_errs_total", "device", needs=_ON_NETDEV)
NETWORK_SEND_ERRORS = exported_counter("node_network_transmit_errs_total", "device", needs=_ON_NETDEV)
NETWORK_RECEIVED_PACKETS = exported_counter("node_network_receive_packets_total", "device", needs=_ON_NETDEV)
NETWORK_SENT_PACKETS = exported_counter("node_network_transmit_packets_total", "device", needs=_ON_NETDEV)
CONNTRACK_ENTRIES = exported_gauge("node_nf_conntrack_entries", needs=_ON_CONNTRACK)
CONNTRACK_LIMIT = exported_gauge("node_nf_conntrack_entries_limit", needs=_ON_CONNTRACK)
FILE_DESCRIPTORS = exported_gauge("node_filefd_allocated", needs=_ON_FILEFD)
FILE_DESCRIPTORS_LIMIT = exported_gauge("node_filefd_maximum", needs=_ON_FILEFD)
OOM_KILLS = exported_counter("node_vmstat_oom_kill", needs=_ON_VMSTAT)
CLOCK_OFFSET = exported_gauge("node_timex_offset_seconds", unit=Unit.SECONDS, needs=_ON_TIMEX)
CLOCK_SYNCHRONISED = exported_gauge("node_timex_sync_status", needs=_ON_TIMEX)
CLOCK_MAX_ERROR = exported_gauge("node_timex_maxerror_seconds", unit=Unit.SECONDS, needs=_ON_TIMEX)

METRICS = (
    MEMORY_TOTAL,
    MEMORY_AVAILABLE,
    CPU,
    LOAD,
    FILESYSTEM_AVAILABLE,
    FILESYSTEM_SIZE,
    FILESYSTEM_READONLY,
    FILESYSTEM_FILES,
    FILESYSTEM_FILES_FREE,
    DISK_IO_TIME,
    DISK_QUEUE_TIME,
    NETWORK_RECEIVED,
    NETWORK_SENT,
    NETWORK_RECEIVE_ERRORS,
    NETWORK_SEND_ERRORS,
    NETWORK_RECEIVED_PACKETS,
    NETWORK_SENT_PACKETS,
    CONNTRACK_ENTRIES,
    CONNTRACK_LIMIT,
    FILE_DESCRIPTORS,
    FILE_DESCRIPTORS_LIMIT,
    OOM_KILLS,
    CLOCK_OFFSET,
    CLOCK_SYNCHRONISED,
    CLOCK_MAX_ERROR,
)
