"""How a plugin lives: it tells the engine its port, and ends with the engine, however that ends."""

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

import grpc

_NO_LIMIT = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def serve(register: Callable[[grpc.Server], None]) -> NoReturn:
    """Serves what `register` adds to the server."""
    engine = os.getppid()
    # The engine's way to say that it is done.
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))
    server = grpc.server(ThreadPoolExecutor(max_workers=32), options=_NO_LIMIT)
    register(server)
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    # A killed engine says nothing.
    while os.getppid() == engine:
        time.sleep(0.1)
    os._exit(0)
