"""Tells Elasticsearch and Kibana what the stack wants of them. Runs in a Job, on Python alone.

Everything is put, so running it again changes nothing. It ends with the first refusal, and the Job tries again.
"""

import json
import os
import ssl
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from pathlib import Path

_PATIENCE = 600.0
_PAUSE = 5.0
_BOUNDARY = "openpolicy-saved-objects"


class RefusedError(Exception):
    """A server does not take what it was sent. The text is its answer."""


class Server:
    """An address, with who asks."""

    def __init__(self, address: str, authority: str | None) -> None:
        """Trusts what `authority`, a file, has signed; without one, what the machine trusts."""
        self._address = address.rstrip("/")
        user = f"{os.environ['USERNAME']}:{os.environ['PASSWORD']}"
        self._authorization = f"Basic {b64encode(user.encode()).decode()}"
        self._context = ssl.create_default_context(cafile=authority) if address.startswith("https:") else None

    def send(self, method: str, path: str, body: bytes | None = None, content: str = "application/json") -> object:
        """The answer. Raises RefusedError, and OSError where nobody answers."""
        headers = {"Authorization": self._authorization, "Content-Type": content, "kbn-xsrf": "true"}
        request = urllib.request.Request(f"{self._address}/{path}", data=body, headers=headers, method=method)  # noqa: S310 an address of ours
        try:
            with urllib.request.urlopen(request, timeout=60, context=self._context) as answer:  # noqa: S310 an address of ours
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise RefusedError(
                f"{method} {path}: {error.code} {error.read().decode(errors='replace')[:2000]}"
            ) from None

    def wait(self, path: str) -> None:
        """Until it answers. Raises TimeoutError."""
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                self.send("GET", path)
            except (RefusedError, OSError) as error:
                if time.monotonic() > end:
                    raise TimeoutError(f"{self._address}/{path} does not answer: {error}") from None
                time.sleep(_PAUSE)
            else:
                return


def put_all(server: Server, requests: list[dict[str, object]]) -> None:
    """Puts every document, in order."""
    for request in requests:
        server.send("PUT", str(request["path"]), json.dumps(request["body"]).encode())
        print(f"put {request['path']}", flush=True)


def import_objects(server: Server, objects: bytes) -> None:
    """Imports saved objects over those of the same ids. Kibana answers 200 even where it took only some."""
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="objects.ndjson"\r\n'
    body = f"{head}Content-Type: application/ndjson\r\n\r\n".encode() + objects + f"\r\n--{_BOUNDARY}--\r\n".encode()
    content = f"multipart/form-data; boundary={_BOUNDARY}"
    answer = server.send("POST", "api/saved_objects/_import?overwrite=true", body, content)
    if not isinstance(answer, dict) or answer.get("success") is not True:  # pyright: ignore[reportUnknownMemberType] plain JSON
        raise RefusedError(f"not all saved objects were imported: {json.dumps(answer)[:2000]}")
    print("imported the saved objects", flush=True)


def main() -> int:
    """Does it all. Returns the exit status."""
    folder = Path(os.environ["CONTENT"])
    try:
        if requests := json.loads((folder / "requests.json").read_text(encoding="utf-8")):
            elasticsearch = Server(os.environ["ELASTICSEARCH"], os.environ.get("ELASTICSEARCH_CA"))
            elasticsearch.wait("_cluster/health?wait_for_status=yellow&timeout=30s")
            put_all(elasticsearch, requests)
        kibana = Server(os.environ["KIBANA"], os.environ.get("KIBANA_CA"))
        kibana.wait("api/status")
        import_objects(kibana, (folder / "objects.ndjson").read_bytes())
    except (RefusedError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
