"""The source of a photo: a web address that is safe to publish, or words."""

import ipaddress
import re
import unicodedata
from urllib.parse import urlsplit

_WORDS = 'a web address such as https://example.org/photo, or words such as "Street view"'
_RUNS = re.compile(r"(view-source:)?(javascript|vbscript|data|file|blob|about):", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:\S", re.IGNORECASE)


def unfit_source(text: str, base_url: str = "") -> str:
    """The expected form of a source that is unfit for publication; "" for a good one.

    Pages link to a source that begins with http:// or https:// and show any other as words. The
    published data has it unchanged, so it must not contain anything that runs when it is followed.

    Args:
        text: the owner's text.
        base_url: the site's own address, "" if unknown.
    """
    # Browsers drop control characters and blanks before they read a scheme.
    bare = "".join(char for char in text if unicodedata.category(char)[0] not in "CZ")
    if not re.match(r"https?:", bare, re.IGNORECASE):
        return _WORDS if _RUNS.match(bare) or _SCHEME.match(text) else ""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
        if host and ":" in host:
            ipaddress.IPv6Address(host.partition("%")[0])
    except ValueError:
        return _WORDS
    if (
        not host
        or parts.username is not None
        or bare != text
        or re.search(r'[<>"{}|\\^`]', text)
        or not text.lower().startswith(f"{parts.scheme}://")
    ):
        return _WORDS
    own = urlsplit(base_url)
    if base_url and host == own.hostname and f"{parts.path}/".startswith(own.path):
        return "where the photo is from; this address is within the site itself (base_url)"
    return ""
