"""One process that exposes every target of the load, each under a path of its own."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count

from tests.live.load.series import Target
from tests.support.loopback import Quiet, serving


@contextmanager
def exposed(targets: Sequence[Target]) -> Iterator[str]:
    """Serves `/metrics/<index>` of each target while it is open; yields host and port."""
    scrapes = [count(1) for _ in targets]

    class Handler(Quiet):
        def do_GET(self) -> None:
            index = int(self.path.rpartition("/")[2])
            self.answer(200, _page(targets[index], next(scrapes[index])))

    with serving(Handler) as address:
        yield address.removeprefix("http://")


def _page(target: Target, scrape: int) -> str:
    """The page as the target shows it when it is asked for the so many-th time."""
    lines = list[str]()
    for each in target.series:
        if each.rises:
            # Traffic comes and goes within ten minutes, and never goes backwards.
            risen = each.level * (scrape + 4 * math.sin(scrape / 7 + each.phase % 5))
            value = max(risen, 0.0)
        elif each.moves:
            value = each.level * (1 + 0.05 * math.sin(scrape / 5 + each.phase % 7))
        else:
            value = each.level
        lines.append(f"{each.text}{value:.6g}" if value < 1e6 else f"{each.text}{value:.0f}")
    return "\n".join(lines) + "\n"
