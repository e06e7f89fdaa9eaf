"""Policies, templates, settings and roles, read by Elasticsearch's own classes: what it would refuse is refused here.

Real: the parsers and validators of Elasticsearch and of X-Pack. Not judged: whether a mapping is sound, whether an
ingest processor knows an option, and anything that takes a running cluster.
"""

import copy
import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalogue import CATALOGUE
from components.render.logs.content import PIPELINE, REPOSITORY, content
from components.render.logs.keeping import Keeping
from components.render.logs.roles import roles
from tests.support.maven import jars, java

BASIC = Keeping(license="basic", frozen=False, snapshots="s", archive="a", smallest_tier=2)
KEEPINGS = {
    "basic": BASIC,
    "no bucket": replace(BASIC, archive=None, snapshots=None),
    "enterprise": Keeping(license="enterprise", frozen=True, snapshots="s", archive="a", smallest_tier=2),
}
Asked = Sequence[Mapping[str, Any]]


def judged(requests: Asked) -> list[str]:
    """What Elasticsearch says to each; nothing where it accepts."""
    command = [java(21), "-cp", f"{jars('elasticsearch')}/*", str(Path(__file__).parent / "judges" / "Judge.java")]
    asked = json.dumps({"requests": requests})
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def requests(keeping: Keeping) -> list[dict[str, Any]]:
    made = [
        {"kind": each.kind, "name": each.name, "body": each.body}
        for each in content(CATALOGUE.log_classes, keeping)
        if each.kind not in (PIPELINE, REPOSITORY)
    ]
    return made + [{"kind": "role", "name": name, "body": body} for name, body in roles(CATALOGUE.log_classes).items()]


@pytest.mark.parametrize("keeping", KEEPINGS.values(), ids=KEEPINGS)
def test_elasticsearch_takes_everything(keeping: Keeping) -> None:
    asked = requests(keeping)
    refused = {each["name"]: said for each, said in zip(asked, judged(asked), strict=True) if said}
    assert refused == {}
    assert len(asked) > 25


def _phases(body: Any) -> Any:
    return body["policy"]["phases"]


FAULTS: dict[str, tuple[str, Callable[[Any], object], str]] = {
    "a misspelt action": ("_ilm/policy", lambda b: _phases(b)["hot"]["actions"].update(rollovr={}), "unknown field"),
    "a rollover in warm": (
        "_ilm/policy",
        lambda b: _phases(b)["warm"]["actions"].update(rollover={"max_age": "1d"}),
        "invalid action [rollover] defined in phase [warm]",
    ),
    "a wrong age": ("_ilm/policy", lambda b: _phases(b)["delete"].update(min_age="soon"), "failed to parse"),
    "a wrong schedule": ("_slm/policy", lambda b: b.update(schedule="at night"), "invalid schedule"),
    "a misspelt setting": (
        "_component_template",
        lambda b: b["template"]["settings"].update({"index.refresh_intervall": "1s"}),
        "unknown setting [index.refresh_intervall]",
    ),
    "a wrong value": (
        "_component_template",
        lambda b: b["template"]["settings"].update({"index.mode": "logs"}),
        "No enum constant",
    ),
    "a misspelt key": ("_index_template", lambda b: b.update(composd_of=[]), "unknown field [composd_of]"),
    "a cluster setting that is none": (
        "_cluster/settings",
        lambda b: b["persistent"].update({"data_streams.failurestore": "a"}),
        "unknown setting",
    ),
    "a privilege that is none": (
        "role",
        lambda b: b["indices"][0]["privileges"].append("append"),
        "unknown index privilege",
    ),
    "a right that is none": ("role", lambda b: b["cluster"].append("manage_logs"), "unknown cluster privilege"),
}


def test_what_elasticsearch_would_refuse_is_refused() -> None:
    good = requests(BASIC)
    asked = list[dict[str, Any]]()
    for kind, spoil, _ in FAULTS.values():
        broken = copy.deepcopy(json.loads(json.dumps(next(each for each in good if each["kind"] == kind))))
        spoil(broken["body"])
        asked.append(broken)
    said = dict(zip(FAULTS, judged(asked), strict=True))
    missed = {name: said[name] for name, (_, _, complaint) in FAULTS.items() if complaint not in said[name]}
    assert missed == {}
