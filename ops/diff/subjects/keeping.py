"""Retention and sampling: how long what is kept, and how much of it is looked at in the first place."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import yaml

from ops.diff.documents import Document, Documents
from ops.diff.facts import flatten, some
from ops.diff.model import Facts, Item

_FLAG = re.compile(r"--([\w.-]*retention[\w.-]*)=(.+)")
_SAMPLERS = ("tail_sampling", "probabilistic_sampler", "remote_sampling")
_CARRIERS = ("ConfigMap", "Deployment", "StatefulSet", "DaemonSet", "OpenTelemetryCollector", "Jaeger")


def read(documents: Documents) -> Sequence[Item]:
    """Metrics, logs and traces."""
    return [*_metrics(documents), *_flags(documents), *_logs(documents), *_traces(documents)]


def _metrics(documents: Documents) -> Iterator[Item]:
    for inputs in documents.of_kind("Prometheus", "Alertmanager", "ThanosRuler"):
        spec = inputs["spec"]
        facts = some(
            kept_for=spec.get("retention"),
            kept_up_to=spec.get("retentionSize"),
            scraped_every=spec.get("scrapeInterval"),
            evaluated_every=spec.get("evaluationInterval"),
            replicas=spec.get("replicas"),
            volume=_volume(spec),
        )
        yield Item(name=f"{inputs['kind']} {inputs['metadata']['name']}", facts=facts)


def _volume(spec: Document) -> str | None:
    claim = spec.get("storage", {}).get("volumeClaimTemplate", {}).get("spec", {})
    return claim.get("resources", {}).get("requests", {}).get("storage")


def _flags(documents: Documents) -> Iterator[Item]:
    for inputs in documents.of_kind("Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job"):
        texts = (value for found in flatten(inputs).values() if isinstance(found, tuple) for value in found)
        if flags := {match[1]: match[2] for text in texts if (match := _FLAG.fullmatch(text))}:
            yield Item(name=f"{inputs['kind']} {inputs['metadata']['name']}", facts=flags)


def _logs(documents: Documents) -> Iterator[Item]:
    """Policies that Elasticsearch gets by a bootstrap's requests, or through its provider."""
    for inputs in documents.of_kind("ConfigMap"):
        for request in _requests(inputs):
            path, body = str(request["path"]), cast("Document", request["body"])
            if "/policy/" in path:
                yield Item(name=f"policy {path.rpartition('/')[2]}", also=path, facts=_phases(body))
    for inputs in documents.of_type("elasticstack:"):
        if inputs.keys() & {"delete", "retention"}:
            yield Item(name=f"policy {inputs.get('name', '')}", facts=flatten(inputs))


def _phases(body: Document) -> Facts:
    """Of a lifecycle, first when each phase begins."""
    told = {label.removeprefix("policy.phases."): value for label, value in flatten(body).items()}
    ages = {label: value for label, value in told.items() if label.endswith(".min_age")}
    begins = {f"{label.removesuffix('.min_age')} after": value for label, value in ages.items()}
    return {**begins, **{label: value for label, value in told.items() if label not in ages}}


def _requests(config_map: Document) -> Iterator[Document]:
    for text in config_map.get("data", {}).values():
        try:
            found: list[Document] = json.loads(text) if str(text).startswith("[") else []
        except ValueError:
            # A section of another format begins so too.
            continue
        yield from (each for each in found if {"path", "body"} <= each.keys())


def _traces(documents: Documents) -> Iterator[Item]:
    for inputs in documents.of_kind(*_CARRIERS):
        name = inputs["metadata"]["name"]
        for sampler, settings in _samplers([inputs.get("data", {}), inputs.get("spec", {})]):
            yield Item(name=f"{sampler} of {name}", facts=flatten(settings))


def _samplers(value: Any) -> Iterator[tuple[str, Any]]:
    """Samplers at any depth, also within texts that are documents themselves."""
    match value:
        case dict():
            for key, inner in cast("dict[str, Any]", value).items():
                if key.partition("/")[0] in _SAMPLERS and isinstance(inner, Mapping):
                    yield key, cast("Mapping[str, Any]", inner)
                else:
                    yield from _samplers(inner)
        case list():
            for inner in cast("list[Any]", value):
                yield from _samplers(inner)
        case str() if any(sampler in value for sampler in _SAMPLERS):
            try:
                yield from _samplers(_not_text(yaml.load(value, yaml.CSafeLoader)))
            except yaml.YAMLError:
                return
        case _:
            return


def _not_text(value: object) -> object:
    return None if isinstance(value, str) else value
