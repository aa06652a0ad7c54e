"""render: turns the catalogue into pages, style sheets, feeds and link previews.

In: a `Catalogue`, the settings, and a folder that already has the published pictures. Out:
everything else of the site in that folder, except `data/`. The same catalogue gives the same bytes.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jinja2 import TemplateError

from generator.calibration import curve_of
from generator.catalogue import Catalogue
from generator.config import Settings
from generator.errors import BollardsError
from generator.language.messages import message_files
from generator.language.rewording import words_of
from generator.output import Output
from generator.own_files import read_own
from generator.own_site import OwnSite
from generator.page_store import PageStore
from generator.render.assets import in_language, read_icon, write_assets
from generator.render.environment import make_environment
from generator.render.explore import write_explore
from generator.render.feeds import write_feed
from generator.render.identify import WebLookup
from generator.render.lettering import Lettering
from generator.render.manifest import write_manifest
from generator.render.mistakes import Mistakes, mistake
from generator.render.oembed import write_oembed
from generator.render.page_maker import Maker, Reuse
from generator.render.pages import pages, rarely_changed, write_pages
from generator.render.pairs import Pairs, write_country_looks
from generator.render.pictures import plan_pictures, write_pictures
from generator.render.program_digest import program_digest
from generator.render.quiz import write_quiz
from generator.render.shards import write_shards
from generator.render.site_texts import site_texts
from generator.render.sitemap import write_sitemap
from generator.render.slots import make_slot, slot_digest
from generator.render.social import Cards
from generator.render.unsorted import write_unsorted
from generator.render.world import load_world
from generator.resources import FLAGS, FONTS, LOCALE, STATIC, TEMPLATES, WORLD
from generator.things import Things

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
    own_site: OwnSite | None = None,
    store: PageStore | None = None,
) -> None:
    """Write the site.

    Args:
        catalogue: everything the pages show.
        settings: only the theme and links are read here; the rest is in the catalogue.
        out: the site's root, which has `pictures/` as `Photo.pictures` names them.
        cache: a folder for reusable results (compiled templates, pictures for links).
        templates: the owner's own templates; each replaces the program's template of that name.
        translated: the same catalogue in the other languages of the site.
        locale: the owner's own message files.
        lookup: the files that identification in the browser needs, already published; without them
            the identify page is left out.
        fonts: the owner's own fonts, for names in a script that the program's fonts lack.
        own_site: the owner's own pages and menus.
        store: finds the pages of the last build again; without it all are made again.

    Raises:
        BollardsError: a template has a mistake; the message names its file and line.
    """
    try:
        _render(
            (catalogue, *translated),
            settings,
            out,
            cache,
            templates,
            locale,
            lookup,
            fonts,
            own_site or OwnSite(),
            store,
        )
    except TemplateError as error:
        raise BollardsError(mistake(error)) from error


def _render(
    catalogues: Sequence[Catalogue],
    settings: Settings,
    out: Output,
    cache: Path | None,
    templates: Path | None,
    locale: Path | None,
    lookup: WebLookup | None,
    fonts: Path | None,
    own_site: OwnSite,
    store: PageStore | None,
) -> None:
    catalogue = catalogues[0]
    compiled = cache / "templates" if cache else None
    things, elsewhere = catalogue.site.things, catalogue.site.pictures_url
    folders = tuple(folder for folder in (templates, TEMPLATES) if folder and folder.is_dir())
    words = tuple(folder for folder in (locale, LOCALE) if folder)
    sheet = write_explore(catalogue, out, cache / "sheet" if cache else None)
    world, calibration = (
        load_world(WORLD, cache / "world" if cache else None),
        curve_of(catalogue),
    )
    assets = replace(
        write_assets(STATIC, FLAGS, catalogue, settings.theme, out, world.svg, own_site, cache),
        sheet=sheet,
        quiz=write_quiz(catalogue, out),
    )
    write_shards(catalogue, calibration, out)
    addresses: list[str] = []
    mistakes = Mistakes()
    program = program_digest() if store is not None else ""
    # Networks fetch them by absolute address only; without one nobody would see them.
    cards = (
        Cards(
            Lettering(FONTS, FONTS / "scripts", *([fonts] if fonts else [])),
            FLAGS,
            own_site.icon.svg if own_site.icon else read_icon(STATIC, things),
            out,
            cache / "og" if cache else None,
        )
        if catalogue.site.base_url
        else None
    )
    for edition in catalogues:
        language = edition.site.language
        messages = words_of(things, language, words, cache / "locale" if cache else None)
        environment = make_environment(
            folders, language, compiled, messages, things=things, pictures_url=elsewhere
        )
        environment.globals["theme"] = settings.theme
        here = in_language(
            assets,
            edition,
            environment,
            out,
            calibration,
            world.places,
            site_texts(edition, own_site),
        )
        shown, plain = _as_shown(edition)
        neighbours = {photo.id: photo.neighbours for photo in edition.photos}
        pairs = Pairs(rarely_changed(plain), world.borders)
        if edition is catalogue:
            write_country_looks(pairs, out)
            write_unsorted(catalogue, out)
        slot = make_slot(own_site.slots, language, messages, settings.theme, mistakes, elsewhere)
        reuse = (
            Reuse(
                store,
                out,
                program,
                _words_digest(language, words, things),
                settings.theme,
                slot_digest(own_site.slots),
            )
            if store is not None
            else None
        )
        maker = Maker(
            shown, environment, here, calibration, slot, mistakes, own_site, lookup, reuse
        )
        made = pages(
            maker, plain, neighbours, world, pairs, lookup, own_site, settings.links.places
        )
        addresses += write_pages(made, out)
        write_feed(edition, environment, out)
        if cards is not None:
            cards.write(edition, messages)
            write_oembed(edition, messages, out)
    mistakes.refuse()
    write_sitemap(catalogue, addresses, out)
    write_manifest(catalogue, assets.icons, settings.theme.paper, lookup is not None, out)


def _as_shown(edition: Catalogue) -> tuple[Catalogue, Catalogue]:
    """The catalogue as pages look things up in it, and as they are given it."""
    # Pages do not show where a photo is on the contact sheet, and many photos move at once.
    shown = replace(edition, photos=tuple(replace(photo, cell=None) for photo in edition.photos))
    # Only a type's own page shows its note, so that a changed note changes no other page, and only
    # a photo's own page its neighbours, which change with each new photo.
    plain = replace(
        shown,
        photos=tuple(replace(photo, neighbours=()) for photo in shown.photos),
        types=tuple(replace(type_, note="", note_language="") for type_ in edition.types),
    )
    return shown, plain


def _words_digest(language: str, folders: Sequence[Path], things: Things) -> str:
    """Of the message files of a language, and of the owner's words."""
    own = hashlib.sha256(repr(things.attributes).encode()).hexdigest()
    files = [hashlib.sha256(read_own(path)) for path in message_files(language, folders)]
    return " ".join(
        [language, *things.called(language), own, *(file.hexdigest() for file in files)]
    )
