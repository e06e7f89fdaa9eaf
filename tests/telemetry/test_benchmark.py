"""The benchmark compares what it says: every way is measured, and watching costs more than not watching."""

from statistics import median

from tests.telemetry.benchmark import WAYS, compare, table


def test_every_way_is_measured() -> None:
    spent = compare(rounds=1, batches=3)
    assert spent.keys() == WAYS.keys()
    assert all(median(found) > median(spent["bare"]) for way, found in spent.items() if way != "bare")
    assert [line.split("|")[1].strip() for line in table(spent).splitlines()[2:]] == list(WAYS)
