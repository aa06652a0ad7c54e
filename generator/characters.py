"""Characters that no text may contain, because they break feeds, sitemaps and terminals.

XML 1.0 (https://www.w3.org/TR/xml/#charsets) allows no control character but tab and line breaks,
no half of a surrogate pair and neither U+FFFE nor U+FFFF; those from U+007F to U+009F it only
discourages, and nothing shows them.
"""

import re

FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""One forbidden character."""


def forbidden_in(text: str) -> str | None:
    """The first forbidden character, as "U+000B"; None if there is none."""
    found = FORBIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def without_forbidden(text: str) -> str:
    """The text with a space in the place of line breaks of a spreadsheet, without the others."""
    return FORBIDDEN.sub("", re.sub(r"[\x0b\x0c\x85]", " ", text)) if text else text


def on_one_line(text: str) -> str:
    """The text with nothing forbidden in it, and single spaces for whatever is empty."""
    return " ".join(without_forbidden(text).split())
