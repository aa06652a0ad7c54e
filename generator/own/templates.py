"""The owner's slots and templates: their names, and the mistakes in them.

A slot (`slots/NAME.html`) adds to a place of the program's pages. A template
(`templates/NAME.html`) replaces the program's template of that name.
"""

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, meta

from generator.config import SecuritySettings
from generator.errors import Problem
from generator.own.asks import asks
from generator.own.pages import nearest
from generator.own_files import read_own_text
from generator.own_site import SLOTS
from generator.project import Project
from generator.resources import TEMPLATES
from generator.toml_files import line_of

# As `generator.render.environment` sets up Jinja, as far as syntax goes.
_SYNTAX = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])


def read_slots(
    project: Project, security: SecuritySettings
) -> tuple[dict[str, Path], list[Problem]]:
    """The slots by name, and the problems with their names and with blocked requests."""
    slots: dict[str, Path] = {}
    problems: list[Problem] = []
    for path in _files(project.slots):
        name = path.relative_to(project.slots).as_posix()
        stem = name.removesuffix(".html")
        if stem in SLOTS and name.endswith(".html"):
            slots[stem] = path
        elif stem in _included(project.slots) or name in _included(project.slots):
            continue
        else:
            reason = f"appears nowhere: there is no slot {stem}.{nearest(stem, list(SLOTS))}"
            reason += f" The slots are {', '.join(SLOTS)}."
            problems.append(Problem(f"slots/{name}", reason, skipped=False))
    for folder in (project.slots, project.templates):
        for path in _files(folder):
            problems += _asked(project, path, security)
    return slots, problems


def unknown_templates(project: Project) -> list[Problem]:
    """A warning for each template that replaces none of the program's and is used by none."""
    known = sorted(path.name for path in TEMPLATES.glob("*.*"))
    used = _included(project.templates)
    problems = []
    for path in _files(project.templates):
        name = path.relative_to(project.templates).as_posix()
        if name not in known and name not in used:
            reason = f"has no effect: the program has no template {name}.{nearest(name, known)}"
            problems.append(Problem(f"templates/{name}", reason, skipped=False))
    return problems


def template_mistakes(project: Project) -> list[str]:
    """Every slot and template with a mistake in its syntax: file, line and reason."""
    mistakes = []
    for folder in (project.slots, project.templates):
        for path in _files(folder):
            name = path.relative_to(project.root).as_posix()
            try:
                _SYNTAX.parse(read_own_text(path))
            except TemplateSyntaxError as error:
                mistakes.append(f"{name}, line {error.lineno}: {error.message}.")
            except UnicodeDecodeError as error:
                mistakes.append(f"{name}: byte {error.start} is not UTF-8. Save the file as UTF-8.")
            except OSError as error:
                mistakes.append(f"{name}: cannot be read: {error.strerror or error}.")
    return mistakes


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and not path.is_dir() and not path.name.endswith("~"):
            yield path


def _included(folder: Path) -> set[str]:
    """The templates that others of the folder include, import or extend."""
    found: set[str] = set()
    for path in _files(folder):
        try:
            tree = _SYNTAX.parse(read_own_text(path))
        except (TemplateSyntaxError, OSError, ValueError):
            continue
        found.update(name for name in meta.find_referenced_templates(tree) if name)
    return found


def _asked(project: Project, path: Path, security: SecuritySettings) -> Iterator[Problem]:
    try:
        text = read_own_text(path)
    except (OSError, ValueError):
        return
    file = path.relative_to(project.root).as_posix()
    for line, key, reason in asks(text, security):
        where = ""
        if key:
            there = line_of(read_own_text(project.settings), ("security", key))
            where = f" (site.toml, line {there})." if there else " in site.toml."
        yield Problem(file, f"line {line}: {reason}{where}", skipped=False)
