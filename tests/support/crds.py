"""Makes components/crds anew from its Go module: `python -m tests.support.crds`."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import yaml

from components.operators import VERSION

_MODULE = "github.com/prometheus-operator/prometheus-operator"
FOLDER = Path(__file__).parent.parent.parent / "components" / "crds"


class _Loader(yaml.CSafeLoader):
    """Reads a bare `=`, which YAML 1.1 takes for something else, as the text that it is."""


_Loader.add_constructor("tag:yaml.org,2002:value", lambda _, node: node.value)


def without_descriptions(value: Any) -> Any:
    """The schema alone. A property may itself be called description; its value is then no text."""
    if isinstance(value, dict):
        kept = {key: inner for key, inner in value.items() if not (key == "description" and isinstance(inner, str))}
        return {key: without_descriptions(inner) for key, inner in kept.items()}
    return [without_descriptions(inner) for inner in value] if isinstance(value, list) else value


def definitions() -> dict[str, str]:
    """File names and contents, as the module of VERSION has them."""
    command = ["go", "mod", "download", "-json", f"{_MODULE}@{VERSION}"]
    module = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    found = dict[str, str]()
    for path in sorted(Path(module["Dir"], "example", "prometheus-operator-crd").glob("*.yaml")):
        definition = without_descriptions(yaml.load(path.read_text(encoding="utf-8"), _Loader))  # noqa: S506 a safe loader
        found[re.sub("yaml$", "json", path.name)] = json.dumps(definition, separators=(",", ":"), sort_keys=True) + "\n"
    return found


if __name__ == "__main__":
    for name, text in definitions().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"components/crds/{name}")
