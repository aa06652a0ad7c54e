"""The headers that a deploy sets for each file: type, lifetime, compression."""

from dataclasses import dataclass

from generator.deploy.plan import MANIFEST
from generator.publish.headers import cache_control

# Not Python's mimetypes, which reads the system's tables: they differ between machines, and a
# deploy from another machine would send every file again. Types as registered with IANA
# (https://www.iana.org/assignments/media-types/).
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
# JSON is UTF-8 by definition and has no charset parameter (RFC 8259, section 8.1).
_TEXTUAL = {"application/xml", "image/svg+xml"}

# Only browsers request these, and every browser understands gzip. Feeds, the site map and data/ are
# also read by other programs, some of which cannot decompress, and a bucket cannot offer a file in
# two forms.
_BROWSERS_ONLY = (".html", ".css", ".js", ".mjs", ".svg", ".webmanifest")
# Below this size compression saves no packet.
_WORTH_IT = 1024


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of one file; `encoding` is "gzip" or ""."""

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
