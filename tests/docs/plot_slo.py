"""The plot of outages against policies, the same to the byte wherever it is drawn. matplotlib is imported as it is."""

from collections.abc import Sequence
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING

from catalogue.model.time import days
from ops.simulate.slo.outage import Outage
from ops.simulate.slo.policies import POLICIES
from ops.simulate.slo.report import Told, tell
from ops.simulate.slo.shapes import STEADY
from tests.docs.plot_autoscaling import STYLE, text_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SHARES = tuple(Decimal(f"{10 ** (exponent / 8):.4f}") / 1000 for exponent in range(4, 25))
_COLORS = ("#2b6cb0", "#dd6b20", "#38a169", "#9aa5b1")
_HOUR = 3_600


def swept() -> Sequence[Sequence[Told]]:
    """Outages that go on for days in steady traffic, by the share that fails."""
    return [tell(Outage(share=share, lasts=days(3), shape=STEADY)) for share in _SHARES]


def plot(told: Sequence[Sequence[Told]]) -> str:
    """An SVG: how long until somebody is woken, and what is spent by then."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 2.9), layout="constrained")
        left, right = figure.subplots(1, 2)
        for index, policy in enumerate(POLICIES):
            paged = [each[index] for each in told if each[index].to_page is not None]
            share = [100 * float(each.outage.share) for each in paged]
            hours = [each.to_page.seconds / _HOUR for each in paged if each.to_page is not None]
            spent = [100 * (each.spent_at_page or 0) for each in paged]
            left.plot(share, hours, ".-", color=_COLORS[index], linewidth=1.2, markersize=3, label=policy.name)
            right.plot(share, spent, ".-", color=_COLORS[index], linewidth=1.2, markersize=3)
        _label(left, "hours until somebody is woken")
        _label(right, "percent of the budget spent by then")
        figure.legend(*left.get_legend_handles_labels(), ncols=4, loc="outside lower center", frameon=False)
        file = StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return text_of(file)


def _label(axes: "Axes", what: str) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("percent of requests that fail")
    axes.set_title(what, loc="left")
