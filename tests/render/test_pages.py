"""The content and the links of each kind of page."""

import itertools
import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from generator.calibration import measured
from generator.errors import BollardsError
from generator.output import Output
from generator.render import render
from generator.render.browse import questions
from tests.render import sample
from tests.render.markup import faults, references, target

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def page(root: Path, address: str) -> LexborHTMLParser:
    return LexborHTMLParser((root / address / "index.html").read_text(encoding="utf-8"))


def text(root: Path, address: str) -> str:
    body = page(root, address).body
    assert body is not None
    return re.sub(r"\s+", " ", body.text())


def all_pages(root: Path) -> list[Path]:
    return sorted(root.rglob("*.html"))


def test_each_object_has_a_page(site: Path) -> None:
    made = sample.catalogue()
    expected = {"", "countries", "explore", "quiz", "one-offs", "only-here", "about", "about/data"}
    expected |= {"map", "compare", "learn", "types"}
    expected |= {f"compare/{pair}" for pair in ("at-de", "at-si", "de-si")}
    expected |= {f"compare/{pair}" for pair in ("de-at", "si-at", "si-de")}
    expected |= {question.address.rstrip("/") for question in questions(made)}
    expected |= {f"types/{kind.id}" for kind in made.types}
    expected |= {f"photos/{photo.id}" for photo in made.photos}
    expected |= {f"countries/{country.slug}" for country in made.countries}
    found = {p.parent.relative_to(site).as_posix() for p in all_pages(site) if p.name != "404.html"}
    assert found == {address or "." for address in expected}


def test_every_page_is_well_formed_and_free_of_inline_style_and_script(site: Path) -> None:
    for path in all_pages(site):
        html = path.read_text(encoding="utf-8")
        assert not faults(html), path
        assert not re.search(r"<script(?![^>]*(\bsrc=|ld\+json))", html), path


def test_every_page_has_one_top_heading_a_title_and_a_language(site: Path) -> None:
    for path in all_pages(site):
        tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
        assert len(tree.css("h1")) == 1, path
        assert tree.css_first("title").text().strip(), path
        assert tree.css_first("html").attributes["lang"] == "en", path
        levels = [int(node.tag[1]) for node in tree.css("h1, h2, h3")]
        assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


def test_every_picture_has_its_size_and_an_alternative_text(site: Path) -> None:
    for path in all_pages(site):
        for image in LexborHTMLParser(path.read_text(encoding="utf-8")).css("img"):
            assert int(image.attributes["width"] or 0) > 0, path
            assert int(image.attributes["height"] or 0) > 0, path
            assert image.attributes["alt"] is not None, path


def test_every_link_leads_to_an_existing_file_of_the_site(site: Path) -> None:
    planned = {"catalogue.json", "catalogue.schema.json", "single.schema.json", "index.json"}
    planned |= {"types.csv", "bollard-types.ts"}
    for path in all_pages(site):
        if path.name == "404.html":
            continue
        for reference in references(path.read_text(encoding="utf-8")):
            file = target(site.resolve(), path.resolve(), reference)
            if file is None:
                assert reference == "https://photos.example.org/1", path
            elif file.is_relative_to(site.resolve() / "data"):
                assert file.name in planned or file.parent.name in ("types", "photos", "countries")
            else:
                assert file.is_relative_to(site.resolve()), (path, reference)
                assert file.is_file(), (path, reference)


def test_every_link_within_a_page_has_its_anchor(site: Path) -> None:
    for path in all_pages(site):
        tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
        for link in tree.css('a[href^="#"]'):
            assert tree.css_first(link.attributes["href"] or "") is not None, path


def test_nothing_is_loaded_from_another_host(site: Path, addressed_site: Path) -> None:
    loading = re.compile(r"<(?:img|script|iframe|source)[^>]*?=\"(?:https?:)?//")
    for path in [*all_pages(site), *all_pages(addressed_site)]:
        html = path.read_text(encoding="utf-8")
        assert not loading.search(html), path
        # The page's own absolute addresses, which oEmbed asks for, load nothing.
        named = 'link:not([rel="canonical"]):not([type="application/json+oembed"])'
        for link in LexborHTMLParser(html).css(named):
            assert "//" not in (link.attributes["href"] or ""), path
    assert "//" not in next((site / "assets").glob("site.*.css")).read_text(encoding="utf-8")


