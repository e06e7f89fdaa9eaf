"""The dashboards that alerts link to."""

from catalogue.model.board import Board

OVERVIEW = Board("op-system-overview", "OpenPolicy System Overview")
BUSINESS = Board("op-business", "OpenPolicy Business Metrics")
INFRASTRUCTURE = Board("op-infra-health", "Infrastructure Health")
SLO = Board("op-slo", "OpenPolicy SLOs")

BOARDS = (OVERVIEW, BUSINESS, INFRASTRUCTURE, SLO)
