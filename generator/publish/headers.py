"""Headers that a host should send with each file: `_headers`, and `.nojekyll` for GitHub Pages."""

from generator.output import Output

CONTENT_SECURITY_POLICY = (
    # Identification runs on WebAssembly. That lets no script in: the module is our own file.
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
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


def write_host_files(out: Output) -> None:
    """Write `_headers` (read by Cloudflare Pages and Netlify) and `.nojekyll` into `out`."""
    lines = ["/*"]
    lines += [f"  {name}: {value}" for name, value in SECURITY_HEADERS.items()]
    for folder in IMMUTABLE_FOLDERS:
        lines += [f"/{folder}/*", f"  Cache-Control: {cache_control(folder + '/')}"]
    # A browser must notice a new build at once.
    lines += ["/sw.js", f"  Cache-Control: {cache_control('sw.js')}"]
    # Other people's pages may use the data too.
    lines += ["/data/*", "  Access-Control-Allow-Origin: *"]
    out.write("_headers", "\n".join(lines) + "\n")
    out.write(".nojekyll", b"")
