"""All facts together, checked against each other."""

from dataclasses import dataclass

from catalogue.model.board import Board
from catalogue.model.exporter import Exporter
from catalogue.model.flow import Flow
from catalogue.model.journey import Journey
from catalogue.model.logs import LogClass, check_classes
from catalogue.model.metric import Metric
from catalogue.model.names import check_unique
from catalogue.model.ownership import Environment, Service, Team
from catalogue.model.scaling import Autoscaler
from catalogue.model.slo import Slo


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Every fact of the platform. Raises ValueError when two of them contradict each other."""

    environments: tuple[Environment, ...]
    teams: tuple[Team, ...]
    services: tuple[Service, ...]
    metrics: tuple[Metric, ...]
    scrape_metrics: tuple[Metric, ...]
    """What Prometheus itself records about every target."""

    exporters: tuple[Exporter, ...]
    slos: tuple[Slo, ...]
    log_classes: tuple[LogClass, ...]
    journeys: tuple[Journey, ...]
    autoscalers: tuple[Autoscaler, ...]
    boards: tuple[Board, ...]
    flows: tuple[Flow, ...]
    last_resort: Team

    def __post_init__(self) -> None:
        check_unique("environments", [environment.name for environment in self.environments])
        check_unique("teams", [team.name for team in self.teams])
        check_unique("services", [service.name for service in self.services])
        for exporter in self.exporters:
            check_unique(f"metrics of the job {exporter.job}", [metric.name for metric in exporter.metrics])
        check_unique("jobs", [exporter.job for exporter in self.exporters])
        check_unique("SLOs", [slo.name for slo in self.slos])
        check_unique("log classes", [log_class.name for log_class in self.log_classes])
        check_classes(self.log_classes)
        check_unique("journeys", [journey.name for journey in self.journeys])
        check_unique("autoscalers", [autoscaler.name for autoscaler in self.autoscalers])
        check_unique("scaled services", [autoscaler.service.name for autoscaler in self.autoscalers])
        check_unique("dashboards", [board.uid for board in self.boards])
        for metric in self.metrics:
            if unbound := [label.name for label in metric.labels if label.bound is None]:
                raise ValueError(f"metric {metric.name}: {', '.join(unbound)} has no bound")
        for autoscaler in self.autoscalers:
            if autoscaler.load.counter not in self.metrics:
                raise ValueError(f"autoscaler {autoscaler.name}: {autoscaler.load.counter.name} is no metric of ours")
        owners = [*self.services, *(exporter.service for exporter in self.exporters if exporter.service)]
        owners += [autoscaler.service for autoscaler in self.autoscalers]
        owners += [sender for log_class in self.log_classes for sender in log_class.senders]
        owners += [slo.service for slo in self.slos] + [journey.service for journey in self.journeys]
        services, teams = set(self.services), set(self.teams)
        for service in owners:
            if service not in services:
                raise ValueError(f"service {service.name} is used but not among the services")
            if service.team not in teams:
                raise ValueError(f"service {service.name}: {service.team.name} is not among the teams")
        if self.last_resort not in self.teams:
            raise ValueError(f"the last resort, {self.last_resort.name}, is not among the teams")

    def environment(self, name: str) -> Environment:
        """The environment of that name. Raises KeyError when there is none."""
        return {environment.name: environment for environment in self.environments}[name]
