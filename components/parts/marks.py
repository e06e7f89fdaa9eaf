"""Marks on pods that read a Secret only when they start: with another content they start again.

A mark is made of what is in the Secrets and of a key that is in Pulumi's state alone: nobody learns or guesses from it
what a Secret holds. It is put where each object is registered, so that no component has to think of it. What reads
its Secrets anew is left alone: Alertmanager its files, collectors their certificates; Elasticsearch's own are its
operator's business, and a Job begins with what there is.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pulumi_random as random
from pulumi import Input, Output, Resource, ResourceOptions, ResourceTransformationArgs, ResourceTransformationResult

ANNOTATION = "openpolicy.ca/secrets"
READ_ANEW = {"openpolicy.ca/read-anew": "true"}
"""Labels of a Secret that whoever reads it reads again by itself."""

_SECRET = "kubernetes:core/v1:Secret"  # noqa: S105 its kind
# Where each kind has its pods' metadata.
_PODS: Mapping[str, Sequence[str]] = {
    "kubernetes:apps/v1:Deployment": ("spec", "template", "metadata"),
    "kubernetes:apps/v1:StatefulSet": ("spec", "template", "metadata"),
    "kubernetes:apps/v1:DaemonSet": ("spec", "template", "metadata"),
    "kubernetes:monitoring.coreos.com/v1:Prometheus": ("spec", "podMetadata"),
    "kubernetes:kibana.k8s.elastic.co/v1:Kibana": ("spec", "podTemplate", "metadata"),
    "kubernetes:logstash.k8s.elastic.co/v1alpha1:Logstash": ("spec", "podTemplate", "metadata"),
    "kubernetes:beat.k8s.elastic.co/v1beta1:Beat": ("spec", "daemonSet", "podTemplate", "metadata"),
}
# Both spellings: the SDK's, and that of objects of other kinds.
_NAMING = (("secret_key_ref", "name"), ("secretKeyRef", "name"), ("secret", "secret_name"), ("secret", "secretName"))
_LENGTH, _KEY_LENGTH = 16, 32


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    name: str
    parent: Resource | None
    content: Input[Mapping[str, Input[str]]]


@dataclass(frozen=True, slots=True)
class Marks:
    """Knows every Secret that was registered, and marks pods that come after it."""

    key: Input[str]
    _known: list[_Known] = field(default_factory=list[_Known], init=False)

    def transform(self, args: ResourceTransformationArgs) -> ResourceTransformationResult | None:
        """The object with a mark on its pods; None where they read no Secret of ours."""
        props = cast("dict[str, Any]", args.props)
        if args.type_ == _SECRET and not (READ_ANEW.items() <= props["metadata"]["labels"].items()):
            known = _Known(name=props["metadata"]["name"], parent=args.opts.parent, content=props["string_data"])
            self._known.append(known)
        if args.type_ not in _PODS or not (names := [*_names(props)]):
            return None
        plain = {name for name in names if isinstance(name, str)}
        # A name that is another resource's output is that of a Secret of the same component.
        several = len(plain) < len(names)
        read = {
            each.name: each.content
            for each in self._known
            if each.name in plain or (several and each.parent is args.opts.parent)
        }
        if not read:
            return None
        marked = Output.unsecret(Output.all(key=self.key, names=names, read=read).apply(_mark))
        return ResourceTransformationResult(props=_annotated(props, _PODS[args.type_], marked), opts=args.opts)


def made_up_key(parent: Resource) -> Output[str]:
    """A key that nobody sees, and that stays the same."""
    within = ResourceOptions(parent=parent)
    made = ResourceOptions(parent=parent, provider=random.Provider("marks-random", opts=within))
    return random.RandomPassword("marks-key", length=_KEY_LENGTH, special=False, opts=made).result


def _names(value: object) -> Iterator[Input[str]]:
    """Names of Secrets that are mounted, or given as variables, at any depth."""
    if isinstance(value, Mapping):
        inner = cast("Mapping[str, Any]", value)
        for outer, name in _NAMING:
            if isinstance(inner.get(outer), Mapping) and name in inner[outer]:
                yield inner[outer][name]
        for each in inner.values():
            yield from _names(each)
    elif isinstance(value, list):
        for each in cast("list[object]", value):
            yield from _names(each)


def _mark(known: Mapping[str, Any]) -> str:
    used = {name: known["read"][name] for name in sorted({*known["names"]}) if name in known["read"]}
    return hmac.new(known["key"].encode(), json.dumps(used).encode(), hashlib.sha256).hexdigest()[:_LENGTH]


def _annotated(props: Mapping[str, Any], path: Sequence[str], mark: Input[str]) -> dict[str, Any]:
    if not path:
        return {**props, "annotations": {**(props.get("annotations") or {}), ANNOTATION: mark}}
    return {**props, path[0]: _annotated(props.get(path[0]) or {}, path[1:], mark)}
