"""Does fresh data come in?"""

from alerts.condition import above, below, holds
from alerts.expression import Expr, Op
from alerts.model import Alert, Severity
from alerts.promql import age, max_by, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import BUSINESS
from catalogue.exporters import APPLICATION
from catalogue.metrics import RECORDS_SCRAPED, SCRAPER_ERRORS, SCRAPER_LAST_SUCCESS, SCRAPER_RUNS
from catalogue.model.time import Duration, hours, minutes
from catalogue.services import SCRAPER
from catalogue.teams import DATA

_EACH = ("namespace", "scraper")
# A daily run, and two hours for a slow one.
_DAILY = hours(26)
_BILLS = {"service": SCRAPER.name, "pod": "scraper-1", "scraper": "federal-bills"}
_LABELS = {"namespace": "openpolicy", "scraper": "federal-bills"}
_STEP = minutes(2)


def _runs(window: Duration, **status: str) -> Expr:
    return sum_by(select(APPLICATION, SCRAPER_RUNS, **status).increase(window), *_EACH)


def _counted(status: str, values: str) -> Samples:
    return samples(APPLICATION, SCRAPER_RUNS, values, status=status, **_BILLS)


def _records(values: str) -> Samples:
    return samples(APPLICATION, RECORDS_SCRAPED, values, entity_type="bill", **_BILLS)


def _errors(values: str) -> Samples:
    return samples(APPLICATION, SCRAPER_ERRORS, values, error_type="TimeoutError", **_BILLS)


_FAILED_SHARE = _runs(hours(6), status="failure").of(_runs(hours(6)))
_SUCCEEDED = _runs(_DAILY, status="success")
_LAST_SUCCESS = max_by(select(APPLICATION, SCRAPER_LAST_SUCCESS).now, *_EACH)
_OVERDUE = age(_LAST_SUCCESS).above(_DAILY.seconds)

ALERTS = (
    Alert(
        name="ScraperFailures",
        severity=Severity.WARNING,
        team=DATA,
        service=SCRAPER,
        symptom=Symptom.STALE,
        watches="share of the runs that failed in 6 hours",
        when=above(
            _FAILED_SHARE,
            "0.1",
            because="The legislatures' sites fail now and then; one run in ten is more than that.",
            guard=_runs(hours(6), status="failure").at_least(2),
        ),
        lasting=minutes(30),
        summary="High scraper failure rate",
        description="{value:percentage} of the runs of {scraper} failed in 6 hours.",
        board=BUSINESS,
        fires=Firing(
            given=(_counted("failure", "0+1x240"), _counted("success", "0+3x240")),
            at=hours(7),
            step=_STEP,
            labels=_LABELS,
            value="25%",
        ),
        silent=Scenario(
            given=(_counted("failure", "0+1x240"), _counted("success", "0+19x240")), at=hours(7), step=_STEP
        ),
    ),
    Alert(
        name="ScraperErrorRate",
        severity=Severity.WARNING,
        team=DATA,
        service=SCRAPER,
        symptom=Symptom.STALE,
        watches="errors in an hour",
        when=above(
            sum_by(select(APPLICATION, SCRAPER_ERRORS).increase(hours(1)), *_EACH),
            360,
            because="0.1 errors a second, as was asked for.",
        ),
        lasting=minutes(30),
        summary="Scraper {scraper} meets many errors",
        description="{value:number} errors of {scraper} within an hour. Its runs may succeed all the same.",
        board=BUSINESS,
        fires=Firing(given=(_errors("0+20x120"),), at=hours(3), step=_STEP, labels=_LABELS, value="600"),
        silent=Scenario(given=(_errors("0+10x120"),), at=hours(3), step=_STEP),
    ),
    Alert(
        name="ScraperStale",
        severity=Severity.WARNING,
        team=DATA,
        service=SCRAPER,
        symptom=Symptom.STALE,
        watches="the last success is more than 26 hours ago",
        # The time of the last success is lost when the pod restarts; then the count of successes decides.
        when=holds(_OVERDUE.or_else(_SUCCEEDED.compare(Op.BELOW, 1), _LAST_SUCCESS, _EACH)),
        lasting=minutes(30),
        summary="Scraper {scraper} has not succeeded for 26 hours",
        description="No run of {scraper} has succeeded for 26 hours: what people read is going stale.",
        board=BUSINESS,
        fires=Firing(
            given=(samples(APPLICATION, SCRAPER_LAST_SUCCESS, "3600x900", **_BILLS),),
            at=hours(28),
            step=_STEP,
            labels=_LABELS,
        ),
        silent=Scenario(
            given=(
                samples(APPLICATION, SCRAPER_LAST_SUCCESS, "3600x450 57600x450", **_BILLS),
                _counted("success", "4x900"),
            ),
            at=hours(28),
            step=_STEP,
        ),
    ),
    Alert(
        name="ScraperNoRecords",
        severity=Severity.WARNING,
        team=DATA,
        service=SCRAPER,
        symptom=Symptom.STALE,
        watches="records brought in 26 hours",
        when=below(
            sum_by(select(APPLICATION, RECORDS_SCRAPED).increase(_DAILY), *_EACH),
            1,
            guard=_SUCCEEDED.at_least(1),
        ),
        lasting=hours(1),
        summary="Scraper {scraper} succeeds but brings nothing",
        description="Runs of {scraper} succeed without a single record in 26 hours: its source has probably changed.",
        board=BUSINESS,
        fires=Firing(
            given=(_records("900x900"), _counted("success", "0x200 1x200 2x500")),
            at=hours(20),
            step=_STEP,
            labels=_LABELS,
        ),
        silent=Scenario(
            given=(_records("0x200 900x200 1800x500"), _counted("success", "0x200 1x200 2x500")),
            at=hours(20),
            step=_STEP,
        ),
    ),
)