def test_without_a_base_url_no_page_names_an_address_of_its_own(site: Path) -> None:
    for path in all_pages(site):
        found = re.findall(r"https?://[^\s\"<]+", path.read_text(encoding="utf-8"))
        assert set(found) <= {"https://photos.example.org/1"}, path


def test_home_shows_every_type_with_its_countries_and_counts(site: Path) -> None:
    made = sample.catalogue()
    cards = page(site, "").css(".card")
    assert len(cards) == len(made.types)
    for card, kind in zip(cards, made.types, strict=True):
        assert card.css_first(".name").text() == kind.name
        assert card.css_first("a").attributes["href"] == f"types/{kind.id}/"
        names = card.text() + " ".join(flag.attributes["alt"] or "" for flag in card.css(".flag"))
        for share in kind.countries:
            assert share.name in names


@pytest.mark.parametrize("address", ["", "types/type-0", "countries/de", "looks/flat"])
def test_the_first_picture_loads_at_once_and_all_others_when_they_are_near(
    site: Path, address: str
) -> None:
    first, *others = page(site, address).css("main img[src*='pictures/']")
    assert first.attributes.get("fetchpriority") == "high" and "loading" not in first.attributes
    assert others and all(other.attributes.get("loading") == "lazy" for other in others)


def test_nothing_small_is_loaded_before_the_first_picture(site: Path) -> None:
    for address in ("", "types/type-0", "countries/de"):
        for image in page(site, address).css("img[src$='.svg']"):
            assert image.attributes.get("fetchpriority") == "low", image.html


def test_a_dense_screen_gets_at_most_twice_the_pixels_of_a_card(site: Path) -> None:
    sizes = page(site, "").css_first(".type-card img[srcset]").attributes["sizes"]
    assert sizes is not None and "(min-resolution: 2.5x) 24vw, 36vw" in sizes


def test_the_pictograms_of_the_key_are_part_of_the_page_with_ids_of_their_own(site: Path) -> None:
    home = page(site, "")
    assert home.css(".stand > svg") and not home.css(".stand img")
    for address in ("", "looks/flat"):
        ids = [node.attributes["id"] for node in page(site, address).css("[id]")]
        assert len(ids) == len(set(ids))


def test_a_type_shows_its_countries_and_how_many_of_its_bollards_each_has(site: Path) -> None:
    rows = [
        re.sub(r"\s+", " ", row.text()).strip()
        for row in page(site, "types/type-0").css(".shares li")
    ]
    assert rows == [
        "Austria 2 of 4 photographed",
        "Germany 1 of 4 photographed",
        "Slovenia 1 of 4 photographed",
    ]


def test_a_type_shows_its_note_its_attributes_its_look_alikes_and_all_its_photos(
    site: Path,
) -> None:
    kind = sample.catalogue().type["type-0"]
    tree = page(site, "types/type-0")
    assert tree.css_first(".note strong").text() == "back"
    assert "flat" in tree.css_first(".marks").text()
    assert (
        tree.css_first(".confusable .card:not(.self) a").attributes["href"] == "../../types/type-1/"
    )
    like = tree.css_first("#like-type-1")
    assert like.css_first(".alike").text() in ("Almost the same", "Similar", "Somewhat similar")
    assert like.css_first(".differs").text() == "its body is orange, not white"
    assert re.sub(r"\s+", " ", like.css_first(".shared").text()).strip() == "Both found in"
    assert like.css_first(".shared .flag").attributes["alt"] == "Germany"
    linked = {link.attributes["href"] for link in tree.css(".places a.thumb")}
    assert linked == {f"../../photos/{photo_id}/" for photo_id in kind.photos}


def test_the_views_of_a_bollard_are_side_by_side(site: Path) -> None:
    groups = page(site, "types/type-0").css(".places .views")
    assert [len(group.css("img")) for group in groups] == [2, 1, 2, 1]


