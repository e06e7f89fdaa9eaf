"""The bill of materials names everything that runs and deploys, and CycloneDX accepts it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packageurl import PackageURL

from ops.plan.images import images
from ops.plan.run import ROOT, stacks
from ops.sbom.bill import bill
from tests.support.command import ops_says
from tests.support.planned import planned

each = pytest.mark.parametrize("stack", stacks())
PROMETHEUS = "quay.io/prometheus/prometheus:v3.13.2"


@cache
def made(stack: str) -> str:
    return bill(stack, images(planned(stack).recording), (ROOT / "requirements.txt").read_text(encoding="utf-8"))


def faults(document: str) -> str | None:
    """What CycloneDX's own schema says against it."""
    # They bring a grammar of all addresses, which takes a second.
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    found = JsonStrictValidator(SchemaVersion.V1_6).validate_str(document)
    return None if found is None else str(found)


def parts(document: str) -> dict[str, Any]:
    return {part["bom-ref"]: part for part in json.loads(document)["components"]}


@each
def test_cyclonedx_accepts_it(stack: str) -> None:
    assert faults(made(stack)) is None


def test_a_fault_in_it_would_be_found() -> None:
    broken = json.loads(made("dev"))
    broken["components"][0]["type"] = "image"
    assert "'image' is not one of" in str(faults(json.dumps(broken)))


@each
def test_every_image_is_in_it_with_what_runs_it(stack: str) -> None:
    known = images(planned(stack).recording)
    listed = {name: part for name, part in parts(made(stack)).items() if part["type"] == "container"}
    assert listed.keys() == known.keys()
    for name, part in listed.items():
        assert [each["value"] for each in part["properties"]] == known[name]


def test_what_operators_run_is_in_it_too() -> None:
    programs = {name.partition(":")[0].rpartition("/")[2] for name in images(planned("prod").recording)}
    assert {"elasticsearch", "kibana", "logstash", "filebeat", "prometheus-config-reloader", "prometheus"} <= programs


@each
def test_every_part_can_be_looked_up(stack: str) -> None:
    for part in parts(made(stack)).values():
        assert PackageURL.from_string(part["purl"]).version == part["version"]


def test_every_pinned_package_is_in_it() -> None:
    import re

    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pinned = {line.split("==")[0].split("[")[0] for line in text.splitlines() if re.match(r"[A-Za-z]", line)}
    assert {part["name"] for part in parts(made("dev")).values() if part["type"] == "library"} == pinned


def test_a_digest_is_in_it() -> None:
    part = parts(bill("dev", {f"{PROMETHEUS}@sha256:{'a' * 64}": ["Prometheus openpolicy"]}, ""))
    (only,) = part.values()
    assert only["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]
    assert only["purl"] == "pkg:docker/prometheus/prometheus@v3.13.2?repository_url=quay.io"


def test_an_image_without_a_version_has_no_bill() -> None:
    with pytest.raises(ValueError, match=r"image quay\.io/a/b: it is not named with its registry and its version"):
        bill("dev", {"quay.io/a/b": []}, "")


def test_the_command_writes_the_same_twice(tmp_path: Path) -> None:
    assert ops_says("sbom", "dev", "--out", str(tmp_path / "bill.json")).status == 0
    said = ops_says("sbom", "dev")
    assert said.out == (tmp_path / "bill.json").read_text(encoding="utf-8") == made("dev")
