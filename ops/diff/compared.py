"""The whole way: from a stack and a commit to the comparison."""

from pathlib import Path

from alerts.library import LIBRARY
from alerts.model import alerts_of
from ops.diff.commits import both
from ops.diff.documents import Documents
from ops.diff.model import Comparison
from ops.diff.read import Reading, comparison
from ops.plan.run import ROOT


def compared(stack: str, ref: str, root: Path = ROOT) -> Comparison:
    """What the present state changes of the stack since it left `ref`. Raises as planning does."""
    plans = both(stack, ref, root)
    known = {alert.name: alert for alert in alerts_of(LIBRARY)}
    old, new = (Reading(Documents(texts), known) for texts in (plans.old, plans.new))
    return comparison(stack, plans.base, old, new)
