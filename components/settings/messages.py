"""Pydantic's findings in sentences that say where, what, and what to do."""

from collections.abc import Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from catalogue.model.problem import Problem, nearest

REFERENCE = "Pulumi.dev.yaml explains every setting"
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "string": "text",
    "list": "a list",
    "dict": "a mapping",
    "model": "a mapping",
}


def problems(section: str, model: object, error: ValidationError) -> list[Problem]:
    """One problem for each finding. `section` is the setting's full key, `model` what it should have been."""
    return [_problem(section, model, detail) for detail in error.errors(include_url=False)]


def _problem(section: str, model: object, detail: ErrorDetails) -> Problem:
    *parents, last = ("", *detail["loc"])
    path = section + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in detail["loc"])
    value, kind, context = detail["input"], detail["type"], detail.get("ctx", {})
    match kind:
        case "extra_forbidden":
            known = _keys(_descend(model, parents[1:]))
            return Problem(path, "unknown setting", f"{nearest(str(last), known)} ({REFERENCE})")
        case "missing":
            return Problem(path, "is missing", f"add it ({REFERENCE})")
        case "value_error":
            what, _, remedy = str(context["error"]).partition("; ")
            return Problem(path, what, remedy)
        case "literal_error" | "enum":
            choices = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
            return Problem(path, f"{value!r} is none of {', '.join(choices)}", nearest(str(value), choices))
        case "greater_than_equal":
            return Problem(path, f"{value} is less than {context['ge']}", f"set it to {context['ge']} or more")
        case "less_than_equal":
            return Problem(path, f"{value} is more than {context['le']}", f"set it to {context['le']} or less")
        case "too_short" | "string_too_short" | "string_pattern_mismatch":
            return Problem(path, "is empty", f"fill it in ({REFERENCE})")
        case _:
            expected = _KINDS.get(kind.removesuffix("_type").removesuffix("_parsing"), "")
            what = f"{_shown(value)} is not {expected}" if expected else f"{_shown(value)}: {detail['msg'].lower()}"
            return Problem(path, what, REFERENCE)


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, Sequence) and not isinstance(value, str) else repr(value)


def _descend(model: Any, steps: Sequence[object]) -> Any:
    """The type that stands at the end of the path."""
    for step in steps:
        if isinstance(model, type) and issubclass(model, BaseModel):
            fields = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
            model = fields.get(str(step))
        else:
            model = get_args(model)[-1] if get_origin(model) in (dict, list) else model
        if isinstance(model, UnionType):
            model = next(each for each in get_args(model) if each is not NoneType)
    return model


def _keys(model: Any) -> list[str]:
    if isinstance(model, type) and issubclass(model, BaseModel):
        return [field.alias or name for name, field in model.model_fields.items()]
    return []
