"""A stack whose parts contradict each other is refused. Each check catches a planted fault."""

from dataclasses import replace

import pytest

from alerts.library import RUNBOOKS
from alerts.review import Subject, review
from catalogue.model.time import days
from catalogue.services import NAMESPACE
from tests.support.examples import config
from tests.support.faults import FAULTS, GOOD, INHIBITION


def errors(subject: Subject) -> list[str]:
    return [str(problem) for problem in review(subject).errors]


def test_the_stack_as_it_is_passes() -> None:
    assert review(GOOD).errors == ()
    assert review(GOOD).warnings == ()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_refused(fault: str) -> None:
    subject, complaint = FAULTS[fault]
    assert any(complaint in error for error in errors(subject)), errors(subject)


def test_the_application_s_workloads_are_watched() -> None:
    assert review(replace(GOOD, namespace=NAMESPACE)).errors == ()


def test_all_faults_are_told_at_once() -> None:
    subject = replace(GOOD, runbooks=RUNBOOKS - {"ServiceDown"}, inhibitions=(INHIBITION,))
    assert len(errors(subject)) == 2


def test_development_may_keep_less_and_tell_nobody_and_hears_of_it() -> None:
    quiet = config(pages=False, dead_mans_switch=False)
    verdict = review(replace(GOOD, metrics_retention=days(15), config=quiet))
    assert verdict.errors == ()
    said = " ".join(map(str, verdict.warnings))
    assert "error budget" in said
    assert "PagerDuty is off" in said
    assert "nobody notices when alerting dies" in said