def test_a_photo_shows_credit_licence_source_date_region_and_type(site: Path) -> None:
    made = sample.catalogue()
    first = made.photo[made.bollard["b0"].photos[0]]
    words = text(site, f"photos/{first.id}")
    for part in ("Austria", "Ann Example", "CC BY 4.0", "May 1, 2024", "White post"):
        assert part in words
    link = page(site, f"photos/{first.id}").css_first('a[href^="https://"]')
    assert set((link.attributes["rel"] or "").split()) == {"nofollow", "noopener"}
    second = made.bollard["b1"].photos[0]
    assert "Styria" in text(site, f"photos/{second}")
    assert "credit not stated" in text(site, f"photos/{second}")


def test_a_photo_links_its_other_views_and_its_neighbours_with_their_similarity(
    site: Path,
) -> None:
    made = sample.catalogue()
    front, back = made.bollard["b0"].photos
    tree = page(site, f"photos/{front}")
    assert [a.attributes["href"] for a in tree.css(".others a")] == [f"../../photos/{back}/"]
    near = [a.attributes["href"] for a in tree.css(".nearest a.thumb")]
    assert near == [f"../../photos/{n.photo}/" for n in made.photo[front].neighbours]
    shown = [b.text() for b in tree.css(".nearest b")]
    chance = round(
        100 * measured(made.photo, made.site.embedder)(made.photo[front].neighbours[1].score)
    )
    assert shown[:2] == ["the same one", f"{chance}%"]


def test_a_crop_is_outlined_unless_it_is_the_whole_photo(site: Path) -> None:
    made = sample.catalogue()
    given = page(site, f"photos/{made.type['type-1'].photos[0]}").css_first(".outline rect")
    assert given.attributes == {"x": "40", "y": "10", "width": "40", "height": "130"}
    assert page(site, f"photos/{made.type['type-0'].photos[0]}").css_first(".outline") is None


def test_a_source_that_is_not_a_web_address_is_plain_text(tmp_path: Path) -> None:
    made = sample.catalogue()
    first = made.photos[0].id
    root = sample.rendered(sample.with_photo(made, first, source="javascript:alert(1)"), tmp_path)
    links = [a.attributes["href"] or "" for a in page(root, f"photos/{first}").css("a")]
    assert not any(link.startswith("javascript") for link in links)
    assert "javascript:alert(1)" in text(root, f"photos/{first}")


def test_a_country_shows_its_exclusive_types_first_and_marks_them(site: Path) -> None:
    cards = page(site, "countries/de").css(".card")
    assert [card.css_first(".name").text() for card in cards] == ["Orange post", "White post"]
    assert [card.css_first(".badge") is not None for card in cards] == [True, False]
    assert "Unsorted bollards" in text(site, "countries/de")


def test_photos_of_unknown_country_have_a_page_and_a_neutral_flag(site: Path) -> None:
    assert "Unknown country" in text(site, "countries/unknown")
    flag = page(site, "countries/unknown").css_first("h1 .flag").attributes["src"] or ""
    assert "/flags/unknown." in flag
    assert "countries/unknown/" in (site / "types/type-2/index.html").read_text(encoding="utf-8")


def test_every_country_and_every_unsorted_bollard_is_listed(site: Path) -> None:
    made = sample.catalogue()
    strips = page(site, "countries").css(".strip a")
    assert [s.attributes["href"] for s in strips] == [f"{c.slug}/" for c in made.countries]
    linked = {a.attributes["href"] for a in page(site, "one-offs").css("a.thumb")}
    assert linked == {f"../photos/{photo.id}/" for photo in made.photos if photo.type is None}


def test_a_long_list_of_one_country_is_folded_but_stays_reachable(tmp_path: Path) -> None:
    made = sample.catalogue(times=20)
    root = sample.rendered(made, tmp_path)
    tree = page(root, "types/type-0")
    assert tree.css("details.more img")
    linked = {a.attributes["href"] for a in tree.css(".places a.thumb")}
    assert linked == {f"../../photos/{photo_id}/" for photo_id in made.type["type-0"].photos}


