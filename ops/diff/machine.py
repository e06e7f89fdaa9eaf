"""The comparison as JSON."""

from dataclasses import asdict

from ops.diff.model import Comparison
from ops.shown.document import to_json


def machine(comparison: Comparison) -> str:
    """Everything that the other forms tell, uncut."""
    return to_json({**asdict(comparison), "differs": comparison.differs})
