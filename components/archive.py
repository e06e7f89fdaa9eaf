"""The archive: every hour, what is kept longer than Elasticsearch keeps it goes into a bucket that nobody can change.

Every month a sample comes back from there: an archive that was never read is a hope.

The program is mounted as it is in this repository and runs on Python and boto3 alone, so that nobody has to build and
keep an image for it. It may read one stream and write new objects; deleting is beyond its rights and beyond the lock.
The monthly check has a key of its own, which may read objects and nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions
from pulumi_kubernetes.batch.v1 import CronJob
from pulumi_kubernetes.core.v1 import ConfigMap, EnvVarArgsDict, KeyToPathArgsDict, VolumeArgsDict

from catalogue.model.retention import AUDIT_ARCHIVE, AUDIT_RESTORE
from components.parts.archive_pod import CERTIFICATES_FOLDER, Who, credentials, pod
from components.parts.objects import metadata
from components.parts.users import secret
from components.render.elastic.size import CERTIFICATES, HOST, ObjectStore
from components.render.kubernetes import labels

_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveArgs:
    """What is archived, and where."""

    namespace: Input[str]
    stream: str
    bucket: str
    store: ObjectStore
    writing: Mapping[str, Input[str]]
    """access_key and secret_key of who may write new objects."""

    reading: Mapping[str, Input[str]]
    """The same of who may only read them."""

    environment: str
    days: int
    """How long an object cannot be deleted."""

    locked_for_all: bool
    """Whether nobody at all can delete it before. Outside of production a mistake would stay for years."""

    hold: bool
    user: Input[str]
    """Secret of the user that may read the stream."""

    restorer: Input[str]
    """Secret of the user that may make copies of what is archived, and may not read the stream."""

    program: Mapping[str, str]
    """Files of the program by their paths."""

    after: Sequence[Resource] = ()


class Archive(ComponentResource):
    """The program, its keys, and when it runs."""

    schedule: Output[str]
    """The CronJob that archives."""

    rehearsal: Output[str]
    """The CronJob that restores a sample."""

    def __init__(self, name: str, args: ArchiveArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Archive", name, None, opts)
        child = ResourceOptions(parent=self, depends_on=list(args.after))
        own = labels(AUDIT_ARCHIVE)

        def kept(suffix: str, keys: Mapping[str, Input[str]]) -> Output[str]:
            values = {key: Output.secret(value) for key, value in keys.items()}
            return secret(f"{name}-{suffix}", args.namespace, values, ResourceOptions(parent=self)).metadata.name

        writer = Who(user=args.user, store=kept("store", args.writing))
        reader = Who(user=args.restorer, store=kept("store-reader", args.reading))
        # A key holds no slash, so the paths are given back where they are mounted.
        held = {path.replace("/", "."): (path, text) for path, text in args.program.items()}
        program = ConfigMap(
            f"{name}-program",
            metadata=metadata(AUDIT_ARCHIVE, own, args.namespace),
            data={key: text for key, (_, text) in held.items()},
            opts=child,
        )
        items: list[KeyToPathArgsDict] = [{"key": key, "path": path} for key, (path, _) in held.items()]
        files: VolumeArgsDict = {"name": "program", "config_map": {"name": program.metadata.name, "items": [*items]}}
        certificates: VolumeArgsDict = {"name": "certificates", "secret": {"secret_name": CERTIFICATES}}

        def scheduled(suffix: str, job: str, when: str, command: str, who: Who, stays: int) -> Output[str]:
            made = CronJob(
                f"{name}-{suffix}",
                metadata=metadata(job, own, args.namespace),
                spec={
                    "schedule": when,
                    "concurrency_policy": "Forbid",
                    "starting_deadline_seconds": 1800,
                    "job_template": {
                        "spec": {
                            "backoff_limit": 3,
                            "ttl_seconds_after_finished": stays,
                            "template": {
                                "metadata": {"labels": own},
                                "spec": pod(command, _environment(args, who), files, certificates),
                            },
                        }
                    },
                },
                opts=child,
            )
            return made.metadata.name

        # An hour settles for a quarter of one.
        self.schedule = scheduled("job", AUDIT_ARCHIVE, "20 * * * *", "run", writer, stays=_DAY)
        # In office hours: what it finds is for people, and stays until the next one.
        self.rehearsal = scheduled("rehearsal", AUDIT_RESTORE, "40 14 1 * *", "rehearse", reader, stays=40 * _DAY)
        self.register_outputs({"schedule": self.schedule, "rehearsal": self.rehearsal})


def _environment(args: ArchiveArgs, who: Who) -> list[EnvVarArgsDict]:
    said = {
        "ARCHIVE_BUCKET": args.bucket,
        "ARCHIVE_PREFIX": f"audit/env={args.environment}",
        "ARCHIVE_DAYS": str(args.days),
        "ARCHIVE_MODE": "COMPLIANCE" if args.locked_for_all else "GOVERNANCE",
        "ARCHIVE_HOLD": str(args.hold).lower(),
        "ARCHIVE_STREAM": args.stream,
        "AWS_DEFAULT_REGION": args.store.region,
        "ELASTICSEARCH": f"https://{HOST}:9200",
        "ELASTICSEARCH_CA": f"{CERTIFICATES_FOLDER}/ca.crt",
        # Where the image keeps boto3.
        "PYTHONPATH": "/var/runtime",
        **({"ARCHIVE_ENDPOINT": args.store.endpoint} if args.store.endpoint else {}),
    }
    return [*({"name": key, "value": value} for key, value in said.items()), *credentials(who)]
