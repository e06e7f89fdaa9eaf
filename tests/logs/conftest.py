from collections.abc import Iterator

import pytest

from tests.support.logstash.logstash import Pipeline


@pytest.fixture(scope="session")
def ingest() -> Iterator[Pipeline]:
    """The pipeline that every line passes, on Logstash's Ruby."""
    pipeline = Pipeline("ingest")
    yield pipeline
    pipeline.close()
