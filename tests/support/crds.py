"""Makes components/crds and tests/support/kinds anew from their Go modules: `python -m tests.support.crds`."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import yaml

from components.operators import ELASTIC_VERSION, VERSION

_PROMETHEUS = ("github.com/prometheus-operator/prometheus-operator", VERSION)
_ELASTIC = ("github.com/elastic/cloud-on-k8s/v3", f"v{ELASTIC_VERSION}")
ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "components" / "crds"
KINDS = ROOT / "tests" / "support" / "kinds"
# What the cluster brings along, and our objects are held against.
_BROUGHT = {
    "github.com/kedacore/keda/v2@v2.20.0": ("config/crd/bases", ("keda.sh_scaledobjects",)),
    "github.com/cert-manager/cert-manager@v1.20.0": (
        "deploy/crds",
        ("cert-manager.io_certificates", "cert-manager.io_issuers"),
    ),
}


class _Loader(yaml.CSafeLoader):
    """Reads a bare `=`, which YAML 1.1 takes for something else, as the text that it is."""


_Loader.add_constructor("tag:yaml.org,2002:value", lambda _, node: node.value)


def without_descriptions(value: Any) -> Any:
    """The schema alone. A property may itself be called description; its value is then no text."""
    if isinstance(value, dict):
        kept = {key: inner for key, inner in value.items() if not (key == "description" and isinstance(inner, str))}
        return {key: without_descriptions(inner) for key, inner in kept.items()}
    return [without_descriptions(inner) for inner in value] if isinstance(value, list) else value


def _module(path: str, version: str) -> Path:
    command = ["go", "mod", "download", "-json", f"{path}@{version}"]
    return Path(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["Dir"])


def _text(definition: Any) -> str:
    return json.dumps(without_descriptions(definition), separators=(",", ":"), sort_keys=True) + "\n"


def definitions() -> dict[str, str]:
    """File names and contents, as the modules have them."""
    found = dict[str, str]()
    for path in sorted(_module(*_PROMETHEUS).joinpath("example", "prometheus-operator-crd").glob("*.yaml")):
        definition = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 a safe loader
        found[re.sub("yaml$", "json", path.name)] = _text(definition)
    elastic = _module(*_ELASTIC).joinpath("config", "crds", "v1", "all-crds.yaml").read_text(encoding="utf-8")
    for definition in filter(None, yaml.load_all(elastic, _Loader)):
        spec = definition["spec"]
        found[f"{spec['group']}_{spec['names']['plural']}.json"] = _text(definition)
    return found


def brought() -> dict[str, str]:
    """The same, of what the cluster brings along."""
    found = dict[str, str]()
    for module, (folder, names) in _BROUGHT.items():
        path, _, version = module.partition("@")
        for name in names:
            text = _module(path, version).joinpath(folder, f"{name}.yaml").read_text(encoding="utf-8")
            found[f"{name}.json"] = _text(yaml.load(text, _Loader))  # noqa: S506 a safe loader
    return found


if __name__ == "__main__":
    for place, made in ((FOLDER, definitions()), (KINDS, brought())):
        for name, text in made.items():
            (place / name).write_text(text, encoding="utf-8")
            print((place / name).relative_to(ROOT))
