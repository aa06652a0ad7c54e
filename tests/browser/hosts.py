"""Hosts of built sites on this machine: plain file servers with the headers that sites request."""

import http.server
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from generator.publish.headers import SECURITY_HEADERS


class FileHandler(http.server.SimpleHTTPRequestHandler):
    """Sends files with the security headers of `_headers`, and logs nothing."""

    def end_headers(self) -> None:
        for name, value in SECURITY_HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore browsers that close a connection in the middle of an answer."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def hosted(folder: Path, handler: type[FileHandler] = FileHandler) -> Iterator[str]:
    """The address, with a slash at the end, at which the files of a folder are served."""
    server = _Server(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
