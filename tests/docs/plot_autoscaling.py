"""The plot of the simulation, the same to the byte wherever it is drawn. matplotlib is imported as it is drawn."""

from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any

from ops.simulate.report import ENGINES, Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import RcKeyType

STYLE: "dict[RcKeyType, Any]" = {
    # Ids are made from this in place of chance, and letters stay letters.
    "svg.hashsalt": "openpolicy",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 8,
}
_NEEDED = "#9aa5b1"
_LINES = {"pods": "#dd6b20", "ready": "#2b6cb0"}
_DASHES = {"hpa": "-", "keda": ":"}


def _steps(run: Run, name: str) -> tuple[list[float], list[int]]:
    """Minutes and counts, where the count changes and at the end."""
    counts: list[int] = [getattr(moment, name) for moment in run.moments]
    last = len(counts) - 1
    kept = [index for index in range(len(counts)) if index in (0, last) or counts[index] != counts[index - 1]]
    return [run.moments[index].second / 60 for index in kept], [counts[index] for index in kept]


def plot(runs: Sequence[Run]) -> str:
    """An SVG: for each traffic, the pods that it needs and those that it gets under each engine."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    traffics = list(dict.fromkeys(run.traffic for run in runs))
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 1.7 * len(traffics)), layout="constrained")
        every: Sequence[Axes] = list(figure.subplots(len(traffics), 1))
        for axes, traffic in zip(every, traffics, strict=True):
            for run in (each for each in runs if each.traffic == traffic):
                if run.engine == ENGINES[0]:
                    axes.fill_between(*_steps(run, "needed"), step="post", color=_NEEDED, alpha=0.5, label="needed")
                for name, color in _LINES.items():
                    axes.step(
                        *_steps(run, name),
                        _DASHES[run.engine],
                        where="post",
                        color=color,
                        linewidth=1.2,
                        label=f"{name}, {run.engine}",
                    )
            axes.set_title(traffic.name, loc="left")
            axes.set_ylabel("pods")
            axes.set_ylim(bottom=0)
            axes.margins(x=0)
        every[-1].set_xlabel("minutes")
        figure.legend(*every[-1].get_legend_handles_labels(), ncols=5, loc="outside lower center", frameon=False)
        file = StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return text_of(file)


def text_of(drawn: StringIO) -> str:
    """The SVG without what an editor would take away at the ends of lines."""
    return "\n".join(line.rstrip() for line in drawn.getvalue().splitlines()) + "\n"
