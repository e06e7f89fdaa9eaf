"""What kube-state-metrics says about objects, kubelets about volumes and containers, the API server about itself."""

from catalogue.model.metric import Unit, exported_counter, exported_gauge

# Series about a namespaced object say its namespace; about nodes and volumes they say that of kube-state-metrics.
POD_INFO = exported_gauge("kube_pod_info", "namespace", "pod", "node")
POD_OWNER = exported_gauge("kube_pod_owner", "namespace", "pod", "owner_kind", "owner_name")
POD_PHASE = exported_gauge("kube_pod_status_phase", "namespace", "pod", "phase")
CONTAINER_WAITING = exported_gauge(
    "kube_pod_container_status_waiting_reason", "namespace", "pod", "container", "reason"
)
CONTAINER_RESTARTS = exported_counter("kube_pod_container_status_restarts_total", "namespace", "pod", "container")
CONTAINER_LAST_TERMINATED = exported_gauge(
    "kube_pod_container_status_last_terminated_reason", "namespace", "pod", "container", "reason"
)
CONTAINER_LIMITS = exported_gauge(
    "kube_pod_container_resource_limits", "namespace", "pod", "container", "node", "resource", "unit"
)
CONTAINER_REQUESTS = exported_gauge(
    "kube_pod_container_resource_requests", "namespace", "pod", "container", "node", "resource", "unit"
)
DEPLOYMENT_REPLICAS = exported_gauge("kube_deployment_spec_replicas", "namespace", "deployment")
DEPLOYMENT_REPLICAS_AVAILABLE = exported_gauge("kube_deployment_status_replicas_available", "namespace", "deployment")
DEPLOYMENT_REPLICAS_UPDATED = exported_gauge("kube_deployment_status_replicas_updated", "namespace", "deployment")
DEPLOYMENT_GENERATION = exported_gauge("kube_deployment_status_observed_generation", "namespace", "deployment")
STATEFULSET_REPLICAS = exported_gauge("kube_statefulset_replicas", "namespace", "statefulset")
STATEFULSET_REPLICAS_READY = exported_gauge("kube_statefulset_status_replicas_ready", "namespace", "statefulset")
STATEFULSET_REPLICAS_UPDATED = exported_gauge("kube_statefulset_status_replicas_updated", "namespace", "statefulset")
DAEMONSET_DESIRED = exported_gauge("kube_daemonset_status_desired_number_scheduled", "namespace", "daemonset")
DAEMONSET_AVAILABLE = exported_gauge("kube_daemonset_status_number_available", "namespace", "daemonset")
DAEMONSET_UPDATED = exported_gauge("kube_daemonset_status_updated_number_scheduled", "namespace", "daemonset")
JOB_FAILED = exported_gauge("kube_job_failed", "namespace", "job_name", "condition")
JOB_OWNER = exported_gauge("kube_job_owner", "namespace", "job_name", "owner_kind", "owner_name")
JOB_STARTED = exported_gauge("kube_job_status_start_time", "namespace", "job_name", unit=Unit.TIMESTAMP)
CRONJOB_CREATED = exported_gauge("kube_cronjob_created", "namespace", "cronjob", unit=Unit.TIMESTAMP)
CRONJOB_LAST_RUN = exported_gauge("kube_cronjob_status_last_schedule_time", "namespace", "cronjob", unit=Unit.TIMESTAMP)
# Of a suspended one there is none.
CRONJOB_NEXT_RUN = exported_gauge("kube_cronjob_next_schedule_time", "namespace", "cronjob", unit=Unit.TIMESTAMP)
# There is none before the first success.
CRONJOB_LAST_SUCCESS = exported_gauge(
    "kube_cronjob_status_last_successful_time", "namespace", "cronjob", unit=Unit.TIMESTAMP
)
HPA_REPLICAS = exported_gauge(
    "kube_horizontalpodautoscaler_status_current_replicas", "namespace", "horizontalpodautoscaler"
)
HPA_DESIRED_REPLICAS = exported_gauge(
    "kube_horizontalpodautoscaler_status_desired_replicas", "namespace", "horizontalpodautoscaler"
)
HPA_MAX_REPLICAS = exported_gauge(
    "kube_horizontalpodautoscaler_spec_max_replicas", "namespace", "horizontalpodautoscaler"
)
HPA_CONDITION = exported_gauge(
    "kube_horizontalpodautoscaler_status_condition", "namespace", "horizontalpodautoscaler", "condition", "status"
)
PDB_DESIRED = exported_gauge("kube_poddisruptionbudget_status_desired_healthy", "namespace", "poddisruptionbudget")
PDB_HEALTHY = exported_gauge("kube_poddisruptionbudget_status_current_healthy", "namespace", "poddisruptionbudget")
QUOTA = exported_gauge("kube_resourcequota", "namespace", "resourcequota", "resource", "type")
CLAIM_ACCESS_MODE = exported_gauge(
    "kube_persistentvolumeclaim_access_mode", "namespace", "persistentvolumeclaim", "access_mode"
)
VOLUME_PHASE = exported_gauge("kube_persistentvolume_status_phase", "persistentvolume", "phase")
VOLUME_CLAIM = exported_gauge("kube_persistentvolume_claim_ref", "persistentvolume", "claim_namespace", "name")
NODE_CONDITION = exported_gauge("kube_node_status_condition", "node", "condition", "status")
NODE_CREATED = exported_gauge("kube_node_created", "node", unit=Unit.TIMESTAMP)
NODE_UNSCHEDULABLE = exported_gauge("kube_node_spec_unschedulable", "node")
NODE_ALLOCATABLE = exported_gauge("kube_node_status_allocatable", "node", "resource", "unit")

