"""Reads the documentation as data: its pages, their sections, tables, code and links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_PARSER = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True)
class Row:
    """A row of a table: the text of its cells, and the code in the first one."""

    cells: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Fence:
    """A fenced block: its page and line, its language and its text."""

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[Path]:
    """All pages that people read, README and CONTRIBUTING included."""
    docs = (path for path in DOCS.rglob("*.md") if "_build" not in path.parts)
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(docs)]


def reference(name: str) -> Path:
    return DOCS / "reference" / f"{name}.md"


@cache
def tokens(page: Path) -> list[Token]:
    return _PARSER.parse(page.read_text(encoding="utf-8"))


def sections(page: Path) -> dict[str, list[Row]]:
    """The rows of all tables below each heading, without the tables' own headings."""
    found: dict[str, list[Row]] = {}
    heading, in_body = "", False
    cells: list[Token] = []
    stream = tokens(page)
    for token, after in zip(stream, [*stream[1:], None], strict=True):
        if token.type == "heading_open" and after:
            heading = "".join(part.content for part in after.children or [])
            found[heading] = []
        elif token.type in ("tbody_open", "tbody_close"):
            in_body = token.type == "tbody_open"
        elif token.type == "td_open" and after and in_body:
            cells.append(after)
        elif token.type == "tr_close" and cells:
            keys = [part.content for part in cells[0].children or [] if part.type == "code_inline"]
            found[heading].append(Row(tuple(cell.content for cell in cells), tuple(keys)))
            cells = []
    return found


def keys(rows: list[Row]) -> set[str]:
    return {key for row in rows for key in row.keys}


def fences() -> list[Fence]:
    """The fenced blocks of all pages."""
    return [
        Fence(
            str(page.relative_to(ROOT)),
            token.map[0] + 1,
            token.info.split()[0] if token.info else "",
            token.content,
        )
        for page in pages()
        for token in tokens(page)
        if token.type == "fence" and token.map
    ]


def inline_code() -> Iterator[tuple[Path, str]]:
    """The code within running text, with its page."""
    for page, part in _inline():
        if part.type == "code_inline":
            yield page, part.content


def links() -> Iterator[tuple[Path, str]]:
    """The addresses of links and pictures, with their page."""
    for page, part in _inline():
        address = part.attrGet("href") or part.attrGet("src")
        if address:
            yield page, str(address)


def slug(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _inline() -> Iterator[tuple[Path, Token]]:
    for page in pages():
        for token in tokens(page):
            for part in token.children or []:
                yield page, part
