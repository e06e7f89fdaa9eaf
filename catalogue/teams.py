"""Who is paged."""

from catalogue.model.ownership import Team

PLATFORM = Team(
    name="platform",
    mission="Runs the API, the site, the cluster and the monitoring itself.",
    tickets_wait=False,
)
DATABASE = Team(
    name="database",
    mission="Runs PostgreSQL and Redis, their backups and their connection pools.",
    tickets_wait=False,
)
DATA = Team(
    name="data",
    mission="Runs the scrapers that bring in bills, votes and representatives.",
    tickets_wait=True,
)

TEAMS = (PLATFORM, DATABASE, DATA)

LAST_RESORT = PLATFORM
"""Who gets what no route claims: an alert may be misdirected, never lost."""
