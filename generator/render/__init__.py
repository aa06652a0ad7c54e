"""render: turns the catalogue into pages, style sheets, feeds and link previews.

In: a `Catalogue`, the settings, and a folder that already has the published pictures. Out:
everything else of the site in that folder, except `data/`. The same catalogue gives the same bytes.
"""

import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

from generator.catalogue import Catalogue
from generator.config import Settings
from generator.errors import BollardsError
from generator.language.messages import load_messages
from generator.output import Output
from generator.render.assets import in_language, write_assets
from generator.render.calibration import measured
from generator.render.environment import make_environment
from generator.render.explore import write_explore
from generator.render.feeds import write_feed
from generator.render.identify import WebLookup
from generator.render.lettering import Lettering
from generator.render.manifest import write_manifest
from generator.render.oembed import write_oembed
from generator.render.pages import pages, write_pages
from generator.render.pictures import plan_pictures, write_pictures
from generator.render.quiz import write_quiz
from generator.render.shards import write_shards
from generator.render.sitemap import write_sitemap
from generator.render.social import Cards
from generator.render.world import load_world
from generator.resources import FLAGS, FONTS, LOCALE, STATIC, TEMPLATES, WORLD

__all__ = ["plan_pictures", "render", "write_pictures"]


def render(
    catalogue: Catalogue,
    settings: Settings,
    out: Output,
    cache: Path | None = None,
    templates: Path | None = None,
    translated: Sequence[Catalogue] = (),
    locale: Path | None = None,
    lookup: WebLookup | None = None,
    fonts: Path | None = None,
) -> None:
    """Write the site.

    Args:
        catalogue: everything the pages show.
        settings: only the theme is read here; the rest is in the catalogue.
        out: the site's root, which has `pictures/` as `Photo.pictures` names them.
        cache: a folder for reusable results (compiled templates, pictures for links).
        templates: the owner's own templates; each replaces the program's template of that name.
        translated: the same catalogue in the other languages of the site.
        locale: the owner's own message files.
        lookup: the files that identification in the browser needs, already published; without them
            the identify page is left out.
        fonts: the owner's own fonts, for names in a script that the program's fonts lack.

    Raises:
        BollardsError: a template has a mistake; the message names its file and line.
    """
    try:
        _render((catalogue, *translated), settings, out, cache, templates, locale, lookup, fonts)
    except TemplateError as error:
        raise BollardsError(_mistake(error)) from error


def _render(
    catalogues: Sequence[Catalogue],
    settings: Settings,
    out: Output,
    cache: Path | None,
    templates: Path | None,
    locale: Path | None,
    lookup: WebLookup | None,
    fonts: Path | None,
) -> None:
    catalogue = catalogues[0]
    folders = tuple(folder for folder in (templates, TEMPLATES) if folder and folder.is_dir())
    words = tuple(folder for folder in (locale, LOCALE) if folder)
    sheet = write_explore(catalogue, out, cache / "sheet" if cache else None)
    world, calibration = load_world(WORLD, cache / "world" if cache else None), measured(catalogue)
    assets = replace(
        write_assets(STATIC, FLAGS, catalogue, settings.theme, out, world.svg),
        sheet=sheet,
        quiz=write_quiz(catalogue, out),
    )
    write_shards(catalogue, calibration, out)
    addresses: list[str] = []
    # Networks fetch them by absolute address only; without one nobody would see them.
    cards = (
        Cards(
            Lettering(FONTS, FONTS / "scripts", *([fonts] if fonts else [])),
            FLAGS,
            STATIC / "icons" / "icon.svg",
            out,
            cache / "og" if cache else None,
        )
        if catalogue.site.base_url
        else None
    )
    for edition in catalogues:
        language = edition.site.language
        messages = load_messages(language, words, cache / "locale" if cache else None)
        environment = make_environment(
            folders, language, cache / "templates" if cache else None, messages
        )
        own = in_language(assets, edition, environment, out, calibration, world.places)
        addresses += write_pages(pages(edition, environment, own, world, calibration, lookup), out)
        write_feed(edition, environment, out)
        if cards is not None:
            cards.write(edition, messages)
            write_oembed(edition, messages, out)
    write_sitemap(catalogue, addresses, out)
    write_manifest(catalogue, assets.icons, lookup is not None, out)


def _mistake(error: TemplateError) -> str:
    """The position of a template's mistake, and its reason."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or error.name}, line {error.lineno}: {error.message}."
    if isinstance(error, TemplateNotFound):
        return f"There is no template {error.name}."
    # Jinja puts the template's own lines into the traceback; the innermost one has the mistake.
    places = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.endswith((".html", ".xml"))
    ]
    where = f"{places[-1].filename}, line {places[-1].lineno}: " if places else ""
    return f"{where}{error}."
