"""A stack may take images from mirrors, and say what is in them."""

from collections.abc import Mapping
from pathlib import Path
from shutil import copytree

import pytest
import yaml

from ops.plan.images import images
from ops.plan.run import ROOT, RefusedError, plan
from tests.support.planned import planned

PROMETHEUS, RELOADER = "quay.io/prometheus/prometheus", "quay.io/prometheus-operator/prometheus-config-reloader"
DIGEST = f"sha256:{'0a' * 32}"


def changed(folder: Path, mirrors: Mapping[str, str], digests: Mapping[str, str]) -> set[str]:
    """Images of dev with those settings."""
    for name in ("Pulumi.yaml", "__main__.py"):
        (folder / name).write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    settings = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))
    settings["config"]["openpolicy:images"] = {"mirrors": dict(mirrors), "digests": dict(digests)}
    (folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    copytree(ROOT / "alerts" / "runbooks", folder / "alerts" / "runbooks")
    return {*images(plan("dev", root=folder).recording)}


def test_a_mirror_stands_in_for_its_registry_everywhere(tmp_path: Path) -> None:
    before = {*images(planned("dev").recording)}
    after = changed(
        tmp_path, {"quay.io": "mirror.example.org:5000/quay", "docker.elastic.co": "mirror.example.org"}, {}
    )
    assert not [each for each in after if each.startswith(("quay.io/", "docker.elastic.co/"))]
    assert {each for each in before if each.startswith(("ghcr.io/", "docker.io/"))} <= after
    told = {each.replace("mirror.example.org:5000/quay/", "quay.io/") for each in after}
    assert {each.replace("mirror.example.org/", "docker.elastic.co/") for each in told} == before
    assert any(
        each.startswith("mirror.example.org:5000/quay/prometheus-operator/prometheus-config-r") for each in after
    )


def test_a_digest_says_which_content_an_image_has(tmp_path: Path) -> None:
    (name,) = [each for each in images(planned("dev").recording) if each.startswith(f"{PROMETHEUS}:")]
    (beside,) = [each for each in images(planned("dev").recording) if each.startswith(f"{RELOADER}:")]
    made = changed(tmp_path, {}, {name: DIGEST, beside: DIGEST})
    assert {f"{name}@{DIGEST}", f"{beside}@{DIGEST}"} <= made
    assert not {name, beside} & made


def test_a_digest_of_what_nothing_runs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        changed(tmp_path, {"quay.oi": "mirror.example.org"}, {f"{PROMETHEUS}:v1.2.3": DIGEST})
    assert "openpolicy:images.mirrors.quay.oi: no image of this stack is that" in str(refused.value) or (
        "openpolicy:images.mirrors.quay.oi\n" in str(refused.value)
    )
    assert f"openpolicy:images.digests.{PROMETHEUS}:v1.2.3" in str(refused.value)
    assert "quay.io" in str(refused.value)


@pytest.mark.parametrize(
    ("mirrors", "digests", "complaint"),
    [
        ({"quay.io": "https://mirror.example.org"}, {}, "'https://mirror.example.org' is no registry"),
        ({}, {f"{PROMETHEUS}:v3.13.2": "sha256:12"}, "'sha256:12' is no digest"),
        ({}, {PROMETHEUS: DIGEST}, f"'{PROMETHEUS}' is no image"),
    ],
)
def test_nonsense_is_refused(
    tmp_path: Path, mirrors: Mapping[str, str], digests: Mapping[str, str], complaint: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        changed(tmp_path, mirrors, digests)
    assert complaint in str(refused.value)
