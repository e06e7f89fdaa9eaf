"""What independent scanners say of manifests. They know nothing of this project, and judge each document as it is."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ops.plan.documents import Files
from tests.support.accepted import ACCEPTED, Accepted
from tests.support.tools import run, tool

HIGH = ("HIGH", "CRITICAL")
# Marks of kube-score below its best.
_MARKS = {1: "CRITICAL", 5: "WARNING", 7: "ALMOST"}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """One complaint of one scanner."""

    scanner: str
    check: str
    severity: str
    document: str
    """Name of the manifest's file, without its ending."""

    message: str

    def __str__(self) -> str:
        return f"{self.severity} {self.scanner} {self.check}: {self.document}: {self.message}"


def manifests(files: Files, folder: Path) -> Path:
    """The folder with the manifests of a plan in it, but for the definitions of kinds, which are others' work."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        room, _, name = path.partition("/")
        if room == "kubernetes" and not name.startswith("customresourcedefinition-"):
            (folder / name).write_text(text, encoding="utf-8")
    return folder


def scan(folder: Path) -> list[Finding]:
    """What both scanners find in the folder's manifests."""
    return sorted({*_trivy(folder), *_kube_score(folder)})


def not_accepted(findings: list[Finding]) -> list[Finding]:
    """Those that no exception covers."""
    return [each for each in findings if not any(covers(accepted, each) for accepted in ACCEPTED)]


def covers(accepted: Accepted, finding: Finding) -> bool:
    """Whether the exception is for it."""
    known = (accepted.scanner, accepted.check) == (finding.scanner, finding.check)
    return known and any(fnmatchcase(finding.document, pattern) for pattern in accepted.documents)


def _trivy(folder: Path) -> Iterator[Finding]:
    verdict = run("trivy-manifests", folder)
    assert verdict.returncode == 0, verdict.stderr
    for line in verdict.stdout.splitlines():
        told: Mapping[str, str] = json.loads(line)
        yield Finding(
            scanner="trivy",
            check=told["check"],
            severity=told["severity"],
            document=Path(told["file"]).stem,
            message=told["message"],
        )


def _kube_score(folder: Path) -> Iterator[Finding]:
    # Of limits on CPU trivy says the same. Here they would hide that one on memory is missing.
    options = ["--output-format=json", "--kubernetes-version=v1.34", "--ignore-container-cpu-limit"]
    command = [tool("kube-score"), "score", *options]
    # It ends with 1 where it finds anything.
    verdict = subprocess.run([*command, *sorted(folder.iterdir())], capture_output=True, text=True, check=False)
    assert verdict.returncode in (0, 1), verdict.stderr
    objects: list[Mapping[str, Any]] = json.loads(verdict.stdout)
    for judged in objects:
        document = f"{judged['type_meta']['kind'].lower()}-{judged['object_meta']['name']}"
        for each in judged["checks"]:
            if each["skipped"] or each["grade"] not in _MARKS:
                continue
            for comment in each["comments"] or [{"path": "", "summary": each["check"]["comment"]}]:
                yield Finding(
                    scanner="kube-score",
                    check=each["check"]["id"],
                    severity=_MARKS[each["grade"]],
                    document=document,
                    message=f"{comment['path']} {comment['summary']}".strip(),
                )
