"""The `Kibana` object: where people search lines, as one user who may look and no more.

Single sign-on within Elasticsearch has its price; the door before Kibana has asked who somebody is, and network
policies let nobody else through. Who is to see more has a user by name, and signs in at `/login` behind the door.
"""

from collections.abc import Mapping

from components.render.elastic.size import CLUSTER, POD_SECURITY, VERSION, LogsSize, image
from components.render.kubernetes import UNPRIVILEGED, Document, memory_bound, spread
from components.render.logs.roles import PEOPLE, username

_PROVIDERS = "xpack.security.authc.providers"
_PASSWORD = "PEOPLE_PASSWORD"  # noqa: S105 its name
_VISITORS: Document = {
    # Nobody chooses between the two: without a session one comes in as a visitor.
    "xpack.security.authc.selector.enabled": False,
    f"{_PROVIDERS}.anonymous.{PEOPLE}.order": 0,
    f"{_PROVIDERS}.anonymous.{PEOPLE}.credentials.username": username(PEOPLE),
    # Kibana itself fills it in. For its keystore the operator adds a container that `restricted` refuses.
    f"{_PROVIDERS}.anonymous.{PEOPLE}.credentials.password": f"${{{_PASSWORD}}}",
    f"{_PROVIDERS}.basic.named.order": 1,
}


def kibana_spec(
    *, size: LogsSize, url: str, people: object, labels: Mapping[str, str], pods: Mapping[str, str], priority: object
) -> Document:
    """The specification.

    `people` names the Secret of the user that all are who come in by the door, or is None; `pods` are labels by which
    its replicas are kept apart.
    """
    return {
        "version": VERSION,
        "image": image("kibana"),
        "count": size.kibana_replicas,
        "elasticsearchRef": {"name": CLUSTER},
        "config": {
            "server.publicBaseUrl": url,
            "telemetry.optIn": False,
            "telemetry.allowChangingOptInStatus": False,
            **(_VISITORS if people else {}),
        },
        "podTemplate": {
            "metadata": {"labels": dict(labels)},
            "spec": {
                "priorityClassName": priority,
                "securityContext": POD_SECURITY,
                "automountServiceAccountToken": False,
                **(spread(pods) if size.kibana_replicas > 1 else {}),
                "containers": [
                    {
                        "name": "kibana",
                        **({"env": [_password(people)]} if people else {}),
                        "resources": memory_bound("250m", "1536Mi"),
                        # The operator mounts what Kibana writes to.
                        "securityContext": UNPRIVILEGED | {"readOnlyRootFilesystem": True},
                    }
                ],
            },
        },
    }


def _password(people: object) -> Document:
    return {"name": _PASSWORD, "valueFrom": {"secretKeyRef": {"name": people, "key": "password"}}}
