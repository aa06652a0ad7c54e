"""Headers that a host should send with each file: `_headers`, and `.nojekyll` for GitHub Pages."""

import itertools
from pathlib import Path

from generator.config import SecuritySettings
from generator.output import Output
from generator.policy import content_security_policy

SECURITY_HEADERS = {
    "Content-Security-Policy": content_security_policy(SecuritySettings()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(self)",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}

# Names in these folders change with their content, so a copy never expires.
IMMUTABLE_FOLDERS = ("assets", "pictures")
_YEAR = 31_536_000


def cache_control(path: str) -> str:
    """The Cache-Control of a file, by its path relative to the site's root."""
    if path.split("/", 1)[0] in IMMUTABLE_FOLDERS:
        return f"public, max-age={_YEAR}, immutable"
    return "public, max-age=0, must-revalidate"


def headers_of_all(public: Path) -> dict[str, str]:
    """The headers that `_headers` of a built site asks for with every file."""
    try:
        lines = (public / "_headers").read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return dict(SECURITY_HEADERS)
    asked = itertools.takewhile(lambda line: line.startswith("  "), lines[1:])
    return SECURITY_HEADERS | {
        name: value for name, _, value in (line.strip().partition(": ") for line in asked)
    }


def write_host_files(out: Output, security: SecuritySettings, pictures_url: str = "") -> None:
    """Write `_headers` (read by Cloudflare Pages and Netlify) and `.nojekyll` into `out`."""
    policy = {"Content-Security-Policy": content_security_policy(security, pictures_url)}
    lines = ["/*"]
    lines += [f"  {name}: {value}" for name, value in (SECURITY_HEADERS | policy).items()]
    for folder in IMMUTABLE_FOLDERS:
        lines += [f"/{folder}/*", f"  Cache-Control: {cache_control(folder + '/')}"]
    # A browser must notice a new build at once.
    lines += ["/sw.js", f"  Cache-Control: {cache_control('sw.js')}"]
    # Other people's pages may use the data too.
    lines += ["/data/*", "  Access-Control-Allow-Origin: *"]
    out.write("_headers", "\n".join(lines) + "\n")
    out.write(".nojekyll", b"")
