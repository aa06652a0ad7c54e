"""Mistakes in the owner's files that stop a build: all of them at once, before it begins."""

from collections.abc import Callable
from functools import partial

from generator.config import read_settings
from generator.curation import load_curation
from generator.errors import BollardsError
from generator.language.messages import message_files, messages_in, unknown_languages
from generator.own import read_own_site
from generator.own.prose_links import doubtful_links
from generator.own.templates import template_mistakes
from generator.own_files import read_own_text
from generator.project import Project
from generator.resources import LOCALE


def refuse_mistakes(project: Project) -> None:
    """Read all files of the owner that a build cannot do without.

    Raises:
        BollardsError: lists every mistake in them with its file and line, and after that what is
            doubtful in the other files, so that one run tells all.
    """
    settings, told = read_settings(project.settings)
    mistakes = [told] if told else []
    folders = (project.locale, LOCALE)
    site = settings.site
    text = read_own_text(project.settings)
    mistakes += unknown_languages(site.languages, site.translations, folders, text)
    for tag in (site.language, *site.languages):
        # The program's own files are right.
        for path in message_files(tag, folders[:1]):
            mistakes += _told(partial(messages_in, path))
    mistakes += _told(lambda: load_curation(project.curation))
    mistakes += template_mistakes(project)
    if not mistakes:
        return
    own, problems = read_own_site(project, settings)
    problems += doubtful_links(project, own)
    doubts = [f"{one.file}: {one.reason}" for one in problems]
    if doubts:
        mistakes += ["", "Besides:", *(f"  {line}" for line in doubts)]
    raise BollardsError("\n".join(dict.fromkeys(mistakes)))


def _told(read: Callable[[], object]) -> list[str]:
    try:
        read()
    except BollardsError as error:
        return [str(error)]
    return []
