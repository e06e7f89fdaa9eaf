"""Secrets of users that no person is: each has a password that nobody knows, and one purpose."""

from collections.abc import Mapping

import pulumi_random as random
from pulumi import Input, Output, ResourceOptions
from pulumi_kubernetes.core.v1 import Secret

from components.parts.objects import metadata
from components.render.kubernetes import labels
from components.render.logs.roles import PEOPLE, USERS, username

_LENGTH = 32
_BASIC = "kubernetes.io/basic-auth"


def users(
    name: str, namespace: Input[str], bootstrap_password: Input[str] | None, opts: ResourceOptions, *, visited: bool
) -> Mapping[str, Output[str]]:
    """A Secret for each user, in the keys that Elastic's operator reads, by whom it is for.

    `visited`: whether a door lets people in.
    """
    provider = random.Provider(f"{name}-random", opts=opts)
    made = ResourceOptions.merge(opts, ResourceOptions(provider=provider))
    found = dict[str, Output[str]]()
    for user, roles in USERS.items():
        if user == PEOPLE and not visited:
            continue
        password = bootstrap_password if user == "bootstrap" else None
        if password is None:
            # Without signs that a shell or an address would read otherwise.
            password = random.RandomPassword(f"{name}-{user}-password", length=_LENGTH, special=False, opts=made).result
        values = {"username": username(user), "password": Output.secret(password), "roles": ",".join(roles)}
        found[user] = secret(f"{name}-user-{user}", namespace, values, opts, kind=_BASIC).metadata.name
    return found


def secret(
    name: str, namespace: Input[str], values: Mapping[str, Input[str]], opts: ResourceOptions, kind: str = "Opaque"
) -> Secret:
    """A Secret of the resource's own name."""
    return Secret(
        name,
        type=kind,
        metadata=metadata(name, labels("elasticsearch"), namespace),
        string_data=dict(values),
        opts=opts,
    )
