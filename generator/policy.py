"""What browsers let pages of the site do: a strict Content-Security-Policy, as far as the owner
does not widen it for hosts of their own choice."""

from collections.abc import Iterator

from generator.config import SecuritySettings
from generator.errors import Problem

_RULES = {
    "default-src": "'self'",
    # Identification runs on WebAssembly, which is no way in for script: the module is our own file.
    "script-src": "'self' 'wasm-unsafe-eval'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
# Browsers ignore these in a page and complain of them there.
# https://www.w3.org/TR/CSP3/#meta-element
_HEADER_ONLY = ("frame-ancestors",)


def content_security_policy(wider: SecuritySettings, *, in_page: bool = False) -> str:
    """The policy as the value of a header, or of a `<meta>` in the page.

    The `<meta>` protects visitors where the host sends no header, such as on GitHub Pages.
    """
    rules = dict(_RULES)
    for directive, hosts in _widened(wider):
        rules[directive] = " ".join((rules.get(directive, "'self'"), *hosts))
    return "; ".join(
        f"{directive} {sources}"
        for directive, sources in rules.items()
        if not (in_page and directive in _HEADER_ONLY)
    )


def widening(wider: SecuritySettings, file: str) -> list[Problem]:
    """What a build says about other websites that pages may use; nothing if they may use none."""
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
        )
        if hosts
    ]


def _widened(wider: SecuritySettings) -> Iterator[tuple[str, tuple[str, ...]]]:
    for directive, hosts in (
        ("script-src", wider.scripts),
        ("img-src", wider.pictures),
        ("connect-src", wider.connections),
    ):
        if hosts:
            yield directive, hosts
