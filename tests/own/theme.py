"""The worked example of the guide to a site of one's own, as files of a project."""

import re

from tests.docs.markdown import DOCS, Fence, fences

_GUIDE = "docs/guides/own-site.md"
_NAMED = re.compile(r"(?:# |/\* |<!-- )(?P<file>[\w/.-]+?\.[a-z]+)(?: \*/| -->)?\n")


def theme_in_ten_lines() -> dict[str, str]:
    """The files of the section, by their paths."""
    text = (DOCS / "guides" / "own-site.md").read_text(encoding="utf-8")
    begin = text.count("\n", 0, text.index("## A theme in ten lines"))
    end = text.count("\n", 0, text.index("\n## Pages"))
    own = [one for one in fences() if one.page == _GUIDE and begin < one.line < end]
    return {name: one.text for one in own if (name := _file_of(one))}


def _file_of(fence: Fence) -> str:
    match = _NAMED.match(fence.text)
    return match["file"] if match else ""
