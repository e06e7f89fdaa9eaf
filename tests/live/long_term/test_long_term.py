"""Samples of two real Prometheuses reach a bucket, grow coarser there, and come back as if there were one of them."""

import time
from collections.abc import Iterator

import pytest

from components.render.thanos import KEYS, REPLICA
from tests.live.long_term.servers import METRIC, LongTerm, container, document, labels_of, long_term, value

_FIVE_MINUTES = 300_000
_DAY = 86_400
# Of each replica: two days and four hours, and the one from long before.
_BLOCKS = 2 * (26 + 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LongTerm]:
    """With everything uploaded, compacted once, and asked for."""
    with long_term(tmp_path_factory.mktemp("long-term")) as started:
        started.processes.wait(
            lambda: len(started.blocks()) >= _BLOCKS or None, f"{_BLOCKS} blocks in the bucket", seconds=120
        )
        started.compact()
        started.start("thanos-store")
        started.start("thanos-query")
        started.processes.wait(lambda: started.ask(METRIC, started.began + 3_600) or None, "an old sample", seconds=60)
        yield started


def test_each_replica_s_blocks_are_in_the_bucket_under_the_cluster_s_folder(made: LongTerm) -> None:
    found = {each["thanos"]["labels"][REPLICA] for each in made.blocks()}
    assert found == {"prometheus-openpolicy-0", "prometheus-openpolicy-1"}
    assert {each["thanos"]["labels"]["cluster"] for each in made.blocks()} == {"openpolicy-prod"}


def test_the_compactor_makes_samples_of_five_minutes_and_keeps_the_finer_ones(made: LongTerm) -> None:
    kept = [each for each in made.blocks() if not each["marked"]]
    coarser = [each for each in kept if each["thanos"]["downsample"]["resolution"] == _FIVE_MINUTES]
    assert len({each["thanos"]["labels"][REPLICA] for each in coarser}) == 2
    # The second replica scraped some seconds later.
    assert {each["minTime"] // 60_000 for each in coarser} == {made.began // 60}
    assert [each for each in kept if each["thanos"]["downsample"]["resolution"] == 0]


def test_what_is_over_its_time_is_deleted_and_nothing_else(made: LongTerm) -> None:
    old = [each for each in made.blocks() if each["maxTime"] < (time.time() - 90 * _DAY) * 1_000]
    assert len(old) == 2
    assert all(each["marked"] for each in old)
    covered = [each for each in made.blocks() if not each["marked"] and each["minTime"] >= made.began * 1_000]
    assert covered


def test_what_both_scrape_now_is_one_series_and_two_without_deduplication(made: LongTerm) -> None:
    now = time.time()
    asked = 'prometheus_build_info{job="prometheus"}'
    both = made.ask(f"count by ({REPLICA}) ({asked})", now, dedup="false")
    assert {labels_of(each)[REPLICA] for each in both} == {"prometheus-openpolicy-0", "prometheus-openpolicy-1"}
    assert not [each for each in made.ask(asked, now) if REPLICA in labels_of(each)]


def test_old_samples_come_from_the_bucket_once_when_no_prometheus_is_left(made: LongTerm) -> None:
    for process in made.replicas:
        process.signal(15)
        process.popen.wait(30)
        made.processes.running.remove(process)
    at = made.began + 7_200
    (one,) = made.ask(METRIC, at)
    assert REPLICA not in labels_of(one)
    assert labels_of(one) == {
        "__name__": METRIC,
        "job": "openpolicy",
        "cluster": "openpolicy-prod",
        "environment": "prod",
        "prometheus": "observability/openpolicy",
    }
    # The second replica's newest sample is seven seconds older: either is right.
    assert int(one["value"][1]) in (value(at), value(at - 60))
    assert len(made.ask(METRIC, at, dedup="false")) == 2
    coarse = made.ask(f"max_over_time({METRIC}[1d])", made.began + _DAY, max_source_resolution="5m")
    assert [int(each["value"][1]) for each in coarse] == [999]


def test_no_key_of_the_bucket_is_in_a_document() -> None:
    shown = container("thanos-store")["env"]
    assert {each["name"]: each["valueFrom"]["secretKeyRef"]["key"] for each in shown} == KEYS
    assert "key" not in document("ConfigMap", "metrics-bucket")["data"]["bucket.yaml"].replace("metrics", "")
