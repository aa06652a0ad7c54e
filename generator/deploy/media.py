"""What a server says with each file where the deploy decides it: type, lifetime, compression."""

from dataclasses import dataclass

from generator.deploy.plan import MANIFEST
from generator.publish.headers import cache_control

# Not Python's mimetypes, which takes in what the system knows: that differs between machines, and
# would send every file again from another one. Types as registered with IANA (https://www.iana.org/assignments/media-types/).
_TYPES = {
    ".avif": "image/avif",
    ".css": "text/css",
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".gif": "image/gif",
    ".html": "text/html",
    ".ico": "image/vnd.microsoft.icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".onnx": "application/octet-stream",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    # TypeScript has no registered type, and the common guess is a video format.
    ".ts": "text/plain",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
# JSON is UTF-8 by definition and has no charset to name (RFC 8259, section 8.1).
_TEXTUAL = {"application/xml", "image/svg+xml"}

# What only browsers ask for, and every browser understands gzip. Feeds, the site map and data/ are
# read by other programs too, some of which never ask for compression and would be lost with it: a
# bucket cannot offer a file in two forms.
_BROWSERS_ONLY = (".html", ".css", ".js", ".mjs", ".svg", ".webmanifest")
# Below this a packet is not saved.
_WORTH_IT = 1024


@dataclass(frozen=True, slots=True)
class Headers:
    """What is sent with one file; `encoding` is "gzip" or ""."""

    content_type: str
    cache_control: str
    encoding: str


def headers_of(path: str, size: int) -> Headers:
    """The headers of a file, by its path in the site and its size."""
    suffix = "." + path.rpartition("/")[2].rpartition(".")[2].lower()
    kind = _TYPES.get(suffix, "application/octet-stream")
    if kind.startswith("text/") or kind in _TEXTUAL:
        kind += "; charset=utf-8"
    compressed = suffix in _BROWSERS_ONLY and size >= _WORTH_IT
    lifetime = "no-store" if path == MANIFEST else cache_control(path)
    return Headers(kind, lifetime, "gzip" if compressed else "")
