"""From the requests for Elasticsearch to resources of its provider: the same documents, in the provider's words.

They are registered by their names, in the keys that go over the wire, as Datadog's are: the SDK types none of them, and
importing it takes a tenth of a second and a module that setuptools has dropped. The tests hold every document against
the classes that it has all the same, and the installed package still says which plugin the engine runs.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, cast

from pulumi import CustomResource, Input, Output, ProviderResource, ResourceOptions

from components.render.logs.content import (
    COMPONENT,
    PIPELINE,
    POLICY,
    REPOSITORY,
    SETTINGS,
    SNAPSHOTS,
    TEMPLATE,
    Request,
)

Body = dict[str, Any]

# Where the package itself says that its plugin is.
_SERVER = "github://api.github.com/Tonkean/pulumi-elasticstack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where Elasticsearch is, and who asks."""

    url: str
    username: str
    password: Input[str]


def deliver(name: str, requests: Sequence[Request], account: Account, opts: ResourceOptions) -> None:
    """A resource for each request, each waiting for the one before: what is named has to be there."""
    pinned = ResourceOptions(version=version("pulumi-elasticstack"), plugin_download_url=_SERVER)
    endpoint = {"endpoints": [account.url], "username": account.username, "password": Output.secret(account.password)}
    provider = ProviderResource(
        "elasticstack",
        f"{name}-elasticsearch",
        {"elasticsearch": Output.json_dumps(endpoint)},
        ResourceOptions.merge(pinned, ResourceOptions(parent=opts.parent)),
    )
    pinned.provider = provider
    before = pinned
    for request in requests:
        kind, inputs = _MAKERS[request.kind]
        token = f"elasticstack:index/{kind[0].lower()}{kind[1:]}:{kind}"
        resource = CustomResource(token, _resource(name, request), inputs(request), ResourceOptions.merge(opts, before))
        before = ResourceOptions.merge(pinned, ResourceOptions(depends_on=[resource]))


def _resource(name: str, request: Request) -> str:
    kind = request.kind.strip("_").replace("_", "-").replace("/", "-")
    return f"{name}-{kind}-{request.name}".rstrip("-")


def _settings(request: Request) -> Body:
    persistent = cast("Body", request.body["persistent"])
    return {"persistent": {"settings": [{"name": key, "value": value} for key, value in persistent.items()]}}


def _repository(request: Request) -> Body:
    return {"name": request.name, "s3": _wired(cast("Body", request.body["settings"]))}


def _snapshots(request: Request) -> Body:
    body = cast("Body", request.body)
    return {
        "name": request.name,
        "schedule": body["schedule"],
        "snapshotName": body["name"],
        "repository": body["repository"],
        "indices": body["config"]["indices"],
        "includeGlobalState": body["config"]["include_global_state"],
        **_wired(body["retention"]),
    }


def _policy(request: Request) -> Body:
    body = cast("Body", request.body)["policy"]
    phases = {phase: _phase(said) for phase, said in body["phases"].items()}
    return {"name": request.name, "metadata": _text(body["_meta"]), **phases}


def _phase(said: Mapping[str, Any]) -> Body:
    actions = {key: {"enabled": True} if key == "readonly" else value for key, value in said["actions"].items()}
    return _wired({"min_age": said["min_age"], **actions})


def _pipeline(request: Request) -> Body:
    body = cast("Body", request.body)
    return {
        "name": request.name,
        "description": body["description"],
        "processors": [_text(each) for each in body["processors"]],
        "metadata": _text(body["_meta"]),
    }


def _component(request: Request) -> Body:
    template = {key: _text(value) for key, value in cast("Body", request.body["template"]).items()}
    return {"name": request.name, "template": template, "metadata": _text(request.body["_meta"])}


def _template(request: Request) -> Body:
    body = cast("Body", request.body)
    return {
        "name": request.name,
        "indexPatterns": body["index_patterns"],
        "composedOfs": body["composed_of"],
        "dataStream": {},
        "priority": body["priority"],
        "metadata": _text(body["_meta"]),
    }


def _wired(value: Mapping[str, Any]) -> Body:
    """With the keys that go over the wire, all the way down."""
    return {
        _camel(key): _wired(cast("Body", inner)) if isinstance(inner, dict) else inner for key, inner in value.items()
    }


def _camel(key: str) -> str:
    first, *rest = key.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


_MAKERS: Mapping[str, tuple[str, Callable[[Request], Body]]] = {
    SETTINGS: ("ClusterSettings", _settings),
    REPOSITORY: ("SnapshotRepository", _repository),
    SNAPSHOTS: ("SnapshotLifecycle", _snapshots),
    POLICY: ("IndexLifecycle", _policy),
    PIPELINE: ("IngestPipeline", _pipeline),
    COMPONENT: ("ComponentTemplate", _component),
    TEMPLATE: ("IndexTemplate", _template),
}
