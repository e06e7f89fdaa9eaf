"""Pydantic's findings in sentences that say where, what, and what to do."""

from collections.abc import Mapping, Sequence
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from catalogue.model.problem import Problem, nearest
from components.settings.readers import WrongValueError, shown
from components.settings.secrets import SECRETS

REFERENCE = "Pulumi.dev.yaml explains every setting"
UNKNOWN, MISSING = "unknown setting", "is missing"

_SECRET_KEYS = {secret.key for secret in SECRETS}
_WRITE = {
    "int": ("a whole number", "write it like 2, without quotes"),
    "bool": ("true or false", "write one of the two, without quotes"),
    "list": ("a list", "write one `- entry` a line below it"),
    "dict": ("a mapping", "write one `key: value` a line below it, or {}"),
    "model": ("a mapping", "write one `key: value` a line below it"),
}


def problems(project: str, model: type[BaseModel], error: ValidationError) -> list[Problem]:
    """One problem for each finding. `model` is what the settings should have been."""
    return [_problem(project, model, detail) for detail in error.errors(include_url=False)]


def set_secret(key: str) -> str:
    """The command that sets the secret. `key` begins with the project."""
    return f"pulumi config set --secret {key}"


def _problem(project: str, model: type[BaseModel], detail: ErrorDetails) -> Problem:
    loc, value, context = detail["loc"], detail["input"], detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            what, remedy = _unknown(project, model, loc)
        case "missing":
            what, remedy = MISSING, f"add it ({REFERENCE})"
        case "too_short":
            what, remedy = "is empty", f"fill it in ({REFERENCE})"
        case "greater_than_equal":
            what, remedy = f"{shown(value)} is less than {context['ge']}", f"set it to {context['ge']} or more"
        case "less_than_equal":
            what, remedy = f"{shown(value)} is more than {context['le']}", f"set it to {context['le']} or less"
        case "literal_error":
            choices = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
            what, remedy = f"{shown(value)} is none of the choices", nearest(str(value), choices)
        case "value_error" if isinstance(context["error"], WrongValueError):
            what, remedy = context["error"].what, context["error"].remedy
        case kind:
            expected, remedy = _WRITE.get(kind.removesuffix("_type"), (f"right: {detail['msg']}", REFERENCE))
            what = f"{shown(value)} is not {expected}"
    if (value is None or value == "") and detail["type"] != "extra_forbidden":
        what = "is empty"
    return Problem(_path(project, loc), what, remedy)


def _path(project: str, loc: Sequence[int | str]) -> str:
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc)
    return f"{project}:{steps.removeprefix('.')}"


def _unknown(project: str, model: type[BaseModel], loc: Sequence[int | str]) -> tuple[str, str]:
    *parents, last = loc
    if last in _SECRET_KEYS:
        return "a secret is no part of a section", f"remove it, then {set_secret(f'{project}:{last}')}"
    return UNKNOWN, f"{nearest(str(last), _keys(model, parents))} ({REFERENCE})"


def _keys(model: Any, steps: Sequence[object]) -> list[str]:
    """What may stand at the end of the path, which leads through sections, and mappings of sections."""
    for step in steps:
        fields = keys_of(model)
        model = present(fields[str(step)].annotation if fields else get_args(model)[-1])
    return list(keys_of(model))


@cache
def present(kind: Any) -> Any:
    """The section of a setting that may be null, and every other type as it is."""
    return next((each for each in get_args(kind) if keys_of(each) and get_origin(kind) is UnionType), kind)


@cache
def keys_of(model: Any) -> Mapping[str, FieldInfo]:
    """The fields of a section by the keys that people write; none for other types."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        return {field.alias or name: field for name, field in model.model_fields.items()}
    return {}
