"""A static host for measuring: compresses and sends the headers of `_headers`, as real ones do."""

import contextlib
import gzip
import http.server
import mimetypes
import threading
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

from generator.publish.headers import SECURITY_HEADERS, cache_control

_COMPRESSED = {".html", ".css", ".js", ".mjs", ".json", ".svg", ".xml", ".webmanifest", ".wasm"}


@cache
def _gzipped(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 9)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, root: Path, *arguments: object) -> None:
        self._root = root
        super().__init__(*arguments)  # type: ignore[arg-type]

    def handle(self) -> None:
        # A browser that is closed hangs up in mid-sentence.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            super().handle()

    def do_GET(self) -> None:
        place = self.path.partition("?")[0].lstrip("/")
        path = self._root / place
        if path.is_dir():
            path = path / "index.html"
        status = 200
        if not path.is_file():
            status, path = 404, self._root / "404.html"
        squeeze = path.suffix in _COMPRESSED
        body = _gzipped(path) if squeeze else path.read_bytes()
        kind = {".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}.get(
            path.suffix
        ) or mimetypes.guess_type(path.name)[0]
        self.send_response(status)
        self.send_header("Content-Type", kind or "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", cache_control(place))
        if squeeze:
            self.send_header("Content-Encoding", "gzip")
        for name, value in SECURITY_HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def hosted(public: Path) -> Iterator[str]:
    """Serve a built site on localhost; gives its address, with a slash at the end."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, public))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
