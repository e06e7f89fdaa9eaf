"""One process that exposes every target of the load, each under a path of its own."""

import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

from tests.live.load.series import Target


@contextmanager
def exposed(targets: Sequence[Target]) -> Iterator[str]:
    """Serves `/metrics/<index>` of each target while it is open; yields host and port."""
    scrapes = [count(1) for _ in targets]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            index = int(self.path.rpartition("/")[2])
            body = _page(targets[index], next(scrapes[index])).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name is the library's
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


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
