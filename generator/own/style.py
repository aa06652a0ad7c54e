"""The owner's style sheet, `site.css`: it comes after the program's, and may replace any rule."""

import difflib
import posixpath
import re
from collections.abc import Collection

from generator.characters import without_forbidden
from generator.errors import Problem
from generator.own_files import read_own_text
from generator.project import Project

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_URL = re.compile(r"""url\(\s*(?P<quote>["']?)(?P<address>[^"')]*)(?P=quote)\s*\)""", re.IGNORECASE)
_IMPORT = re.compile(r"""@import\s+(?:url\(\s*)?["']?(?P<address>[^"')\s;]+)""", re.IGNORECASE)


def read_style(project: Project, static: Collection[str]) -> tuple[str, list[Problem]]:
    """The style sheet as it is published, and the problems in it.

    An address in it is below the site's root, where the files of `static/` are; it is made relative
    to `assets/`, where the sheet is published.
    """
    name = project.style.name
    try:
        text = read_own_text(project.style)
    except FileNotFoundError:
        return "", []
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} is not UTF-8. Save the file as UTF-8."
        return "", [Problem(name, reason, skipped=True)]
    except OSError as error:
        return "", [Problem(name, f"cannot be read: {error.strerror or error}.", skipped=True)]
    problems: list[Problem] = []
    plain = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), without_forbidden(text))

    def tell(position: int, reason: str) -> None:
        line = plain.count("\n", 0, position) + 1
        problems.append(Problem(name, f"line {line}: {reason}", skipped=False))

    for match in _IMPORT.finditer(plain):
        tell(match.start(), f"@import {match['address']} is not supported. Copy its rules to here.")
    _balanced(plain, tell)

    def relative(match: re.Match[str]) -> str:
        address = match["address"].strip()
        if address.startswith(("data:", "#", "../")):
            return match[0]
        if re.match(r"[a-z]+:|//", address, re.IGNORECASE):
            tell(
                match.start(),
                f"{address}: pages use only the site's own files. Put a copy into static/.",
            )
            return match[0]
        below = posixpath.normpath(address.lstrip("/"))
        path = re.split(r"[?#]", below)[0]
        if path not in static:
            close = difflib.get_close_matches(path, sorted(static), n=1)
            hint = f" Did you mean {close[0]}?" if close else f" Put it into static/{path}."
            tell(match.start(), f"{address}: there is no such file in static/.{hint}")
        return f"url({match['quote']}../{below}{match['quote']})"

    return _URL.sub(relative, plain).strip() + "\n", problems


def _balanced(plain: str, tell: object) -> None:
    """Tell of the first brace that is never closed, or closes nothing."""
    assert callable(tell)
    opened: list[int] = []
    # Braces in texts, such as content: "{", do not count.
    bare = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", lambda match: " " * len(match[0]), plain)
    for match in re.finditer(r"[{}]", bare):
        if match[0] == "{":
            opened.append(match.start())
        elif opened:
            opened.pop()
        else:
            tell(match.start(), "a } that closes nothing. Browsers skip the rule after it.")
            return
    if opened:
        tell(opened[-1], "a { that is never closed. Browsers skip all rules after it.")
