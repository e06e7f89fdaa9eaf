"""What must not leave the process, taken out before a line is written.

Later stages redact as well, but a line is on the node's disk before any of them sees it. Values are searched for the
forms that secrets and addresses of people take; what is named like a secret goes whole.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import cast

GONE = "<redacted>"

_NAMED = re.compile(
    r"passw|secret|token|authorization|cookie|api[_-]?key|credential|private[_-]?key|session[_-]?id|e?-?mail\b",
    re.IGNORECASE,
)
_FORMS = (
    # Whoever holds a JSON Web Token is whom it names.
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), GONE),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {GONE}"),
    (re.compile(r"(://[^\s:/@]*):[^\s@/]+@"), rf"\1:{GONE}@"),
    (
        re.compile(
            r"(\b[\w-]*(?:password|passwd|secret|token|api[_-]?key)[\w-]*[\"']?\s*[:=]\s*)"
            r"(?:\"[^\"]*\"|'[^']*'|[^\s\"',;&}]+)",
            re.IGNORECASE,
        ),
        rf"\1{GONE}",
    ),
    (re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE), "<email>"),
)
# None of the forms is without one of these; most values are.
_SUSPICIOUS = re.compile(r"[@=:]|eyJ|bearer|basic", re.IGNORECASE)
_DEEPEST = 6


@lru_cache(maxsize=1_024)
def named_secret(name: str) -> bool:
    """Whether a field of that name is a secret whatever it holds."""
    return _NAMED.search(name) is not None


def redacted_text(text: str) -> str:
    """The text without what looks like a secret or a person's address."""
    if _SUSPICIOUS.search(text) is None:
        return text
    for form, instead in _FORMS:
        text = form.sub(instead, text)
    return text


def redacted(value: object, depth: int = 0) -> object:
    """The value as JSON can hold it, redacted throughout. What JSON cannot hold becomes text first."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        # JSON has no NaN, and a line that is no JSON is parsed as text.
        return value if value - value == 0 else str(value)
    if isinstance(value, str):
        return redacted_text(value)
    if depth < _DEEPEST and isinstance(value, Mapping):
        fields = cast("Mapping[object, object]", value).items()
        return {
            str(name): GONE if named_secret(str(name)) and _hides(each) else redacted(each, depth + 1)
            for name, each in fields
        }
    if depth < _DEEPEST and isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes):
        return [redacted(each, depth + 1) for each in cast("Sequence[object]", value)]
    return redacted_text(str(value))


def _hides(value: object) -> bool:
    # `tokens_used=3` is a number, and no secret.
    return value is not None and not isinstance(value, bool | int | float)
