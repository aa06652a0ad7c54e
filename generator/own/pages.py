"""The owner's pages: Markdown files in `pages/`, each with a front matter.

    ---
    title: Visit us
    menu: 2
    ---
    The text, in Markdown.

The front matter is YAML between lines of `---`, or TOML between lines of `+++`.
"""

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from generator.characters import forbidden_in, on_one_line, without_forbidden
from generator.config import SiteSettings
from generator.errors import BollardsError, Problem
from generator.own_files import read_own_text
from generator.own_site import OwnPage, PageText
from generator.project import Project
from generator.toml_files import explained, line_of, parse_toml

RESERVED = frozenset(
    {
        *("404", "about", "assets", "compare", "countries", "data", "explore", "feed", "identify"),
        *(
            "index",
            "learn",
            "looks",
            "manifest",
            "map",
            "offline",
            "og",
            "one-offs",
            "photos",
            "pictures",
            "only-here",
        ),
        *("quiz", "robots", "sitemap", "sw", "types"),
    }
)
"""The names at the site's root that the program's own pages and files have."""

_FILE = re.compile(r"(?P<name>[^/]+?)(?:\.(?P<language>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*))?\.md")
_FENCES = {"---": "YAML", "+++": "TOML"}
_HEADING = re.compile(r"\A\s*# +(?P<title>[^\n]+?)\s*#*\s*(?:\n|\Z)")


class FrontMatter(BaseModel):
    """The front matter of a page; `menu` is a position in the main menu, from 1."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: str = ""
    description: str = ""
    menu: Literal["main", "footer", "none"] | int = "main"
    language: str = Field(default="", pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page wants to be linked: in which menu, and where in it (0 for its end)."""

    menu: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read, with the name and the language of the page."""

    name: str
    language: str
    only: str
    place: Place
    text: PageText


def read_pages(
    project: Project, site: SiteSettings
) -> tuple[tuple[OwnPage, ...], dict[str, Place], list[Problem]]:
    """The pages by name, where each is linked, and the problems in their files."""
    problems: list[Problem] = []
    found: dict[tuple[str, str], _Read] = {}
    for path in _files(project.pages, problems):
        read = _read(path, project, site, problems)
        if read is None:
            continue
        there = found.setdefault((read.name, read.language), read)
        if there is not read:
            reason = f"is left out: {there.text.file} is this page already. Rename one of them."
            problems.append(Problem(read.text.file, reason, skipped=True))
    pages, places = [], {}
    for name in sorted({name for name, _ in found}):
        texts = {tag: read for (own, tag), read in found.items() if own == name}
        first = texts.get(site.language) or next(iter(texts.values()))
        if site.language not in texts and not first.only:
            reason = (
                f"is left out: it translates pages/{name}.md, which does not exist. Write it, or"
                f" rename this file to {name}.md and give it `language: {first.language}`."
            )
            problems += [Problem(read.text.file, reason, skipped=True) for read in texts.values()]
            continue
        pages.append(OwnPage(name, {tag: read.text for tag, read in texts.items()}, first.only))
        places[name] = first.place
    return tuple(pages), places, problems


def nearest(word: str, known: Sequence[str], cutoff: float = 0.6) -> str:
    """ " Did you mean X?", or "" if nothing known is similar."""
    match = difflib.get_close_matches(word.lower(), known, n=1, cutoff=cutoff)
    return f" Did you mean {match[0]}?" if match else ""


def _files(folder: Path, problems: list[Problem]) -> list[Path]:
    files = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in name.split("/")) or path.is_dir():
            continue
        if "/" in name:
            reason = f"appears nowhere: pages have no folders. Move it to pages/{path.name}."
            problems.append(Problem(f"pages/{name}", reason, skipped=False))
        elif not _FILE.fullmatch(name):
            where = (
                f"Rename it to {path.stem}.md."
                if path.suffix.lower() in (".markdown", ".mdown", ".mkd", ".txt", ".md")
                else f"Files that are published unchanged belong in static/{path.name}."
            )
            reason = f"appears nowhere: a page is a Markdown file, pages/NAME.md. {where}"
            problems.append(Problem(f"pages/{name}", reason, skipped=False))
        else:
            files.append(path)
    return files


def _read(
    path: Path, project: Project, site: SiteSettings, problems: list[Problem]
) -> _Read | None:
    file = path.relative_to(project.root).as_posix()
    match = _FILE.fullmatch(path.name)
    assert match is not None

    def tell(reason: str, *, skipped: bool = False) -> None:
        problems.append(Problem(file, reason, skipped=skipped))

    try:
        content = read_own_text(path)
    except UnicodeDecodeError as error:
        tell(f"byte {error.start} is not UTF-8. Save the file as UTF-8.", skipped=True)
        return None
    except OSError as error:
        tell(f"cannot be read: {error.strerror or error}.", skipped=True)
        return None
    if found := forbidden_in(content):
        tell(f"holds control characters ({found}), which were taken out.")
        content = without_forbidden(content)
    try:
        front, text, line = _front_matter(content, path, tell)
    except BollardsError as error:
        tell(str(error), skipped=True)
        return None
    name = slug(match["name"])
    tags = {tag.lower(): tag for tag in (site.language, *site.languages)}
    suffix, own = match["language"] or "", front.language
    if suffix and own and suffix.lower() != own.lower():
        tell(
            f'line 1: language "{own}" and the file name ({suffix}) exclude each other. Remove one'
            " of them.",
            skipped=True,
        )
        return None
    language = suffix or own or site.language
    if language.lower() not in tags:
        tell(
            f'appears nowhere, since the site has no language "{language}", only'
            f" {', '.join(tags.values())}. Add it to site.languages in site.toml."
            f"{nearest(language, list(tags))}"
        )
        return None
    if not name or name in RESERVED or f"{name}/" in {f"{tag}/" for tag in tags}:
        hint = " Its text is notes/about.md." if name == "about" else ""
        tell(
            f"is left out: {name}/ is a page of the program's. Rename the file.{hint}", skipped=True
        )
        return None
    language = tags[language.lower()]
    title = on_one_line(front.title)
    if not title and (heading := _HEADING.match(text)):
        title = on_one_line(heading["title"])
        line += text[: heading.end()].count("\n")
        text = text[heading.end() :]
    if not title:
        tell(
            "line 1: a page needs a title. Begin the file with lines `---`, `title: …`, `---`;"
            f' until then it is called "{match["name"]}".'
        )
        title = match["name"]
    only = language if own and not suffix and language != site.language else ""
    place = Place("main", front.menu) if isinstance(front.menu, int) else Place(front.menu)
    made = PageText(file, title, on_one_line(front.description), text, line, language)
    return _Read(name, language, only, place, made)


def slug(name: str) -> str:
    """A file's name as an address: "Über uns" is "uber-uns"."""
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    return re.sub(r"[\W_]+", "-", plain).strip("-")


