"""OpenPolicy SLOs: do we keep what we promise, and for how long at this pace?"""

from dataclasses import replace

from alerts.burnrate import Measured
from alerts.library.objectives import OBJECTIVES
from catalogue.boards import SLO
from catalogue.model.time import days
from dashboards.library.annotations import ANNOTATIONS
from dashboards.library.objectives import (
    bad_requests,
    budget_left,
    budget_over_time,
    burn_by_window,
    burn_rate,
    compliance,
)
from dashboards.model import COLUMNS, Dashboard, Row

_QUARTER = COLUMNS // 4


def _objective(measured: Measured) -> Row:
    name = measured.slo.name.capitalize()
    numbers = (
        compliance(f"{name}: kept (30 d)", measured),
        budget_left(f"{name}: budget left", measured),
        burn_rate(f"{name}: burn rate (1 h)", measured),
        bad_requests(f"{name}: bad requests (1 d)", measured),
    )
    return Row(
        title=f"{name}: {measured.slo.promise}",
        panels=(
            *(replace(each, width=_QUARTER) for each in numbers),
            budget_over_time(f"{name}: budget over time", measured),
            burn_by_window(f"{name}: burn rate by window", measured),
        ),
    )


PAGE = Dashboard(
    board=SLO,
    description="What we promise to the people who use the platform, what is left of it, and how fast it goes.",
    variables=(),
    annotations=ANNOTATIONS,
    shows=days(30),
    rows=tuple(_objective(measured) for measured in OBJECTIVES),
)
