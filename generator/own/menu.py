"""The main menu and the links in the footer, from `[menu]` and from the pages' front matter."""

from collections.abc import Mapping, Sequence

from generator.config import MenuLink, Settings
from generator.errors import Problem
from generator.own.pages import Place, nearest
from generator.own_files import read_own_text
from generator.own_site import SECTIONS, MenuEntry, OwnPage
from generator.project import Project
from generator.toml_files import line_of

Menu = tuple[MenuEntry, ...]


def make_menus(
    project: Project,
    settings: Settings,
    pages: Sequence[OwnPage],
    places: Mapping[str, Place],
) -> tuple[Menu, Menu, list[Problem]]:
    """The entries of both menus, and the problems in `[menu]`.

    `[menu]` decides alone about a menu that it lists. Otherwise the main menu has the program's
    entries, and each page is where its front matter puts it.
    """
    problems: list[Problem] = []
    chosen = settings.menu
    listed = {one for one in (*chosen.main, *chosen.footer) if isinstance(one, str)}
    known = [*SECTIONS, *(page.name for page in pages)]

    def entries(menu: str, wanted: Sequence[str | MenuLink]) -> Menu:
        found = []
        for number, one in enumerate(wanted):
            if isinstance(one, MenuLink):
                found.append(MenuEntry(href=one.href, titles={"": one.title, **one.titles}))
            elif one in known:
                found.append(_entry(one))
            else:
                reason = (
                    f"menu.{menu}[{number}]: there is no page {one}, so this entry is left out."
                    f"{nearest(one, known)}"
                )
                problems.append(_in_settings(project, ("menu", menu), reason))
        return tuple(found)

    main = entries("main", chosen.main) or _by_front_matter(places, listed)
    footer = entries("footer", chosen.footer) + tuple(
        MenuEntry(page=name)
        for name, place in places.items()
        if place.menu == "footer" and name not in listed
    )
    if chosen.main:
        for name, place in places.items():
            if place.position and name not in listed:
                reason = (
                    f"menu: {place.position} has no effect, because [menu] main in site.toml lists"
                    f' the menu, and not this page. Add "{name}" there.'
                )
                file = next(iter(next(p for p in pages if p.name == name).texts.values())).file
                problems.append(Problem(file, reason, skipped=False))
    return main, footer, problems


def _by_front_matter(places: Mapping[str, Place], listed: set[str]) -> Menu:
    names = list(SECTIONS)
    in_main = [
        (place.position, name)
        for name, place in places.items()
        if place.menu == "main" and name not in listed
    ]
    for position, name in sorted(in_main, key=lambda one: (one[0] < 1, one)):
        names.insert(position - 1 if position > 0 else len(names), name)
    return tuple(map(_entry, names))


def _entry(name: str) -> MenuEntry:
    return MenuEntry(section=name) if name in SECTIONS else MenuEntry(page=name)


def _in_settings(project: Project, key: Sequence[str], reason: str) -> Problem:
    """A warning about a key of site.toml, with its line."""
    line = line_of(read_own_text(project.settings), key)
    return Problem(project.settings.name, f"line {line}: {reason}", skipped=False)
