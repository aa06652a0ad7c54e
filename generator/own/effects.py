"""Keys, folders and messages of the owner's that have no effect, with the nearest that have one."""

import difflib
import io
from collections.abc import Iterator

from jinja2.ext import babel_extract

from generator.config import Settings
from generator.errors import BollardsError, Problem
from generator.language.messages import messages_in
from generator.own_files import read_own, read_own_text
from generator.project import Project
from generator.resources import LOCALE
from generator.toml_files import line_of

_FOLDERS = ("fonts", "locale", "notes", "pages", "photos", "slots", "static", "templates")
_FILES = ("curation.toml", "ledger.json", "photos.csv", "site.css", "site.toml")
_POOLED = ("builtin", "imgbeddings")


def without_effect(project: Project, settings: Settings) -> Iterator[Problem]:
    """A warning for each of the owner's entries that has no effect on the site."""
    yield from _misspelt(project)
    yield from _unreadable(project)
    yield from _idle_keys(project, settings)
    yield from _unused_messages(project, settings)


def _misspelt(project: Project) -> Iterator[Problem]:
    """Files and folders beside site.toml whose names are nearly those of the program's."""
    known = {**{name: f"{name}/" for name in _FOLDERS}, **{name: name for name in _FILES}}
    for path in sorted(project.root.iterdir()):
        name = path.name
        if name in known or name.startswith(".") or path == project.public:
            continue
        match = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.75)
        # A copy such as site.toml.bak is not a mistake.
        if match and (path.is_dir() or not (project.root / match[0]).exists()):
            shown = f"{name}/" if path.is_dir() else name
            reason = f"has no effect. Did you mean {known[match[0]]}?"
            yield Problem(shown, reason, skipped=False)


def _unreadable(project: Project) -> Iterator[Problem]:
    """Folders of the owner's that are files, broken links or closed."""
    for name in _FOLDERS:
        path = project.root / name
        if not (path.exists() or path.is_symlink()):
            continue
        try:
            next(path.iterdir(), None)
        except OSError as error:
            reason = (
                f"is not a readable folder ({error.strerror}), so nothing in it is used."
                " Rename it, or make it a folder that you may open."
            )
            yield Problem(name, reason, skipped=False)


def _idle_keys(project: Project, settings: Settings) -> Iterator[Problem]:
    """Keys that another key makes useless."""
    text = read_own_text(project.settings)
    embed, group, deploy = settings.embed, settings.group, settings.deploy
    names = [name for name, _ in embed.members]
    found = (
        (
            group.types > 0 and group.method != "kmeans",
            ("group", "types"),
            f'has no effect beside method = "{group.method}", only beside "kmeans"',
        ),
        (
            embed.pooling != "auto" and all(name in _POOLED for name in names),
            ("embed", "pooling"),
            f'has no effect beside embedder = "{names[0]}"',
        ),
        (
            bool(embed.model) and names == ["builtin"],
            ("embed", "model"),
            'has no effect beside embedder = "builtin"',
        ),
        (
            bool(deploy.endpoint) and bool(deploy.to) and not deploy.to.startswith("s3:"),
            ("deploy", "endpoint"),
            f'has no effect beside to = "{deploy.to}", only beside "s3://…"',
        ),
        (
            bool(deploy.domain) and bool(deploy.to) and not deploy.to.startswith("pages"),
            ("deploy", "domain"),
            f'has no effect beside to = "{deploy.to}", only beside "pages"',
        ),
    )
    for idle, key, reason in found:
        if idle:
            said = f"line {line_of(text, key)}: {'.'.join(key)} {reason}. Remove one of the two."
            yield Problem(project.settings.name, said, skipped=False)


def _unused_messages(project: Project, settings: Settings) -> Iterator[Problem]:
    """Message files of other languages, and messages that no page has."""
    site = settings.site
    tags = {tag for one in (site.language, *site.languages) for tag in (one, one.split("-")[0])}
    known: set[str] | None = None
    for path in sorted(project.locale.rglob("*")):
        file = path.relative_to(project.root).as_posix()
        if path.is_dir() or path.name.startswith(".") or path.name.endswith("~"):
            continue
        if path.parent != project.locale or path.suffix != ".po":
            reason = "has no effect: a message file is locale/TAG.po, such as locale/it.po."
            yield Problem(file, reason, skipped=False)
            continue
        if path.stem not in tags:
            reason = (
                f"has no effect: the site has no language {path.stem}. Add it to site.languages in"
                " site.toml."
            )
            yield Problem(file, reason, skipped=False)
        try:
            messages = messages_in(path)
        except (BollardsError, OSError):
            # A build tells of it, and stops.
            continue
        if known is None:
            known = set(messages_in(min(LOCALE.glob("*.po")))) | set(_of_templates(project))
        for text, line in messages.items():
            if text not in known:
                match = difflib.get_close_matches(text, known, n=1, cutoff=0.6)
                hint = f' Did you mean "{match[0]}"?' if match else ""
                reason = f'line {line}: no page has the message "{text}".{hint}'
                yield Problem(file, reason, skipped=False)


def _of_templates(project: Project) -> Iterator[str]:
    """The messages of the owner's own templates and slots."""
    for folder in (project.templates, project.slots):
        for path in sorted(folder.rglob("*.*")):
            try:
                source = io.BytesIO(read_own(path))
                found = babel_extract(source, ("_", "gettext", "ngettext"), (), {})
                for _, _, message, _ in found:
                    texts = message if isinstance(message, tuple) else (message,)
                    yield from (text for text in texts if text)
            except (OSError, ValueError):
                continue
