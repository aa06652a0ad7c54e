"""Characters that no text may contain, because they break feeds, sitemaps and terminals.

XML 1.0 (https://www.w3.org/TR/xml/#charsets) allows no control character but tab and line breaks,
no half of a surrogate pair, and neither U+FFFE nor U+FFFF. It only discourages U+007F to U+009F,
but nothing displays those.
"""

import re

FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""One forbidden character."""


def forbidden_in(text: str) -> str | None:
    """The first forbidden character, such as "U+000B"; None if there is none."""
    found = FORBIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def without_forbidden(text: str) -> str:
    """The text without forbidden characters; a spreadsheet's line breaks become spaces."""
    return FORBIDDEN.sub("", re.sub(r"[\x0b\x0c\x85]", " ", text)) if text else text


def on_one_line(text: str) -> str:
    """The text without forbidden characters, and with all white space as single spaces."""
    return " ".join(without_forbidden(text).split())