def _front_matter(content: str, path: Path, tell: Any) -> tuple[FrontMatter, str, int]:
    """The front matter, the text after it, and the line on which that begins.

    Raises:
        BollardsError: the front matter does not end, or is neither YAML nor TOML.
    """
    lines = content.split("\n")
    fence = lines[0].rstrip()
    if fence not in _FENCES:
        return FrontMatter(), content, 1
    end = next((i for i, one in enumerate(lines[1:], 1) if one.rstrip() == fence), None)
    if end is None:
        raise BollardsError(
            f"line 1: the front matter has no end. Add a line {fence} after its last key."
        )
    inner = "\n".join(lines[1:end])
    data = _parsed(inner, fence, path)
    front = _validated(data, inner, tell)
    return front, "\n".join(lines[end + 1 :]), end + 2


def _parsed(inner: str, fence: str, path: Path) -> dict[str, Any]:
    if fence == "+++":
        try:
            return parse_toml(inner, path)
        except BollardsError as error:
            said = str(error).removeprefix(f"{path}: ")
            shifted = re.sub(r"line (\d+)", lambda m: f"line {int(m[1]) + 1}", said)
            raise BollardsError(f"the front matter is {shifted}") from None
    # Imported here, because most sites have no page with such lines.
    import yaml

    try:
        data = yaml.safe_load(inner)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 2
        raise BollardsError(
            f"line {line}: the front matter is not valid YAML: {error.problem}. Text with a colon"
            " needs quotes."
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BollardsError(f"line 1: the front matter is not valid YAML: {error}.") from None
    if data is None:
        return {}
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise BollardsError('line 2: expected keys and values, such as "title: Visit us".')
    return data


def _validated(data: Mapping[str, Any], inner: str, tell: Any) -> FrontMatter:
    """The front matter without its mistakes, each of which is reported with its line."""
    # YAML reads an unquoted year or "no" as something else than a text.
    plain = {
        key: str(value) if key in ("title", "description") and _is_scalar(value) else value
        for key, value in data.items()
    }
    for key, value in (("menu", False), ("menu", True)):
        if plain.get(key) is value:
            plain[key] = "main" if value else "none"
    try:
        return FrontMatter.model_validate(plain)
    except ValidationError as error:
        wrong = set()
        for detail, said in zip(error.errors(), explained(error, FrontMatter), strict=True):
            key = str(detail["loc"][0])
            if key == "menu" and key in wrong:
                continue
            wrong.add(key)
            if key == "menu":
                said = (
                    'menu: expected a place in the menu such as 2, "main", "footer" or "none";'
                    f" found {plain[key]!r}."
                )
            line = line_of(inner, (key,))
            tell(f"line {line + 1}: {said}" if line else said)
        return FrontMatter.model_validate(
            {key: value for key, value in plain.items() if key not in wrong}
        )


def _is_scalar(value: object) -> bool:
    return value is not None and not isinstance(value, str | dict | list)
