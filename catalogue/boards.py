"""Every dashboard, as links name it."""

from catalogue.model.board import Board

OVERVIEW = Board("op-system-overview", "OpenPolicy System Overview")
BUSINESS = Board("op-business", "OpenPolicy Business Metrics")
INFRASTRUCTURE = Board("op-infra-health", "Infrastructure Health")
SLO = Board("op-slo", "OpenPolicy SLOs")
DATABASES = Board("op-databases", "Databases")
LOGS = Board("op-logs", "Logs")
TRACES = Board("op-traces", "Traces")
MONITORING = Board("op-monitoring", "Health of the Monitoring")
WEEKLY = Board("op-weekly-review", "Weekly Review")
CAPACITY = Board("op-capacity", "Capacity and Cost")

BOARDS = (OVERVIEW, BUSINESS, INFRASTRUCTURE, SLO, DATABASES, LOGS, TRACES, MONITORING, WEEKLY, CAPACITY)