OBJECTS = (
    POD_INFO,
    POD_OWNER,
    POD_PHASE,
    CONTAINER_WAITING,
    CONTAINER_RESTARTS,
    CONTAINER_LAST_TERMINATED,
    CONTAINER_LIMITS,
    CONTAINER_REQUESTS,
    DEPLOYMENT_REPLICAS,
    DEPLOYMENT_REPLICAS_AVAILABLE,
    DEPLOYMENT_REPLICAS_UPDATED,
    DEPLOYMENT_GENERATION,
    STATEFULSET_REPLICAS,
    STATEFULSET_REPLICAS_READY,
    STATEFULSET_REPLICAS_UPDATED,
    DAEMONSET_DESIRED,
    DAEMONSET_AVAILABLE,
    DAEMONSET_UPDATED,
    JOB_FAILED,
    JOB_OWNER,
    JOB_STARTED,
    CRONJOB_CREATED,
    CRONJOB_LAST_RUN,
    CRONJOB_NEXT_RUN,
    CRONJOB_LAST_SUCCESS,
    HPA_REPLICAS,
    HPA_DESIRED_REPLICAS,
    HPA_MAX_REPLICAS,
    HPA_CONDITION,
    PDB_DESIRED,
    PDB_HEALTHY,
    QUOTA,
    CLAIM_ACCESS_MODE,
    VOLUME_PHASE,
    VOLUME_CLAIM,
    NODE_CONDITION,
    NODE_CREATED,
    NODE_UNSCHEDULABLE,
    NODE_ALLOCATABLE,
)
"""Of kube-state-metrics."""

VOLUME_AVAILABLE = exported_gauge(
    "kubelet_volume_stats_available_bytes", "namespace", "persistentvolumeclaim", "node", unit=Unit.BYTES
)
VOLUME_CAPACITY = exported_gauge(
    "kubelet_volume_stats_capacity_bytes", "namespace", "persistentvolumeclaim", "node", unit=Unit.BYTES
)
VOLUME_USED = exported_gauge(
    "kubelet_volume_stats_used_bytes", "namespace", "persistentvolumeclaim", "node", unit=Unit.BYTES
)
VOLUME_INODES = exported_gauge("kubelet_volume_stats_inodes", "namespace", "persistentvolumeclaim", "node")
VOLUME_INODES_FREE = exported_gauge("kubelet_volume_stats_inodes_free", "namespace", "persistentvolumeclaim", "node")
KUBELET_CERTIFICATE_TTL = exported_gauge("kubelet_certificate_manager_client_ttl_seconds", "node", unit=Unit.SECONDS)

VOLUMES = (
    VOLUME_AVAILABLE,
    VOLUME_CAPACITY,
    VOLUME_USED,
    VOLUME_INODES,
    VOLUME_INODES_FREE,
    KUBELET_CERTIFICATE_TTL,
)
"""Of kubelets."""

CONTAINER_CPU = exported_counter(
    "container_cpu_usage_seconds_total", "namespace", "pod", "container", "image", "node", unit=Unit.SECONDS
)
CONTAINER_MEMORY = exported_gauge(
    "container_memory_working_set_bytes", "namespace", "pod", "container", "image", "node", unit=Unit.BYTES
)
# Without the page cache, which the kernel gives back before it kills.
CONTAINER_RSS = exported_gauge(
    "container_memory_rss", "namespace", "pod", "container", "image", "node", unit=Unit.BYTES
)
CONTAINER_CPU_PERIODS = exported_counter(
    "container_cpu_cfs_periods_total", "namespace", "pod", "container", "image", "node"
)
CONTAINER_CPU_THROTTLED = exported_counter(
    "container_cpu_cfs_throttled_periods_total", "namespace", "pod", "container", "image", "node"
)

CONTAINERS = (
    CONTAINER_CPU,
    CONTAINER_MEMORY,
    CONTAINER_RSS,
    CONTAINER_CPU_PERIODS,
    CONTAINER_CPU_THROTTLED,
)
"""Of cAdvisor, which is part of every kubelet."""

API_REQUESTS = exported_counter("apiserver_request_total", "code", "verb", "group", "resource")
API_UNAVAILABLE = exported_gauge("aggregator_unavailable_apiservice", "name")

API_SERVER = (
    API_REQUESTS,
    API_UNAVAILABLE,
)
"""Of the API server."""
