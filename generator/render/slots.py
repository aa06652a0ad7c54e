"""Slots: the owner's additions to the program's pages, as templates in a sandbox.

A slot has the values of its page. Its text is escaped, and it can neither change values nor reach
anything of Python's.
https://jinja.palletsprojects.com/en/stable/sandbox/
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from generator.config import ThemeSettings
from generator.language.messages import Messages
from generator.render.environment import make_environment
from generator.render.mistakes import Mistakes

Slot = Callable[[Context, str], Markup]
SlotDigest = Callable[[str], str]

# The statements by which a template uses others, which are in the same folder.
_OTHERS = re.compile(r"\{%[-+]?\s*(include|import|extends|from)\b")


def make_slot(
    slots: Mapping[str, Path],
    language: str,
    messages: Messages,
    theme: ThemeSettings,
    mistakes: Mistakes,
    pictures_url: str = "",
) -> Slot:
    """The function that templates call for each of their slots: `{{ slot('footer') }}`.

    Args:
        slots: the owner's templates by the name of the slot.
        language: tag of the pages' language.
        messages: the words of that language.
        theme: the colours, which templates have as `theme`.
        mistakes: collects the mistakes in slots; a slot with a mistake is left out.
        pictures_url: where pictures are, if not beside the pages.
    """
    folders = tuple({path.parent: None for path in slots.values()})
    environment = make_environment(
        folders,
        language,
        None,
        messages,
        kind=ImmutableSandboxedEnvironment,
        pictures_url=pictures_url,
    )
    environment.globals["theme"] = theme
    made: dict[str, Any] = {}

    @pass_context
    def slot(context: Context, name: str) -> Markup:
        if name not in slots:
            return Markup("")
        with mistakes.told(f"slots/{name}.html"):
            if name not in made:
                made[name] = environment.get_template(f"{name}.html")
            text: str = made[name].render(context.get_all())
            return Markup(text)  # noqa: S704 - the owner's own HTML, whose values are escaped
        return Markup("")

    return slot


def slot_digest(slots: Mapping[str, Path]) -> SlotDigest:
    """A function that gives the digest of a slot and of the templates that it may use."""

    @cache
    def digest(name: str) -> str:
        path = slots.get(name)
        if path is None:
            return ""
        files = [path]
        if _OTHERS.search(path.read_text(encoding="utf-8")):
            files += sorted(one for one in path.parent.rglob("*") if one.is_file())
        whole = hashlib.sha256()
        for file in files:
            content = file.read_bytes()
            whole.update(f"{file.relative_to(path.parent)} {len(content)}\n".encode() + content)
        return whole.hexdigest()

    return digest
