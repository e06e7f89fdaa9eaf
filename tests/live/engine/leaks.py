"""The secrets of production, as the tests set them, and where they must never be."""

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from components.settings import secrets as settings
from tests.live.engine.stack import Stack
from tests.live.engine.standin_pagerduty import INTEGRATION, routing_key

# Production's Elasticsearch has no address of its own, and so no password here.
SECRETS = {each.key: f"what+is-behind/{each.key}" for each in settings.SECRETS if each.needed_by != "logs.url"}

# Where the stand-ins keep what the vendors know.
_VENDORS = ("datadog.json", "kubernetes.json", "pagerduty.json")


def known(stack: Stack) -> list[str]:
    """Every secret of the stack, with the keys that PagerDuty has made."""
    file = stack.folder / "pagerduty.json"
    objects: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return [*SECRETS.values(), *(routing_key(each) for each in objects if objects[each]["kind"] == INTEGRATION)]


def leaks(folder: Path, values: Sequence[str]) -> list[str]:
    """Files below the folder that hold one of the values, as text or as Kubernetes encodes it."""
    wanted = [each.encode() for each in values] + [base64.b64encode(each.encode()) for each in values]
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in _VENDORS]
    return sorted(str(path.relative_to(folder)) for path in files if any(each in path.read_bytes() for each in wanted))


def holders(state: dict[str, Any], values: Sequence[str]) -> set[str]:
    """Which properties of which resources in a decrypted state hold one of the values."""
    return {
        f"{resource['urn'].rpartition('::')[2]} {side}.{key}"
        for resource in state["resources"]
        for side in ("inputs", "outputs")
        for key, value in resource.get(side, {}).items()
        if any(each in json.dumps(value) for each in values)
    }
