"""The Content-Security-Policy of the site's pages: strict, unless the owner allows other hosts."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from generator.config import SecuritySettings
from generator.errors import Problem

_RULES = {
    "default-src": "'self'",
    # Identification runs on WebAssembly. That lets no foreign script in: the module is our own
    # file.
    "script-src": "'self' 'wasm-unsafe-eval'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
# Browsers ignore these directives in a page and log a warning.
# https://www.w3.org/TR/CSP3/#meta-element
_HEADER_ONLY = ("frame-ancestors",)


def content_security_policy(
    wider: SecuritySettings, pictures_url: str = "", *, in_page: bool = False
) -> str:
    """The policy as the value of a header, or of a page's `<meta>` element.

    The `<meta>` element protects visitors if the host sends no header, as on GitHub Pages.

    Args:
        wider: other hosts that the owner allows.
        pictures_url: where the site's own pictures are, if not beside its pages. The service worker
            fetches them too.
        in_page: for the element, which cannot say everything.
    """
    if pictures_url:
        host = "{0.scheme}://{0.netloc}".format(urlsplit(pictures_url))
        pictures, connections = (
            tuple(dict.fromkeys((*hosts, host))) for hosts in (wider.pictures, wider.connections)
        )
        wider = wider.model_copy(update={"pictures": pictures, "connections": connections})
    rules = dict(_RULES)
    for directive, hosts in _widened(wider):
        rules[directive] = " ".join((rules.get(directive, "'self'"), *hosts))
    return "; ".join(
        f"{directive} {sources}"
        for directive, sources in rules.items()
        if not (in_page and directive in _HEADER_ONLY)
    )


def widening(wider: SecuritySettings, file: str) -> list[Problem]:
    """Warnings about other hosts that pages may use; empty if there are none."""
    return [
        Problem(
            file,
            f"security.{key}: pages may use {' and '.join(hosts)}, and visitors' browsers contact"
            f" {'it' if len(hosts) == 1 else 'them'}.{risk}",
            skipped=False,
        )
        for key, hosts, risk in (
            ("scripts", wider.scripts, " Scripts from there can do anything on your pages."),
            ("pictures", wider.pictures, ""),
            ("connections", wider.connections, " Pages may send data there."),
            ("styles", wider.styles, " Styles from there can hide or replace what pages show."),
            ("fonts", wider.fonts, ""),
            ("frames", wider.frames, ""),
        )
        if hosts
    ]


def allows(hosts: tuple[str, ...], address: str) -> bool:
    """Whether a list of `[security]` has the host of an absolute address."""
    parts = urlsplit(address)
    if parts.scheme not in ("", "https"):
        return False
    host = f"https://{parts.netloc.lower()}"
    return any(
        host.endswith(one.removeprefix("https://*"))
        if one.startswith("https://*.")
        else one == host
        for one in hosts
    )


def _widened(wider: SecuritySettings) -> Iterator[tuple[str, tuple[str, ...]]]:
    for directive, hosts in (
        ("script-src", wider.scripts),
        ("img-src", wider.pictures),
        ("connect-src", wider.connections),
        ("style-src", wider.styles),
        ("font-src", wider.fonts),
        ("frame-src", wider.frames),
    ):
        if hosts:
            yield directive, hosts
