"""A run of the archive's program: what it runs on and what it is given."""

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Input
from pulumi_kubernetes.core.v1 import EnvVarArgsDict, PodSpecArgsDict, VolumeArgsDict

from components.parts.objects import CONTAINER_SECURITY, POD_SECURITY, resources

# It brings boto3, which plain Python images do not.
IMAGE = "public.ecr.aws/lambda/python:3.13.2025.12.15.13"
FOLDER, CERTIFICATES_FOLDER = "/openpolicy", "/certificates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who a run is, by the names of Secrets."""

    user: Input[str]
    """Of Elasticsearch, with username and password."""

    store: Input[str]
    """Of the bucket, with access_key and secret_key."""


def credentials(who: Who) -> list[EnvVarArgsDict]:
    """What the program knows itself by."""
    kept = {
        "USERNAME": (who.user, "username"),
        "PASSWORD": (who.user, "password"),
        "AWS_ACCESS_KEY_ID": (who.store, "access_key"),
        "AWS_SECRET_ACCESS_KEY": (who.store, "secret_key"),
    }
    return [
        {"name": key, "value_from": {"secret_key_ref": {"name": where, "key": what}}}
        for key, (where, what) in kept.items()
    ]


def pod(
    command: str, environment: Sequence[EnvVarArgsDict], program: VolumeArgsDict, certificates: VolumeArgsDict
) -> PodSpecArgsDict:
    """The pod of one command of the program."""
    return {
        "restart_policy": "OnFailure",
        "automount_service_account_token": False,
        "security_context": POD_SECURITY,
        "containers": [
            {
                "name": "archive",
                "image": IMAGE,
                "command": ["python3", "-B", "-m", "ops.archive", command],
                "working_dir": FOLDER,
                "env": [*environment],
                # An hour of lines is held at once.
                "resources": resources("100m", "1Gi"),
                "security_context": CONTAINER_SECURITY,
                "volume_mounts": [
                    {"name": "program", "mount_path": FOLDER, "read_only": True},
                    {"name": "certificates", "mount_path": CERTIFICATES_FOLDER, "read_only": True},
                ],
            }
        ],
        "volumes": [program, certificates],
    }
