"""The ingest pipeline in real processors: OpenSearch's, which has them from Elasticsearch 7.10.

Not judged: whether Elasticsearch has changed one since. It still documents the options that are used here.
"""

import copy
import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from components.render.logs.templates import arrival
from tests.support.maven import jars, java

# Notes on a pipeline came later; test_node.py has them read.
PIPELINE: dict[str, Any] = {key: value for key, value in arrival().items() if key != "_meta"}
EVENT = {"message": "m", "event": {"action": "grant", "ingested": "1999-01-01T00:00:00Z"}}


def became(*events: Mapping[str, Any]) -> Sequence[Any]:
    """What comes of each `event` in its `pipeline`: the event, or in words why not."""
    program = Path(__file__).parent / "judges" / "Processors.java"
    command = [java(21), "-cp", f"{jars('opensearch')}/*", str(program)]
    asked = json.dumps({"events": events})
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_line_gets_its_time_of_arrival_and_keeps_all_else() -> None:
    before = datetime.now(UTC)
    (made, bare) = became({"pipeline": PIPELINE, "event": EVENT}, {"pipeline": PIPELINE, "event": {"message": "m"}})
    for each in (made, bare):
        assert before <= datetime.fromisoformat(each["event"]["ingested"]) <= datetime.now(UTC)
    assert made["event"]["action"] == "grant"
    assert made["message"] == "m"


FAULTS: dict[str, tuple[Callable[[Any], object], str]] = {
    "a processor that is none": (lambda p: p.append({"sett": {}}), "No processor type exists with name [sett]"),
    "an option that is none": (lambda p: p[0]["set"].update(overide=True), "configuration parameters [overide]"),
    "no field": (lambda p: p[0]["set"].pop("field"), "[field] required property is missing"),
    "a wrong type": (lambda p: p[0]["set"].update(override="maybe"), "property isn't a boolean"),
    "half a template": (lambda p: p[0]["set"].update(value="{{{_ingest.timestamp}}"), "Improperly closed variable"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_pipeline_is_refused(fault: str) -> None:
    spoil, complaint = FAULTS[fault]
    pipeline = copy.deepcopy(PIPELINE)
    spoil(pipeline["processors"])
    (said,) = became({"pipeline": pipeline, "event": EVENT})
    assert complaint in str(said)
