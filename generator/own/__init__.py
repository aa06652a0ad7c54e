"""own: the owner's own pages, menus and files, read and checked.

In: a site project's `pages/`, `static/`, `slots/`, `site.css` and the settings. Out: an `OwnSite`,
in which nothing is HTML yet, and the problems of these files. A mistake in one of them costs that
file or key, and nothing else.
"""

from generator.config import Settings
from generator.errors import Problem
from generator.own.contrast import low_contrast
from generator.own.domain import domain_of
from generator.own.effects import without_effect
from generator.own.emblems import read_emblems
from generator.own.fonts import read_fonts
from generator.own.menu import make_menus
from generator.own.pages import read_pages
from generator.own.pictures import read_pictures
from generator.own.prose import taken_out
from generator.own.static_files import find_static
from generator.own.style import read_style
from generator.own.templates import read_slots, unknown_templates
from generator.own_site import OwnSite
from generator.project import Project

__all__ = ["read_own_site"]


def read_own_site(project: Project, settings: Settings) -> tuple[OwnSite, list[Problem]]:
    """The owner's additions to the site, and the problems in them."""
    pages, places, problems = read_pages(project, settings.site)
    main, footer, more = make_menus(project, settings, pages, places)
    static, unfit = find_static(project)
    style, mistakes = read_style(project, static)
    domain, doubts = domain_of(project, settings, static)
    fonts, unreadable = read_fonts(project, settings)
    logo, icon, odd = read_pictures(project, settings)
    emblems, undrawn = read_emblems(project, settings)
    slots, asked = read_slots(project, settings.security)
    hosts = settings.security.pictures
    site = OwnSite(
        pages, main, footer, static, style, slots, fonts, logo, icon, domain, hosts, emblems
    )
    return site, [
        *(*problems, *more, *unfit, *mistakes, *doubts, *unreadable, *odd, *undrawn, *asked),
        *unknown_templates(project),
        *taken_out(project, settings.security),
        *low_contrast(project, settings),
        *without_effect(project, settings),
    ]
