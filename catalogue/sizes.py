"""What things take, for bills and capacity. All are assumptions until measured, and said to be where they are used."""

from decimal import Decimal

from catalogue.model.price import Sizes

SIZES = Sizes(
    indexed=Decimal("0.7"),
    compressed=Decimal("0.1"),
    filled=Decimal("0.8"),
    # Prometheus' own documentation says 1 to 2.
    sample=Decimal("1.5"),
    series=8_192,
    churn=Decimal("1.3"),
    queries=Decimal(1),
    span=700,
    spans=8,
    requests=120,
    remarkable=Decimal("0.03"),
)

SERIES_OF_NODE = {
    "filebeat": 30,
    # Five of each of four volumes.
    "kubernetes-nodes": 30,
    # Five of each of fifty containers.
    "kubernetes-cadvisor": 250,
    # Counted: 8 of each of 16 processors; 2, 5 and 6 of each of 4 disks, file systems and links; 11 of the machine.
    "node-exporter": 200,
    "kube-state-metrics": 2_500,
    "kubernetes-pods": 1_500,
    "kubernetes-service-endpoints": 1_500,
}
"""Kept of jobs that grow with the cluster, for each of its nodes, which have some forty pods."""

SERIES_OF_TARGET = {"openpolicy": 3_000, "kubernetes-apiservers": 5_000}
"""Of other jobs, for each target."""

OTHER_SERIES = 1_000
"""Of one target of every job that is in neither."""
