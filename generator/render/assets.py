"""Style sheets, modules, flags and icons, under names that change with their content."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from generator.catalogue import Catalogue, Trait
from generator.config import ThemeSettings
from generator.curve import Calibration
from generator.errors import BollardsError
from generator.output import Output
from generator.own_files import read_own
from generator.own_site import Font, OwnSite
from generator.render.browse import Look, looks_drawn
from generator.render.emblems import emblem, has_emblems, own_marks
from generator.render.manifest import write_icons
from generator.render.search_data import elsewhere_data, search_data
from generator.render.styles import COMMON, font_rules, style_sheets
from generator.render.type_index import type_index
from generator.render.world import Place
from generator.things import BOLLARDS, Things

_IMPORT = re.compile(r"""((?:from|import)\s*\(?\s*)(["'])\./([\w.-]+\.js)\2""")


@dataclass(frozen=True, slots=True)
class Assets:
    """Paths of the published assets, relative to the site's root.

    Attributes:
        styles: path of each style sheet by its name, see `generator.render.styles`.
        modules: path by the module's name ("country-search").
        needed: for each module, its path and those of all that it imports, in order.
        icon: the site's icon, and `icon_kind` its media type.
        sign: the program's drawing itself, which is on every page; `logo` is the path of the
            owner's, which takes its place, and `logo_size` its width and height in px.
        icons: the same as PNG by use, see `generator.render.manifest`.
        flags: path by country code; a country that is unknown or has no flag has `flag`.
        flag: the path of the neutral flag.
        pictograms: path of the pictogram by type id; none where they would all be the same.
            `pictogram` is the one without attributes.
        marks: path of the pictogram that shows one attribute's value: `marks["form"]["flat"]`.
        own_marks: the same for the owner's attributes, where a value has a drawing or a colour.
        looks: path of the pictogram of each look that the key draws; `posts` are the drawings
            themselves, inlined where they are seen first and should not wait for a file.
        types: path of the index of types, see `generator.render.type_index`.
        search: path of the search box's data, see `generator.render.search_data`.
        elsewhere: path of the countries without photos, see there too.
        texts: path of what the owner wrote, see `generator.render.site_texts`, or "".
        quiz: path of the index of the quiz's data, see `generator.render.quiz`.
        own_style: path of the owner's style sheet, or "".
        sheet: path of the index of the contact sheet, if there is one, see `explore`.
        world: path of the outlines of all countries, see `generator.render.world`.
    """

    styles: dict[str, str]
    modules: dict[str, str]
    needed: dict[str, tuple[str, ...]]
    icon: str
    sign: Markup
    icons: dict[str, str]
    flags: dict[str, str]
    flag: str
    pictograms: dict[str, str]
    pictogram: str
    marks: dict[str, dict[str, str]]
    own_marks: dict[str, dict[str, str]]
    looks: dict[Look, str]
    posts: dict[Look, Markup]
    world: str
    types: str = ""
    search: str = ""
    elsewhere: str = ""
    texts: str = ""
    sheet: str | None = None
    quiz: str = ""
    own_style: str = ""
    icon_kind: str = "image/svg+xml"
    logo: str = ""
    logo_size: tuple[int, int] = (0, 0)

    @property
    def has_sheet(self) -> bool:
        """Whether there is a contact sheet; pages that only lead to it need not know its path."""
        return self.sheet is not None


def write_assets(
    static: Path,
    flags: Path,
    catalogue: Catalogue,
    theme: ThemeSettings,
    out: Output,
    world: str = "",
    own: OwnSite | None = None,
    cache: Path | None = None,
) -> Assets:
    """Write `out/assets/`: only the assets that this site uses, except those that contain text.

    Args:
        static: the readable sources, with css/, js/ and icons/.
        flags: pictures of flags, named CODE.svg.
        catalogue: its types and countries are drawn.
        theme: the site's own colours.
        out: the site's root.
        world: the drawing that all maps share.
        own: the owner's own style sheet, fonts, logo and icon.
        cache: folder that keeps drawn icons between builds, or None.
    """
    own = own or OwnSite()
    fonts = {font.path: _publish_font(out, font) for font in own.fonts}
    sheets = style_sheets(static / "css", theme)
    sheets[COMMON] += font_rules(own.fonts, fonts)
    logo = own.logo or own.icon
    codes = {country.code for country in catalogue.countries}
    things = catalogue.site.things
    pictograms = {
        type_.id: _publish_pictogram(out, emblem(things, type_.attributes))
        for type_ in catalogue.types
        if has_emblems(things)
    }
    sign = read_icon(static, things)
    icon = own.icon.svg if own.icon else sign
    posts = {look: emblem(things, look.drawn()) for look in sorted(looks_drawn(catalogue))}
    modules, needed = _write_modules(static / "js", out)
    return Assets(
        styles={name: _publish(out, f"{name}.css", text.encode()) for name, text in sheets.items()},
        modules=modules,
        needed=needed,
        icon=(
            _publish(out, f"icon.{own.icon.suffix}", own.icon.content)
            if own.icon
            else _publish(out, "icon.svg", sign.encode())
        ),
        icon_kind="image/png" if own.icon and own.icon.suffix == "png" else "image/svg+xml",
        logo=_publish(out, f"logo.{logo.suffix}", logo.content) if logo else "",
        logo_size=(logo.width, logo.height) if logo else (0, 0),
        sign=_within_page(sign.replace("<svg", '<svg aria-hidden="true"', 1)),
        icons=write_icons(icon, theme.paper, out, cache / "icons" if cache else None),
        flags=_write_flags(flags, codes, out),
        flag=_publish(out, "flags/unknown.svg", (static / "icons" / "unknown.svg").read_bytes()),
        pictograms=pictograms,
        pictogram=_publish_pictogram(out, emblem(things, {})),
        marks=_write_marks(out, things),
        own_marks={
            name: {value: _publish_pictogram(out, drawing) for value, drawing in drawings.items()}
            for name, drawings in own_marks(things).items()
        },
        looks={look: _publish_pictogram(out, drawing) for look, drawing in posts.items()},
        posts={look: _within_page(drawing) for look, drawing in posts.items()},
        world=_publish(out, "world.svg", world.encode()),
        own_style=_publish(out, "own.css", own.style.encode()) if own.style else "",
    )


def in_language(
    assets: Assets,
    catalogue: Catalogue,
    environment: Environment,
    out: Output,
    calibration: Calibration | None = None,
    places: Mapping[str, Place] | None = None,
    texts: bytes | None = None,
) -> Assets:
    """The same assets, with those that contain text in the language of the catalogue."""
    index = type_index(catalogue, assets.pictograms, assets.flags, calibration)
    return replace(
        assets,
        types=_publish(out, "types.json", index),
        search=_publish(out, "search.json", search_data(catalogue, environment)),
        elsewhere=_publish(out, "elsewhere.json", elsewhere_data(catalogue, places or {})),
        texts=_publish(out, "texts.json", texts) if texts else "",
    )


def _publish(out: Output, name: str, content: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    fingerprint = hashlib.sha256(content).hexdigest()[:8]
    published = f"assets/{stem}.{fingerprint}{dot}{suffix}"
    out.write(published, content)
    return published


def read_icon(static: Path, things: Things = BOLLARDS) -> str:
    """The program's own icon as SVG: a bollard, or plain tiles for another collection."""
    name = "icon.svg" if things == BOLLARDS else "collection.svg"
    return (static / "icons" / name).read_text(encoding="utf-8")


def _publish_font(out: Output, font: Font) -> str:
    """Publish a font; returns its address relative to the style sheets."""
    name = f"fonts/{font.use}{font.path.suffix.lower()}"
    return _publish(out, name, read_own(font.path)).removeprefix("assets/")


def _publish_pictogram(out: Output, drawing: str) -> str:
    """Publish each drawing once, named by its hash alone: many types share a pictogram."""
    content = drawing.encode()
    published = f"assets/emblems/{hashlib.sha256(content).hexdigest()[:12]}.svg"
    out.write(published, content)
    return published


def _within_page(drawing: str) -> Markup:
    """A drawing for use inside a page, without the namespace that HTML does not need."""
    return Markup(drawing.strip().replace(' xmlns="http://www.w3.org/2000/svg"', "", 1))  # noqa: S704 - our own drawing


def _write_marks(out: Output, things: Things) -> dict[str, dict[str, str]]:
    """Write a pictogram for each value of each attribute, on the form that shows it best."""
    grounds: dict[str, dict[str, str]] = {
        "form": {},
        "body": {"form": "round"},
        "pattern": {"form": "flat", "body": "white", "accent": "red"},
        "accent": {"form": "flat", "body": "white", "pattern": "cap"},
        "reflector": {"form": "flat", "body": "white"},
    }

    def drawn(words: dict[str, str]) -> str:
        return _publish_pictogram(
            out, emblem(things, {key: Trait(word, 1.0) for key, word in words.items()})
        )

    return {
        name: {value: drawn({**ground, name: value}) for value in things.vocabulary[name]}
        for name, ground in grounds.items()
        if name in things.vocabulary
    }


def _write_modules(source: Path, out: Output) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Publish every module; imports of other modules are rewritten to the published names.

    Returns:
        `Assets.modules` and `Assets.needed`.
    """
    published: dict[str, str] = {}
    needed: dict[str, set[str]] = {}

    def publish(name: str, importers: tuple[str, ...]) -> str:
        if name in importers:
            raise BollardsError(f"{source / name}: modules import each other in a circle.")
        if name not in published:
            text = (source / name).read_text(encoding="utf-8")
            others: set[str] = set()

            def rewrite(match: re.Match[str]) -> str:
                target = publish(match[3], (*importers, name)).removeprefix("assets/")
                others.update(needed[match[3]])
                return f"{match[1]}{match[2]}./{target}{match[2]}"

            published[name] = _publish(out, name, _IMPORT.sub(rewrite, text).encode())
            needed[name] = {published[name], *others}
        return published[name]

    for path in sorted(source.glob("*.js")):
        publish(path.name, ())
    return (
        {name.removesuffix(".js"): path for name, path in published.items()},
        {name.removesuffix(".js"): tuple(sorted(paths)) for name, paths in needed.items()},
    )


def _write_flags(flags: Path, codes: Iterable[str | None], out: Output) -> dict[str, str]:
    found: dict[str, str] = {}
    for code in sorted({code for code in codes if code}):
        path = flags / f"{code}.svg"
        if path.is_file():
            found[code] = _publish(out, f"flags/{path.name}", path.read_bytes())
    return found
