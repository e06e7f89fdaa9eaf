"""How long each class of logs is kept, told to Elasticsearch; and what people open in Kibana.

The same documents go one of two ways, never both: through Elasticsearch's API where the stack names its address, so
that a preview shows what changes; through a Job in the cluster where not. Kibana's part always goes by the Job, for no
provider knows its objects.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions
from pulumi_kubernetes.batch.v1 import Job
from pulumi_kubernetes.core.v1 import ConfigMap, EnvVarArgsDict, VolumeArgsDict

from catalogue.model.logs import LogClass
from components.parts.objects import CONTAINER_SECURITY, POD_SECURITY, metadata, resources
from components.render.elastic.size import CERTIFICATES, HOST, KIBANA_CERTIFICATES, KIBANA_HOST
from components.render.kubernetes import labels
from components.render.logs.content import Request, content
from components.render.logs.keeping import Keeping
from components.render.logs.kibana import saved_objects

PYTHON = "docker.io/library/python:3.13.9-slim-bookworm"
_PROGRAM = Path(__file__).parent / "render" / "logs" / "programs" / "deliver.py"
_NO_WAIT = {"pulumi.com/skipAwait": "true"}
_FOLDER, _CERTIFICATES = "/openpolicy", "/certificates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """Elasticsearch, reachable from where the program runs."""

    url: str
    username: str
    password: Input[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionArgs:
    """What to tell, and how."""

    namespace: Input[str]
    classes: Sequence[LogClass]
    keeping: Keeping
    api: Api | None
    user: Input[str]
    """Secret of the user that the Job is."""

    after: Sequence[Resource] = ()


class Retention(ComponentResource):
    """Policies, templates, pipelines, snapshots and saved objects."""

    job: Output[str]
    """The Job that brings what no provider can."""

    def __init__(self, name: str, args: RetentionArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Retention", name, None, opts)
        requests = content(args.classes, args.keeping)
        if args.api:
            # Only a stack that names an address pays for importing the SDK.
            from components.parts.elasticstack import Account, deliver

            account = Account(url=args.api.url, username=args.api.username, password=args.api.password)
            deliver(name, requests, account, ResourceOptions(parent=self, depends_on=list(args.after)))
        self.job = self._job(name, args, [] if args.api else requests)
        self.register_outputs({"job": self.job})

    def _job(self, name: str, args: RetentionArgs, requests: Sequence[Request]) -> Output[str]:
        child = ResourceOptions(parent=self, depends_on=list(args.after))
        own = labels("log-content")
        files = _files(requests)
        # A Job cannot change: other content is another Job, and the old one goes.
        full = f"log-content-{hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:10]}"
        held = ConfigMap(
            f"{name}-content", metadata=metadata("log-content", own, args.namespace), data=dict(files), opts=child
        )
        mounts: dict[str, tuple[str, VolumeArgsDict]] = {
            "content": (_FOLDER, {"name": "content", "config_map": {"name": held.metadata.name}}),
            "elasticsearch": (f"{_CERTIFICATES}/elasticsearch", _secret("elasticsearch", CERTIFICATES)),
            "kibana": (f"{_CERTIFICATES}/kibana", _secret("kibana", KIBANA_CERTIFICATES)),
        }
        job = Job(
            f"{name}-job",
            # It waits for servers that take longer to come than an update may.
            metadata={"name": full, "namespace": args.namespace, "labels": own, "annotations": _NO_WAIT},
            spec={
                "backoff_limit": 10,
                "template": {
                    "metadata": {"labels": own},
                    "spec": {
                        "restart_policy": "OnFailure",
                        "automount_service_account_token": False,
                        "security_context": POD_SECURITY,
                        "containers": [
                            {
                                "name": "deliver",
                                "image": PYTHON,
                                "command": ["python3", "-B", f"{_FOLDER}/deliver.py"],
                                "env": _environment(args.user),
                                "resources": resources("50m", "128Mi"),
                                "security_context": CONTAINER_SECURITY,
                                "volume_mounts": [
                                    {"name": key, "mount_path": path, "read_only": True}
                                    for key, (path, _) in mounts.items()
                                ],
                            }
                        ],
                        "volumes": [source for _, source in mounts.values()],
                    },
                },
            },
            opts=child,
        )
        return job.metadata.name


def _files(requests: Sequence[Request]) -> Mapping[str, str]:
    return {
        "deliver.py": _PROGRAM.read_text(encoding="utf-8"),
        "requests.json": json.dumps([{"path": each.path, "body": each.body} for each in requests], indent=1) + "\n",
        "objects.ndjson": saved_objects(),
    }


def _environment(user: Input[str]) -> list[EnvVarArgsDict]:
    said = {
        "CONTENT": _FOLDER,
        "ELASTICSEARCH": f"https://{HOST}:9200",
        "ELASTICSEARCH_CA": f"{_CERTIFICATES}/elasticsearch/ca.crt",
        "KIBANA": f"https://{KIBANA_HOST}:5601",
        "KIBANA_CA": f"{_CERTIFICATES}/kibana/ca.crt",
    }
    return [
        *({"name": key, "value": value} for key, value in said.items()),
        *(
            {"name": key.upper(), "value_from": {"secret_key_ref": {"name": user, "key": key}}}
            for key in ("username", "password")
        ),
    ]


def _secret(name: str, secret: str) -> VolumeArgsDict:
    return {"name": name, "secret": {"secret_name": secret}}
