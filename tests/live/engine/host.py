"""A STAND-IN for Pulumi's language host for Python: runs the program, and nothing else that a host does.

The Automation API of the SDK has all but two parts of a host: this adds that it is started by the CLI, and that the
program lies in a folder. The real one would also look for plugins, make a virtual environment and check types.
"""

import os
import sys
from typing import Any

from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2_grpc

from tests.live.engine.plugin import serve
from tests.live.engine.program import run


class Host(LanguageServer):
    """Runs the program of the folder that the CLI names."""

    def __init__(self, engine: str) -> None:
        super().__init__(lambda: run("."))
        self._engine = engine

    def Run(self, request: Any, context: Any) -> Any:
        os.chdir(request.info.program_directory)
        # Where the Automation API's own CLI writes the engine's address.
        request.args[:] = [self._engine]
        return super().Run(request, context)


if __name__ == "__main__":
    # The program's packages are those of its own folder, and of no other.
    sys.path.remove(os.environ.pop("PYTHONPATH"))
    host = Host(engine=sys.argv[-1])
    serve(lambda server: language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server))