@pytest.mark.parametrize("part", ["name", "description"])
def test_markup_in_the_words_of_a_type_stays_text(tmp_path: Path, part: str) -> None:
    root = sample.rendered(
        sample.with_type(sample.catalogue(), "type-0", **{part: HOSTILE}), tmp_path
    )
    for path in all_pages(root):
        html = path.read_text(encoding="utf-8")
        assert "<script>" not in html and "<img src=x" not in html, path
        assert not faults(html), path
    assert HOSTILE in text(root, "types/type-0")


def test_markup_in_the_words_of_a_photo_stays_text(tmp_path: Path) -> None:
    made = sample.catalogue()
    first = made.photos[0].id
    changes = dict.fromkeys(("credit", "licence", "region", "alt", "file", "taken"), HOSTILE)
    root = sample.rendered(sample.with_photo(made, first, **changes), tmp_path)
    for path in all_pages(root):
        html = path.read_text(encoding="utf-8")
        assert "<script>" not in html and "<img src=x" not in html, path
        assert not faults(html), path
    assert HOSTILE in text(root, f"photos/{first}")


def test_script_style_and_foreign_pictures_are_removed_from_notes(tmp_path: Path) -> None:
    note = (
        "# Heading\n\nSafe *words*. <script>alert(1)</script> "
        "<p style='color:red' onclick='x()'>p</p>\n\n"
        "![x](https://tracker.example.org/x.png) [bad](javascript:alert(1)) "
        "[good](https://example.org/)"
    )
    root = sample.rendered(sample.with_type(sample.catalogue(), "type-0", note=note), tmp_path)
    html = page(root, "types/type-0").css_first(".note").html or ""
    assert "<em>words</em>" in html and 'href="https://example.org/"' in html
    for banned in ("alert", "style=", "onclick", "tracker", "javascript:", "<h1"):
        assert banned not in html


def test_the_about_page_links_to_the_data(site: Path) -> None:
    links = {a.attributes["href"] for a in page(site, "about").css("#main a")}
    assert {"../data/catalogue.json", "../data/types.csv", "../about/data/"} <= links
    assert "Ann" in page(site, "about").css_first("em").text()


def test_the_not_found_page_links_from_the_root_of_the_site(
    site: Path, addressed_site: Path
) -> None:
    for root, prefix in ((site, "/"), (addressed_site, "/bollards/")):
        html = (root / "404.html").read_text(encoding="utf-8")
        found = [ref for ref in references(html) if not ref.startswith("#")]
        assert found and all(reference.startswith(prefix) for reference in found)


def test_a_template_of_the_owner_replaces_that_of_the_program(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "404.html").write_text("<!doctype html><title>{{ site.title }}: gone</title>")
    sample.rendered(sample.catalogue(), tmp_path / "out", templates=own)
    assert "Bollards: gone" in (tmp_path / "out" / "404.html").read_text(encoding="utf-8")


def test_the_same_catalogue_gives_the_same_bytes(tmp_path: Path, addressed_site: Path) -> None:
    chosen = sample.settings(base_url="https://example.org/bollards/")
    made = sample.laid_out(sample.catalogue(chosen))
    for name in ("one", "two"):
        sample.draw(made, chosen, tmp_path / name)
        render(made, chosen, Output(tmp_path / name), cache=tmp_path / "cache")
    files = {p.relative_to(addressed_site) for p in addressed_site.rglob("*") if p.is_file()}
    for name in ("one", "two"):
        root = tmp_path / name
        assert {p.relative_to(root) for p in root.rglob("*") if p.is_file()} == files
        for file in files:
            assert (root / file).read_bytes() == (addressed_site / file).read_bytes(), file


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<p>{{ no_such_name }}</p>\n", "line 1.*no_such_name"),
        ("\n{% if %}\n", "line 2"),
        ('{% include "gone.html" %}', "gone.html"),
    ],
)
def test_a_mistake_in_a_template_of_the_owner_is_reported_with_its_file_and_line(
    tmp_path: Path, text: str, message: str
) -> None:
    own = tmp_path / "templates"
    own.mkdir()
    (own / "about.html").write_text(text, encoding="utf-8")

    with pytest.raises(BollardsError, match=message):
        sample.rendered(sample.catalogue(), tmp_path / "out", templates=own)
