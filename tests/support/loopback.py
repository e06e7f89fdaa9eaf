"""Servers of the tests' own, on this machine."""

import json
import socket
import ssl
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.live.certificates import Identity

METRICS = "text/plain; version=0.0.4"
"""The type of a page of metrics."""


class Quiet(BaseHTTPRequestHandler):
    """Reads and answers without logging."""

    def body(self) -> bytes:
        """What came with the request."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status: int = 200, body: str = "", *, kind: str = METRICS) -> None:
        """Sends a text."""
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def tell(self, document: Any, status: int = 200) -> None:
        """Sends JSON."""
        self.answer(status, json.dumps(document), kind="application/json")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base class's name
        """Says nothing."""


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], *, identity: Identity | None = None, port: int = 0) -> Iterator[str]:
    """Its address while it listens: with TLS as `identity` if there is one, and on a free port unless one is said."""
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    if identity:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(identity.certificate, identity.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"{'https' if identity else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        # Wakes it, where the system can: by itself it looks twice a second whether it shall end.
        with suppress(OSError):
            server.socket.shutdown(socket.SHUT_RD)
        server.shutdown()
        server.server_close()


def ready(url: str) -> bool | None:
    """Whether somebody answers there that all is well; None where not, as those want it who wait for something."""
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310 an address of our own
            return answer.status == 200 or None
    except OSError:
        return None
