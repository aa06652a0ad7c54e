"""Reads pages in tests: whether the HTML is well-formed, and its links."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


def parsed(root: Path, address: str) -> LexborHTMLParser:
    return LexborHTMLParser((root / address / "index.html").read_text(encoding="utf-8"))


class _Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self.faults += [f"{name} twice on {tag}" for name in names if names.count(name) > 1]
        self.faults += [f"inline {name} on {tag}" for name in names if name.startswith("on")]
        self.faults += ["inline style"] * ("style" in names or tag == "style")
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> inside {self.open[-1:]}")
        else:
            self.open.pop()


def faults(html: str) -> list[str]:
    """The mistakes of a page: unbalanced tags, repeated attributes or ids, inline styles."""
    parser = _Balance()
    parser.feed(html)
    parser.close()
    twice = {f"id {name} twice" for name in parser.ids if parser.ids.count(name) > 1}
    return [*parser.faults, *(f"<{tag}> stays open" for tag in parser.open), *sorted(twice)]


def references(html: str) -> list[str]:
    """Everything that a page links to, loads or embeds."""
    found: list[str] = []

    class Collector(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            for name, value in attrs:
                if name in ("href", "src") and value is not None:
                    found.append(value)
                elif name == "srcset" and value:
                    found.extend(part.split()[0] for part in value.split(","))

    Collector().feed(html)
    return found


def target(root: Path, page: Path, reference: str) -> Path | None:
    """The file that a plain file server would answer with, or None for another host's."""
    parts = urlsplit(reference)
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    file = (page.parent / path).resolve() if path else page
    return file / "index.html" if path.endswith("/") or file.is_dir() else file
