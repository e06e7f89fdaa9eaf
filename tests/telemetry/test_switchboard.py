"""The demo's switchboard breaks what it names, and nothing else."""

from dataclasses import fields

import pytest

from telemetry.demo.faults import Faults, described
from telemetry.demo.page import PAGE


def test_at_first_nothing_is_broken() -> None:
    assert not any(described(Faults()).values())
    assert not any(Faults().unlucky or Faults().run_fails for _ in range(1_000))


def test_a_share_is_kept() -> None:
    faults = Faults(error_rate=0.3, scraper_failure=1)
    assert 200 < sum(faults.unlucky for _ in range(1_000)) < 400
    assert all(faults.run_fails for _ in range(100))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"latency": -1.0}, "latency: nothing is broken by less than nothing"),
        ({"error_rate": 1.5}, "error_rate: a share is at most 1, not 1.5"),
    ],
)
def test_nonsense_is_refused(wrong: dict[str, float], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Faults(**wrong)  # pyright: ignore[reportArgumentType] the names are the fields'


def test_the_page_has_a_slider_for_each_fault() -> None:
    assert [PAGE.count(f'name="{field.name}"') for field in fields(Faults)] == [1] * len(fields(Faults))
