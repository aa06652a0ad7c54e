"""Feeds, pictures for links, style, script and flags."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, ImageColor

from generator.catalogue import Trait
from generator.config import ThemeSettings
from generator.errors import BollardsError
from generator.output import Output
from generator.render import render
from generator.render.assets import write_assets
from generator.render.pictogram import COLOURS
from generator.resources import FLAGS, STATIC
from tests.render import sample

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_the_feed_lists_the_newest_photos_first(addressed_site: Path) -> None:
    feed = ElementTree.parse(addressed_site / "feed.xml").getroot()
    entries = feed.findall(f"{ATOM}entry")
    dates = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert dates == sorted(dates, reverse=True) and feed.findtext(f"{ATOM}updated") == dates[0]
    links = [entry.find(f"{ATOM}link") for entry in entries]
    assert all(
        link is not None and link.attrib["href"].startswith("https://example.org/bollards/photos/")
        for link in links
    )


def test_the_feed_is_short_however_many_photos_there_are(tmp_path: Path) -> None:
    sample.rendered(sample.catalogue(times=10), tmp_path)
    feed = ElementTree.parse(tmp_path / "feed.xml").getroot()
    assert len(feed.findall(f"{ATOM}entry")) == 40


def test_the_sitemap_lists_every_page(addressed_site: Path) -> None:
    tree = ElementTree.parse(addressed_site / "sitemap.xml").getroot()
    base = "https://example.org/bollards/"
    found = {(node.text or "").removeprefix(base) for node in tree.iter(f"{MAP}loc")}
    pages = {
        path.parent.relative_to(addressed_site).as_posix()
        for path in addressed_site.rglob("index.html")
        if 'http-equiv="refresh"' not in path.read_text("utf-8")
    }
    assert {address.rstrip("/") or "." for address in found} == pages


def test_a_site_without_a_base_url_has_a_feed_but_no_sitemap(site: Path) -> None:
    ElementTree.parse(site / "feed.xml")
    assert not (site / "sitemap.xml").exists() and not (site / "robots.txt").exists()


def test_a_type_has_a_picture_for_links_of_the_usual_size(addressed_site: Path) -> None:
    with Image.open(addressed_site / "og" / "types" / "type-1.jpg") as picture:
        assert picture.size == (1200, 630) and picture.format == "JPEG"
    html = (addressed_site / "types/type-1/index.html").read_text(encoding="utf-8")
    assert 'content="https://example.org/bollards/og/types/type-1.jpg"' in html


def test_a_country_and_the_site_have_pictures_for_links_too(addressed_site: Path) -> None:
    for page, card in (
        ("countries/de/", "countries/de.jpg"),
        ("", "site.jpg"),
        ("about/", "site.jpg"),
    ):
        html = (addressed_site / page / "index.html").read_text(encoding="utf-8")
        assert (
            f'<meta property="og:image" content="https://example.org/bollards/og/{card}">' in html
        )
        with Image.open(addressed_site / "og" / card) as picture:
            assert picture.size == (1200, 630) and picture.format == "JPEG"


def test_a_picture_for_links_shows_the_photo_and_the_pictogram(tmp_path: Path) -> None:
    chosen = sample.settings(base_url="https://example.org/")
    red = Trait("red", 0.9)
    made = sample.with_type(sample.catalogue(chosen), "type-0", attributes={"body": red})
    sample.draw(made, chosen, tmp_path)
    sample.rendered(made, tmp_path, chosen)
    with Image.open(tmp_path / "og/types/type-0.jpg") as card:
        pictogram = card.convert("RGB").crop((560, 60, 660, 216))
        photo = card.convert("RGB").crop((0, 0, 500, 630))
    paint = ImageColor.getrgb(COLOURS["red"])
    assert _share_near(pictogram, paint) > 0.15
    assert _share_near(photo, ImageColor.getrgb("#6b8f4e")) > 0.5


def test_each_language_has_pictures_for_links_with_its_own_names(tmp_path: Path) -> None:
    chosen = sample.settings(base_url="https://example.org/")
    made = sample.catalogue(chosen)
    french = sample.with_type(made, "type-0", name="Poteau blanc")
    french = replace(french, site=replace(made.site, language="fr", prefix="fr/"))
    sample.draw(made, chosen, tmp_path)
    sample.rendered(made, tmp_path, chosen, translated=[french])
    own = tmp_path / "og/fr/types/type-0.jpg"
    assert own.read_bytes() != (tmp_path / "og/types/type-0.jpg").read_bytes()
    html = (tmp_path / "fr/types/type-0/index.html").read_text(encoding="utf-8")
    assert 'content="https://example.org/og/fr/types/type-0.jpg"' in html


def _share_near(picture: Image.Image, colour: tuple[int, ...]) -> float:
    """The share of a picture with this colour, as far as JPEG keeps it."""
    off = np.abs(np.asarray(picture).astype(int) - colour[:3]).max(axis=2)
    return float((off < 24).mean())


def test_a_picture_for_links_is_drawn_once_and_again_when_the_name_changes(tmp_path: Path) -> None:
    chosen = sample.settings(base_url="https://example.org/")
    made = sample.catalogue(chosen)
    for name in ("one", "two"):
        sample.draw(made, chosen, tmp_path / name)
        render(made, chosen, Output(tmp_path / name), cache=tmp_path / "cache")
    kept = set((tmp_path / "cache" / "og").iterdir())
    assert len(kept) == len(made.types) + len(made.countries) + 1
    sample.draw(made, chosen, tmp_path / "three")
    renamed = sample.with_type(made, "type-0", name="Another name")
    render(renamed, chosen, Output(tmp_path / "three"), cache=tmp_path / "cache")
    assert len(set((tmp_path / "cache" / "og").iterdir()) - kept) == 1


def test_a_name_in_letters_that_no_installed_font_has_does_not_stop_the_build(
    tmp_path: Path,
) -> None:
    chosen = sample.settings(base_url="https://example.org/")
    made = sample.with_type(sample.catalogue(chosen), "type-0", name="白い柱" * 40)
    sample.draw(made, chosen, tmp_path)
    sample.rendered(made, tmp_path, chosen)
    assert (tmp_path / "og" / "types" / "type-0.jpg").exists()


def test_the_names_of_assets_change_with_their_content(tmp_path: Path) -> None:
    made = sample.catalogue()
    one = write_assets(STATIC, FLAGS, made, ThemeSettings(), Output(tmp_path / "one"))
    dark = ThemeSettings(accent="#000000")
    two = write_assets(STATIC, FLAGS, made, dark, Output(tmp_path / "two"))
    assert one.styles["site"] != two.styles["site"] and one.modules == two.modules
    assert one.styles["detail"] == two.styles["detail"]
    assert re.fullmatch(r"assets/site\.[0-9a-f]{8}\.css", one.styles["site"])


def test_modules_import_each_other_by_their_published_names(tmp_path: Path) -> None:
    static = copy_of_static(tmp_path, {"a.js": 'import { b } from "./b.js";\n', "b.js": "b\n"})
    assets = write_assets(
        static, FLAGS, sample.catalogue(), ThemeSettings(), Output(tmp_path / "out")
    )
    text = (tmp_path / "out" / assets.modules["a"]).read_text(encoding="utf-8")
    assert f'"./{Path(assets.modules["b"]).name}"' in text


def test_a_module_needs_what_its_imports_import(tmp_path: Path) -> None:
    static = copy_of_static(
        tmp_path,
        {"a.js": 'import { b } from "./b.js";\n', "b.js": 'await import("./c.js");', "c.js": ""},
    )
    assets = write_assets(
        static, FLAGS, sample.catalogue(), ThemeSettings(), Output(tmp_path / "out")
    )
    assert set(assets.needed["a"]) == {assets.modules[name] for name in "abc"}
    assert set(assets.needed["b"]) == {assets.modules[name] for name in "bc"}


def test_modules_that_import_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    static = copy_of_static(tmp_path, {"a.js": 'import "./b.js";', "b.js": 'import "./a.js";'})
    with pytest.raises(BollardsError, match="circle"):
        write_assets(static, FLAGS, sample.catalogue(), ThemeSettings(), Output(tmp_path / "out"))


def test_only_the_flags_that_are_used_are_published(site: Path) -> None:
    names = [path.name for path in (site / "assets" / "flags").iterdir()]
    assert all(re.fullmatch(r"\w+\.[0-9a-f]{8}\.svg", name) for name in names)
    assert sorted(name.split(".")[0] for name in names) == ["AT", "DE", "SI", "unknown"]


def copy_of_static(folder: Path, modules: dict[str, str]) -> Path:
    static = folder / "static"
    for name in ("css", "icons"):
        shutil.copytree(STATIC / name, static / name)
    (static / "js").mkdir()
    for name, text in modules.items():
        (static / "js" / name).write_text(text, encoding="utf-8")
    return static
