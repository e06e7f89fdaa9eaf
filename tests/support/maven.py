"""Jars that the tests need, fetched once by Maven from pinned poms into the user's cache."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.support.tools import MissingError, cache_folder

_POMS = Path(__file__).parent.parent / "tools"
_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"


def jars(name: str) -> Path:
    """Folder with the jars of tests/tools/<name>/pom.xml. Raises MissingError."""
    pom = _POMS / name / "pom.xml"
    # Another pom is another folder.
    folder = cache_folder() / f"{name}-{hashlib.sha256(pom.read_bytes()).hexdigest()[:10]}"
    if not list(folder.glob("*.jar")):
        maven = shutil.which("mvn")
        if maven is None:
            raise MissingError(f"the jars of {name} are not there, and there is no Maven to fetch them with")
        scratch = folder.with_name(f".{folder.name}-{os.getpid()}")
        command = [maven, "-q", "-B", "-f", str(pom), _GOAL, f"-DoutputDirectory={scratch}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise MissingError(f"the jars of {name} cannot be had: {done.stdout[-2000:]}")
        scratch.rename(folder)
    return folder


def java(least: int) -> str:
    """A Java of at least that version, from PATH or where Linux keeps them. Raises MissingError."""
    found = [shutil.which("java") or "java", *map(str, sorted(Path("/usr/lib/jvm").glob("*/bin/java")))]
    for each in found:
        try:
            said = subprocess.run([each, "-version"], capture_output=True, text=True, check=False).stderr
        except OSError:
            continue
        version = re.search(r'version "(\d+)', said)
        if version is not None and int(version[1]) >= least:
            return each
    raise MissingError(f"there is no Java of version {least} or newer")
