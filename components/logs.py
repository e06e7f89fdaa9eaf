"""Elasticsearch, Kibana and Logstash, and who may do what in them.

Elastic's operator runs all three. Machines' users and their roles are files of the nodes: they are there before the
first request, nobody has to be allowed to make them, and each may do one thing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_tls as tls
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import ConfigMap, Secret

from alerts.render.text import to_yaml
from catalogue.model.logs import LogClass
from components.parts.certificates import authority
from components.parts.kibana import kibana
from components.parts.objects import budget, metadata
from components.parts.users import secret, users
from components.render.elastic.elasticsearch import elasticsearch_spec
from components.render.elastic.logstash import FILES, NAME, SERVICE, logstash_spec
from components.render.elastic.size import CLUSTER, HOST, LogsSize, ObjectStore
from components.render.kubernetes import labels
from components.render.logs.pipelines import files, pipelines
from components.render.logs.roles import PEOPLE, roles


@dataclass(frozen=True, slots=True, kw_only=True)
class LogsArgs:
    """Which classes of logs, and how large what holds them is."""

    namespace: Input[str]
    priority_class: Input[str]
    home: str
    """The same, for names of hosts in documents."""

    environment: str
    kibana_url: str
    visited: bool
    """Whether a door lets people in to Kibana, and has asked who they are."""

    classes: Sequence[LogClass]
    """Every class. They decide roles, routes and files, so they are never an Output."""

    size: LogsSize
    store: ObjectStore | None
    """Where snapshots go. None: none are taken."""

    store_keys: Mapping[str, Input[str]]
    """access_key and secret_key of it."""

    bootstrap_password: Input[str] | None
    """Password of the user that brings content where that comes from outside. None: one is made up."""

    protect: bool
    """Whether deleting Elasticsearch, and with it what it holds, is refused."""

    after: Sequence[Resource] = ()


class Logs(ComponentResource):
    """Elasticsearch, Kibana, Logstash, users and roles."""

    elasticsearch: Output[str]
    """Service of its API."""

    users: Mapping[str, Output[str]]
    """Secret of each machine's user, with username and password, by the machine."""

    shipper_tls: Mapping[str, Output[str]]
    """Certificate, key and authority for who sends lines, in the keys of a TLS Secret."""

    def __init__(self, name: str, args: LogsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Logs", name, None, opts)
        child = ResourceOptions(parent=self, depends_on=list(args.after))
        own = labels("elasticsearch")
        plain = ResourceOptions(parent=self)
        self.users = users(name, args.namespace, args.bootstrap_password, plain, visited=args.visited)
        rights = secret(f"{name}-roles", args.namespace, {"roles.yml": to_yaml(roles(args.classes))}, plain)
        keystore = None
        if args.store:
            keys = {f"s3.client.default.{key}": Output.secret(value) for key, value in args.store_keys.items()}
            keystore = secret(f"{name}-object-store", args.namespace, keys, plain).metadata.name
        elasticsearch = CustomResource(
            f"{name}-elasticsearch",
            api_version="elasticsearch.k8s.elastic.co/v1",
            kind="Elasticsearch",
            metadata=metadata(CLUSTER, own, args.namespace),
            spec=elasticsearch_spec(
                size=args.size,
                namespace=args.home,
                labels=own,
                priority=args.priority_class,
                roles=rights.metadata.name,
                users=list(self.users.values()),
                keystore=keystore,
                store=args.store,
            ),
            opts=ResourceOptions.merge(child, ResourceOptions(protect=args.protect)),
        )
        kibana(
            name,
            where=args.namespace,
            size=args.size,
            url=args.kibana_url,
            people=self.users.get(PEOPLE),
            priority=args.priority_class,
            opts=ResourceOptions.merge(child, ResourceOptions(depends_on=[elasticsearch])),
        )
        provider = tls.Provider(f"{name}-tls", opts=plain)
        signer = authority(name, "OpenPolicy log shipping", ResourceOptions(parent=self, provider=provider))
        server = signer.issue("beats", f"{SERVICE}.{args.home}.svc", ["server_auth"])
        client = signer.issue("shipper", "filebeat", ["client_auth"])
        self._logstash(name, args, secret(f"{name}-beats-tls", args.namespace, server, plain), child)

        self.elasticsearch = Output.from_input(HOST)
        self.shipper_tls = {key: Output.from_input(value) for key, value in client.items()}
        outputs = {"elasticsearch": self.elasticsearch, "users": self.users, "shipper_tls": self.shipper_tls}
        self.register_outputs(outputs)

    def _logstash(self, name: str, args: LogsArgs, certificate: Secret, child: ResourceOptions) -> None:
        own, texts = labels("logstash"), files(args.classes)
        pods = {"logstash.k8s.elastic.co/name": NAME}
        ConfigMap(f"{name}-pipelines", metadata=metadata(FILES, own, args.namespace), data=texts, opts=child)
        CustomResource(
            f"{name}-logstash",
            api_version="logstash.k8s.elastic.co/v1alpha1",
            kind="Logstash",
            metadata=metadata(NAME, own, args.namespace),
            spec=logstash_spec(
                size=args.size,
                environment=args.environment,
                labels=own,
                pods=pods,
                priority=args.priority_class,
                pipelines=pipelines(),
                files=texts,
                tls=certificate.metadata.name,
                user=self.users["logstash"],
            ),
            opts=child,
        )
        if args.size.logstash_replicas > 1:
            budget(f"{name}-logstash-budget", metadata("logstash", own, args.namespace), pods, child)
