"""What is taken out of notes and pages, because it is not safe or not from this site."""

import re
from collections.abc import Iterator

from generator.config import SecuritySettings
from generator.errors import Problem
from generator.own_files import read_own_text
from generator.policy import allows
from generator.project import Project
from generator.prose import excess
from generator.toml_files import line_of

_CODE = re.compile(
    r"(?m)(?P<ticks>`+)(?!`).*?(?P=ticks)|^(?: {4}|\t)[^\n]*|<!--(?:.*?-->|.*)", re.DOTALL
)
_PICTURE = re.compile(
    r"!\[[^\]]{0,1000}\]\(\s*<?(?P<a>[^)\s>]+)|<img\b[^>]{0,1000}?\ssrc\s*=\s*[\"']?(?P<b>[^\"'\s>]+)",
    re.I,
)
_ELEMENT = re.compile(
    r"<(?P<name>audio|button|embed|form|iframe|input|link|meta|object|script|style|svg|video)\b",
    re.I,
)


def taken_out(project: Project, security: SecuritySettings) -> Iterator[Problem]:
    """A warning for each picture and element that a note or page has in vain."""
    settings = read_own_text(project.settings)
    for folder in (project.notes, project.pages):
        for path in sorted(folder.rglob("*.md")):
            try:
                text = read_own_text(path)
            except (OSError, ValueError):
                continue
            if reason := excess(text):
                file = path.relative_to(project.root).as_posix()
                yield Problem(file, reason, skipped=False)
                continue
            plain = _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
            file = path.relative_to(project.root).as_posix()
            found = [*_pictures(plain, settings, folder == project.notes, security)]
            found += [
                (
                    match.start(),
                    f"<{match['name'].lower()}> is taken out: prose has text, links, lists, tables"
                    " and pictures only. Move it to a slot, such as slots/page-below.html.",
                )
                for match in _ELEMENT.finditer(plain)
            ]
            for position, reason in sorted(found):
                line = plain.count("\n", 0, position) + 1
                yield Problem(file, f"line {line}: {reason}", skipped=False)


def _pictures(
    plain: str, settings: str, in_note: bool, security: SecuritySettings
) -> Iterator[tuple[int, str]]:
    for match in _PICTURE.finditer(plain):
        address = match["a"] or match["b"]
        if in_note:
            yield match.start(), f"the picture {address} is left out: notes have no pictures."
            continue
        host = re.match(r"(?:https?:)?//([^/?#]+)", address, re.I)
        try:
            blocked = host is not None and not allows(security.pictures, address)
        except ValueError:
            continue
        if host and blocked:
            line = line_of(settings, ("security", "pictures"))
            where = f" (site.toml, line {line})" if line else " in site.toml"
            yield (
                match.start(),
                f"{address} is blocked, so the picture is left out. To let it in, write pictures ="
                f' ["https://{host[1].lower()}"] under [security]{where}; or put a copy into'
                " static/.",
            )
