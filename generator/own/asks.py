"""Finds requests to other hosts in the owner's HTML that the Content-Security-Policy blocks."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from generator.config import SecuritySettings
from generator.policy import allows

_TAG = re.compile(r"<(?P<name>[a-z][a-z0-9-]*)(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.I)
_ATTRIBUTE = re.compile(
    r"(?P<name>[\w:-]+)\s*=\s*(?:\"(?P<a>[^\"]*)\"|'(?P<b>[^']*)'|(?P<c>[^\s>]+))"
)
_SETTINGS = {
    ("script", "src"): "scripts",
    ("img", "src"): "pictures",
    ("source", "src"): "pictures",
    ("iframe", "src"): "frames",
}
_LINKS = {"stylesheet": "styles", "icon": "pictures", "preload": "fonts"}
# Other types are data, which browsers do not run.
_RUN = frozenset({"", "module", "text/javascript", "application/javascript", "importmap"})


def asks(text: str, security: SecuritySettings) -> Iterator[tuple[int, str, str]]:
    """The blocked requests of an HTML text: line, key of `[security]`, reason.

    The key is "" if no setting allows it.
    """
    for match in _TAG.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        element = match["name"].lower()
        found = {
            one["name"].lower(): one["a"] or one["b"] or one["c"] or ""
            for one in _ATTRIBUTE.finditer(match["rest"])
        }
        if element == "style" or "style" in found:
            yield line, "", "styles within a page are blocked. Move them to site.css."
        handlers = sorted(name for name in found if name.startswith("on"))
        if handlers:
            yield line, "", f"{handlers[0]}=… is blocked. Move the script to a file in static/."
        if element == "script" and "src" not in found and found.get("type", "").lower() in _RUN:
            yield (
                line,
                "",
                "a script within a page is blocked. Move it to a file, such as static/mine.js, and"
                ' write <script src="{{ root }}mine.js" defer></script>.',
            )
        for (owner, attribute), key in _SETTINGS.items():
            if element == owner and attribute in found:
                yield from _host(line, found[attribute], key, security)
        if element == "link" and (key := _LINKS.get(found.get("rel", "").lower(), "")):
            yield from _host(line, found.get("href", ""), key, security)


def _host(
    line: int, address: str, key: str, security: SecuritySettings
) -> Iterator[tuple[int, str, str]]:
    try:
        parts = urlsplit(address)
        if not parts.netloc or allows(getattr(security, key), address):
            return
    except ValueError:
        return
    host = f"https://{parts.netloc.lower()}"
    yield line, key, f'{host} is blocked. To let it in, write {key} = ["{host}"] under [security]'
