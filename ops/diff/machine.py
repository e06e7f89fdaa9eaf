"""The comparison as JSON."""

from dataclasses import asdict

from alerts.render.text import to_json
from ops.diff.model import Comparison


def machine(comparison: Comparison) -> str:
    """Everything that the other forms tell, uncut."""
    return to_json({**asdict(comparison), "differs": comparison.differs})
