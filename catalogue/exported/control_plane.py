"""What the parts of a control plane say about themselves, where we may ask them."""

from catalogue.model.metric import Unit, exported_gauge

ETCD_HAS_LEADER = exported_gauge("etcd_server_has_leader")
ETCD_SIZE = exported_gauge("etcd_mvcc_db_total_size_in_bytes", unit=Unit.BYTES)
ETCD_QUOTA = exported_gauge("etcd_server_quota_backend_bytes", unit=Unit.BYTES)

ETCD_METRICS = (ETCD_HAS_LEADER, ETCD_SIZE, ETCD_QUOTA)
