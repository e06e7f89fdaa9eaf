"""The generated parts of docs/security.md."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from ops.plan.images import images
from ops.plan.run import stacks
from tests.support.accepted import ACCEPTED
from tests.support.pages import between
from tests.support.planned import planned
from tests.support.rights import BORROWED, RIGHTS, TOKENS, UNRESTRICTED


def security(text: str) -> str:
    """The page with its tables as they are now."""
    for name, part in (
        ("rights", _table(("Role", "May", "On", "Because"), _rights())),
        ("borrowed", _table(("Role of the cluster's own", "Because"), BORROWED.items())),
        ("tokens", _table(("Pods", "Because"), TOKENS.items())),
        (
            "unrestricted",
            _table(("Workload", "Needs", "Because"), ((name, *why) for name, why in UNRESTRICTED.items())),
        ),
        ("accepted", _table(("Scanner", "Check", "Of", "Because"), _accepted())),
        ("images", _table(("Image", "Version", "Runs in"), _images())),
    ):
        text = between(text, name, part)
    return text


def _rights() -> Iterator[Sequence[str]]:
    """Rights that a role has for the same reason, in one row."""
    for role, granted in RIGHTS.items():
        rows = dict[tuple[str, str], list[str]]()
        for what, reason in granted.items():
            rows.setdefault(reason, []).append(what)
        for (verbs, why), what in rows.items():
            yield role, verbs, ", ".join(what), why


def _accepted() -> Iterator[Sequence[str]]:
    for each in ACCEPTED:
        yield each.scanner, each.check, ", ".join("all" if each == "*" else each for each in each.documents), each.why


@cache
def _everywhere() -> Mapping[str, Sequence[str]]:
    found = dict[str, set[str]]()
    for stack in stacks():
        for image, users in images(planned(stack).recording).items():
            found.setdefault(image, set()).update(users)
    return {image: sorted(users) for image, users in found.items()}


def _images() -> Iterator[Sequence[str]]:
    for image, users in sorted(_everywhere().items()):
        name, _, tag = image.rpartition(":")
        # Its name has a part that changes with its content.
        yield (
            name,
            tag,
            ", ".join(dict.fromkeys(user.rpartition("-")[0] if user.startswith("Job ") else user for user in users)),
        )


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)
