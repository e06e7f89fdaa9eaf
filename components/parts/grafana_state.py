"""What of Grafana outlives a pod: keys that are made up once, and the volume of its state."""

from collections.abc import Mapping

import pulumi_random as random
from pulumi import Input, Output, ResourceOptions
from pulumi_kubernetes.core.v1 import PersistentVolumeClaim, PersistentVolumeClaimSpecArgsDict, VolumeArgsDict

from components.parts.objects import metadata
from components.render.grafana import GrafanaSize
from components.render.kubernetes import labels

# 32 letters and digits are 190 bits.
_LENGTH = 32


def keys(name: str, database_password: Input[str] | None, opts: ResourceOptions) -> Mapping[str, Input[str]]:
    """The keys that Grafana is given as files. Two of them are made up here, and never change."""
    dice = random.Provider(f"{name}-random", opts=ResourceOptions(parent=opts.parent))
    made = ResourceOptions(parent=opts.parent, provider=dice)

    def password(what: str) -> Output[str]:
        return random.RandomPassword(f"{name}-{what}", length=_LENGTH, special=False, opts=made).result

    shared = {"database-password": Output.secret(database_password)} if database_password else {}
    return {"admin-password": password("admin-password"), "secret-key": password("secret-key")} | shared


def volume(name: str, size: GrafanaSize, namespace: Input[str], opts: ResourceOptions) -> VolumeArgsDict:
    """Where its state is: nowhere in the cluster if there is a database."""
    if size.database:
        return {"name": "data", "empty_dir": {"size_limit": "256Mi"}}
    spec: PersistentVolumeClaimSpecArgsDict = {
        "access_modes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": str(size.volume)}},
    }
    if size.storage_class:
        spec["storage_class_name"] = size.storage_class
    where = metadata("grafana", labels("grafana"), namespace)
    # It is bound when the first pod comes, which waits for this to be done.
    where["annotations"] = {"pulumi.com/skipAwait": "true"}
    kept = ResourceOptions.merge(opts, ResourceOptions(retain_on_delete=True))
    claim = PersistentVolumeClaim(f"{name}-data", metadata=where, spec=spec, opts=kept)
    return {"name": "data", "persistent_volume_claim": {"claim_name": claim.metadata.name}}
